using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Xor : ElementJoin
{
    public override string Kind => "Xor";

    public override string Stem => "xor";

    public override OperatorDocumentation Documentation => new(
        "[Xor]", Shapes, "y = 1 where one of x₁ and x₂ is 0, else 0", "torch.logical_xor", "ops.logical_xor");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, ReLU, Branch, Round, Xor", "ReLU, Round, Xor(\"relu1\", \"round1\"), Multiply(\"xor1\", \"relu1\")",
        .. In(Flat, "Branch, ReLU, Branch, Slice(0, 1), Round, Xor"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new XorDefinition());
}

/// <summary>1 where the element of one branch is 0 and that of the other is not, else 0. It passes no gradient on.</summary>
internal sealed record XorDefinition() : PairwiseJoinDefinition("Xor")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right)
    {
        Expression isRight0 = Expression.AreEqual(right, 0);
        return Expression.Select(
            Expression.AreEqual(left, 0), Expression.Select(isRight0, 0, 1), Expression.Select(isRight0, 1, 0));
    }
}
