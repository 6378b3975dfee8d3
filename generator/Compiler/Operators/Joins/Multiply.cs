using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Multiply : ElementJoin
{
    public override string Kind => "Multiply";

    public override string Stem => "multiply";

    public override OperatorDocumentation Documentation => new("[Multiply]", Shapes, "y = x₁·x₂·…", "x * y", "Multiply");

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new MultiplyDefinition());
}

/// <summary>The product of branches.</summary>
internal sealed record MultiplyDefinition() : ElementJoinDefinition("Product")
{
    protected override Expression Join(Expression left, Expression right) => left * right;
}
