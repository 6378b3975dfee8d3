using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes operators that move elements and do not change them.</summary>
internal static class MovingEvaluators
{
    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Move("Transpose", Transposed),
        Move("Slice", Sliced),
        Move("Gather", Gathered),
        Move("Tile", Tiled),
        Move("Pad", Padded),
        Move("DepthToSpace", e => Blocks(e, isToSpace: true)),
        Move("SpaceToDepth", e => Blocks(e, isToSpace: false)),
        KeyValuePair.Create("Expand", new Evaluator(
            e => Moves.Broadcast(e.X.Floats, e.X.Shape, e.Shape),
            e => Moves.Broadcast(e.X.Integers, e.X.Shape, e.Shape))),
        KeyValuePair.Create("Concat", new Evaluator(
            e => Joined(e, constant => constant.Floats),
            e => Joined(e, constant => constant.Integers))),
        KeyValuePair.Create("Where", new Evaluator(
            e => Chosen(e, constant => constant.Floats),
            e => Chosen(e, constant => constant.Integers))),
    ];

    private static KeyValuePair<string, Evaluator> Move(string @operator, Func<Evaluation, int[][]> tables) => KeyValuePair.Create(
        @operator,
        new Evaluator(
            e => Moves.Copy(e.X.Floats, tables(e), e.Attributes.TryGetValue("value", out object? value) ? (float)value : 0),
            e => Moves.Copy(e.X.Integers, tables(e), e.Attributes.TryGetValue("value", out object? value) ? (long)(float)value : 0)));

    private static int[][] Transposed(Evaluation e)
    {
        int[] strides = Shapes.Strides(e.X.Shape);
        return [.. e.Integers("perm").Select((from, axis) => Moves.Steps(e.Shape[axis], 0, 1, strides[from]))];
    }

    private static int[][] Sliced(Evaluation e)
    {
        int[] strides = Shapes.Strides(e.X.Shape);
        long[] starts = e.Integers("starts"), steps = e.Integers("steps");
        return [.. strides.Select((stride, axis) => Moves.Steps(e.Shape[axis], starts[axis], steps[axis], stride))];
    }

    /// <summary>The axis of the indices stands for all of their axes.</summary>
    private static int[][] Gathered(Evaluation e)
    {
        int[] strides = Shapes.Strides(e.X.Shape);
        int gathered = e.Integer("axis");
        return
        [
            .. strides.Select((stride, axis) => axis == gathered
                ? Array.ConvertAll(e.Y.Integers, index => (int)index * stride)
                : Moves.Steps(e.X.Shape[axis], 0, 1, stride)),
        ];
    }

    private static int[][] Tiled(Evaluation e)
    {
        int[] strides = Shapes.Strides(e.X.Shape);
        return
        [
            .. strides.Select((stride, axis) =>
                Enumerable.Range(0, e.Shape[axis]).Select(index => index % e.X.Shape[axis] * stride).ToArray()),
        ];
    }

    private static int[][] Padded(Evaluation e)
    {
        int[] strides = Shapes.Strides(e.X.Shape);
        long[] pads = e.Integers("pads");
        string mode = (string)e.Attributes["mode"];
        return
        [
            .. strides.Select((stride, axis) => Enumerable.Range(0, e.Shape[axis])
                .Select(index => PaddedIndex(index - pads[axis], e.X.Shape[axis], mode))
                .Select(index => index == Moves.Outside ? index : index * stride).ToArray()),
        ];
    }

    /// <summary>Blocks of pixels to channels and back, as transpositions of six axes.</summary>
    private static int[][] Blocks(Evaluation e, bool isToSpace)
    {
        int block = e.Integer("blocksize"), batch = e.Shape[0];
        bool isBlocksFirst = (string)e.Attributes["mode"] == "DCR";
        int channels = isToSpace ? e.Shape[1] : e.X.Shape[1];
        (int height, int width) = isToSpace ? (e.X.Shape[2], e.X.Shape[3]) : (e.Shape[2], e.Shape[3]);
        (int[] from, int[] order) = (isToSpace, isBlocksFirst) switch
        {
            (true, true) => ((int[])[batch, block, block, channels, height, width], (int[])[0, 3, 4, 1, 5, 2]),
            (true, false) => ([batch, channels, block, block, height, width], [0, 1, 4, 2, 5, 3]),
            (false, true) => ([batch, channels, height, block, width, block], [0, 3, 5, 1, 2, 4]),
            (false, false) => ([batch, channels, height, block, width, block], [0, 1, 3, 5, 2, 4]),
        };
        int[] strides = Shapes.Strides(from);
        return [.. order.Select(axis => Moves.Steps(from[axis], 0, 1, strides[axis]))];
    }

    private static int PaddedIndex(long index, int extent, string mode)
    {
        if (index >= 0 && index < extent)
        {
            return (int)index;
        }

        switch (mode)
        {
            case "edge":
                return index < 0 ? 0 : extent - 1;
            case "wrap":
                return (int)(((index % extent) + extent) % extent);
            case "reflect":
                long period = Math.Max(1, 2 * (extent - 1));
                long phase = ((index % period) + period) % period;
                return (int)Math.Min(phase, period - phase);
            default:
                return Moves.Outside;
        }
    }

    private static T[] Joined<T>(Evaluation e, Func<OnnxConstant, T[]> values)
    {
        int axis = e.Integer("axis");
        int outer = Shapes.Product(e.Shape, 0, axis), row = Shapes.Product(e.Shape, axis, e.Shape.Length);
        T[] result = new T[e.Count];
        int offset = 0;
        foreach (OnnxConstant? input in e.Inputs)
        {
            T[] source = values(input!);
            int part = Shapes.Product(input!.Shape, axis, e.Shape.Length);
            for (int index = 0; index < outer; index++)
            {
                Array.Copy(source, index * part, result, (index * row) + offset, part);
            }

            offset += part;
        }

        return result;
    }

    private static T[] Chosen<T>(Evaluation e, Func<OnnxConstant, T[]> values)
    {
        long[] conditions = Moves.Broadcast(e.X.Integers, e.X.Shape, e.Shape);
        T[] one = Moves.Broadcast(values(e.Y), e.Y.Shape, e.Shape);
        T[] other = Moves.Broadcast(values(e.Inputs[2]!), e.Inputs[2]!.Shape, e.Shape);
        T[] result = new T[conditions.Length];
        for (int index = 0; index < result.Length; index++)
        {
            result[index] = conditions[index] != 0 ? one[index] : other[index];
        }

        return result;
    }
}
