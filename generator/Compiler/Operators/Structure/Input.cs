using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Input : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public override string Kind => "Input";

    public override OperatorDocumentation Documentation => new(
        "[Input(channels, height, width)]", "the shape of one sample, without the batch", "y = x", "", "Input");

    public static Operation Operation { get; } = new InputOperation();

    private static readonly IArgumentSource<EquatableArray<Argument<int>>> Extents =
        NumberList.Named(NumberList.ExtentNames);

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "ReLU"),
        .. In(Sequence, "Tanh"),
        .. In(Image, "Sigmoid"),
        .. In(Volume, "ReLU"),
        .. In("4, 9, 7, Name = \"image\"",
            "Conv2D(2, 3), Flatten, Input(5, Name = \"pose\"), Dense(3), Concat(\"flatten1\", \"dense1\")"),
    ];

    public override IReadOnlyList<ArgumentSpec> Arguments => [.. Extents.Specs];

    public static InputDefinition Bind(AttributeArguments arguments) => new(Extents.Read(arguments), arguments.AreNamed);
}

/// <summary>The shape of a sample.</summary>
/// <param name="Extents">Features, or channels and one, two or three axes.</param>
/// <param name="AreNamed">Whether the user wrote the extents with their names. Then no advice about their order is needed.</param>
internal sealed record InputDefinition(EquatableArray<Argument<int>> Extents, bool AreNamed = true)
{
    /// <summary>The shape; null if an extent is out of range.</summary>
    public Shape? Build(InputContext input)
    {
        int[] extents = [.. Extents.Select(extent => input.AtLeast(1, extent))];
        if (input.HasErrors || extents.Length == 0)
        {
            return null;
        }

        Shape shape = Shape.Of(extents);
        if (shape.Rank > 2)
        {
            CheckOrder(input, shape);
        }

        return shape;
    }

    /// <summary>
    /// Warns of an input such as 28×28×1, which is the order of Keras and of image files. It looks for 1, 3 or 4 channels (grey, RGB, RGBA)
    /// in the last place, and for pictures of at least 8 pixels along each axis.
    /// </summary>
    private void CheckOrder(InputContext input, Shape shape)
    {
        const int LeastPixels = 8;
        int[] extents = shape.Extents;
        int last = extents[extents.Length - 1];
        int[] others = extents.Take(extents.Length - 1).ToArray();
        if (last is 1 or 3 or 4 && others.All(extent => extent >= LeastPixels) && !AreNamed)
        {
            input.DoubtOrder(shape, Shape.Create(last, others));
        }
    }
}

/// <summary>The network's input.</summary>
internal sealed record InputOperation : Operation
{
    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
