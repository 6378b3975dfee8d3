using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Equal : ElementJoin
{
    public override string Kind => "Equal";

    public override string Stem => "equal";

    public override OperatorDocumentation Documentation => new("[Equal]", Shapes, "y = 1 where x₁ = x₂, else 0", "torch.eq", "ops.equal");

    // Of whole numbers, some are equal.
    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Floor, Branch, ReLU, Floor, Equal",
        "Round, Sigmoid, Round, Equal(\"round1\", \"round2\"), Multiply(\"equal1\", \"sigmoid1\")",
        .. In(Flat, "Branch, Round, Branch, Slice(0, 1), Round, Equal"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new EqualDefinition());
}

/// <summary>1 where the first branch's element is equal to the second one's, else 0. It passes no gradient on.</summary>
internal sealed record EqualDefinition() : PairwiseJoinDefinition("Equal")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => Expression.Select(Expression.AreEqual(left, right), 1, 0);
}
