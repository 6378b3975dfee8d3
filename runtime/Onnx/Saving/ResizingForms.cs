using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>Upsampling and downsampling.</summary>
internal static class ResizingForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All => [("Upsample", Resize)];

    private static string Resize(LayerNodes nodes)
    {
        LayerArguments arguments = nodes.Layer.Arguments;
        string mode = arguments.Choice("Nearest", "Mode");
        string places = arguments.Truth(false, "AlignCorners") ? "align_corners" : arguments.Choice("Default", "Coordinates") switch
        {
            "HalfPixel" => "half_pixel",
            "AlignCorners" => "align_corners",
            "Asymmetric" => "asymmetric",
            "PytorchHalfPixel" => "pytorch_half_pixel",
            _ => mode == "Nearest" ? "asymmetric" : "half_pixel",
        };
        IEnumerable<AttributeProto> own = mode switch
        {
            "Nearest" => [NodeAttribute.Of("mode", "nearest"), NodeAttribute.Of("nearest_mode", Rounding(arguments))],
            "Cubic" => [NodeAttribute.Of("mode", "cubic"), NodeAttribute.Of("cubic_coeff_a", arguments.Number(-0.75, "CubicCoefficient"))],
            _ => [NodeAttribute.Of("mode", "linear")],
        };
        return nodes.Node(
            "Resize", [nodes.Input, "", .. Sizes(nodes)], own.Append(NodeAttribute.Of("coordinate_transformation_mode", places)));
    }

    private static string Rounding(LayerArguments arguments) => arguments.Choice("Floor", "Rounding") switch
    {
        "Ceil" => "ceil",
        "RoundPreferFloor" => "round_prefer_floor",
        "RoundPreferCeil" => "round_prefer_ceil",
        _ => "floor",
    };

    /// <summary>The factors of the axes, or their sizes if the factors as floats would not give these.</summary>
    private static IEnumerable<string> Sizes(LayerNodes nodes)
    {
        SavedLayer layer = nodes.Layer;
        (int From, int To)[] extents = [.. layer.InputShape.Zip(layer.OutputShape).Skip(1)];
        float[] scales = [.. extents.Select((extent, i) => (float)(layer.Arguments.Text(SizeName(layer, i)) is null
            ? layer.Arguments.Number(1, layer.AxisName(i, "Scale"), "0") : (double)extent.To / extent.From))];
        return extents.Zip(scales).All(axis => (int)MathF.Floor(axis.First.From * axis.Second) == axis.First.To)
            ? [nodes.Floats("scales", [1, 1, .. scales], [scales.Length + 2])]
            : ["", nodes.WholeShape(nodes.Input, layer.OutputShape)];
    }

    private static string SizeName(SavedLayer layer, int axis) => layer.Dimensions == 1 ? "Length" : layer.AxisName(axis, "");
}
