using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class And : ElementJoin
{
    public override string Kind => "And";

    public override string Stem => "and";

    public override OperatorDocumentation Documentation => new(
        "[And]", Shapes, "y = 1 where x₁ ≠ 0 and x₂ ≠ 0, else 0", "torch.logical_and", "ops.logical_and");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, ReLU, Branch, Round, And", "ReLU, Round, And(\"relu1\", \"round1\"), Multiply(\"and1\", \"relu1\")",
        .. In(Flat, "Branch, ReLU, Branch, Slice(0, 1), Round, And"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new AndDefinition());
}

/// <summary>1 where the elements of both branches are not 0, else 0. It passes no gradient on.</summary>
internal sealed record AndDefinition() : PairwiseJoinDefinition("And")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) =>
        Expression.Select(Expression.AreEqual(left, 0) | Expression.AreEqual(right, 0), 0, 1);
}
