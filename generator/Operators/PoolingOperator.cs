using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What the poolings have in common.</summary>
internal abstract class PoolingOperator(PoolingKind pooling, int dimensions) : LayerOperator
{
    public sealed override string Stem => "pool";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        "kernel", "Stride", "Padding");

    public sealed override LayerResult? Build(LayerContext layer)
    {
        if (Window.Read(layer, dimensions, pooling: true) is not { } window)
        {
            return null;
        }

        return new LayerResult(
            new Pooling(pooling, window.Vertical, window.Horizontal, layer.Bool("CountIncludePad", true)) { Depth = window.Depth },
            window.Output,
            window.Formula,
            window.PaddedInput);
    }
}
