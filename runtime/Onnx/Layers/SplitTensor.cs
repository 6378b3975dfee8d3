using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>
/// A tensor of layers seen with more axes than most layers read, such as an image whose rows and columns are split into windows. It can be
/// transposed, sliced, reshaped, and computed along an axis. Elementwise layers read it with up to six axes.
/// </summary>
/// <param name="source">The tensor that has the elements, in the same order.</param>
/// <param name="shape">The extents of the axes.</param>
internal sealed class SplitTensor(LayerTensor source, IReadOnlyList<int> shape) : LayerTensor(shape)
{
    public LayerTensor Source => source;

    /// <summary>A tensor with so many axes as this; null if it has few.</summary>
    public static SplitTensor? Of(LayerTensor tensor) => tensor as SplitTensor
        ?? (tensor.Shape.Count > LayerBuilder.MostAxes ? new SplitTensor(tensor, tensor.Shape) : null);

    /// <summary>A layer along some axes of a tensor. Of many axes, those before and behind become one each.</summary>
    /// <param name="layers">The layers so far.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="axes">The axes, in order.</param>
    /// <param name="make">Makes the layer of a tensor and its axes. It keeps the shape, or leaves an extent of 1 along the axes.</param>
    public static LayerTensor Along(LayerBuilder layers, LayerTensor tensor, int[] axes, Func<LayerTensor, int[], Layer> make)
    {
        if (Of(tensor) is not { } split)
        {
            return make(tensor, axes);
        }

        int first = axes[0], end = axes[^1] + 1;
        if (Enumerable.Range(first, end - first).Any(axis => split.Shape[axis] != 1 && !axes.Contains(axis)))
        {
            throw new UnsupportedException(
                $"{string.Join('×', split.Shape)} has {split.Shape.Count} axes, and those that it computes along are no neighbours");
        }

        int[] merged = [.. new[] { split.Shape.Take(first), split.Shape.Take(first..end), split.Shape.Skip(end) }.Select(Extents.Product)];
        Layer made = make(layers.Shaped(split.Source, merged[2] == 1 ? merged[..2] : merged), [1]);
        return new SplitTensor(made, made.Shape[1] == merged[1] ? split.Shape
            : [.. split.Shape.Select((extent, axis) => axis >= first && axis < end ? 1 : extent)]);
    }

    /// <summary>The tensor with all of its axes, for a layer that reads them.</summary>
    /// <exception cref="UnsupportedException">It has too many.</exception>
    public LayerTensor Whole(LayerBuilder layers) => layers.Shaped(this, Shape);

    /// <summary>A view in another shape. Axes are split, or neighbours become one axis.</summary>
    /// <returns>The view; null if axes are split and joined at once, and the tensor has to be in the graph's order first.</returns>
    public static View? Reshaped(LayerBuilder layers, View view, IReadOnlyList<int> shape)
    {
        // For each axis that the view has, those that it is split into; and for each new axis, those of which it consists.
        var parts = new Dictionary<int, int[]>();
        var groups = new List<int[]>();
        var own = new Queue<int>(view.Axes.Where(axis => axis >= 0 && view.Tensor.Shape[axis] != 1));
        var wanted = new Queue<int>(shape.Where(extent => extent != 1));
        while (own.Count > 0 && wanted.Count > 0)
        {
            List<int> from = [own.Dequeue()], to = [wanted.Dequeue()];
            long before = view.Tensor.Shape[from[0]], after = to[0];
            while (before != after)
            {
                if (before > after && wanted.Count > 0)
                {
                    to.Add(wanted.Dequeue());
                    after *= to[^1];
                }
                else if (before < after && own.Count > 0)
                {
                    from.Add(own.Dequeue());
                    before *= view.Tensor.Shape[from[^1]];
                }
                else
                {
                    return null;
                }
            }

            if (from.Count > 1 && to.Count > 1)
            {
                return null;
            }

            from.ForEach(axis => parts[axis] = from.Count > 1 ? [view.Tensor.Shape[axis]] : [.. to]);
            groups.AddRange(from.Count > 1 ? [[.. from]] : to.Select(_ => from.ToArray()));
        }

        return Regrouped(layers, view.Tensor, parts, groups, shape);
    }

    /// <summary>The elements of a view in the order of its axes, as a tensor of any shape.</summary>
    public static LayerTensor InOrder(LayerBuilder layers, View view) => view.Tensor is SplitTensor split
        ? Permuted(layers, split.Source, split.Shape, [.. view.Axes.Where(axis => axis >= 0)]) : layers.Ordered(view, view.Axes);

    /// <summary>A view of a tensor of layers, if enough axes have one element only.</summary>
    public static View Settled(LayerBuilder layers, View view)
    {
        int[] axes = [.. Enumerable.Range(0, view.Tensor.Shape.Count).Where(axis => view.Tensor.Shape[axis] != 1)];
        return view.Tensor is not SplitTensor split || axes.Length > LayerBuilder.MostAxes ? view : new View(
            layers.Shaped(split, axes.Length == 0 ? [1] : [.. axes.Select(axis => split.Shape[axis])]),
            [.. view.Axes.Select(axis => Array.IndexOf(axes, axis))]);
    }

