using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>Operators without arguments that leave the shape as it is.</summary>
internal abstract class ShapePreserving : LayerOperator
{
    protected abstract Operation Operation { get; }

    public override LayerResult? Build(LayerContext layer) => layer.Input is { } input ? new LayerResult(Operation, input) : null;
}
