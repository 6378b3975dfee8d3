using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The base of the poolings.</summary>
internal abstract class PoolingOperator(PoolingKind pooling, int dimensions) : LayerOperator
{
    public sealed override string Stem => "pool";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        "kernel", "Stride", "Padding");

    public sealed override LayerDefinition Bind(AttributeArguments arguments) => new PoolingDefinition(
        pooling, WindowArguments.Bind(arguments, dimensions, pooling: true), arguments.Bool("CountIncludePad", true));
}

/// <summary>The maximum or the mean of each window.</summary>
internal sealed record PoolingDefinition(PoolingKind Kind, WindowArguments Window, Argument<bool> CountIncludePad) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer) => Operators.Window.Of(Window, layer, pooling: true) is { } window
        ? new LayerResult(
            new Pooling(Kind, window.Vertical, window.Horizontal, CountIncludePad.Value) { Depth = window.Depth },
            window.Output, window.Formula, window.PaddedInput)
        : null;
}
