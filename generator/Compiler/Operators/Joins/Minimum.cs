using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Minimum : ElementJoin
{
    public override string Kind => "Minimum";

    public override string Stem => "minimum";

    public override OperatorDocumentation Documentation => new("[Minimum]", Shapes, "y = min(x₁, x₂, …)", "torch.minimum", "Minimum");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, ReLU, Minimum", "Branch, Branch, Conv2D(1, 1), Minimum",
        "Conv2D(4, 1), Minimum(\"input\", \"conv1\")",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new MinimumDefinition());
}

/// <summary>The smallest of the branches; NaN if one is NaN.</summary>
internal sealed record MinimumDefinition() : PairwiseJoinDefinition("Smallest")
{
    protected override Expression Join(Expression left, Expression right) => Functions.Min(left, right);
}
