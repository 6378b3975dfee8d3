using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Equal : ElementJoin
{
    public override string Kind => "Equal";

    public override string Stem => "equal";

    public override OperatorDocumentation Documentation => new("[Equal]", Shapes, "y = 1 where x₁ = x₂, else 0", "torch.eq", "ops.equal");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Equal", "Conv2D(4, 1), Equal(\"input\", \"conv1\"), Multiply(\"equal1\", \"conv1\")",
        .. In(Flat, "Branch, Branch, Param(1, Initial = 0.5), Equal"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new EqualDefinition());
}

/// <summary>1 where the first branch's element is equal to the second one's, else 0. It passes no gradient on.</summary>
internal sealed record EqualDefinition() : PairwiseJoinDefinition("Equal")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => Expression.Select(Expression.AreEqual(left, right), 1, 0);
}
