using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>What moves elements, and computes nothing.</summary>
internal static class Moves
{
    /// <summary>The most slices into which a selection of channels may fall.</summary>
    private const int MostRuns = 64;

    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["Reshape"] = Reshape,
        ["Transpose"] = (t, node) => t.Set(node.Output, t.ViewOf(node.Input).Transposed(node.Integers("perm"))),
        ["Slice"] = Slice,
        ["Gather"] = Gather,
        ["Concat"] = Concat,
        ["Pad"] = Pad,
        ["Expand"] = (t, node) => Repeat(t, node, node.Output.Shape),
        ["Tile"] = (t, node) => Repeat(t, node, node.Output.Shape),
        ["DepthToSpace"] = (t, node) => Shuffle(t, node, "PixelShuffle", node.Text("mode") == "CRD"),
        ["SpaceToDepth"] = (t, node) => Shuffle(t, node, "PixelUnshuffle", node.Text("mode", "DCR") == "CRD"),
        ["ChannelShuffle"] = (t, node) => t.Set(node.Output, t.Add(
            "ChannelShuffle", t.Standard(node.Input), [.. node.Input.Shape.Skip(1)], [new(null, node.Integer("groups"))])),
    };

    /// <summary>The zeros that a layer puts around maps, begins and then ends; null if it does something else.</summary>
    public static int[]? PadsOf(Layer layer)
    {
        if (!layer.Kind.StartsWith("Pad", StringComparison.Ordinal) || layer.Arguments.Any(argument => argument.Name == "Mode"))
        {
            return null;
        }

        // By the layer's own windows: half of what it adds could stand on either side.
        int rank = layer.Shape.Count - 1;
        int[] pads = new int[2 * rank];
        int Of(string name, int without) => layer.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value as int? ?? without;
        int everywhere = (int)layer.Arguments[0].Value;
        (string Axis, string Begin, string End)[] names = [("Depth", "Front", "Back"), ("Height", "Top", "Bottom"),
            ("Width", "Left", "Right")];
        for (int i = 0; i < rank; i++)
        {
            (string axis, string begin, string end) = names[3 - rank + i];
            int both = Of("Padding" + axis, everywhere);
            (pads[i], pads[rank + i]) = (Of("Padding" + begin, both), Of("Padding" + end, both));
        }

        return pads;
    }

    private static void Reshape(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        IReadOnlyList<int> shape = node.Output.Shape;
        if (view.Reshaped(shape) is { } same)
        {
            translation.Set(node.Output, same);
            return;
        }

        // Without the batch; of more axes, those of extent 1 are left out.
        bool hasBatch = shape[0] == 1 && shape.Count > 1;
        int[] sample = hasBatch ? [.. shape.Skip(1)] : [.. shape];
        if (sample.Length > Translation.MostAxes)
        {
            sample = [.. sample.Where(extent => extent != 1)];
        }

        LayerTensor tensor = translation.Shaped(translation.Ordered(view, view.Axes), sample);
        translation.Set(node.Output, hasBatch && sample.Length == shape.Count - 1
            ? View.Standard(tensor) : new View(tensor, [.. Enumerable.Range(0, sample.Length)]).Reshaped(shape)!);
    }

    private static void Slice(Translation translation, OnnxNode node)
    {
        int[] starts = node.Integers("starts"), ends = node.Integers("ends"), steps = node.Integers("steps");
        (View view, List<int> turned) = Forwards(translation, node, starts, ends, steps);
        int rank = view.Tensor.Shape.Count - 1;
        int[] margins = new int[2 * rank], strides = [.. Enumerable.Repeat(1, rank)];
        LayerTensor tensor = view.Tensor;
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

            if (axis > 0)
            {
                (margins[axis - 1], margins[rank + axis - 1], strides[axis - 1]) = (starts[i], extent - ends[i], steps[i]);
            }
            else if (steps[i] > 1)
            {
                tensor = AsPixels(translation, tensor, rows => Cropped(
                    translation, rows, [starts[i], 0, extent - ends[i], 0], [steps[i], 1]));
            }
            else
            {
                tensor = translation.Add("Slice", tensor, [ends[i] - starts[i], .. tensor.Shape.Skip(1)],
                    [new(null, starts[i]), new(null, ends[i])]);
            }
        }

        tensor = Cropped(translation, tensor, margins, strides);
        foreach (int axis in turned)
        {
            tensor = axis > 0 ? Turned(translation, tensor, axis)
                : AsPixels(translation, tensor, rows => Turned(translation, rows, 1));
        }

        translation.Set(node.Output, view.Of(tensor));
    }

    /// <summary>
    /// Makes steps backwards forward ones, and lists the axes that are turned round then. Some channels in any order are chosen at once.
    /// </summary>
    private static (View View, List<int> Turned) Forwards(Translation translation, OnnxNode node, int[] starts, int[] ends, int[] steps)
    {
        View view = translation.ViewOf(node.Input);
        var turned = new List<int>();
        for (int i = 0; i < starts.Length; i++)
        {
            int from = starts[i], step = steps[i], count = node.Output.Shape[i];
            if (view.Axes[i] == 0 && (step < 0 || step > 1) && count <= MostRuns)
            {
                view = Chosen(translation, view, 0, [.. Enumerable.Range(0, count).Select(k => from + (k * step))]);
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
    private static LayerTensor Cropped(Translation translation, LayerTensor tensor, int[] margins, int[] strides)
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
        int[] shape = [tensor.Shape[0], .. Enumerable.Range(0, rank)
            .Select(k => (tensor.Shape[k + 1] - margins[k] - margins[rank + k] + strides[k] - 1) / strides[k])];
        return translation.Add(kind, tensor, shape, (LayerArgument[])arguments);
    }

    /// <summary>The pixels of an axis in the opposite order: the border that reflects all of them.</summary>
    private static LayerTensor Turned(Translation translation, LayerTensor tensor, int axis)
    {
        int rank = tensor.Shape.Count - 1, behind = tensor.Shape[axis] - 1;
        int[] before = new int[2 * rank], after = new int[2 * rank];
        before[axis - 1] = after[rank + axis - 1] = behind;
        LayerTensor both = Padded(translation, tensor, before, "reflect", 0);
        return Cropped(translation, both, after, [.. Enumerable.Repeat(1, rank)]);
    }

    /// <summary>Changes a tensor whose channels are the rows of a map of one channel.</summary>
    private static LayerTensor AsPixels(Translation translation, LayerTensor tensor, Func<LayerTensor, LayerTensor> change)
    {
        LayerTensor rows = translation.Shaped(tensor, [1, tensor.Shape[0], Extents.Product(tensor.Shape.Skip(1))]);
        LayerTensor changed = change(rows);
        return translation.Shaped(changed, [changed.Shape[1], .. tensor.Shape.Skip(1)]);
    }

    private static void Gather(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        int axis = view.Axes[node.Integer("axis")];
        long[] indices = node.Inputs[1]?.Constant?.Integers ?? throw new UnsupportedException("its indices depend on the input");
        if (axis < 0 || node.Inputs[1]!.Shape.Count != 1)
        {
            throw new UnsupportedException(axis < 0 ? "it takes several samples of the batch" : "its indices are not in one row");
        }

        int extent = view.Tensor.Shape[axis];
        int[] chosen = [.. indices.Select(index => (int)((index + extent) % extent))];
        translation.Set(
            node.Output, Resizing.Gathered(translation, view, axis, chosen) ?? Chosen(translation, view, axis, chosen));
    }

    /// <summary>Channels in any order are slices, which are put together again. Another axis becomes the channels for it.</summary>
    /// <param name="translation">The layers so far.</param>
    /// <param name="view">The tensor.</param>
    /// <param name="place">The tensor's axis.</param>
    /// <param name="indices">The places along it, from 0.</param>
    private static View Chosen(Translation translation, View view, int place, int[] indices)
    {
        int[] order = [place, .. Enumerable.Range(0, view.Tensor.Shape.Count).Where(k => k != place)];
        LayerTensor tensor = place == 0 ? view.Tensor : Moved(translation, view, order);
        var slices = new List<LayerTensor>();
        for (int i = 0; i < indices.Length;)
        {
            int start = indices[i], count = 1;
            while (i + count < indices.Length && indices[i + count] == start + count)
            {
                count++;
            }

            slices.Add(translation.Add(
                "Slice", tensor, [count, .. tensor.Shape.Skip(1)], [new(null, start), new(null, start + count)]));
            i += count;
            if (slices.Count > MostRuns)
            {
                throw new UnsupportedException($"its {indices.Length} indices fall into more than {MostRuns} runs, which would be slices");
            }
        }

        LayerTensor result = slices.Count == 1 ? slices[0] : translation.Add("Concat", slices, [indices.Length, .. tensor.Shape.Skip(1)]);
        return new View(result, [.. view.Axes.Select(k => k < 0 ? -1 : Array.IndexOf(order, k))]);
    }

    private static void Concat(Translation translation, OnnxNode node)
    {
        if (node.Inputs.Any(input => input!.Constant is not null))
        {
            throw new UnsupportedException("one of its tensors is a constant");
        }

        int axis = node.Integer("axis");
        View[] views = [.. node.Inputs.Select(input => translation.ViewOf(input!))];
        View model = views[0];
        bool agree = model.Axes[axis] >= 0 && views.All(
            view => view.Axes.SequenceEqual(model.Axes) && view.Tensor.Shape.Count == model.Tensor.Shape.Count);
        if (!agree)
        {
            views = [.. node.Inputs.Select(input => View.Standard(translation.Standard(input!)))];
            model = views[0];
        }

        int place = model.Axes[axis];
        if (place < 0)
        {
            throw new UnsupportedException("it joins samples of the batch");
        }

        // Another axis than the channels becomes the channels.
        int[] order = [place, .. Enumerable.Range(0, model.Tensor.Shape.Count).Where(k => k != place)];
        LayerTensor[] tensors = [.. views.Select(view => place == 0 ? view.Tensor : Moved(translation, view, order))];
        int[] shape = [tensors.Sum(tensor => tensor.Shape[0]), .. tensors[0].Shape.Skip(1)];
        Layer joined = translation.Add("Concat", tensors, shape);
        translation.Set(node.Output, new View(joined, [.. model.Axes.Select(k => k < 0 ? -1 : Array.IndexOf(order, k))]));
    }

    /// <summary>The tensor with its axes in exactly this order.</summary>
    private static LayerTensor Moved(Translation translation, View view, int[] order) => translation.Shaped(
        translation.Ordered(view, order), [.. order.Select(axis => view.Tensor.Shape[axis])]);

    private static void Pad(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        int count = node.Input.Shape.Count, rank = view.Tensor.Shape.Count - 1;
        int[] pads = node.Integers("pads"), around = new int[2 * rank], channels = [0, 0];
        if (Array.Exists(pads, pad => pad < 0))
        {
            throw new UnsupportedException($"its pads {string.Join(", ", pads)} take elements away on one side");
        }

        for (int i = 0; i < count; i++)
        {
            if (pads[i] == 0 && pads[count + i] == 0)
            {
                continue;
            }

            switch (view.Axes[i])
            {
                case < 0:
                    throw new UnsupportedException("it pads an axis that the tensor does not have");
                case 0:
                    channels = [pads[i], pads[count + i]];
                    break;
                case var axis:
                    (around[axis - 1], around[rank + axis - 1]) = (pads[i], pads[count + i]);
                    break;
            }
        }

        string mode = node.Text("mode");
        LayerTensor tensor = Padded(translation, view.Tensor, around, mode, node.Float("value"));
        translation.Set(node.Output, view.Of(channels is [0, 0] ? tensor
            : Widened(translation, tensor, channels, mode, node.Float("value"), isVolume: node.Input.Shape is [1, 1, _, _, ..])));
    }

    public static LayerTensor Padded(Translation translation, LayerTensor tensor, int[] around, string mode, float value)
    {
        if (around.All(pad => pad == 0))
        {
            return tensor;
        }

        int rank = around.Length / 2;
        bool isShifted = mode == "constant" && !value.Equals(0f);
        if (isShifted && !float.IsFinite(value))
        {
            throw new UnsupportedException($"it pads with {value}");
        }

        var arguments = new LayerArguments(Convolutions.Kind("Pad", rank));
        arguments.AddPads("Padding", around, isPositional: true);
        arguments.Add("Mode", mode switch
        {
            "constant" => PaddingMode.Zeros,
            "reflect" => PaddingMode.Reflect,
            "edge" => PaddingMode.Replicate,
            "wrap" => PaddingMode.Circular,
            _ => throw new UnsupportedException($"its mode is '{mode}'"),
        });
        int most = around.Select((pad, k) => pad - tensor.Shape[1 + (k % rank)]).Max();
        if ((most > 0 && mode == "wrap") || (most >= 0 && mode == "reflect"))
        {
            throw new UnsupportedException($"it pads {string.Join('×', tensor.Shape)} by {string.Join(", ", around)} in mode '{mode}', "
                + "which is more than there is to copy");
        }

        int[] shape = [tensor.Shape[0], .. Enumerable.Range(0, rank).Select(k => tensor.Shape[k + 1] + around[k] + around[rank + k])];

        // Padding by v is padding x − v by 0, and adding v; but beside a large v, nothing would be left of the digits of x.
        bool isLarge = isShifted && MathF.Abs(value) > 1;
        LayerTensor input = isShifted && !isLarge ? Shifted(translation, tensor, -value) : tensor;
        Layer padded = translation.Add(Convolutions.Kind("Pad", rank), input, shape, (LayerArgument[])arguments);
        return isLarge ? Filled(translation, padded, around, value) : isShifted ? Shifted(translation, padded, value) : padded;
    }

    /// <summary>Adds a value to the margins, which are 0.</summary>
    private static Layer Filled(Translation translation, Layer padded, int[] around, float value)
    {
        IReadOnlyList<int> shape = padded.Shape;
        int count = Extents.Product(shape), rank = around.Length / 2;
        float Margin(int element)
        {
            for (int axis = rank; axis > 0; axis--)
            {
                int place = element % shape[axis];
                if (place < around[axis - 1] || place >= shape[axis] - around[rank + axis - 1])
                {
                    return value;
                }

                element /= shape[axis];
            }

            return 0;
        }

        translation.Warnings.Frozen(translation.Node);
        return translation.Add(
            "Scale", padded, shape, [new("PerElement", true), new("Frozen", true)],
            [
                new("weight", shape, () => [.. Enumerable.Repeat(1f, count)], ""),
                new("bias", shape, () => [.. Enumerable.Range(0, count).Select(Margin)], ""),
            ]);
    }

    private static Layer Shifted(Translation translation, LayerTensor tensor, float value) =>
        translation.Add("Affine", tensor, tensor.Shape, [new(null, 1d), new(null, AffineLayers.Number(value))]);

    /// <summary>
    /// Channels of one number before and behind, as the shortcuts of small ResNets have them: 0 times some of the channels. Where there are
    /// too few of these, or the file itself has a reshape for it, the channels are the planes of a volume, which any pad widens.
    /// </summary>
    private static LayerTensor Widened(
        Translation translation, LayerTensor tensor, int[] channels, string mode, float value, bool isVolume)
    {
        if (tensor.Shape.Count < Translation.MostAxes && (isVolume || channels.Max() > tensor.Shape[0]))
        {
            int[] around = new int[2 * tensor.Shape.Count];
            (around[0], around[tensor.Shape.Count]) = (channels[0], channels[1]);
            LayerTensor volume = Padded(translation, translation.Shaped(tensor, [1, .. tensor.Shape]), around, mode, value);
            return translation.Shaped(volume, [.. volume.Shape.Skip(1)]);
        }

        if (mode != "constant" || channels.Max() > tensor.Shape[0] || !float.IsFinite(value))
        {
            throw new UnsupportedException($"it pads {tensor.Shape[0]} channels by {channels[0]} and {channels[1]} with mode '{mode}'");
        }

        IEnumerable<LayerTensor> Zeros(int count) => count == 0 ? [] :
        [
            translation.Add(
                "Affine", translation.Add("Slice", tensor, [count, .. tensor.Shape.Skip(1)], [new(null, 0), new(null, count)]),
                [count, .. tensor.Shape.Skip(1)], [new(null, 0d), new(null, AffineLayers.Number(value))]),
        ];

        LayerTensor[] parts = [.. Zeros(channels[0]), tensor, .. Zeros(channels[1])];
        return translation.Add("Concat", parts, [parts.Sum(part => part.Shape[0]), .. tensor.Shape.Skip(1)]);
    }

    /// <summary>Repeats pixels of maps that have one along an axis.</summary>
    private static void Repeat(Translation translation, OnnxNode node, IReadOnlyList<int> shape)
    {
        OnnxValue value = node.Input;
        int[] own = [.. Enumerable.Repeat(1, shape.Count - value.Shape.Count), .. value.Shape];
        View view = translation.ViewOf(value).Reshaped(own)!;
        LayerTensor tensor = translation.Standard(view, own);
        int rank = own.Length - 2;
        if (rank is < 1 or > 3 || own[0] != shape[0] || own[1] != shape[1] || own.Skip(2).Zip(shape.Skip(2), (one, other) => one != 1
            && one != other).Any(differs => differs))
        {
            throw new UnsupportedException($"it repeats {string.Join('×', own)} to {string.Join('×', shape)}; only pixels are repeated");
        }

        translation.Set(node.Output, translation.Add(
            Convolutions.Kind("Upsample", rank), tensor, [.. shape.Skip(1)], Resizing.Sizes([.. shape.Skip(2)])));
    }

    private static void Shuffle(Translation translation, OnnxNode node, string kind, bool isChannelsFirst)
    {
        if (node.Input.Shape.Count != 4)
        {
            throw new UnsupportedException(
                $"it moves pixels of {string.Join('×', node.Input.Shape)}; only maps have pixels in two directions");
        }

        LayerArgument[] arguments =
            [new(null, node.Integer("blocksize")), new("Order", isChannelsFirst ? PixelOrder.ChannelsFirst : PixelOrder.PixelsFirst)];
        translation.Set(node.Output, translation.Add(
            kind, translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)], arguments));
    }
}
