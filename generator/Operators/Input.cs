using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Input : Operator
{
    public override string Kind => "Input";

    public override OperatorDocumentation Documentation => new(
        "[Input(channels, height, width)]", "the shape of one sample, without the batch", "y = x", "", "Input");

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
        return input.HasErrors ? null
            : input.IsSet("depth") ? Shape.Volume(channels, depth, height, width) : Shape.Image(channels, height, width);
    }
}
