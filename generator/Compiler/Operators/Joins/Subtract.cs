using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Subtract : ElementJoin
{
    public override string Kind => "Subtract";

    public override string Stem => "subtract";

    public override OperatorDocumentation Documentation => new("[Subtract]", Shapes, "y = x₁ − x₂", "x - y", "Subtract");

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new SubtractDefinition());
}

/// <summary>The first branch less the second one.</summary>
internal sealed record SubtractDefinition() : ElementJoinDefinition("Difference")
{
    protected override int? Most => 2;

    protected override Expression Join(Expression left, Expression right) => left - right;
}
