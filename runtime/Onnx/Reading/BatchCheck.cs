using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>
/// Whether a graph computes each sample by itself, as a network of Strata does. The batch axis is followed through the graph, which was
/// read with a batch of several samples; what mixes samples is found, with the reason.
/// </summary>
internal sealed class BatchCheck
{
    /// <summary>
    /// A batch where the file leaves it open. No usual extent is a multiple of it, so that no axis is mistaken for the batch.
    /// </summary>
    public const int OpenBatch = 11;

    /// <summary>Constants up to this many elements are compared sample by sample.</summary>
    private const int MostElements = 1 << 22;

    private readonly int _batch;
    private readonly Dictionary<string, OnnxValue> _single = new(StringComparer.Ordinal);

    /// <summary>Where each tensor that depends on the inputs has its samples; null where all samples share it.</summary>
    private readonly Dictionary<OnnxValue, Place?> _places = [];

    private BatchCheck(OnnxGraph single, int batch)
    {
        _batch = batch;
        foreach (OnnxValue value in single.Nodes.SelectMany(node => node.Outputs).Where(value => !value.IsUnknown))
        {
            _single.TryAdd(value.Name, value);
        }
    }

    /// <summary>An axis along which the samples stand. Its extent is <c>Outer</c> × batch × <c>Inner</c>.</summary>
    private sealed record Place(int Axis, int Outer = 1, int Inner = 1);

    /// <summary>The first nodes that mix samples; what stands behind them is not looked at.</summary>
    /// <param name="graph">The graph with a batch of several samples.</param>
    /// <param name="single">The same graph with a batch of one.</param>
    /// <param name="batch">How many samples.</param>
    public static IReadOnlyList<(OnnxNode Node, string Reason)> Find(OnnxGraph graph, OnnxGraph single, int batch)
    {
        var check = new BatchCheck(single, batch);
        foreach (OnnxValue input in graph.Inputs)
        {
            check._places[input] = input.Shape.Count > 0 && input.Shape[0] == batch ? new Place(0) : null;
        }

        List<(OnnxNode, string)> mixing = [];
        foreach (OnnxNode node in graph.Nodes.Where(check.IsKnown))
        {
            if (check.Follow(node) is { } reason)
            {
                mixing.Add((node, reason));
            }
        }

        mixing.AddRange(graph.Outputs.Where(output => output.Producer is not null && check.IsBehind(output))
            .Select(output => (output.Producer!,
                $"in its output '{output.Name}' the samples stand along axis {check._places[output]!.Axis}, "
                + "and not along the first one")));
        return mixing;
    }

    /// <summary>Whether all that a node reads has been followed. Nodes without a normal form are reported by translation.</summary>
    private bool IsKnown(OnnxNode node) => node.Domain.Length == 0 && !node.Outputs.Any(output => output.IsUnknown)
        && node.Inputs.All(input => input is null or { Constant: not null } || _places.ContainsKey(input));

    /// <summary>Whether something stands before the samples.</summary>
    private bool IsBehind(OnnxValue output) =>
        _places.GetValueOrDefault(output) is { } place && Shapes.Product(output.Shape, 0, place.Axis) * place.Outer != 1;

