using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>
/// Upsampling and downsampling. Sizes are whole numbers in the file; a factor, which is a float there, stands only where the layer has one
/// whose product with the extent is rounded down.
/// </summary>
internal static class ResizingForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All => [("Upsample", Resize)];

    private static string Resize(LayerNodes nodes)
    {
        SavedLayer layer = nodes.Layer;
        UpsampleMode mode = layer.Argument<UpsampleMode>("Mode");
        UpsampleCoordinates place = layer.Argument<bool>("AlignCorners")
            ? UpsampleCoordinates.AlignCorners : layer.Argument<UpsampleCoordinates>("Coordinates");
        place = place != UpsampleCoordinates.Default ? place
            : mode == UpsampleMode.Nearest ? UpsampleCoordinates.Asymmetric : UpsampleCoordinates.HalfPixel;
        string rounding = layer.Argument<UpsampleRounding>("Rounding").ToString();
        ResizedAxis[] axes = ResizedAxis.Of(layer, place.ToString());
        ResizedBy[] by = [.. axes.Select(axis => mode == UpsampleMode.Nearest ? axis.OfNearest(rounding) : axis.Between())];
        AttributeProto[] attributes = [.. Attributes(layer, mode, place.ToString(), rounding)];

        // Runtimes have cubic interpolation of images only: other tensors are resized along one axis after the other.
        bool isSeparate = mode == UpsampleMode.Cubic && axes.Length != 2;
        string tensor = nodes.Input;
        int[] shape = [.. nodes.Layer.InputShape];
        int[] open = [.. Enumerable.Range(0, axes.Length).Where(i => !axes[i].IsIdentity)];
        foreach (int i in open.Where(i => by[i] == ResizedBy.Indices))
        {
            tensor = nodes.Node(
                "Gather", [tensor, nodes.Integers("indices", axes[i].Nearest(rounding))], NodeAttribute.Of("axis", i + 2));
            shape[i + 1] = axes[i].To;
        }

        // Those with sizes first, then those with factors.
        foreach (int[] together in open.Where(i => by[i] != ResizedBy.Indices).GroupBy(i => by[i]).OrderBy(way => way.Key)
            .SelectMany(way => way.Chunk(isSeparate ? 1 : axes.Length)))
        {
            int[] to = [.. shape.Select((extent, i) => together.Contains(i - 1) ? axes[i - 1].To : extent)];
            tensor = isSeparate
                ? AsImage(nodes, tensor, shape, to, together[0], axes[together[0]], by[together[0]], attributes)
                : Along(nodes, tensor, to, [.. Enumerable.Range(0, axes.Length).Select(i => together.Contains(i) ? axes[i] : null)],
                    by[together[0]], attributes);
            shape = to;
        }

        return tensor;
    }

    /// <summary>Resizes along one axis of a tensor of any rank, whose other axes are put together.</summary>
    private static string AsImage(
        LayerNodes nodes, string tensor, int[] from, int[] to, int pixels, ResizedAxis axis, ResizedBy by, AttributeProto[] attributes)
    {
        int before = Extents.Product(from.Take(pixels + 1)), behind = Extents.Product(from.Skip(pixels + 2));
        string image = nodes.Reshape(tensor, before, axis.From, behind);
        return nodes.Reshape(Along(nodes, image, [before, axis.To, behind], [axis, null], by, attributes), to);
    }

    /// <summary>Resizes along some of the axes of pixels.</summary>
    /// <param name="nodes">The layer.</param>
    /// <param name="tensor">What is resized.</param>
    /// <param name="to">The sample's shape then.</param>
    /// <param name="axes">The axes of pixels; null for those that stay.</param>
    /// <param name="by">How their sizes are said.</param>
    /// <param name="attributes">The node's other attributes.</param>
    private static string Along(
        LayerNodes nodes, string tensor, int[] to, ResizedAxis?[] axes, ResizedBy by, AttributeProto[] attributes)
    {
        if (by == ResizedBy.Factor || axes.All(axis => axis is null || axis.HasExactFactor))
        {
            float[] scales = [1, 1, .. axes.Select(axis => axis?.Factor ?? 1)];
            string Resized(string tensor) =>
                nodes.Node("Resize", [tensor, "", nodes.Floats("scales", scales, [scales.Length])], attributes);
            return axes.All(axis => axis is null || axis.From == axis.To) ? Extended(nodes, tensor, axes, Resized) : Resized(tensor);
        }

        // From version 18 on, sizes without the batch can be given.
        return nodes.Opset >= 18
            ? nodes.Node("Resize", [tensor, "", "", nodes.Integers("sizes", to.Skip(1))],
                [.. attributes, NodeAttribute.Of("axes", Enumerable.Range(2, axes.Length))])
            : nodes.Node("Resize", [tensor, "", "", nodes.WholeShape(tensor, to)], attributes);
    }

    /// <summary>
    /// Resizes by factors that keep the shape. Runtimes copy such a tensor; so it gets more elements like its last one, which go again.
    /// </summary>
    private static string Extended(LayerNodes nodes, string tensor, ResizedAxis?[] axes, Func<string, string> resized)
    {
        const int Most = 1 << 16;
        int place = Array.FindIndex(axes, axis => axis is not null), extent = axes[place]!.To, more = 1;
        double factor = axes[place]!.Factor;
        while ((extent + more) * factor < extent + more + 1.001)
        {
            if (more++ > Most)
            {
                throw nodes.NoForm(FormattableString.Invariant($"Its factor {factor} hardly moves the elements: remove the layer."));
            }
        }

        string longer = Margins.Add(nodes, tensor, [.. axes.Select((_, i) => (0, i == place ? more : 0))], PaddingMode.Replicate);
        return nodes.Slice(resized(longer), [place + 2], [0], [extent]);
    }

    private static IEnumerable<AttributeProto> Attributes(SavedLayer layer, UpsampleMode mode, string place, string rounding)
    {
        IEnumerable<AttributeProto> own = mode switch
        {
            UpsampleMode.Nearest => [NodeAttribute.Of("mode", "nearest"), NodeAttribute.Of("nearest_mode", Snake(rounding))],
            UpsampleMode.Cubic =>
                [NodeAttribute.Of("mode", "cubic"), NodeAttribute.Of("cubic_coeff_a", layer.Argument<double>("CubicCoefficient"))],
            _ => [NodeAttribute.Of("mode", "linear")],
        };
        return own.Append(NodeAttribute.Of("coordinate_transformation_mode", Snake(place)));
    }

    /// <summary>ONNX's name of a value: <c>round_prefer_floor</c> for <c>RoundPreferFloor</c>.</summary>
    private static string Snake(string value) => string.Concat(value.Select(
        (letter, i) => (i > 0 && char.IsAsciiLetterUpper(letter) ? "_" : "") + char.ToLowerInvariant(letter)));
}
