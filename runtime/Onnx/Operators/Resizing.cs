using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Operators;

/// <summary>Resizing of maps.</summary>
internal static class Resizing
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Resize"] = Resize,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out => [("Upsample", Resize)];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`Resize`, `Upsample`, `Expand` and `Tile` of single pixels", "`[Upsample2D]`"),
        new("`Resize` with `antialias` or `exclude_outside`", "a product with a constant matrix along each axis"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new(
            "`[Upsample1D]` …",
            "`Resize` with sizes, or with factors that are exact floats; `Gather` along an axis where floats would take other "
            + "pixels"),
    ];

    /// <summary>The arguments of a layer that resizes to a size.</summary>
    public static LayerArgument[] Sizes(IReadOnlyList<int> sizes)
    {
        string[] names = sizes.Count switch { 1 => ["Length"], 2 => ["Height", "Width"], _ => ["Depth", "Height", "Width"] };
        return [.. sizes.Select((size, i) => new LayerArgument(names[i], size))];
    }

    private static void Resize(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int rank = view.Tensor.Shape.Count - 1;
        float[] scales = node.Floats("scales"), along = [.. Enumerable.Repeat(1f, rank)];
        int[] from = [.. view.Tensor.Shape.Skip(1)], to = [.. from];
        for (int i = 0; i < node.Input.Shape.Count; i++)
        {
            int axis = view.Axes[i];
            if (axis >= 1)
            {
                (to[axis - 1], along[axis - 1]) = (node.Output.Shape[i], scales[i]);
            }
            else if (node.Output.Shape[i] != node.Input.Shape[i])
            {
                throw new UnsupportedException($"it resizes {string.Join('×', node.Input.Shape)} along axis {i}, which has no pixels");
            }
        }

        LayerArgument[] arguments = [.. SizesOf(node, from, to, along), .. Mode(node, from, to, along)];
        layers.Set(node.Output, view.Of(layers.Add(Convolutions.Kind("Upsample", rank), view.Tensor, arguments)));
    }

    /// <summary>A factor if it is a whole number, or if the sizes would place the pixels otherwise; else the sizes.</summary>
    private static LayerArgument[] SizesOf(OnnxNode node, int[] from, int[] to, float[] scales)
    {
        bool isWhole = scales.Distinct().Count() == 1 && scales[0] == MathF.Floor(scales[0])
            && from.Zip(to, (one, other) => one * (int)scales[0] == other).All(fits => fits);
        if (isWhole)
        {
            return [new(null, (int)scales[0])];
        }

        string[] names = from.Length switch { 1 => ["Length"], 2 => ["Height", "Width"], _ => ["Depth", "Height", "Width"] };
        bool sizesSuffice = Enumerable.Range(0, from.Length).All(i => MathF.Abs((to[i] / (float)from[i]) - scales[i]) < 1e-6f * scales[i]);
        if (sizesSuffice)
        {
            return [.. names.Select((name, i) => IsOnEdge(node, from[i], to[i], scales[i])
                ? new LayerArgument("Scale" + name, AffineLayers.Number(scales[i])) : new LayerArgument(name, to[i]))];
        }

        return scales.Distinct().Count() == 1
            ? [new(null, AffineLayers.Number(scales[0]))]
            : [.. scales.Select((scale, i) => new LayerArgument("Scale" + names[i], AffineLayers.Number(scale)))];
    }

    /// <summary>
    /// Whether some output has its place on the edge between two pixels, and the rounding of the scale decides for one of them. A size has
    /// no such rounding; so the layer is given the scale, if the size follows from it.
    /// </summary>
    private static bool IsOnEdge(OnnxNode node, int from, int to, float rounded)
    {
        string coordinates = node.Text("coordinate_transformation_mode");
        if (node.Text("mode") != "nearest" || coordinates is not ("half_pixel" or "asymmetric"))
        {
            return false;
        }

        double shift = coordinates == "half_pixel" ? 0.5 : 0, scale = AffineLayers.Number(rounded);
        string rounding = node.Text("nearest_mode");
        int[] wanted = [.. Enumerable.Range(0, to).Select(i => Nearest(i, from, to, rounded, coordinates, rounding))];
        bool Gives(Func<double, double> placeOf) => wanted.SequenceEqual(
            Enumerable.Range(0, to).Select(i => ResizedPlaces.Rounded(placeOf(i + shift) - shift, rounding, from)));
        return Math.Floor(from * scale) == to && !Gives(at => at * from / to) && Gives(at => at / scale);
    }

    private static LayerArgument[] Mode(OnnxNode node, int[] from, int[] to, float[] scales)
    {
        string mode = node.Text("mode"), coordinates = node.Text("coordinate_transformation_mode");
        if (!Enum.TryParse(Pascal(coordinates), out UpsampleCoordinates place))
        {
            throw new UnsupportedException($"its coordinate_transformation_mode is '{coordinates}'");
        }

        var arguments = new List<LayerArgument>();
        if (mode == "nearest")
        {
            string rounding = node.Text("nearest_mode");
            bool isUsual = Enumerable.Range(0, from.Length).All(axis => Enumerable.Range(0, to[axis]).All(i =>
                Nearest(i, from[axis], to[axis], scales[axis], coordinates, rounding)
                    == Math.Min((int)(i / scales[axis]), from[axis] - 1)));
            if (!isUsual)
            {
                // Nearest elements are asymmetric by default.
                arguments.Add(new("Coordinates", place == UpsampleCoordinates.Asymmetric ? UpsampleCoordinates.Default : place));
                arguments.Add(new("Rounding", Enum.Parse<UpsampleRounding>(Pascal(rounding))));
            }

            return [.. arguments];
        }

        bool isCubic = mode == "cubic";
        if (!isCubic && mode != "linear")
        {
            throw new UnsupportedException($"its mode is '{mode}'");
        }

        arguments.Add(new("Mode", isCubic ? UpsampleMode.Cubic : UpsampleMode.Linear));
        if (place == UpsampleCoordinates.AlignCorners)
        {
            arguments.Add(new("AlignCorners", true));
        }
        else if (place != UpsampleCoordinates.HalfPixel && (place != UpsampleCoordinates.PytorchHalfPixel || to.Contains(1)))
        {
            arguments.Add(new("Coordinates", place));
        }

        if (isCubic)
        {
            arguments.Add(new("CubicCoefficient", AffineLayers.Number(node.Float("cubic_coeff_a", -0.75f))));
        }

        return [.. arguments];
    }

    /// <summary>
    /// Elements along an axis of pixels that are the nearest ones of a resizing to their number; null if they are others. Files have them
    /// where the floats of a resizing would give others.
    /// </summary>
    public static View? Gathered(LayerBuilder layers, View view, int axis, int[] indices)
    {
        int rank = view.Tensor.Shape.Count - 1, from = view.Tensor.Shape[axis], to = indices.Length;
        if (axis < 1 || rank > 3 || from == 1 || from == to || indices[^1] - indices[0] < 1)
        {
            return null;
        }

        LayerArgument[]? place = Places(indices, from, to);
        if (place is null)
        {
            return null;
        }

        int[] sizes = [.. view.Tensor.Shape.Select((extent, i) => i == axis ? to : extent).Skip(1)];
        return view.Of(layers.Add(Convolutions.Kind("Upsample", rank), view.Tensor, [.. Sizes(sizes), .. place]));
    }

    /// <summary>The arguments with which the elements are the nearest ones; null if there are none.</summary>
    private static LayerArgument[]? Places(int[] indices, int from, int to)
    {
        if (indices.SequenceEqual(Enumerable.Range(0, to).Select(i => Math.Min((int)(i * (float)((double)from / to)), from - 1))))
        {
            return [];
        }

        foreach (string rounding in new[] { "floor", "ceil", "round_prefer_floor", "round_prefer_ceil" })
        {
            foreach (string place in new[] { "half_pixel", "align_corners", "asymmetric" })
            {
                bool isCentered = place == "half_pixel", alignsCorners = place == "align_corners" && to > 1;
                (double step, double count) = alignsCorners ? (from - 1, to - 1) : (from, to);
                double At(int i) => isCentered ? ((i + 0.5) * step / count) - 0.5 : i * step / count;
                if ((place, rounding) != ("asymmetric", "floor")
                    && indices.SequenceEqual(Enumerable.Range(0, to).Select(i => ResizedPlaces.Rounded(At(i), rounding, from))))
                {
                    return
                    [
                        new("Coordinates", Enum.Parse<UpsampleCoordinates>(Pascal(place))),
                        new("Rounding", Enum.Parse<UpsampleRounding>(Pascal(rounding))),
                    ];
                }
            }
        }

        return null;
    }

    /// <summary>The pixel that is nearest.</summary>
    private static int Nearest(int i, int from, int to, float scale, string place, string rounding) =>
        ResizedPlaces.Rounded(ResizedPlaces.PlaceOf<float>(i, from, to, scale, place), rounding, from);

    private static string Resize(LayerNodes nodes)
    {
        SavedLayer layer = nodes.Layer;
        UpsampleMode mode = layer.Argument<UpsampleMode>("Mode");
        UpsampleCoordinates place = layer.Argument<bool>("AlignCorners")
            ? UpsampleCoordinates.AlignCorners : layer.Argument<UpsampleCoordinates>("Coordinates");
        place = place != UpsampleCoordinates.Default ? place
            : mode == UpsampleMode.Nearest ? UpsampleCoordinates.Asymmetric : UpsampleCoordinates.HalfPixel;
        string rounding = Snake(layer.Argument<UpsampleRounding>("Rounding").ToString());
        ResizedAxis[] axes = ResizedAxis.ReadAll(layer, Snake(place.ToString()));
        ResizedBy[] by = [.. axes.Select(axis => mode == UpsampleMode.Nearest ? axis.OfNearest(rounding) : axis.Between())];
        AttributeProto[] attributes = [.. Attributes(layer, mode, Snake(place.ToString()), rounding)];

        // Runtimes have cubic interpolation of images only: other tensors are resized along one axis after the other.
        bool isSeparate = mode == UpsampleMode.Cubic && axes.Length != 2;
        string tensor = nodes.Input;
        int[] shape = [.. nodes.Layer.InputShape];
        int[] open = [.. Enumerable.Range(0, axes.Length).Where(i => !axes[i].IsIdentity)];
        foreach (int i in open.Where(i => by[i] == ResizedBy.Indices))
        {
            tensor = nodes.Node(
                "Gather", [tensor, nodes.Integers("indices", axes[i].Nearest(rounding))], NodeAttribute.Create("axis", i + 2));
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
                [.. attributes, NodeAttribute.Create("axes", Enumerable.Range(2, axes.Length))])
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

        string longer = Paddings.Add(nodes, tensor, [.. axes.Select((_, i) => (0, i == place ? more : 0))], PaddingMode.Replicate);
        return nodes.Slice(resized(longer), [place + 2], [0], [extent]);
    }

    private static IEnumerable<AttributeProto> Attributes(SavedLayer layer, UpsampleMode mode, string place, string rounding)
    {
        IEnumerable<AttributeProto> own = mode switch
        {
            UpsampleMode.Nearest => [NodeAttribute.Create("mode", "nearest"), NodeAttribute.Create("nearest_mode", rounding)],
            UpsampleMode.Cubic =>
                [NodeAttribute.Create("mode", "cubic"), NodeAttribute.Create("cubic_coeff_a", layer.Argument<double>("CubicCoefficient"))],
            _ => [NodeAttribute.Create("mode", "linear")],
        };
        return own.Append(NodeAttribute.Create("coordinate_transformation_mode", place));
    }

    /// <summary>ONNX's name of a value: <c>round_prefer_floor</c> for <c>RoundPreferFloor</c>.</summary>
    private static string Snake(string value) => string.Concat(value.Select(
        (letter, i) => (i > 0 && char.IsAsciiLetterUpper(letter) ? "_" : "") + char.ToLowerInvariant(letter)));

    /// <summary>The same backwards.</summary>
    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(word => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..]));
}
