using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Operators without arguments that leave the shape as it is.</summary>
internal abstract class ShapePreserving : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Activations;

    protected abstract Operation Operation { get; }

    /// <summary>The definition. There is only one, since the operator has no arguments.</summary>
    public LayerDefinition Definition => new ShapePreservingDefinition(Operation);

    public sealed override Signature<LayerDefinition> Signature => Takes(() => Definition);
}

/// <summary>An operation that leaves the shape as it is, and has no arguments.</summary>
internal sealed record ShapePreservingDefinition(Operation Operation) : LayerDefinition
{
    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer) => layer.Input is { } input ? new LayerResult(Operation, input) : null;
}
