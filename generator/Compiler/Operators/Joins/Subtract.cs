using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Subtract : ElementJoin
{
    public override string Kind => "Subtract";

    public override string Stem => "subtract";

    public override OperatorDocumentation Documentation => new("[Subtract]", Shapes, "y = x₁ − x₂", "x - y", "Subtract");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Subtract", "Branch, Branch, GlobalAveragePool2D, Subtract",
        "Branch, Conv2D(1, 3, Padding = 1), Branch, Subtract", "Tanh, Subtract(\"input\", \"tanh1\")",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new SubtractDefinition());
}

/// <summary>The first branch less the second one.</summary>
internal sealed record SubtractDefinition() : PairwiseJoinDefinition("Difference")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => left - right;
}
