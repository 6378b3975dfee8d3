using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Normalize : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "Normalize";

    public override bool HasStatistics => false;

    public override string Stem => "normalize";

    public override OperatorDocumentation Documentation => new(
        "[Normalize(new[] { mean, … }, new[] { deviation, … })]", "unchanged", "y[c] = (x[c] − mean[c])/deviation[c]",
        "transforms.Normalize", "Normalization");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Normalize(new[] { 0.5, 0.25, -0.5, 0.1 }, new[] { 0.2, 0.5, 2, 1 })",
        "Normalize(new[] { 0.1, 0.2, 0.3, 0.4 }, new[] { 1.0, 2.0, 3.0, 4.0 })",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<EquatableArray<double>>("means"), Required<EquatableArray<double>>("deviations"),
        (means, deviations) => new NormalizeDefinition(means, deviations));
}

/// <summary>Normalisation of each channel by constants.</summary>
internal sealed record NormalizeDefinition(Argument<EquatableArray<double>> Means, Argument<EquatableArray<double>> Deviations)
    : LayerDefinition
{
    public override bool TakesBytes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        EquatableArray<double> means = Check(layer, Means), deviations = Check(layer, Deviations);
        if (deviations.Any(deviation => !((float)deviation > 0)))
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Deviations.Name), "a number of deviations", deviations.First(deviation => !((float)deviation > 0)),
                "numbers of more than 0"));
        }

        if (layer.Input is { Rank: 1 } flat)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here, $"it normalises channels, but its input is {flat}", "Put it behind [Input(channels, height, width)]"));
        }

        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(new Normalization(means, deviations), input);
    }

    private static EquatableArray<double> Check(LayerContext layer, Argument<EquatableArray<double>> argument)
    {
        EquatableArray<double> values = argument.Value;
        if (layer.Input is { } input && values.Count != input.Channels)
        {
            layer.Report(ArgumentProblems.WrongCount(
                layer.At(argument.Name), argument.Name, values.Count, input.Channels, "channel"));
        }
        else if (values.Any(value => float.IsNaN((float)value) || float.IsInfinity((float)value)))
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(argument.Name), $"a number of {argument.Name}",
                values.First(value => float.IsNaN((float)value) || float.IsInfinity((float)value)), "finite numbers"));
        }

        return values;
    }
}

/// <summary>Shifts and scales each channel by constants.</summary>
internal sealed record Normalization(EquatableArray<double> Means, EquatableArray<double> Deviations) : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override (EquatableArray<double> Means, EquatableArray<double> Deviations)? ChannelConstants => (Means, Deviations);

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override void Forward(LoopPass pass) => pass.Step("", k =>
    {
        Pointer means = LetTable(k, "means", Means), deviations = LetTable(k, "deviations", Deviations);

        // A division, as in PyTorch: a product with the reciprocal would differ in the last place.
        k.ForEach(pass.Input, at => pass.Output[at] = (pass.Input[at] - means[at.C].Broadcast) / deviations[at.C].Broadcast);
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is { } dx)
        {
            pass.Step("", k =>
            {
                Pointer deviations = LetTable(k, "deviations", Deviations);
                k.ForEach(dx, at => dx[at] = pass.OutputGradient[at] / deviations[at.C].Broadcast);
            });
        }
    }

    private static Pointer LetTable(Loops k, string name, EquatableArray<double> values)
    {
        var table = new Pointer(name, ElementType.Float, IsSpan: true);
        k.Add(new Table(table, values));
        return table;
    }
}
