using System.Collections.Generic;

namespace Strata.Compiler.Operators;

/// <summary>The shortcut of a residual block. It becomes two layers, or none if the input already has the right shape.</summary>
internal sealed class Shortcut : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    /// <summary>The name that torchvision gives it.</summary>
    public const string Stem = "downsample";

    public static ArgumentSpec<int> Filters { get; } = new("filters", ArgumentForm.Required, 0);

    public static ArgumentSpec<int> Stride { get; } = new("Stride", ArgumentForm.Property, 1);

    public override string Kind => "Shortcut";

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Shortcut(8, Stride = 2)", "Shortcut(5)", "Branch, Conv2D(4, 3, Padding = 1), Branch, Shortcut(4), Add",
    ];

    public override IReadOnlyList<ArgumentSpec> Arguments => [Filters, Stride];

    public override OperatorDocumentation Documentation => new(
        "[Shortcut(filters)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H − 1)/S⌋ + 1",
        "y = x where C = filters and S = 1, otherwise batch norm of a 1×1 convolution without bias",
        "torchvision's downsample",
        "");
}
