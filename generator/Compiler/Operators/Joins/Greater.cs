using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Greater : ElementJoin
{
    public override string Kind => "Greater";

    public override string Stem => "greater";

    public override OperatorDocumentation Documentation => new(
        "[Greater]", Shapes, "y = 1 where x₁ > x₂, else 0", "torch.gt", "ops.greater");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Greater", "Conv2D(4, 1), Greater(\"input\", \"conv1\"), Multiply(\"greater1\", \"conv1\")",
        .. In(Flat, "Branch, Branch, Param(1, Initial = 0.5), Greater"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new GreaterDefinition());
}

/// <summary>1 where the first branch's element is greater than the second one's, else 0. It passes no gradient on.</summary>
internal sealed record GreaterDefinition() : PairwiseJoinDefinition("Greater")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => Expression.Select(left > right, 1, 0);
}
