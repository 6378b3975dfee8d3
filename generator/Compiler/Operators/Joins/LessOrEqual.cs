using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class LessOrEqual : ElementJoin
{
    public override string Kind => "LessOrEqual";

    public override string Stem => "lessorequal";

    public override OperatorDocumentation Documentation => new(
        "[LessOrEqual]", Shapes, "y = 1 where x₁ ≤ x₂, else 0", "torch.le", "ops.less_equal");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Floor, Branch, ReLU, Floor, LessOrEqual",
        "Round, Sigmoid, Round, LessOrEqual(\"round1\", \"round2\"), Multiply(\"lessorequal1\", \"sigmoid1\")",
        .. In(Flat, "Branch, Branch, Param(1, Initial = 0.5), LessOrEqual"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new LessOrEqualDefinition());
}

/// <summary>1 where the first branch's element is less than the second one's or equal to it, else 0. It passes no gradient on.</summary>
internal sealed record LessOrEqualDefinition() : PairwiseJoinDefinition("LessOrEqual")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) =>
        Expression.Select(left <= right, 1, 0);
}
