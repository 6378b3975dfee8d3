namespace Strata.Generator.Operators;

/// <summary>Stands for two layers, or for none where the input has the right shape already.</summary>
internal sealed class Shortcut : Operator
{
    /// <summary>Its name in torchvision.</summary>
    public const string Stem = "downsample";

    public override string Kind => "Shortcut";

    public override OperatorDocumentation Documentation => new(
        "[Shortcut(filters)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H − 1)/S⌋ + 1",
        "y = x where C = filters and S = 1, otherwise batch norm of a 1×1 convolution without bias",
        "torchvision's downsample",
        "");
}
