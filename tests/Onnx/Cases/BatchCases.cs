using System;
using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over axes and operator sets: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>
/// Operators along each axis, the batch's too, in several operator sets, with a batch of 1, of 4, and an open one. Each is refused, or
/// computes what ONNX Runtime computes from several samples.
/// </summary>
internal static class BatchCases
{
    private const int Samples = 4, Open = 0;

    private static readonly int[] Map = [4, 3, 5], Row = [6], Sequence = [4, 6];

    /// <summary>A case for each batch.</summary>
    public static IEnumerable<SampleCheck.Model> All() => Cases().SelectMany(one => new[] { Open, 1, Samples }.Select(batch => one(batch)));

    private static IEnumerable<Func<int, SampleCheck.Model>> Cases() =>
        [.. Reductions(), .. Alongs(), .. Selections(), .. Shapes(), .. Repeats(), .. Products(), .. Constants(), .. Chains()];

    /// <param name="name">The operator, and what is special.</param>
    /// <param name="opset">The operator set.</param>
    /// <param name="sample">The extents of a sample.</param>
    /// <param name="build">Adds nodes from <c>a</c> to <c>y</c>.</param>
    private static Func<int, SampleCheck.Model> Case(string name, int opset, int[] sample, Action<ModelBuilder> build) => batch =>
    {
        var builder = new ModelBuilder(opset);
        builder.Input("x", [batch == Open ? "N" : batch, .. sample.Select(extent => (object)extent)]).Floats("half", [], 0.5f)
            .Node("Add", "x,half", "a");
        build(builder);
        int count = sample.Aggregate(1, (product, extent) => product * extent);
        return new SampleCheck.Model(
            $"{name} of {string.Join('×', sample)}, opset {opset}, batch {(batch == Open ? "open" : batch)}", builder.Output("y").ToBytes(),
            [.. Enumerable.Range(0, Samples).Select(i => ModelBuilder.NoiseValues(count, i + 1))]);
    };

    private static IEnumerable<Func<int, SampleCheck.Model>> Reductions()
    {
        string[] operators = ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceLogSumExp",
            "ReduceSumSquare", "ReduceProd"];
        foreach (string @operator in operators)
            foreach (long[] axes in new long[][] { [0], [1], [-4], [0, 2, 3], [2, 3], [0, 1, 2, 3], [1, 2, 3], [] })
                foreach (bool keep in new[] { true, false })
                    foreach (int opset in @operator is "ReduceMean" or "ReduceSum" ? new[] { 11, 18 } : [13])
                    {
                        bool isInput = opset == 18 && axes.Length > 0;
                        (string, object)[] attributes = axes.Length > 0 && !isInput ? [("axes", axes), ("keepdims", keep)]
                            : [("keepdims", keep)];
                        yield return Case($"{@operator} axes [{string.Join(", ", axes)}] keepdims {keep}", opset, Map,
                            m => (isInput ? m.List("axes", axes) : m).Node(@operator, isInput ? "a,axes" : "a", "y", attributes));
                    }

