using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What the poolings have in common.</summary>
internal abstract class Pool2D : LayerOperator
{
    public override string Stem => "pool";

    protected abstract PoolingKind Pooling { get; }

    public override LayerResult? Build(LayerContext layer)
    {
        if (Window2D.Read(layer, pooling: true) is not { } window || layer.Input is not { } input)
        {
            return null;
        }

        return new LayerResult(
            new Pooling(Pooling, window.Vertical, window.Horizontal, layer.Bool("CountIncludePad", true)),
            Shape.Image(input.Channels, window.Height, window.Width),
            window.Formula,
            window.PaddedInput);
    }
}
