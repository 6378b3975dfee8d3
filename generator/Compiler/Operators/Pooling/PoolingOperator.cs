using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The base of the poolings.</summary>
internal abstract class PoolingOperator(PoolingKind pooling, int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Stem => "pool";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => ["kernel", "Stride", "Padding"];

    /// <summary>Only maxima have a dilation, and only means may leave the padding out.</summary>
    public sealed override Signature<LayerDefinition> Signature { get; } = pooling == PoolingKind.Max
        ? Takes(WindowArguments.OfPooling(dimensions, isDilated: true), window => new PoolingDefinition(pooling, window, true))
        : Takes(
            WindowArguments.OfPooling(dimensions), Property("CountIncludePad", true),
            (window, counts) => new PoolingDefinition(pooling, window, counts));
}

/// <summary>The maximum or the mean of each window.</summary>
internal sealed record PoolingDefinition(PoolingKind Kind, WindowArguments Window, Argument<bool> CountIncludePad) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer) => Operators.Window.Resolve(Window, layer, pooling: true) is { } window
        ? new LayerResult(
            new Pooling(Kind, window.Vertical, window.Horizontal, CountIncludePad.Value) { Depth = window.Depth },
            window.Output, window.Formula, window.PaddedInput)
        {
            Windows = window.Axes,
        }
        : null;
}
