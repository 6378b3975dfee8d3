using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Parts of tensors, and tensors put together.</summary>
internal static class Slices
{
    /// <summary>The most slices into which a selection of channels may fall.</summary>
    private const int MostRuns = 64;

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Slice"] = Slice,
        ["Gather"] = Gather,
        ["Concat"] = Concat,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("Slice", Slice),
        ("Split", Slice),
        ("Crop", Crop),
        ("Roll", Roll),
        ("Concat", nodes => nodes.Node("Concat", nodes.Inputs, NodeAttribute.Create("axis", Axis(nodes.Layer)))),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`Concat`, `Split`, `Slice` with any steps; with constant places `Gather`, `GatherND`, `GatherElements`, `Compress`, "
            + "`ReverseSequence` of one length; `ScatterND` and `ScatterElements` that write a block; `CenterCropPad`",
            "`[Concat]`, `[Slice]`, `[Crop2D]`, `[Roll]`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Slice]`, `[Split]`, `[Crop1D]` …", "`Slice`"),
        new("`[Concat]`", "`Concat`"),
        new("`[Roll]`", "`Slice`, `Slice`, `Concat`"),
    ];

    private static void Slice(LayerBuilder layers, OnnxNode node)
    {
        int[] starts = node.Integers("starts"), ends = node.Integers("ends"), steps = node.Integers("steps");
        (View view, List<int> turned) = Forwards(layers, node, starts, ends, steps);
        int rank = view.Tensor.Shape.Count - 1;
        int[] margins = new int[2 * rank], strides = [.. Enumerable.Repeat(1, rank)];
        LayerTensor tensor = SplitTensor.Of(view.Tensor) ?? view.Tensor;
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = view.Axes[i], extent = axis < 0 ? node.Input.Shape[i] : view.Tensor.Shape[axis];
            if (starts[i] == 0 && ends[i] == extent && steps[i] == 1)
            {
                continue;
            }

            if (axis < 0)
            {
                throw new UnsupportedException("it takes nothing of the batch");
            }

            if (tensor is SplitTensor split)
            {
                tensor = steps[i] == 1 ? split.Sliced(layers, axis, starts[i], ends[i]) : throw new UnsupportedException(
                    $"it takes one of {steps[i]} elements, of a tensor of {split.Shape.Count} axes; at most {LayerBuilder.MostAxes}");
                continue;
            }

            if (axis > 0)
            {
                (margins[axis - 1], margins[rank + axis - 1], strides[axis - 1]) = (starts[i], extent - ends[i], steps[i]);
            }
            else if (steps[i] > 1)
            {
                tensor = AsPixels(layers, tensor, rows => Cropped(
                    layers, rows, [starts[i], 0, extent - ends[i], 0], [steps[i], 1]));
            }
            else
            {
                tensor = layers.Add("Slice", tensor, [new(null, starts[i]), new(null, ends[i])]);
            }
        }

        tensor = tensor is SplitTensor ? tensor : Cropped(layers, tensor, margins, strides);
        foreach (int axis in turned)
        {
            tensor = axis > 0 ? Turned(layers, tensor, axis)
                : AsPixels(layers, tensor, rows => Turned(layers, rows, 1));
        }

        layers.Set(node.Output, SplitTensor.Settled(layers, view.Of(tensor)));
    }

    /// <summary>
    /// Makes steps backwards forward ones, and lists the axes that are turned round then. Some channels in any order are chosen at once.
    /// </summary>
    private static (View View, List<int> Turned) Forwards(LayerBuilder layers, OnnxNode node, int[] starts, int[] ends, int[] steps)
    {
        View view = layers.ViewOf(node.Input);
        var turned = new List<int>();
        for (int i = 0; i < starts.Length; i++)
        {
            int from = starts[i], step = steps[i], count = node.Output.Shape[i];
            if (view.Axes[i] == 0 && (step < 0 || step > 1) && count <= MostRuns)
            {
                view = Chosen(layers, view, 0, [.. Enumerable.Range(0, count).Select(k => from + (k * step))]);
                (starts[i], ends[i], steps[i]) = (0, count, 1);
            }
            else if (view.Axes[i] >= 0 && step < 0)
            {
                (starts[i], ends[i], steps[i]) = (from + ((count - 1) * step), from + 1, -step);
                turned.Add(view.Axes[i]);
            }
        }

        return (view, turned);
    }

    /// <summary>The tensor without margins, and with every n-th of its pixels.</summary>
    private static LayerTensor Cropped(LayerBuilder layers, LayerTensor tensor, int[] margins, int[] strides)
    {
        if (margins.All(margin => margin == 0) && strides.All(stride => stride == 1))
        {
            return tensor;
        }

        int rank = strides.Length;
        string kind = Convolutions.Kind("Crop", rank);
        var arguments = new LayerArguments(kind);
        arguments.AddPads("Crop", margins, isPositional: true, sides: "");
        arguments.AddAxes("Stride", strides);
        return layers.Add(kind, tensor, (LayerArgument[])arguments);
    }

    /// <summary>The pixels of an axis in the opposite order: the border that reflects all of them.</summary>
    private static LayerTensor Turned(LayerBuilder layers, LayerTensor tensor, int axis)
    {
        int rank = tensor.Shape.Count - 1, behind = tensor.Shape[axis] - 1;
        int[] before = new int[2 * rank], after = new int[2 * rank];
        before[axis - 1] = after[rank + axis - 1] = behind;
        LayerTensor both = Paddings.Padded(layers, tensor, before, "reflect", 0);
        return Cropped(layers, both, after, [.. Enumerable.Repeat(1, rank)]);
    }

    /// <summary>Changes a tensor whose channels are the rows of a map of one channel.</summary>
    private static LayerTensor AsPixels(LayerBuilder layers, LayerTensor tensor, Func<LayerTensor, LayerTensor> change)
    {
        LayerTensor rows = layers.Shaped(tensor, [1, tensor.Shape[0], Extents.Product(tensor.Shape.Skip(1))]);
        LayerTensor changed = change(rows);
        return layers.Shaped(changed, [changed.Shape[1], .. tensor.Shape.Skip(1)]);
    }

    private static void Gather(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int axis = view.Axes[node.Integer("axis")];
        long[] indices = node.Inputs[1]?.Constant?.Integers ?? throw new UnsupportedException("its indices depend on the input");
        if (axis < 0 || node.Inputs[1]!.Shape.Count != 1)
        {
            throw new UnsupportedException(axis < 0 ? "it takes several samples of the batch" : "its indices are not in one row");
        }

        int extent = view.Tensor.Shape[axis];
        int[] chosen = [.. indices.Select(index => (int)((index + extent) % extent))];
        layers.Set(
            node.Output, Resizing.Gathered(layers, view, axis, chosen) ?? Chosen(layers, view, axis, chosen));
    }

    /// <summary>Elements of an axis in any order are slices, which are put together again.</summary>
    /// <param name="layers">The layers so far.</param>
    /// <param name="view">The tensor.</param>
    /// <param name="place">The tensor's axis.</param>
    /// <param name="indices">The places along it, from 0.</param>
    private static View Chosen(LayerBuilder layers, View view, int place, int[] indices)
    {
        LayerArgument along = new("Axis", Reductions.AxisAt(view.Tensor.Shape.Count, place));
        var slices = new List<LayerTensor>();
        for (int i = 0; i < indices.Length;)
        {
            int start = indices[i], count = 1;
            while (i + count < indices.Length && indices[i + count] == start + count)
            {
                count++;
            }

            slices.Add(layers.Add("Slice", view.Tensor, [new(null, start), new(null, start + count), along]));
            i += count;
            if (slices.Count > MostRuns)
            {
                throw new UnsupportedException($"its {indices.Length} indices fall into more than {MostRuns} runs, which would be slices");
            }
        }

        return view.Of(slices.Count == 1 ? slices[0] : layers.Add("Concat", slices, [along]));
    }

    private static void Concat(LayerBuilder layers, OnnxNode node)
    {
        int axis = node.Integer("axis");
        OnnxValue[] tensors = [.. node.Inputs.OfType<OnnxValue>().Where(input => input.Constant is null)];
        if (tensors.Select(layers.ViewOf).FirstOrDefault() is not { } model)
        {
            throw new UnsupportedException("all of its tensors are constants");
        }

        View[] views = [.. node.Inputs.Select(input => ViewOf(layers, input!, model))];
        int place = model.Axes[axis];
        bool agree = place >= 0 && views.All(view => IsSeenAs(view, model));
        if (!agree && axis > 0 && node.Output.Shape[0] == 1)
        {
            views = [.. node.Inputs.Select((input, i) => View.Standard(layers.Standard(views[i], input!.Shape)))];
            model = views[0];
            place = model.Axes[axis];
        }
        else if (!agree)
        {
            // An axis of extent 1 until now. The tensors have it, and what else is longer than 1.
            int[] kept = [.. Enumerable.Range(0, node.Output.Shape.Count).Where(one => one == axis || node.Output.Shape[one] != 1)];
            View[] whole = [.. views.Select((view, i) => new View(layers.Shaped(
                layers.Ordered(view, view.Axes), [.. kept.Select(one => node.Inputs[i]!.Shape[one])]), []))];
            place = Array.IndexOf(kept, axis);
            (views, model) = (whole, new View(
                whole[0].Tensor, [.. Enumerable.Range(0, node.Output.Shape.Count).Select(one => Array.IndexOf(kept, one))]));
        }

        LayerArgument along = new("Axis", Reductions.AxisAt(model.Tensor.Shape.Count, place));
        layers.Set(node.Output, model.Of(layers.Add("Concat", [.. views.Select(view => view.Tensor)], [along])));
    }

    private static bool IsSeenAs(View view, View model) =>
        view.Axes.SequenceEqual(model.Axes) && view.Tensor.Shape.Count == model.Tensor.Shape.Count;

    /// <summary>An operand of a concatenation. A constant gets the axes of the tensors.</summary>
    private static View ViewOf(LayerBuilder layers, OnnxValue value, View model)
    {
        if (value.Constant is not { } constant)
        {
            return layers.ViewOf(value);
        }

        View own = Sources.Add(layers, constant, model.Tensor);
        int[] order = [.. Enumerable.Range(0, model.Tensor.Shape.Count).Select(axis =>
            model.Axes.ToList().IndexOf(axis) is >= 0 and var at ? own.Axes[at] : -1)];
        return order.Contains(-1) ? own : new View(Moved(layers, own, order), model.Axes);
    }

    /// <summary>The tensor with its axes in exactly this order.</summary>
    private static LayerTensor Moved(LayerBuilder layers, View view, int[] order) => layers.Shaped(
        layers.Ordered(view, order), [.. order.Select(axis => view.Tensor.Shape[axis])]);

    private static string Crop(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        int[] strides = [.. axes.Select(axis => axis.Stride)];
        return nodes.Slice(
            nodes.Input, nodes.PixelAxes, axes.Select(axis => -axis.Before), axes.Select(axis => axis.Input + axis.After),
            strides.All(stride => stride == 1) ? null : strides);
    }

    private static string Roll(LayerNodes nodes) =>
        Rolled(nodes, nodes.Input, Axis(nodes.Layer), nodes.Layer.Argument<int>("shift") % nodes.Layer.OutputShape[Axis(nodes.Layer) - 1]);

    /// <summary>The elements further along an axis by fewer places than there are, in a circle.</summary>
    public static string Rolled(LayerNodes nodes, string tensor, int axis, int shift) => shift == 0 ? tensor : nodes.Node(
        "Concat",
        [nodes.Slice(tensor, [axis], [-shift], [int.MaxValue]), nodes.Slice(tensor, [axis], [0], [-shift])],
        NodeAttribute.Create("axis", axis));

    private static string Slice(LayerNodes nodes)
    {
        int axis = Axis(nodes.Layer), first = First(nodes.Layer);
        return nodes.Slice(nodes.Input, [axis], [first], [first + nodes.Layer.OutputShape[axis - 1]]);
    }

    /// <summary>The place of the first element that a slice or a part takes.</summary>
    public static int First(SavedLayer layer)
    {
        int axis = Axis(layer) - 1;
        return layer.Kind == "Split" ? layer.Argument<int>("part") * layer.OutputShape[axis]
            : layer.Argument<int>("start") is >= 0 and var start ? start : layer.InputShape[axis] + layer.Argument<int>("start");
    }

    /// <summary>The axis that a layer is along, in the file.</summary>
    public static int Axis(SavedLayer layer) => Reductions.AxesOf(layer.InputShape.Count, layer.Argument<Axes>("Axis")).Single();
}
