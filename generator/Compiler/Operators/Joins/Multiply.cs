using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Multiply : ElementJoin
{
    public override string Kind => "Multiply";

    public override string Stem => "multiply";

    public override OperatorDocumentation Documentation => new("[Multiply]", Shapes, "y = x₁·x₂·…", "x * y", "Multiply");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Branch, GlobalAveragePool2D, Sigmoid, Multiply", "Branch, ReLU, Branch, Conv2D(4, 1), Multiply",
        "Branch, Conv2D(4, 3, Padding = 1), Branch, Multiply",
        .. In("4, 9, 7, Name = \"image\"", "Input(4, 1, 1, Name = \"gates\"), Multiply(\"image\", \"gates\")"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new MultiplyDefinition());
}

/// <summary>The product of branches.</summary>
internal sealed record MultiplyDefinition() : PairwiseJoinDefinition("Product")
{
    protected override Expression Join(Expression left, Expression right) => left * right;
}
