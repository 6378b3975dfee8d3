using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class Normalize : LayerOperator
{
    public override string Kind => "Normalize";

    public override string Stem => "normalize";

    public override bool TakesBytes => true;

    public override OperatorDocumentation Documentation => new(
        "[Normalize(new[] { mean, … }, new[] { deviation, … })]", "unchanged", "y[c] = (x[c] − mean[c])/deviation[c]",
        "transforms.Normalize", "Normalization");

    public override LayerResult? Build(LayerContext layer)
    {
        EquatableArray<double> means = Read(layer, "means"), deviations = Read(layer, "deviations");
        if (deviations.Any(deviation => !((float)deviation > 0)))
        {
            layer.Report(Rules.ArgumentOutOfRange, "deviations", "a number of deviations", Text(deviations.First(deviation => !((float)deviation > 0))), "numbers of more than 0");
        }

        if (layer.Input is { Rank: 1 } flat)
        {
            layer.Report(Rules.UnsupportedArgument, "", $"it normalises channels, but its input is {flat}", "Put it behind [Input(channels, height, width)]");
        }

        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(new Normalization(means, deviations), input);
    }

    private static EquatableArray<double> Read(LayerContext layer, string argument)
    {
        EquatableArray<double> values = layer.Doubles(argument);
        if (layer.Input is { } input && values.Count != input.Channels)
        {
            layer.Report(
                Rules.ArgumentOutOfRange, argument, argument, values.Count == 1 ? "1 number" : $"{Arithmetic.Number(values.Count)} numbers",
                $"{Arithmetic.Number(input.Channels)} numbers, one for each channel");
        }
        else if (values.Any(value => float.IsNaN((float)value) || float.IsInfinity((float)value)))
        {
            layer.Report(Rules.ArgumentOutOfRange, argument, $"a number of {argument}", Text(values.First(value => float.IsNaN((float)value) || float.IsInfinity((float)value))), "finite numbers");
        }

        return values;
    }

    private static string Text(double value) => Arithmetic.Number(value);
}

/// <summary>Shifts and scales each channel by constants.</summary>
internal sealed record Normalization(EquatableArray<double> Means, EquatableArray<double> Deviations) : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        w.Line($"ReadOnlySpan<float> means = [{string.Join(", ", Means.Select(Expression.Single))}];");
        WriteDeviations(w);
        using (w.ForEach(pass.Input))
        {
            // Divided, as the reference does it: a product with the reciprocal would differ in the last place.
            w.Store(pass.Output, "c", "z", "y", "x", $"({w.Load(pass.Input, "c", "z", "y", "x")} - Simd.Create(means[c])) / Simd.Create(deviations[c])");
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is { } dx)
        {
            pass.Step("", w =>
            {
                WriteDeviations(w);
                using (w.ForEach(dx))
                {
                    w.Store(dx, "c", "z", "y", "x", $"{w.Load(pass.OutputGradient, "c", "z", "y", "x")} / Simd.Create(deviations[c])");
                }
            });
        }
    }

    private void WriteDeviations(LoopWriter w) =>
        w.Line($"ReadOnlySpan<float> deviations = [{string.Join(", ", Deviations.Select(Expression.Single))}];");
}
