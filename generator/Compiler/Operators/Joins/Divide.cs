using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Divide : ElementJoin
{
    public override string Kind => "Divide";

    public override string Stem => "divide";

    public override OperatorDocumentation Documentation => new("[Divide]", Shapes, "y = x₁/x₂", "x / y", "ops.divide");

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new DivideDefinition());
}

/// <summary>The first branch divided by the second one.</summary>
internal sealed record DivideDefinition() : ElementJoinDefinition("Quotient")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => left / right;
}
