using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class InstanceNorm : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "InstanceNorm";

    public override string Stem => "in";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => [PyTorchPlace.Known("the number of channels is known"), "Epsilon"];

    public override OperatorDocumentation Documentation => new(
        "[InstanceNorm]", "unchanged, more than one pixel", "y = (x − μ)/√(σ² + ε), with μ and σ² of the channel in one sample",
        "nn.InstanceNorm2d (1d, 3d)",
        "GroupNormalization(groups=-1)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "InstanceNorm", "InstanceNorm(Affine = true, Epsilon = 0.1)"),
        .. In(Sequence, "InstanceNorm"),
        .. In(Volume, "InstanceNorm(Affine = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Epsilon", 1e-5), Property("Affine", false), (epsilon, affine) => new InstanceNormDefinition(epsilon, affine));
}

/// <summary>Normalisation of each channel of a sample.</summary>
internal sealed record InstanceNormDefinition(Argument<double> Epsilon, Argument<bool> Affine) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Affine.Value ? ["weight", "bias"] : [];

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon(Epsilon);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Length == input.Channels)
        {
            layer.Report(ShapeProblems.WrongDimensions(
                layer.Here, "channels of more than one value", input,
                "One value less its mean is always 0. Use [LayerNorm] or [GroupNorm]"));
            return null;
        }

        return new LayerResult(
            new SampleNormalization(
                new GroupsOfChannels(input.Channels, input.Channels), epsilon,
                Affine.Value ? Operators.Affine.PerChannel : Operators.Affine.None),
            input);
    }
}
