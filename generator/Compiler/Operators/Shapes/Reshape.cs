using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Reshape : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Reshape";

    public override string Stem => "reshape";

    public override OperatorDocumentation Documentation => new(
        "[Reshape(channels, height, width)]",
        "any with as many elements → channels×height×width, and others of 1 to 6 axes; one extent may be −1",
        "y = x, in the order of channels, rows, columns",
        "nn.Unflatten, x.reshape",
        "Reshape");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Reshape(252)", "Reshape(14, -1)", "Reshape(2, 3, -1)", "Reshape(2, 3, 6, 7)", "Reshape(1, 4, 9, 7)",
            "Reshape(2, 2, 3, 3, -1), Tanh, Reshape(4, 9, 7)", "Reshape(2, 2, 3, 3, 7, 1), Reshape(7, 6, 6)"),
        .. In(Sequence, "Reshape(11, 3)"),
        .. In(Volume, "Reshape(20, 12)"),
        .. In(Flat, "Reshape(2, 5)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        NumberList.Named([.. NumberList.ExtentNames, .. NumberList.AxisNames]), extents => new ReshapeDefinition(extents));
}

/// <summary>The same elements in another shape.</summary>
/// <param name="Extents">The extents, slowest first. One may be −1: it becomes what is left.</param>
internal sealed record ReshapeDefinition(EquatableArray<Argument<int>> Extents) : LayerDefinition
{
    public override bool TakesManyAxes => true;

    public override LayerResult? Build(LayerContext layer)
    {
        int[] extents = Extents.Select(extent => extent.Value).ToArray();
        int unknown = System.Array.IndexOf(extents, -1);
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 1 && i != unknown)
            {
                layer.Report(ArgumentProblems.OutOfRange(
                    layer.At(Extents[i].Name), Extents[i].Name, extents[i],
                    extents[i] == -1 ? "at least 1 where another extent is −1" : "at least 1, or −1 for what is left"));
            }
        }

        if (layer.HasErrors || layer.Input is not { } input || extents.Length == 0)
        {
            return null;
        }

        int[] given = extents.Where(extent => extent != -1).ToArray();
        BigInteger known = given.Aggregate(BigInteger.One, (product, extent) => product * extent);
        string product = Arithmetic.Equation(Arithmetic.Product(input.Extents), input.Length);
        if (unknown < 0 ? known != input.Length : !(input.Length % known).IsZero)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Extents[0].Name),
                $"{Arithmetic.Equation(Arithmetic.Product(given), known)} {(unknown < 0 ? "≠" : "does not divide")} {product}",
                $"Input is {input}; the number of elements stays the same"));
            return null;
        }

        string formula = input.Rank == 1 ? "" : product;
        if (unknown >= 0)
        {
            extents[unknown] = (int)(input.Length / known);
            formula = $"{Arithmetic.Number(input.Length)}/{Arithmetic.Number((long)known)} = {Arithmetic.Number(extents[unknown])}";
        }

        Shape shape = Shape.Of(extents);
        if (shape.Rank == 1)
        {
            return new LayerResult(new FlattenOperation(), shape, formula);
        }

        return new LayerResult(new Unflattening(input), shape, formula)
        {
            Before = input.Rank == 1 ? [] : [new ImplicitLayer("flat", new FlattenOperation(), Shape.Vector(input.Length))],
        };
    }
}

/// <summary>Turns features into channels and pixels, in PyTorch's order.</summary>
/// <param name="Viewed">The shape of the tensor that was flattened into the features.</param>
internal sealed record Unflattening(Shape Viewed) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override AxisOrder? AxisOrder(Shape input, Shape output) => Graph.AxisOrder.Unchanged(input);

    // Along an axis, elements keep their places if it and all faster axes keep their extents. Along other axes, an output may depend on
    // any channel of any place.
    public override Reach ReachOf(Shape input, Shape output)
    {
        bool width = Viewed.Rank > 1 && Viewed.Width == output.Width, height = width && Viewed.Height == output.Height;
        AxisReach Axis(bool stays) => (stays ? Reach.Place : Reach.Everything).Depth;
        return new Reach(Axis(height && Viewed.Depth == output.Depth), Axis(height), Axis(width));
    }

    public override void Forward(LoopPass pass) => pass.Step("", k =>
        k.ForEach(pass.Output, at => pass.Output[at] = pass.Input[Feature(pass.Output.Shape, at), 0, 0, 0]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Step("", k => k.ForEach(dy, at => dx[Feature(dy.Shape, at), 0, 0, 0] = dy[at]));
    }

    private static Index Feature(Shape shape, ElementIndex at) =>
        Index.Sum((at.C, shape.Rows * shape.Width), (at.Z, shape.Height * shape.Width), (at.Y, shape.Width), (at.X, 1));
}
