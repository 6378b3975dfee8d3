using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Onnx.Reading;

/// <summary>Computes operators that move elements and do not change them.</summary>
internal static class MovingEvaluators
{
    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        Make("Transpose", e => Transposed(e, e.Floats(0)), e => Transposed(e, e.Integers(0))),
        Make("Expand", e => e.Floats(0).Expanded(e.Shape).Values, e => e.Integers(0).Expanded(e.Shape).Values),
        Make("Gather", e => Gathered(e, e.Floats(0)), e => Gathered(e, e.Integers(0))),
        Make("Slice", e => Along(e, e.Floats(0), Sliced), e => Along(e, e.Integers(0), Sliced)),
        Make("Tile", e => Along(e, e.Floats(0), Tiled), e => Along(e, e.Integers(0), Tiled)),
        Make("Pad", e => Along(e, e.Floats(0), Padded), e => Along(e, e.Integers(0), Padded)),
        Make("DepthToSpace", e => Blocks(e, e.Floats(0), true), e => Blocks(e, e.Integers(0), true)),
        Make("SpaceToDepth", e => Blocks(e, e.Floats(0), false), e => Blocks(e, e.Integers(0), false)),
        Make("Concat", e => Joined(e, e.Floats), e => Joined(e, e.Integers)),
        Make("ScatterND", e => Scattered(e, e.Floats(0), e.Floats(2)), e => Scattered(e, e.Integers(0), e.Integers(2))),
        Make("Where", e => Chosen(e, e.Floats), e => Chosen(e, e.Integers)),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, float[]> floats, Func<Evaluation, long[]> integers) =>
        KeyValuePair.Create(@operator, new Evaluator(floats, integers));

    private static T[] Transposed<T>(Evaluation e, Numbers<T> x)
        where T : INumber<T> => x.Transposed(Array.ConvertAll(e.Integers("perm"), axis => (int)axis)).Values;

    private static T[] Gathered<T>(Evaluation e, Numbers<T> x)
        where T : INumber<T> => x.Along(e.Integer("axis"), Array.ConvertAll(e.Y.Integers, index => (int)index), T.Zero).Values;

    /// <summary>The elements at a place for each index of the result, along each axis.</summary>
    private static T[] Along<T>(Evaluation e, Numbers<T> x, Func<Evaluation, int, int, int> placeOf)
        where T : INumber<T>
    {
        T fill = e.Attributes.TryGetValue("value", out object? value) ? T.CreateSaturating((float)value) : T.Zero;
        int[] strides = Shapes.Strides(x.Shape);
        return x.Moved([.. strides.Select((stride, axis) => Enumerable.Range(0, e.Shape[axis]).Select(index => placeOf(e, axis, index))
            .Select(place => place == Numbers.Outside ? place : place * stride).ToArray())], fill);
    }

    private static int Sliced(Evaluation e, int axis, int index) =>
        (int)(e.Integers("starts")[axis] + (index * e.Integers("steps")[axis]));

    private static int Tiled(Evaluation e, int axis, int index) => index % e.X.Shape[axis];

    private static int Padded(Evaluation e, int axis, int index)
    {
        long place = index - e.Integers("pads")[axis];
        int extent = e.X.Shape[axis];
        if (place >= 0 && place < extent)
        {
            return (int)place;
        }

        switch (e.Text("mode"))
        {
            case "edge":
                return place < 0 ? 0 : extent - 1;
            case "wrap":
                return (int)(((place % extent) + extent) % extent);
            case "reflect":
                long period = Math.Max(1, 2 * (extent - 1));
                long phase = ((place % period) + period) % period;
                return (int)Math.Min(phase, period - phase);
            default:
                return Numbers.Outside;
        }
    }

    /// <summary>Blocks of pixels to channels and back, as transpositions of six axes.</summary>
    private static T[] Blocks<T>(Evaluation e, Numbers<T> x, bool isToSpace)
        where T : INumber<T>
    {
        int block = e.Integer("blocksize"), batch = e.Shape[0];
        bool isBlocksFirst = e.Text("mode") == "DCR";
        int channels = isToSpace ? e.Shape[1] : x.Shape[1];
        (int height, int width) = isToSpace ? (x.Shape[2], x.Shape[3]) : (e.Shape[2], e.Shape[3]);
        (int[] from, int[] order) = (isToSpace, isBlocksFirst) switch
        {
            (true, true) => ((int[])[batch, block, block, channels, height, width], (int[])[0, 3, 4, 1, 5, 2]),
            (true, false) => ([batch, channels, block, block, height, width], [0, 1, 4, 2, 5, 3]),
            (false, true) => ([batch, channels, height, block, width, block], [0, 3, 5, 1, 2, 4]),
            (false, false) => ([batch, channels, height, block, width, block], [0, 1, 3, 5, 2, 4]),
        };
        return x.Reshaped(from).Transposed(order).Values;
    }

    private static T[] Scattered<T>(Evaluation e, Numbers<T> x, Numbers<T> updates)
        where T : INumber<T>
    {
        T[] result = [.. x.Values];
        int depth = e.Y.Shape[^1], length = Shapes.Product(e.Shape, depth, e.Shape.Length);
        int[] strides = Shapes.Strides(x.Shape);
        long[] places = e.Y.Integers;
        for (int i = 0; i < places.Length / depth; i++)
        {
            int to = Enumerable.Range(0, depth).Sum(axis =>
                (int)((places[(i * depth) + axis] + e.Shape[axis]) % e.Shape[axis]) * strides[axis]);
            Array.Copy(updates.Values, i * length, result, to, length);
        }

        return result;
    }

    private static T[] Joined<T>(Evaluation e, Func<int, Numbers<T>> input)
        where T : INumber<T>
    {
        int axis = e.Integer("axis");
        int outer = Shapes.Product(e.Shape, 0, axis), row = Shapes.Product(e.Shape, axis, e.Shape.Length), offset = 0;
        T[] result = new T[e.Count];
        foreach (Numbers<T> part in Enumerable.Range(0, e.Inputs.Length).Select(input))
        {
            int length = Shapes.Product(part.Shape, axis, e.Shape.Length);
            for (int index = 0; index < outer; index++)
            {
                Array.Copy(part.Values, index * length, result, (index * row) + offset, length);
            }

            offset += length;
        }

        return result;
    }

    private static T[] Chosen<T>(Evaluation e, Func<int, Numbers<T>> input)
        where T : INumber<T>
    {
        T[] one = input(1).Expanded(e.Shape).Values, other = input(2).Expanded(e.Shape).Values;
        return [.. e.Integers(0).Expanded(e.Shape).Values.Select((condition, i) => condition != 0 ? one[i] : other[i])];
    }
}
