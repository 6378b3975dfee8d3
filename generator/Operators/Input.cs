using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Input : Operator
{
    public override string Kind => "Input";

    public override OperatorDocumentation Documentation => new(
        "[Input(channels, height, width)]", "the shape of one sample, without the batch", "y = x", "", "Input");

    public static Operation Operation { get; } = new InputOperation();

    /// <summary>Null where an extent is out of range.</summary>
    public static Shape? Build(InputContext input)
    {
        if (input.IsSet("features"))
        {
            int features = input.AtLeast(1, "features");
            return input.HasErrors ? null : Shape.Vector(features);
        }

        int channels = input.AtLeast(1, "channels");
        if (input.IsSet("length"))
        {
            int length = input.AtLeast(1, "length");
            return input.HasErrors ? null : Shape.Sequence(channels, length);
        }

        int depth = input.IsSet("depth") ? input.AtLeast(1, "depth") : 1;
        int height = input.AtLeast(1, "height");
        int width = input.AtLeast(1, "width");
        if (input.HasErrors)
        {
            return null;
        }

        Shape shape = input.IsSet("depth") ? Shape.Volume(channels, depth, height, width) : Shape.Image(channels, height, width);
        CheckOrder(input, shape);
        return shape;
    }

    /// <summary>
    /// 28×28×1, the order of Keras and of image files. Grey, RGB and RGBA are 1, 3 and 4 channels; a picture is no smaller than 8 pixels.
    /// </summary>
    private static void CheckOrder(InputContext input, Shape shape)
    {
        const int LeastPixels = 8;
        int[] extents = shape.Extents;
        int last = extents[extents.Length - 1];
        int[] others = extents.Take(extents.Length - 1).ToArray();
        if (last is 1 or 3 or 4 && others.All(extent => extent >= LeastPixels) && !input.Attribute.NamesArguments)
        {
            string pixels = string.Join("×", extents.Skip(1).Select(extent => Arithmetic.Number(extent)));
            string order = string.Join(", ", others.Prepend(last).Select(extent => Arithmetic.Number(extent)));
            input.ReportExactly(
                Rules.ChannelsLast, "", [new Mend(MendKind.ReplaceArguments, "", order)], shape.ToString(),
                $"{Arithmetic.Number(shape.Channels)} channels of {pixels} pixels", $"Input({order})");
        }
    }
}

/// <summary>The network's input.</summary>
internal sealed record InputOperation : Operation
{
    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
