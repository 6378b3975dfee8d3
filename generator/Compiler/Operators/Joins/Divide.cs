using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Divide : ElementJoin
{
    public override string Kind => "Divide";

    public override string Stem => "divide";

    public override OperatorDocumentation Documentation => new("[Divide]", Shapes, "y = x₁/x₂", "x / y", "ops.divide");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Branch, Exp, Divide", "Branch, Branch, Sigmoid, AveragePool2D(9, KernelWidth = 1), Divide",
        "Exp, Divide(\"input\", \"exp1\")",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new DivideDefinition());
}

/// <summary>The first branch divided by the second one.</summary>
internal sealed record DivideDefinition() : PairwiseJoinDefinition("Quotient")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => left / right;
}
