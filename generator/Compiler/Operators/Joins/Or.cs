using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Or : ElementJoin
{
    public override string Kind => "Or";

    public override string Stem => "or";

    public override OperatorDocumentation Documentation => new(
        "[Or]", Shapes, "y = 0 where x₁ = 0 and x₂ = 0, else 1", "torch.logical_or", "ops.logical_or");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, ReLU, Branch, Round, Or", "ReLU, Round, Or(\"relu1\", \"round1\"), Multiply(\"or1\", \"relu1\")",
        .. In(Flat, "Branch, ReLU, Branch, Slice(0, 1), Round, Or"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new OrDefinition());
}

/// <summary>0 where the elements of both branches are 0, else 1. It passes no gradient on.</summary>
internal sealed record OrDefinition() : PairwiseJoinDefinition("Or")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) =>
        Expression.Select(Expression.AreEqual(left, 0) & Expression.AreEqual(right, 0), 0, 1);
}
