using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.Collections;
using Strata.Onnx.Nodes;
using Strata.Onnx.Schema;
using Dimension = Strata.Onnx.Schema.TensorShapeProto.Types.Dimension;

namespace Strata.Onnx.Saving;

/// <summary>Makes a graph for the network's own size one for all sizes, if the graphs of other sizes differ in shapes only.</summary>
internal static class DynamicSizes
{
    /// <exception cref="NotSupportedException">The network has one size, or nodes differ between sizes.</exception>
    public static void Open(GraphProto graph, CompiledNetwork network, OnnxSaveOptions options)
    {
        int[][] others = [.. OthersOf(network)];
        if (others.Length == 0)
        {
            throw new NotSupportedException(
                $"{network.Info.Name} has one size, so that no axis can be open. {nameof(CompiledNetwork)}."
                + $"{nameof(CompiledNetwork.SupportedSizes)} has the sizes of a network.");
        }

        ValueInfoProto[] inputs = [.. graph.Input], outputs = [.. graph.Output], values = [.. graph.ValueInfo];
        foreach (int[] size in others)
        {
            CompiledNetwork sized = network.At(size);
            GraphProto other = new GraphWriter(
                new SavedGraph(sized.Info, sized), options.OpsetVersion, options.BatchSize).Write();
            CheckSame(network, graph, other, string.Join('×', size));
            Open(inputs, [.. other.Input], value => inputs.Length == 1 ? "" : $"{value.Name}_");
            Open(outputs, [.. other.Output], value => $"{value.Name}_");
            Open(values, [.. other.ValueInfo], named: null);
        }
    }

    /// <summary>Sizes to compare: all of a list, or two multiples that differ in parity and other divisors.</summary>
    private static IEnumerable<int[]> OthersOf(CompiledNetwork network)
    {
        if (network.SupportedSizes is { } sizes)
        {
            return sizes.Skip(1).Select(size => size.ToArray());
        }

        int multiple = network.SizeMultiple;
        int[] own = [.. network.Info.Inputs.SelectMany(input => input.Shape.Skip(1)).Select(extent => extent / multiple)];
        return own.Length == 0 ? [] :
        [
            [.. own.Select(extent => (extent + 1) * multiple)],
            [.. own.Select((extent, axis) => (extent + 4 + axis) * multiple)],
        ];
    }

    private static void CheckSame(CompiledNetwork network, GraphProto own, GraphProto other, string size)
    {
        NodeProto? node = own.Node.Zip(other.Node).FirstOrDefault(pair => !pair.First.Equals(pair.Second)).First;
        TensorProto? constant = own.Initializer.Zip(other.Initializer).FirstOrDefault(pair => !pair.First.Equals(pair.Second)).First;
        if (constant is not null)
        {
            node = own.Node.First(reader => reader.Input.Contains(constant.Name));
        }

        if (node is not null || own.Node.Count != other.Node.Count || own.Initializer.Count != other.Initializer.Count)
        {
            string what = node is null ? "its nodes differ" : $"its node '{node.Name}' ({node.OpType}) differs";
            throw new NotSupportedException(
                $"{network.Info.Name} cannot be saved with {nameof(OnnxSaveOptions.DynamicSizes)}: {what} between its own size and {size}. "
                + "Save each size as a file of its own.");
        }
    }

    /// <summary>Axes that differ have no number any more.</summary>
    /// <param name="values">The tensors at the network's own size.</param>
    /// <param name="others">The same at another size.</param>
    /// <param name="named">What the names of a tensor's open axes begin with; null to leave them without a name.</param>
    private static void Open(ValueInfoProto[] values, ValueInfoProto[] others, Func<ValueInfoProto, string>? named)
    {
        foreach ((ValueInfoProto value, ValueInfoProto other) in values.Zip(others))
        {
            RepeatedField<Dimension> own = value.Type.TensorType.Shape.Dim, now = other.Type.TensorType.Shape.Dim;
            for (int axis = 1; axis < own.Count; axis++)
            {
                if (own[axis].ValueCase == Dimension.ValueOneofCase.DimValue && own[axis].DimValue != now[axis].DimValue)
                {
                    own[axis] = named is null ? new Dimension()
                        : new Dimension { DimParam = $"{named(value)}{NameOf(axis, own.Count)}" };
                }
            }
        }
    }

    /// <summary>The name of an axis behind the batch and the channels.</summary>
    private static string NameOf(int axis, int rank) => (rank, axis) switch
    {
        (3, 2) => "length",
        (4 or 5, _) when axis == rank - 1 => "width",
        (4 or 5, _) when axis == rank - 2 => "height",
        (5, 2) => "depth",
        _ => $"axis{axis}",
    };
}
