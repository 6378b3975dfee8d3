using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using static Strata.Generator.KernelLanguage.Functions;

namespace Strata.Generator.Operators;

internal sealed class PReLU : LayerOperator
{
    public override string Kind => "PReLU";

    public override string Stem => "prelu";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        Known + "the number of channels is known, and PerChannel = true gives each a slope", "Slope");

    public override OperatorDocumentation Documentation => new(
        "[PReLU]", "unchanged", "y = x above 0, else w·x with a learned w, or w[c] PerChannel", "nn.PReLU", "PReLU(shared_axes)");

    public override LayerDefinition Bind(AttributeArguments arguments) =>
        new PReLUDefinition(arguments.Double("Slope", 0.25), arguments.Bool("PerChannel", false));
}

/// <summary>ReLU with a slope below 0 that is trained.</summary>
/// <param name="Slope">The slope of a fresh network.</param>
internal sealed record PReLUDefinition(Argument<double> Slope, Argument<bool> PerChannel) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => ["weight"];

    public override LayerResult? Build(LayerContext layer)
    {
        double slope = layer.Finite(Slope);
        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(new LearnedSlope(PerChannel.Value, slope), input);
    }
}

/// <summary>ReLU with a learned slope below 0.</summary>
/// <param name="Slope">The slope of a fresh network.</param>
internal sealed record LearnedSlope(bool PerChannel, double Slope) : LoopOperation
{
    private const string Weight = "weight";

    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => PerChannel;

    public override bool IsActivation => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray.Of(
        new ParameterSpec(Weight, EquatableArray.Of(PerChannel ? input.Channels : 1), Initializer.Ones, 1, 1)
        {
            Role = ParameterRole.NormWeight,
            Gain = Slope,
        });

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEachApart(pass.Input, at =>
    {
        Variable value = k.Let("value", pass.Input[at]);
        pass.Output[at] = Expression.Select(value > 0, value, value * SlopeOf(pass, at.C));
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor x = pass.Input;
        bool trains = pass.HasGradient(Weight);
        string[] sums = trains ? ["sum"] : [];
        LoopTensor? own = trains && pass.SamplesAreApart ? pass.SamplePart("slopeGradient", pass.Channels) : null;
        pass.Step("", k =>
        {
            if (PerChannel)
            {
                k.ForChannels(x, c => Over(k.PixelLoops(x), c));
            }
            else
            {
                Over([new SumLoop("c", k.Channels(x)), .. k.PixelLoops(x)], 0);
            }

            void Over(IReadOnlyList<SumLoop> loops, Index c)
            {
                Variable slope = k.Let("slope", SlopeOf(pass, c));
                Variable[] totals = k.SumOver(loops, sums, () => Terms(new ElementIndex(new IndexVariable("c")), slope));
                if (own is not null)
                {
                    own.SetChannel(c, totals[0]);
                }
                else if (trains)
                {
                    pass.ParameterGradient(Weight).AddGradient(c, totals[0]);
                }
            }

            Expression[] Terms(ElementIndex at, Variable slope)
            {
                Variable[] values = k.Let(("value", x[at]), ("g", pass.OutputGradient[at]));
                if (pass.InputGradient is { } dx)
                {
                    dx[at] = Expression.Select(values[0] > 0, values[1], values[1] * slope);
                }

                return trains ? [values[1] * Min(values[0], 0)] : [];
            }
        });
        if (own is not null)
        {
            pass.AddSamples("gradient of the slopes", "Slopes", k => k.Run(Intrinsics.Runtime(
                "BatchStatistics.SumSamples", ElementType.None, own.Address(Access.Read), k.SampleStride, k.Samples,
                Number.Named(pass.Channels, "channels"),
                pass.ParameterGradient(Weight).Address(Access.Write))));
        }
    }

    private Expression SlopeOf(LoopPass pass, Index c) => PerChannel ? pass.Parameter(Weight)[c] : pass.Parameter(Weight).At(0);
}
