using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class PReLU : LayerOperator
{
    public override string Kind => "PReLU";

    public override string Stem => "prelu";

    public override OperatorDocumentation Documentation => new(
        "[PReLU]", "unchanged", "y = x above 0, else w·x with a learned w, or w[c] PerChannel", "nn.PReLU", "PReLU(shared_axes)");

    public override LayerResult? Build(LayerContext layer)
    {
        double slope = layer.Finite("Slope", 0.25);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(new LearnedSlope(layer.Bool("PerChannel", false), slope), input);
    }

    public override IEnumerable<string> ParameterSuffixes(LayerContext layer) => ["weight"];
}

/// <summary>ReLU with a learned slope below 0.</summary>
/// <param name="Slope">That of a fresh network.</param>
internal sealed record LearnedSlope(bool PerChannel, double Slope) : LoopOperation
{
    private const string Weight = "weight";

    public override Dependence Dependence => Dependence.Channel;

    public override bool IsActivation => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray.Of(
        new ParameterSpec(Weight, EquatableArray.Of(PerChannel ? input.Channels : 1), Initializer.Ones, 1, 1)
        {
            Role = ParameterRole.NormWeight,
            Gain = Slope,
        });

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (w.ForEach(pass.Input))
        {
            w.Line($"Vector value = {w.Load(pass.Input, "c", "z", "y", "x")};");
            w.Store(pass.Output, "c", "z", "y", "x", Select("value", $"value * {SlopeOf(pass, w)}"));
        }
    });

    public override void Backward(LoopPass pass)
    {
        bool trains = pass.HasGradient(Weight);
        pass.Step("", w =>
        {
            string[] sums = trains ? ["sum"] : [];
            string[] Terms()
            {
                w.Line($"Vector value = {w.Load(pass.Input, "c", "z", "y", "x")}, g = {w.Load(pass.OutputGradient, "c", "z", "y", "x")};");
                if (pass.InputGradient is { } dx)
                {
                    w.Store(dx, "c", "z", "y", "x", Select("g", "g * slope"));
                }

                return trains ? ["g * Simd.Min(value, Vector.Zero)"] : [];
            }

            if (!PerChannel)
            {
                w.Line($"Vector slope = {SlopeOf(pass, w)};");
                w.SumOver([new SumLoop("c", w.Channels(pass.Input)), .. w.PixelLoops(pass.Input)], sums, Terms);
                AddGradient("0");
                return;
            }

            using (w.ForChannels(pass.Input))
            {
                w.Line($"Vector slope = {SlopeOf(pass, w)};");
                w.SumOver(w.PixelLoops(pass.Input), sums, Terms);
                AddGradient("c");
            }

            void AddGradient(string index)
            {
                if (trains)
                {
                    w.AddGradient(pass.ParameterGradient(Weight), index, "sum");
                }
            }
        });
    }

    private static string Select(string positive, string other) => $"Simd.ConditionalSelect(Simd.GreaterThan(value, Vector.Zero), {positive}, {other})";

    private string SlopeOf(LoopPass pass, LoopWriter w) =>
        PerChannel ? w.OfChannel(pass.Parameter(Weight), "c") : w.Of(pass.Parameter(Weight), "0");
}