    /// <summary>Finds where a node's outputs have their samples; what is wrong if it mixes them.</summary>
    private string? Follow(OnnxNode node)
    {
        try
        {
            CheckConstants(node);
            Place? place = PlaceOf(node);
            foreach (OnnxValue output in node.Outputs)
            {
                CheckShape(output, place);
                _places[output] = place;
            }

            return null;
        }
        catch (ReadingException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>A constant that was computed from the batch, such as a divisor, has another value for one sample.</summary>
    private void CheckConstants(OnnxNode node)
    {
        OnnxNode? other = _single.GetValueOrDefault(node.Output.Name)?.Producer;
        if (other is null || other.Operator != node.Operator || other.Inputs.Count != node.Inputs.Count)
        {
            return;
        }

        foreach ((OnnxValue? one, OnnxValue? single) in node.Inputs.Zip(other.Inputs))
        {
            if (one?.Constant is { Depth: 0 } constant && single?.Constant is { } same && one.Shape.SequenceEqual(single.Shape)
                && Shapes.Count(one.Shape) <= 64 && !constant.Floats.SequenceEqual(same.Floats))
            {
                throw new ReadingException($"its constant of {Shapes.Text(one.Shape)} is computed from the number of samples");
            }
        }
    }

    /// <summary>Whether one sample has the shape that it has in a batch of one.</summary>
    private void CheckShape(OnnxValue output, Place? place)
    {
        if (_single.GetValueOrDefault(output.Name) is not { } single)
        {
            return;
        }

        int[] shape = [.. output.Shape];
        if (place is not null)
        {
            shape[place.Axis] /= _batch;
        }

        if (!shape.SequenceEqual(single.Shape))
        {
            throw new ReadingException($"with {_batch} samples its output is {Shapes.Text(output.Shape)}, "
                + $"and with one {Shapes.Text(single.Shape)}");
        }
    }

    private Place? PlaceOf(OnnxValue? value) => value is null ? null : _places.GetValueOrDefault(value);

    private Place? PlaceOf(OnnxNode node) => node.Operator switch
    {
        "Reshape" => Reshaped(node),
        "Transpose" => Transposed(node),
        "Slice" => Sliced(node),
        "Gather" => Gathered(node),
        "Concat" => Joined(node),
        "Pad" => Whole(node, axis => node.Integers("pads") is var pads && pads[axis] == 0 && pads[axis + (pads.Length / 2)] == 0, "pads"),
        "Expand" when node.Input.Constant is not null => new Place(0),
        "Tile" => Whole(node, axis => node.Integers("repeats")[axis] == 1, "repeats"),
        "Gemm" => Multiplied(
            node, node.Integer("transA") != 0 ? 0 : 1, node.Integer("transB") != 0 ? 1 : 0, node.Inputs.Skip(2)),
        "MatMul" => Multiplied(node, Math.Max(node.Input.Shape.Count - 1, 0), Math.Max(node.Inputs[1]!.Shape.Count - 2, 0), []),
        "Softmax" or "LogSoftmax" or "MeanVarianceNormalization" => Along(node, node.Integers("axes")),
        "LayerNormalization" => Along(node, Enumerable.Range(node.Integer("axis"), node.Input.Shape.Count - node.Integer("axis"))),
        "LSTM" or "GRU" => PlaceOf(node.Input) is { } place ? AlongSteps(node, place) : null,
        "ArgMax" or "ArgMin" => Reduced(node, [node.Integer("axis")]),
        "TopK" => Along(node, [node.Integer("axis")]),
        "Embedding" => PlaceOf(node.Input),
        "GatherElements" => Whole(Combined(node.Inputs, node.Output.Shape.Count), node.Integer("axis")),
        "GridSample" => Whole(Combined(node.Inputs, node.Output.Shape.Count), [.. Enumerable.Range(1, node.Output.Shape.Count - 1)]),
        _ when node.Operator.StartsWith("Reduce", StringComparison.Ordinal) => Reduced(node, node.Integers("axes")),
        "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "LpPool" or "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool"
            or "MaxUnpool" or "Resize" or "DepthToSpace" or "SpaceToDepth" or "BatchNormalization" or "InstanceNormalization"
            or "GroupNormalization" or "LRN" => OfMaps(node),
        _ => Combined(node.Inputs, node.Output.Shape.Count),
    };

    /// <summary>A sequence: steps, samples, features become steps, directions, samples, features.</summary>
    private static Place AlongSteps(OnnxNode node, Place place) => place.Axis == 1 ? place with { Axis = 2 }
        : throw new ReadingException($"it goes along the samples, which stand along axis {place.Axis} of {Shapes.Text(node.Input.Shape)}");

    /// <summary>Tensors that are combined, of which those with fewer axes are repeated.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="rank">How many axes there are then.</param>
    /// <param name="place">Where a product has its samples, to which the tensors are added.</param>
    private Place? Combined(IEnumerable<OnnxValue?> inputs, int rank, Place? place = null)
    {
        ILookup<bool, OnnxValue> known = inputs.OfType<OnnxValue>().ToLookup(input => PlaceOf(input) is not null);
        foreach (OnnxValue input in known[true])
        {
            Place own = PlaceOf(input)! with { Axis = PlaceOf(input)!.Axis + rank - input.Shape.Count };
            place = place is null || place == own ? own : throw Crossed(place.Axis, own.Axis);
        }

        if (place is not null)
        {
            known[false].ToList().ForEach(input => CheckShared(input, place.Axis - (rank - input.Shape.Count), place));
        }

        return place;
    }

    private static ReadingException Crossed(int one, int other) => new(
        $"it combines samples with other samples: they stand along axis {one} of one tensor, and along axis {other} of another one");

    /// <summary>What all samples share must be the same for each.</summary>
    private void CheckShared(OnnxValue value, int axis, Place place)
    {
        if (axis < 0 || value.Shape[axis] == 1)
        {
            return;
        }

        if (value.Constant is not { } constant || Shapes.Count(value.Shape) > MostElements || !IsSame(constant, value.Shape, axis, place))
        {
            throw new ReadingException(
                $"the constant of {Shapes.Text(value.Shape)} has numbers of its own for each sample, along axis {axis}");
        }
    }

    private bool IsSame(OnnxConstant constant, IReadOnlyList<int> shape, int axis, Place place)
    {
        float[] values = constant.Floats;
        int inner = place.Inner * Shapes.Product(shape, axis + 1, shape.Count);
        if (shape[axis] != place.Outer * _batch * place.Inner)
        {
            return false;
        }

        for (int i = 0; i < values.Length; i++)
        {
            int first = (i / (inner * _batch) * inner * _batch) + (i % inner);
            if (!values[i].Equals(values[first]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Elements keep their order. The samples must stay together within one axis.</summary>
    private Place? Reshaped(OnnxNode node)
    {
        if (PlaceOf(node.Input) is not { } source)
        {
            return null;
        }

        IReadOnlyList<int> shape = node.Output.Shape;
        long before = (long)Shapes.Product(node.Input.Shape, 0, source.Axis) * source.Outer, start = 1;
        for (int axis = 0; axis < shape.Count && before % start == 0; axis++)
        {
            long outer = before / start;
            if (shape[axis] % (outer * _batch) == 0)
            {
                return new Place(axis, (int)outer, (int)(shape[axis] / (outer * _batch)));
            }

            start *= shape[axis];
        }

        throw new ReadingException(
            $"it reshapes {_batch} samples of {Shapes.Text(node.Input.Shape)} to {Shapes.Text(shape)}, which tears them apart");
    }

    private Place? Transposed(OnnxNode node) =>
        PlaceOf(node.Input) is { } source ? source with { Axis = Array.IndexOf(node.Integers("perm"), source.Axis) } : null;

    private Place? Sliced(OnnxNode node) => Whole(
        node, axis => node.Integers("starts")[axis] == 0 && node.Integers("steps")[axis] == 1
            && node.Output.Shape[axis] == node.Input.Shape[axis], "takes some");

    /// <summary>A node that leaves the samples alone.</summary>
    private Place? Whole(OnnxNode node, Predicate<int> isWhole, string does) => PlaceOf(node.Input) is not { } source ? null
        : isWhole(source.Axis) ? source : throw new ReadingException($"it {does} along axis {source.Axis}, which is the batch");

    /// <summary>Where the samples stand: not along an axis from which elements are taken.</summary>
    private static Place? Whole(Place? place, params IEnumerable<int> axes) => place is null || !axes.Contains(place.Axis) ? place
        : throw new ReadingException($"it takes elements along axis {place.Axis}, which is the batch");

    private Place? Gathered(OnnxNode node)
    {
        int axis = node.Integer("axis");
        Place? source = Whole(node, place => place != axis, "takes some");
        return source is null || source.Axis < axis ? source : source with { Axis = source.Axis + node.Inputs[1]!.Shape.Count - 1 };
    }

    private Place? Joined(OnnxNode node)
    {
        int axis = node.Integer("axis");
        Place? place = Combined(node.Inputs, node.Output.Shape.Count);
        return place is not null && place.Axis == axis
            ? throw new ReadingException($"it joins tensors along axis {axis}, which is the batch") : place;
    }

    /// <summary>A product contracts one axis of each factor. The others must not have samples in two places.</summary>
    private Place? Multiplied(OnnxNode node, int left, int right, IEnumerable<OnnxValue?> added)
    {
        OnnxValue a = node.Input, b = node.Inputs[1]!;
        Place? one = Contracted(a, left), other = Contracted(b, right);
        int rank = node.Output.Shape.Count;

        // The last axis of the output is that of the second factor, the one before it that of the first.
        bool hasRows = a.Shape.Count > 1, hasColumns = b.Shape.Count > 1;
        int rowOf = rank - (hasColumns ? 2 : 1), rows = a.Shape.Count - 2, columns = b.Shape.Count - 2;
        bool isGemm = node.Operator == "Gemm";
        Place? Moved(Place? place, int free, int output, int leading) => place is null ? null
            : place with { Axis = place.Axis == free ? output : rank - (hasRows ? 1 : 0) - (hasColumns ? 1 : 0) - leading + place.Axis };
        one = Moved(one, isGemm ? 1 - left : rows, rowOf, Math.Max(rows, 0));
        other = Moved(other, isGemm ? 1 - right : columns + 1, rank - 1, Math.Max(columns, 0));
        if (one is not null && other is not null && (one != other || one.Axis >= rowOf))
        {
            throw Crossed(one.Axis, other.Axis);
        }

        Place? place = Combined(added, rank, one ?? other);
        CheckStack(a, b, one ?? other, rank);
        return place;
    }

    /// <summary>Of a stack of constant matrices, each sample must read the same.</summary>
    private void CheckStack(OnnxValue a, OnnxValue b, Place? place, int rank)
    {
        foreach (OnnxValue factor in new[] { a, b }.Where(factor => place is not null && PlaceOf(factor) is null && factor.Shape.Count > 2))
        {
            int axis = place!.Axis - (rank - factor.Shape.Count);
            if (axis < factor.Shape.Count - 2)
            {
                CheckShared(factor, axis, place);
            }
        }
    }

    private Place? Contracted(OnnxValue value, int axis) => PlaceOf(value) is not { } place ? null
        : place.Axis != axis ? place : throw new ReadingException($"it sums along axis {axis}, which is the batch");

    private Place? Along(OnnxNode node, IEnumerable<int> axes)
    {
        foreach (OnnxValue parameter in node.Inputs.Skip(1).OfType<OnnxValue>().Where(input => PlaceOf(input) is not null))
        {
            throw new ReadingException($"its parameter '{parameter.Name}' differs from sample to sample");
        }

        return Whole(node, axis => !axes.Contains(axis), "computes with several samples at once,");
    }

    private Place? Reduced(OnnxNode node, int[] axes) => Along(node, axes) is not { } place ? null
        : node.Integer("keepdims", 1) != 0 ? place : place with { Axis = place.Axis - axes.Count(axis => axis < place.Axis) };

    /// <summary>Operators whose first axis is the batch, and whose second has the channels.</summary>
    private Place? OfMaps(OnnxNode node)
    {
        if (PlaceOf(node.Input) is not { } place)
        {
            return node.Inputs.All(input => PlaceOf(input) is null) ? null
                : throw new ReadingException("its parameters differ from sample to sample");
        }

        return place.Axis != 0 ? throw new ReadingException($"the batch is axis {place.Axis} of what it reads, and not the first one")
            : node.Operator is not ("MaxPool" or "MaxUnpool") && node.Inputs.Skip(1).Any(input => PlaceOf(input) is not null)
                ? throw new ReadingException("its parameters differ from sample to sample")
            : node.Output.Shape[0] != node.Input.Shape[0]
                ? throw new ReadingException($"it makes {node.Output.Shape[0]} of {node.Input.Shape[0]} samples")
            : place;
    }
}
