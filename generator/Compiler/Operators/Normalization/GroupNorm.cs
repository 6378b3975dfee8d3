using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class GroupNorm : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "GroupNorm";

    public override string Stem => "gn";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        ["groups", PyTorchPlace.Known("the number of channels is known"), "Epsilon", "Affine"];

    public override OperatorDocumentation Documentation => new(
        "[GroupNorm(groups)]", "unchanged",
        "y = γ[c]·(x − μ)/√(σ² + ε) + β[c], with μ and σ² of the channel's group in one sample", "nn.GroupNorm",
        "GroupNormalization");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "GroupNorm(2)", "GroupNorm(4, Epsilon = 0.1, Affine = false)"),
        .. In(Flat, "GroupNorm(2)"),
        .. In(Volume, "GroupNorm(2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("groups"), Property("Epsilon", 1e-5), Property("Affine", true),
        (groups, epsilon, affine) => new GroupNormDefinition(groups, epsilon, affine));
}

/// <summary>Normalisation of groups of channels.</summary>
internal sealed record GroupNormDefinition(Argument<int> Groups, Argument<double> Epsilon, Argument<bool> Affine) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Affine.Value ? ["weight", "bias"] : [];

    public override LayerResult? Build(LayerContext layer)
    {
        int groups = layer.AtLeast(1, Groups);
        double epsilon = layer.Epsilon(Epsilon);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Channels % groups != 0)
        {
            layer.Report(ShapeProblems.GroupsDoNotDivide(layer.At(Groups.Name), groups, input.Channels, "input channel", input));
            return null;
        }

        return new LayerResult(
            new SampleNormalization(
                new GroupsOfChannels(groups, input.Channels), epsilon, Affine.Value ? Operators.Affine.PerChannel : Operators.Affine.None),
            input);
    }
}
