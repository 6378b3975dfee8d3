using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Less : ElementJoin
{
    public override string Kind => "Less";

    public override string Stem => "less";

    public override OperatorDocumentation Documentation => new("[Less]", Shapes, "y = 1 where x₁ < x₂, else 0", "torch.lt", "ops.less");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Less", "Conv2D(4, 1), Less(\"input\", \"conv1\"), Multiply(\"less1\", \"conv1\")",
        .. In(Flat, "Branch, Branch, Param(1, Initial = 0.5), Less"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new LessDefinition());
}

/// <summary>1 where the first branch's element is less than the second one's, else 0. It passes no gradient on.</summary>
internal sealed record LessDefinition() : PairwiseJoinDefinition("Less")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => Expression.Select(left < right, 1, 0);
}
