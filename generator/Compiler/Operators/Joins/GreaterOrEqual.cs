using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class GreaterOrEqual : ElementJoin
{
    public override string Kind => "GreaterOrEqual";

    public override string Stem => "greaterorequal";

    public override OperatorDocumentation Documentation => new(
        "[GreaterOrEqual]", Shapes, "y = 1 where x₁ ≥ x₂, else 0", "torch.ge", "ops.greater_equal");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Floor, Branch, ReLU, Floor, GreaterOrEqual",
        "Round, Sigmoid, Round, GreaterOrEqual(\"round1\", \"round2\"), Multiply(\"greaterorequal1\", \"sigmoid1\")",
        .. In(Flat, "Branch, Branch, Param(1, Initial = 0.5), GreaterOrEqual"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new GreaterOrEqualDefinition());
}

/// <summary>1 where the first branch's element is greater than the second one's or equal to it, else 0. It passes no gradient on.</summary>
internal sealed record GreaterOrEqualDefinition() : PairwiseJoinDefinition("GreaterOrEqual")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) =>
        Expression.Select(left >= right, 1, 0);
}