    /// <summary>Some elements along an axis.</summary>
    public SplitTensor Sliced(LayerBuilder layers, int axis, int start, int end)
    {
        int before = Extents.Product(Shape.Take(axis)), after = Extents.Product(Shape.Skip(axis + 1));

        // If the axis is the first part of one of the source's axes, that one is sliced.
        int whole = 0;
        while (Extents.Product(source.Shape.Take(whole)) < before)
        {
            whole++;
        }

        LayerTensor sliced = source;
        int inner = Extents.Product(source.Shape.Skip(whole + 1));
        if (Extents.Product(source.Shape.Take(whole)) != before || after % inner != 0)
        {
            (sliced, whole, inner) = (layers.Shaped(source, [before, Shape[axis], after]), 1, after);
        }

        var along = new LayerArgument("Axis", Operators.Reductions.AxisAt(sliced.Shape.Count, whole));
        int each = after / inner;
        Layer layer = layers.Add(
            "Slice", sliced, [new(null, start * each), new(null, end * each), .. whole == 0 ? [] : new[] { along }]);
        return new SplitTensor(layer, [.. Shape.Select((extent, i) => i == axis ? end - start : extent)]);
    }

    private static View Regrouped(
        LayerBuilder layers, LayerTensor tensor, Dictionary<int, int[]> parts, List<int[]> groups, IReadOnlyList<int> shape)
    {
        // Axes of one element are left out. What is split stays in its place.
        int[] axes = [.. Enumerable.Range(0, tensor.Shape.Count).Where(axis => tensor.Shape[axis] != 1)];
        int[] extents = [.. axes.SelectMany(axis => parts[axis])];
        int First(int axis) => axes.TakeWhile(other => other != axis).Sum(other => parts[other].Length);
        var taken = new Dictionary<int, int>();
        List<int[]> fine = [.. groups.Select(group => group.Length > 1 ? group.Select(First).ToArray()
            : [First(group[0]) + (taken[group[0]] = taken.GetValueOrDefault(group[0], -1) + 1)])];

        // New axes stand in the order of their first elements, so that channels stay in front.
        List<int[]> order = [.. fine.OrderBy(group => group[0])];
        LayerTensor source = tensor is SplitTensor split ? split.Source : tensor;
        LayerTensor moved = Permuted(layers, source, extents, [.. order.SelectMany(group => group)]);
        int[] result = [.. order.Select(group => group.Aggregate(1, (product, axis) => product * extents[axis]))];
        LayerTensor final = result.Length > LayerBuilder.MostAxes ? new SplitTensor(moved, result)
            : layers.Shaped(moved, result.Length == 0 ? [1] : result);
        var places = new Queue<int>(fine.Select(group => order.IndexOf(group)));
        return new View(final, [.. shape.Select(extent => extent == 1 ? -1 : places.Dequeue())]);
    }

    /// <summary>The elements of a tensor with some extents in another order of axes.</summary>
    private static LayerTensor Permuted(LayerBuilder layers, LayerTensor source, IReadOnlyList<int> extents, IReadOnlyList<int> order)
    {
        List<int> now = [.. Enumerable.Range(0, extents.Count).Where(axis => extents[axis] != 1)];
        int[] wanted = [.. order.Where(axis => extents[axis] != 1)];
        LayerTensor tensor = source;
        while (!now.SequenceEqual(wanted))
        {
            // Axes that stay neighbours move as one.
            var runs = new List<List<int>>();
            foreach (int axis in now)
            {
                bool follows = runs.Count > 0 && Array.IndexOf(wanted, runs[^1][^1]) + 1 == Array.IndexOf(wanted, axis);
                if (follows)
                {
                    runs[^1].Add(axis);
                }
                else
                {
                    runs.Add([axis]);
                }
            }

            List<List<int>> next = [.. runs.OrderBy(run => Array.IndexOf(wanted, run[0]))];
            if (runs.Count > Compiler.Graph.Shape.MostAxes)
            {
                // The first that stands wrong comes to its place, and those before it move behind it.
                int place = runs.Zip(next).TakeWhile(pair => pair.First == pair.Second).Count(), from = runs.IndexOf(next[place]);
                runs =
                [
                    [.. runs.Take(place).SelectMany(run => run)], [.. runs.Skip(place).Take(from - place).SelectMany(run => run)],
                    runs[from], [.. runs.Skip(from + 1).SelectMany(run => run)],
                ];
                next = [runs[0], runs[2], runs[1], runs[3]];
                runs.RemoveAll(run => run.Count == 0);
                next.RemoveAll(run => run.Count == 0);
            }

            LayerTensor apart = layers.Shaped(
                tensor, [.. runs.Select(run => run.Aggregate(1, (product, axis) => product * extents[axis]))]);
            tensor = layers.Add("Transpose", apart, [.. next.Select(run => new LayerArgument(null, runs.IndexOf(run) + 1))]);
            now = [.. next.SelectMany(run => run)];
        }

        return tensor;
    }
}
