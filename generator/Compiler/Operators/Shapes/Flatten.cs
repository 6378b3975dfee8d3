using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Flatten : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Flatten";

    public override string Stem => "flatten";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("it flattens all of a sample"), PyTorchPlace.Known("it flattens all of a sample")];

    public override OperatorDocumentation Documentation => new(
        "[Flatten]", "C×H×W → C·H·W", "y = x, in the order of channels, rows, columns", "nn.Flatten", "Flatten");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Flatten", "Flatten, Dense(2)", "Flatten, ReLU", "Conv2D(3, 3), Flatten, Tanh"),
        .. In(Sequence, "Flatten"),
        .. In(Volume, "Flatten"),
        .. In(Flat, "Flatten, Dense(2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new FlattenDefinition());
}

/// <summary>Turns a sample into a flat tensor.</summary>
internal sealed record FlattenDefinition : LayerDefinition
{
    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.Input is not { } input)
        {
            return null;
        }

        string formula = input.Rank == 1 ? "" : $"{Arithmetic.Product(input.Extents)} = {Arithmetic.Number(input.Length)}";
        return new LayerResult(new FlattenOperation(), Shape.Vector(input.Length), formula);
    }
}

/// <summary>C×H×W to C·H·W features, in PyTorch's order.</summary>
internal sealed record FlattenOperation : Operation
{
    public override bool IsView => true;

    public override AxisOrder? AxisOrder(Shape input, Shape output) => Graph.AxisOrder.Unchanged(input);

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
