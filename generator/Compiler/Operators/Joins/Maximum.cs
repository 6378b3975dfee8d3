using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Maximum : ElementJoin
{
    public override string Kind => "Maximum";

    public override string Stem => "maximum";

    public override OperatorDocumentation Documentation => new("[Maximum]", Shapes, "y = max(x₁, x₂, …)", "torch.maximum", "Maximum");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Maximum", "Branch, Branch, Conv2D(4, 1), Maximum", "Conv2D(4, 1), Maximum(\"input\", \"conv1\")",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new MaximumDefinition());
}

/// <summary>The largest of the branches; NaN if one is NaN.</summary>
internal sealed record MaximumDefinition() : PairwiseJoinDefinition("Largest")
{
    protected override Expression Join(Expression left, Expression right) => Functions.Max(left, right);
}