        foreach (int axis in new[] { 0, 1, -4 })
        {
            yield return Case($"ArgMax axis {axis}", 13, Map, m => m.Node("ArgMax", "a", "i", ("axis", axis))
                .Node("Cast", "i", "y", ("to", 1)));
            yield return Case($"CumSum axis {axis}", 14, Map, m => m.Integers("k", [], axis).Node("CumSum", "a,k", "y"));
            yield return Case($"TopK axis {axis}", 11, Map, m => m.List("k", 1).Node("TopK", "a,k", "y,i", ("axis", axis)));
        }
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Alongs()
    {
        foreach (string @operator in new[] { "Softmax", "LogSoftmax", "Hardmax" })
            foreach (int opset in new[] { 11, 13 })
            {
                foreach (int axis in new[] { 0, 1, 2, 3, -1, -4 })
                    yield return Case($"{@operator} axis {axis}", opset, Map, m => m.Node(@operator, "a", "y", ("axis", axis)));
                foreach (int axis in new[] { 0, 1, -2 })
                    yield return Case($"{@operator} axis {axis}", opset, Row, m => m.Node(@operator, "a", "y", ("axis", axis)));
                yield return Case($"{@operator} without an axis", opset, Sequence, m => m.Node(@operator, "a", "y"));
            }

        foreach (int axis in new[] { 0, 1, 2, -1, -4 })
        {
            yield return Case($"LpNormalization axis {axis}", 11, Map, m => m.Node("LpNormalization", "a", "y", ("axis", axis)));
            yield return Case($"LayerNormalization axis {axis}", 17, Map, m => m.Floats("s", [1], 1)
                .Node("LayerNormalization", "a,s", "y", ("axis", axis)));
        }

        foreach (long[] axes in new long[][] { [0, 2, 3], [2, 3], [0], [1], [1, 2, 3] })
            yield return Case($"MeanVarianceNormalization axes [{string.Join(", ", axes)}]", 13, Map,
                m => m.Node("MeanVarianceNormalization", "a", "y", ("axes", axes)));
        yield return Case("MeanVarianceNormalization", 13, Map, m => m.Node("MeanVarianceNormalization", "a", "y"));
        yield return Case("InstanceNormalization", 13, Map, m => m.Noise("s", 4).Noise("b", 4).Node("InstanceNormalization", "a,s,b", "y"));
        yield return Case("LRN", 13, Map, m => m.Node("LRN", "a", "y", ("size", 3)));
        yield return Case("BatchNormalization", 15, Map, m => m.Noise("s", 4).Noise("b", 4).Noise("m", 4).Floats("v", [4], 1, 2, 3, 4)
            .Node("BatchNormalization", "a,s,b,m,v", "y"));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Selections()
    {
        foreach (int axis in new[] { 0, 1, 3, -4 })
        {
            yield return Case($"Concat axis {axis}", 13, Map, m => m.Node("Relu", "a", "b").Node("Concat", "a,b", "z", ("axis", axis))
                .Node("Flatten", "z", "y"));
            yield return Case($"Split axis {axis} and Add", 11, Map, m => m.Node("Split", "a", "p", ("axis", axis)).Node("Relu", "p", "y"));
            yield return Case($"Slice axis {axis} from 0 to 1", 13, Map, m => m.List("s", 0).List("e", 1).List("k", axis)
                .Node("Slice", "a,s,e,k", "y"));
            yield return Case($"Slice axis {axis} whole", 13, Map, m => m.List("s", 0).List("e", long.MaxValue).List("k", axis)
                .Node("Slice", "a,s,e,k", "y"));
            yield return Case($"Slice axis {axis} backwards", 13, Map, m => m.List("s", -1).List("e", long.MinValue + 1).List("k", axis)
                .List("t", -1).Node("Slice", "a,s,e,k,t", "y"));
            yield return Case($"Gather axis {axis} of 0", 13, Map, m => m.Integers("i", [], 0).Node("Gather", "a,i", "y", ("axis", axis)));
            yield return Case($"Gather axis {axis} of [0]", 13, Map, m => m.List("i", 0).Node("Gather", "a,i", "y", ("axis", axis)));
            yield return Case($"Gather axis {axis} of [0, 0]", 13, Map, m => m.List("i", 0, 0).Node("Gather", "a,i", "z", ("axis", axis))
                .Node("Flatten", "z", "y"));
            yield return Case($"Concat axis {axis} with a constant", 13, Map, m => m.Noise("c", 1, 4, 3, 5)
                .Node("Concat", "a,c", "z", ("axis", axis)).Node("Flatten", "z", "y"));
        }

        yield return Case("Split axis 0 in two", 11, Map, m => m.Node("Split", "a", "p,q", ("axis", 0)).Node("Add", "p,q", "y"));
        yield return Case("Split axis 1 in two", 11, Map, m => m.Node("Split", "a", "p,q", ("axis", 1)).Node("Add", "p,q", "y"));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Shapes()
    {
        foreach (long[] to in new long[][] { [-1, 60], [0, -1], [1, -1], [-1], [60, -1], [-1, 5], [4, -1], [2, -1], [1, 60], [4, 60],
            [-1, 4, 15],
            [0, 4, 15], [4, -1, 15], [15, -1, 4], [-1, 3, 5], [240], [1, 4, 3, 5], [4, 4, 3, 5], [2, 2, 60], [4, 15], [0, 0, 15], [3, -1,
                5] })
        {
            yield return Case($"Reshape to [{string.Join(", ", to)}]", 13, Map, m => m.List("s", to).Node("Reshape", "a,s", "y"));
            yield return Case($"Reshape to [{string.Join(", ", to)}] and Softmax", 13, Map,
                m => m.List("s", to).Node("Reshape", "a,s", "b").Node("Softmax", "b", "y"));
        }

        foreach (int axis in new[] { 0, 1, 2, 4, -1 })
        {
            yield return Case($"Flatten axis {axis}", 13, Map, m => m.Node("Flatten", "a", "y", ("axis", axis)));
            yield return Case($"Flatten axis {axis} and Softmax", 13, Map, m => m.Node("Flatten", "a", "b", ("axis", axis))
                .Node("Softmax", "b", "y"));
        }

        foreach (long[] perm in new long[][] { [1, 0, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3], [0, 2, 3, 1], [2, 3, 0, 1] })
        {
            string name = string.Join(", ", perm);
            yield return Case($"Transpose [{name}] and Flatten", 13, Map,
                m => m.Node("Transpose", "a", "b", ("perm", perm)).Node("Flatten", "b", "y"));
            foreach (int axis in new[] { 0, 1, 3 })
            {
                yield return Case($"Transpose [{name}], Softmax axis {axis}, back", 13, Map, m => m.Node("Transpose", "a", "b", ("perm",
                    perm))
                    .Node("Softmax", "b", "c", ("axis", axis)).Node("Transpose", "c", "d", ("perm", Inverse(perm))).Node("Flatten", "d",
                        "y"));
                yield return Case($"Transpose [{name}], ReduceMean axis {axis}", 13, Map, m => m.Node("Transpose", "a", "b", ("perm", perm))
                    .Node("ReduceMean", "b", "y", ("axes", (long[])[axis]), ("keepdims", 0)));
            }
        }

        yield return Case("Transpose of a row", 13, Row, m => m.Node("Transpose", "a", "y"));
        yield return Case("Transpose of a row, Softmax, back", 13, Row, m => m.Node("Transpose", "a", "b").Node("Softmax", "b", "c")
            .Node("Transpose", "c", "y"));
        yield return Case("Squeeze", 13, [1, 6], m => m.Node("Squeeze", "a", "b").Node("Softmax", "b", "y"));
        yield return Case("Squeeze axis 0", 13, Row, m => m.List("k", 0).Node("Squeeze", "a,k", "b").Node("Softmax", "b", "y"));
        foreach (int axis in new[] { 0, 1, 2 })
            foreach (int along in new[] { 0, 1, 2 })
                yield return Case($"Unsqueeze axis {axis} and ReduceSum axis {along}", 13, Row, m => m.List("k", axis).List("r", along)
                    .Node("Unsqueeze", "a,k", "b").Node("ReduceSum", "b,r", "y", ("keepdims", 0)));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Repeats()
    {
        foreach (long[] to in new long[][] { [1, 4, 3, 5], [4, 4, 3, 5], [2, 1, 4, 3, 5], [4, 1, 1, 1] })
            yield return Case($"Expand to [{string.Join(", ", to)}]", 13, Map, m => m.List("s", to).Node("Expand", "a,s", "y"));
        foreach (long[] repeats in new long[][] { [2, 1, 1, 1], [1, 2, 1, 1], [1, 1, 1, 1] })
            yield return Case($"Tile [{string.Join(", ", repeats)}]", 13, Map, m => m.List("r", repeats).Node("Tile", "a,r", "y"));
        foreach (long[] pads in new long[][] { [1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0], [-1, 0, 0, 0, 1, 0, 0, 0],
            [0, 1, 0, 0, 0, 1, 0, 0] })
            yield return Case($"Pad [{string.Join(", ", pads)}]", 13, Map, m => m.List("p", pads).Node("Pad", "a,p", "y"));
        foreach (float[] scales in new float[][] { [2, 1, 1, 1], [1, 1, 2, 2], [1, 2, 1, 1] })
            yield return Case($"Resize [{string.Join(", ", scales)}]", 13, Map, m => m.Floats("s", [4], scales)
                .Node("Resize", "a,,s", "y", ("mode", "nearest")));
        foreach (long[] sizes in new long[][] { [1, 4, 6, 10], [4, 4, 6, 10], [2, 4, 3, 5] })
            yield return Case($"Resize to [{string.Join(", ", sizes)}]", 13, Map, m => m.List("s", sizes)
                .Node("Resize", "a,,,s", "y", ("mode", "nearest")));
        yield return Case("DepthToSpace", 13, Map, m => m.Node("DepthToSpace", "a", "y", ("blocksize", 2)));
        yield return Case("SpaceToDepth", 13, [4, 2, 6], m => m.Node("SpaceToDepth", "a", "y", ("blocksize", 2)));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Products()
    {
        yield return Case("MatMul by a matrix", 13, Row, m => m.Noise("w", 6, 5).Node("MatMul", "a,w", "y"));
        yield return Case("MatMul by a stack of one", 13, Sequence, m => m.Noise("w", 1, 6, 5).Node("MatMul", "a,w", "y"));
        yield return Case("MatMul by a stack of four", 13, Sequence, m => m.Noise("w", 4, 6, 5).Node("MatMul", "a,w", "y"));
        foreach (int rows in new[] { 1, 4 })
        {
            yield return Case($"MatMul of {rows} columns with the batch", 13, Row, m => m.Noise("w", 5, rows).Node("MatMul", "w,a", "y"));
            yield return Case($"Gemm of {rows} columns with the batch", 13, Row, m => m.Noise("w", rows, 5)
                .Node("Gemm", "a,w", "y", ("transA", 1)));
            yield return Case($"Gemm with C of {rows} rows", 13, Row, m => m.Noise("w", 6, 5).Noise("c", rows, 5).Node("Gemm", "a,w,c",
                "y"));
        }

        yield return Case("MatMul of the samples with each other", 13, Row, m => m.Node("Transpose", "a", "b").Node("MatMul", "a,b", "y"));
        yield return Case("MatMul within the samples", 13, Sequence, m => m.Node("Transpose", "a", "b", ("perm", (long[])[0, 2, 1]))
            .Node("MatMul", "a,b", "y"));
        yield return Case("MatMul behind a merged batch", 13, Sequence, m => m.List("s", -1, 6).List("t", -1, 4, 5).Noise("w", 6, 5)
            .Node("Reshape", "a,s", "b").Node("MatMul", "b,w", "c").Node("Reshape", "c,t", "y"));
        yield return Case("Conv", 13, Map, m => m.Noise("w", 2, 4, 3, 3).Node("Conv", "a,w", "y", ("pads", (long[])[1, 1, 1, 1])));
        yield return Case("Conv of transposed samples", 13, [4, 4, 5], m => m.Noise("w", 2, 4, 1, 1)
            .Node("Transpose", "a", "b", ("perm", (long[])[1, 0, 2, 3])).Node("Conv", "b,w", "c")
            .Node("Transpose", "c", "y", ("perm", (long[])[1, 0, 2, 3])));
        yield return Case("GlobalAveragePool", 13, Map, m => m.Node("GlobalAveragePool", "a", "y"));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Constants()
    {
        foreach (string @operator in new[] { "Add", "Sub", "Mul", "Div", "Max", "Min", "PRelu" })
            foreach (long[] shape in new long[][] { [1, 4, 1, 1], [4, 1, 1, 1], [3, 1, 1, 1], [1, 1, 1, 1], [4, 1, 1], [4, 4, 3, 5], [2,
                1, 1, 1, 1] })
            {
                if (@operator != "PRelu" || shape.Length <= 4)
                {
                    yield return Case($"{@operator} with {string.Join('×', shape)}", 13, Map, m => m.Noise("c", shape)
                        .Node(@operator, "a,c", "y"));
                }
            }

        yield return Case("Where of a constant condition per sample", 13, Row, m => m.Integers("c", [4, 1], 1, 0, 1, 0)
            .Node("Cast", "c", "d", ("to", 9)).Node("Relu", "a", "b").Node("Where", "d,a,b", "y"));
        yield return Case("Div by the number of samples", 13, Row, m => m.List("z", 0).Node("Shape", "a", "s").Node("Gather", "s,z", "n")
            .Node("Cast", "n", "f", ("to", 1)).Node("Div", "a,f", "y"));
        yield return Case("Add of the number of samples and back", 13, Row, m => m.List("z", 0).Node("Shape", "a", "s")
            .Node("Gather", "s,z", "n").Node("Cast", "n", "f", ("to", 1)).Node("Mul", "f,half", "g").Node("Add", "a,g", "b")
            .Node("Relu", "b", "y"));
    }

    private static IEnumerable<Func<int, SampleCheck.Model>> Chains()
    {
        yield return Case("x minus its mean over the batch", 13, Row, m => m.Node("ReduceMean", "a", "b", ("axes", (long[])[0]))
            .Node("Sub", "a,b", "y"));
        yield return Case("x minus its mean over all", 13, Map, m => m.Node("ReduceMean", "a", "b").Node("Sub", "a,b", "y"));
        yield return Case("x minus its own mean", 13, Map, m => m.Node("ReduceMean", "a", "b", ("axes", (long[])[1, 2, 3]))
            .Node("Sub", "a,b", "y"));
        yield return Case("LayerNorm by means over the batch", 13, Row, m => m.Floats("two", [], 2).Floats("e", [], 1e-5f)
            .Node("ReduceMean", "a", "m", ("axes", (long[])[0])).Node("Sub", "a,m", "d").Node("Pow", "d,two", "q")
            .Node("ReduceMean", "q", "v", ("axes", (long[])[0])).Node("Add", "v,e", "w").Node("Sqrt", "w", "r").Node("Div", "d,r", "y"));
        yield return Case("a row added to its transpose", 13, [1], m => m.Node("Transpose", "a", "b").Node("Add", "a,b", "y"));
        yield return Case("samples added to each other's", 13, [4], m => m.List("k", 1).Node("Unsqueeze", "a,k", "b").Node("Add", "a,b",
            "y"));
        yield return Case("shape of the batch in a reshape", 13, Map, m => m.List("z", 0).List("r", -1).Node("Shape", "a", "s")
            .Node("Gather", "s,z", "n").Node("Concat", "n,r", "t", ("axis", 0)).Node("Reshape", "a,t", "y"));
        yield return Case("batch and channels merged, normalised, split", 13, Map, m => m.List("s", -1, 15).List("t", -1, 4, 3, 5)
            .Node("Reshape", "a,s", "b").Node("Softmax", "b", "c").Node("Reshape", "c,t", "y"));
        yield return Case("batch and channels merged, normalised along them, split", 13, Map, m => m.List("s", -1, 15).List("t", -1, 4,
            3, 5)
            .Node("Reshape", "a,s", "b").Node("Softmax", "b", "c", ("axis", 0)).Node("Reshape", "c,t", "y"));
        yield return Case("outputs in a row of one", 13, [1], m => m.List("s", 1, -1).Node("Reshape", "a,s", "b").Node("Softmax", "b",
            "y"));
    }

    private static long[] Inverse(long[] perm) => [.. Enumerable.Range(0, perm.Length).Select(axis => (long)Array.IndexOf(perm, axis))];
}
