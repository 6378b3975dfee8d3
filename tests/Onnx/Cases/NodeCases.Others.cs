using System;
using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

internal static partial class NodeCases
{
    private static IEnumerable<NodeCase> Norms()
    {
        foreach (int rank in new[] { 0, 1, 2, 3 })
            foreach (double epsilon in new[] { 1e-5, 1e-3 })
            {
                yield return new NodeCase($"BatchNormalization {rank}D epsilon {epsilon}", rank == 0 ? 15 : 9, m =>
                    m.Input("x", Shape(4, rank))
                    .Noise("s", 4).Noise("b", 4).Noise("m", 4).Noise("n", 4).Floats("two", [], 2).Node("Add", "n,two", "v")
                    .Node("BatchNormalization", "x,s,b,m,v", "y", ("epsilon", epsilon)));
                if (rank > 0)
                {
                    yield return new NodeCase($"InstanceNormalization {rank}D epsilon {epsilon}", 11, m => m.Input("x", Shape(4, rank))
                        .Noise("s", 4).Noise("b", 4).Node("InstanceNormalization", "x,s,b", "y", ("epsilon", epsilon)));
                }
            }

        foreach (int axis in new[] { 1, 2, 3, -1 })
            foreach (bool hasBias in new[] { false, true })
            {
                long[] shape = [.. new long[] { 1, 4, 7, 9 }.Skip(axis < 0 ? 3 : axis)];
                yield return new NodeCase($"LayerNormalization axis {axis}{(hasBias ? " bias" : "")}", 17, m => m.Input("x", Shape(4, 2))
                    .Noise("s", shape).Noise("b", shape).Node("LayerNormalization", hasBias ? "x,s,b" : "x,s", "y", ("axis", axis)));
            }

        foreach (int groups in new[] { 1, 2, 4 })
        {
            yield return new NodeCase($"GroupNormalization groups {groups}", 21, m => m.Input("x", Shape(4, 2)).Noise("s", 4).Noise("b", 4)
                .Node("GroupNormalization", "x,s,b", "y", ("num_groups", groups)));
        }

        foreach (int size in new[] { 1, 3, 5 })
            foreach (double alpha in new[] { 1e-4, 0.1 })
            {
                yield return new NodeCase($"LRN size {size} alpha {alpha}", 13, m => m.Input("x", Shape(6, 2))
                    .Node("LRN", "x", "y", ("size", size), ("alpha", alpha), ("beta", 0.6), ("bias", 1.5)));
            }

        foreach (int axis in new[] { 1, 2, -1 })
        {
            yield return new NodeCase($"LpNormalization axis {axis}", 11, m => m.Input("x", Shape(4, 2))
                .Node("LpNormalization", "x", "y", ("axis", axis)));
        }

        yield return new NodeCase("MeanVarianceNormalization", 13, m => m.Input("x", Shape(4, 2))
            .Node("MeanVarianceNormalization", "x", "y", ("axes", (long[])[0, 2, 3])));
    }

    private static IEnumerable<NodeCase> Matrices()
    {
        foreach (bool transposed in new[] { false, true })
            foreach (string bias in new[] { "none", "5", "1·5", "1" })
                foreach ((double alpha, double beta) in new[] { (1d, 1d), (0.5, 2d) })
                {
                    yield return new NodeCase($"Gemm transB {transposed} C {bias} alpha {alpha} beta {beta}", 11, m =>
                    {
                        m.Input("x", 1, 6).Noise("w", transposed ? [5, 6] : [6, 5]);
                        if (bias != "none")
                        {
                            m.Noise("c", [.. bias.Split('·').Select(long.Parse)]);
                        }

                        m.Node("Gemm", bias == "none" ? "x,w" : "x,w,c", "y", ("transB", transposed), ("alpha", alpha), ("beta", beta));
                    });
                }

        foreach (object[] shape in new object[][] { [1, 6], [1, 4, 6], [1, 3, 4, 6] })
        {
            yield return new NodeCase($"MatMul {string.Join('×', shape)} · 6×5", 13, m => m.Input("x", shape).Noise("w", 6, 5)
                .Node("MatMul", "x,w", "y"));
            yield return new NodeCase($"MatMul {string.Join('×', shape)} · 6×5 and bias", 13,
                m => m.Input("x", shape).Noise("w", 6, 5).Noise("b", 5).Node("MatMul", "x,w", "a").Node("Add", "a,b", "y"));
        }

        foreach (object[] shape in new object[][] { [1, 6, 4], [1, 3, 6, 4] })
        {
            yield return new NodeCase($"MatMul 5×6 · {string.Join('×', shape)}", 13, m => m.Input("x", shape).Noise("w", 5, 6)
                .Node("MatMul", "w,x", "y"));
        }
    }

    private static IEnumerable<NodeCase> Moves()
    {
        foreach (long[] perm in new long[][] { [0, 2, 3, 1], [0, 3, 1, 2], [0, 1, 3, 2], [0, 3, 2, 1], [0, 2, 1, 3] })
        {
            // Something behind, so that the transposition is not at the border.
            yield return new NodeCase($"Transpose {Text(perm)}", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
                .Node("Transpose", "a", "b", ("perm", perm)).List("s", 1, -1).Node("Reshape", "b,s", "y"));
            yield return new NodeCase($"Transpose {Text(perm)} at the end", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
                .Node("Transpose", "a", "y", ("perm", perm)));
        }

        foreach (long[] to in new long[][] { [0, -1], [1, 9, 28], [1, 4, 63], [1, 2, 2, 63], [1, 28, 3, 3], [1, 2, 14, 3, 3], [1, 1, 252] })
        {
            yield return new NodeCase($"Reshape to {Text(to)}", 13, m => m.Input("x", Shape(4, 2)).List("s", to)
                .Node("Reshape", "x,s", "y"));
        }

        foreach (int axis in new[] { 1, 2, 3, -1, -2 })
        {
            yield return new NodeCase($"Concat axis {axis}", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
                .Node("Tanh", "x", "b")
                .Node("Concat", "x,a,b", "y", ("axis", axis)));
        }

        foreach (int block in new[] { 2, 3 })
        {
            yield return new NodeCase($"DepthToSpace block {block}", 9, m => m.Input("x", 1, 2 * block * block, 3, 4)
                .Node("DepthToSpace", "x", "y", ("blocksize", block)));
            foreach (string mode in new[] { "DCR", "CRD" })
            {
                yield return new NodeCase($"DepthToSpace block {block} {mode}", 13,
                    m => m.Input("x", 1, 2 * block * block, 3, 4).Node("DepthToSpace", "x", "y", ("blocksize", block), ("mode", mode)));
            }

            yield return new NodeCase($"SpaceToDepth block {block}", 13,
                m => m.Input("x", 1, 2, 3 * block, 2 * block).Node("SpaceToDepth", "x", "y", ("blocksize", block)));
        }

        foreach (long[] to in new long[][] { [1, 4, 5, 6], [1, 4, 1, 6] })
        {
            yield return new NodeCase($"Expand to {Text(to)}", 13, m => m.Input("x", 1, 4, 1, 1).List("s", to).Node("Expand", "x,s", "y"));
        }
    }

    private static IEnumerable<NodeCase> Pads()
    {
        foreach (string mode in new[] { "constant", "reflect", "edge" })
            foreach (long[] pads in new long[][] { [0, 0, 1, 1, 0, 0, 1, 1], [0, 0, 2, 0, 0, 0, 1, 3], [0, 0, 0, 2, 0, 0, 0, 2],
                [0, 0, 0, 0, 0, 0, 0, 0] })
                foreach (int opset in new[] { 7, 13 })
                {
                    yield return new NodeCase($"Pad {mode} {Text(pads)}", opset, m =>
                    {
                        m.Input("x", Shape(3, 2));
                        _ = opset == 7 ? m.Node("Pad", "x", "y", ("mode", mode), ("pads", pads))
                            : m.List("p", pads).Node("Pad", "x,p", "y", ("mode", mode));
                    });
                }

        yield return new NodeCase("Pad value", 13,
            m => m.Input("x", Shape(3, 2)).List("p", 0, 0, 1, 2, 0, 0, 2, 1).Floats("v", [], 0.75f).Node("Pad", "x,p,v", "y"));
        yield return new NodeCase("Pad channels", 13, m => m.Input("x", Shape(3, 2)).List("p", 0, 1, 0, 0, 0, 2, 0, 0)
            .Node("Pad", "x,p", "y"));
        yield return new NodeCase("Pad before a convolution", 13, m => m.Input("x", Shape(3, 2)).List("p", 0, 0, 1, 0, 0, 0, 2, 1)
            .Noise("w", 5, 3, 3, 3)
            .Node("Pad", "x,p", "a").Node("Conv", "a,w", "y", ("strides", (long[])[2, 2])));
        foreach (int rank in new[] { 1, 3 })
        {
            long[] pads = [0, 0, .. Filled(rank, 1), 0, 0, .. Filled(rank, 2)];
            yield return new NodeCase($"Pad {rank}D", 13, m => m.Input("x", Shape(3, rank)).List("p", pads).Node("Pad", "x,p", "y"));
        }
    }

    private static IEnumerable<NodeCase> Slices()
    {
        foreach ((int axis, int extent) in new[] { (1, 6), (2, 7), (3, 9) })
            foreach ((long start, long end) in new[] { (0L, 3L), (1L, (long)extent), (-3L, long.MaxValue), (2L, -1L) })
                foreach (long step in new long[] { 1, 2 })
                {
                    yield return new NodeCase($"Slice axis {axis} from {start} to {end} step {step}", 13, m => m.Input("x", Shape(6, 2))
                        .List("s", start).List("e", end)
                        .List("a", axis).List("t", step).Node("Slice", "x,s,e,a,t", "y"));
                }

        foreach (int axis in new[] { 1, 2 })
        {
            yield return new NodeCase($"Split axis {axis}", 11,
                m => m.Input("x", 1, 6, 8, 9).Node("Split", "x", "a,b", ("axis", axis)).Node("Concat", "b,a", "y", ("axis", axis)));
            yield return new NodeCase($"Split uneven axis {axis}", 13,
                m => m.Input("x", 1, 6, 6, 9).List("s", 1, 5).Node("Split", "x,s", "a,y", ("axis", axis)).Output("a"));
        }

        foreach (long[] indices in new long[][] { [2], [5, 4, 3], [0, 2, 4], [3, 1, 5, 0] })
        {
            yield return new NodeCase($"Gather channels {Text(indices)}", 13, m => m.Input("x", Shape(6, 2)).List("i", indices)
                .Node("Gather", "x,i", "y", ("axis", 1)));
        }

        yield return new NodeCase("Gather one channel", 13, m => m.Input("x", Shape(6, 2)).Integers("i", [], 2)
            .Node("Gather", "x,i", "y", ("axis", 1)));
    }

    private static IEnumerable<NodeCase> Resizes()
    {
        foreach (string place in new[] { "half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel" })
            foreach (long[] to in new long[][] { [14, 18], [7, 27], [10, 13], [3, 4], [1, 5] })
            {
                foreach (string rounding in new[] { "floor", "ceil", "round_prefer_floor", "round_prefer_ceil" })
                {
                    yield return new NodeCase($"Resize nearest {place} {rounding} to {Text(to)}", 13, m => m.Input("x", Shape(3, 2))
                        .List("s", [1, 3, .. to])
                        .Node("Resize", "x,,,s", "y", ("mode", "nearest"), ("coordinate_transformation_mode", place),
                            ("nearest_mode", rounding)));
                }

                foreach (string mode in new[] { "linear", "cubic" })
                {
                    yield return new NodeCase($"Resize {mode} {place} to {Text(to)}", 13, m => m.Input("x", Shape(3, 2))
                        .List("s", [1, 3, .. to])
                        .Node("Resize", "x,,,s", "y", ("mode", mode), ("coordinate_transformation_mode", place)));
                }
            }

        foreach (string mode in new[] { "nearest", "linear" })
            foreach (float scale in new[] { 2f, 3, 1.5f, 0.6f })
            {
                yield return new NodeCase($"Resize {mode} scale {scale}", 11, m => m.Input("x", Shape(3, 2)).Floats("r", [0])
                    .Floats("s", [4], 1, 1, scale, scale)
                    .Node("Resize", "x,r,s", "y", ("mode", mode), ("coordinate_transformation_mode", "asymmetric"),
                        ("nearest_mode", "floor")));
                yield return new NodeCase($"Upsample {mode} scale {scale}", 9,
                    m => m.Input("x", Shape(3, 2)).Floats("s", [4], 1, 1, MathF.Max(scale, 1), 2)
                        .Node("Upsample", "x,s", "y", ("mode", mode)));
            }

        foreach (int rank in new[] { 1, 3 })
            foreach (string mode in new[] { "nearest", "linear" })
            {
                yield return new NodeCase($"Resize {mode} {rank}D", 13, m => m.Input("x", Shape(3, rank))
                    .List("s", [1, 3, .. new long[] { 14, 18, 16 }.Take(rank)])
                    .Node("Resize", "x,,,s", "y", ("mode", mode)));
            }
    }

    /// <summary>What exporters take apart.</summary>
    private static IEnumerable<NodeCase> Compositions()
    {
        static ModelBuilder With(ModelBuilder m, params (string Name, float Value)[] numbers)
        {
            m.Input("x", Shape(4, 2));
            foreach ((string name, float value) in numbers)
            {
                m.Floats(name, [], value);
            }

            return m;
        }

        // Every second row, and of these every second column: p, q, r and s.
        static ModelBuilder Focus(ModelBuilder m) => m.Input("x", 1, 3, 8, 10).List("h", 2).List("w", 3).List("o", 0).List("i", 1)
            .List("e", 100).List("t", 2)
            .Node("Slice", "x,o,e,h,t", "a").Node("Slice", "a,o,e,w,t", "p").Node("Slice", "x,i,e,h,t", "b").Node("Slice", "b,o,e,w,t", "q")
            .Node("Slice", "a,i,e,w,t", "r").Node("Slice", "b,i,e,w,t", "s");

        yield return new NodeCase("SiLU", 11, m => With(m).Node("Sigmoid", "x", "a").Node("Mul", "x,a", "y"));
        yield return new NodeCase("HardSwish by Clip", 11, m => With(m, ("t", 3), ("z", 0), ("s", 6)).Node("Add", "x,t", "a")
            .Node("Clip", "a,z,s", "b")
            .Node("Mul", "x,b", "c").Node("Div", "c,s", "y"));
        yield return new NodeCase("HardSwish by HardSigmoid", 11,
            m => With(m).Node("HardSigmoid", "x", "a", ("alpha", 1 / 6f), ("beta", 0.5)).Node("Mul", "a,x", "y"));
        yield return new NodeCase("GELU by Erf", 13, m => With(m, ("r", MathF.Sqrt(2)), ("o", 1), ("h", 0.5f)).Node("Div", "x,r", "a")
            .Node("Erf", "a", "b")
            .Node("Add", "b,o", "c").Node("Mul", "x,c", "d").Node("Mul", "d,h", "y"));
        yield return new NodeCase("GELU by Tanh", 13, m => With(m, ("t", 3), ("k", 0.044715f), ("q", 0.7978845f), ("o", 1), ("h", 0.5f))
            .Node("Pow", "x,t", "a")
            .Node("Mul", "a,k", "b").Node("Add", "x,b", "c").Node("Mul", "c,q", "d").Node("Tanh", "d", "e").Node("Add", "e,o", "f")
            .Node("Mul", "x,h", "g").Node("Mul", "g,f", "y"));
        yield return new NodeCase("Mish", 11, m => With(m).Node("Softplus", "x", "a").Node("Tanh", "a", "b").Node("Mul", "x,b", "y"));
        yield return new NodeCase("LayerNorm by means", 13, m => With(m, ("t", 2), ("e", 1e-5f)).Noise("g", 9).Noise("b", 9)
            .Node("ReduceMean", "x", "m", ("axes", (long[])[-1])).Node("Sub", "x,m", "d").Node("Pow", "d,t", "q")
            .Node("ReduceMean", "q", "v", ("axes", (long[])[-1])).Node("Add", "v,e", "w").Node("Sqrt", "w", "r").Node("Div", "d,r", "n")
            .Node("Mul", "n,g", "o").Node("Add", "o,b", "y"));
        yield return new NodeCase("LayerNorm of channels", 13, m => With(m, ("e", 1e-6f)).Noise("g", 4, 1, 1).Noise("b", 4, 1, 1)
            .Node("ReduceMean", "x", "m", ("axes", (long[])[1])).Node("Sub", "x,m", "d").Node("Mul", "d,d", "q")
            .Node("ReduceMean", "q", "v", ("axes", (long[])[1])).Node("Add", "v,e", "w").Node("Sqrt", "w", "r").Node("Div", "d,r", "n")
            .Node("Mul", "g,n", "o").Node("Add", "o,b", "y"));
        yield return new NodeCase("GroupNorm by InstanceNormalization", 13, m => With(m).Floats("one", [2], 1, 1)
            .Floats("zero", [2], 0, 0).List("s", 0, 2, -1)
            .List("t", 1, 4, 7, 9).Noise("g", 4, 1, 1).Noise("b", 4, 1, 1).Node("Reshape", "x,s", "a")
                .Node("InstanceNormalization", "a,one,zero", "n")
            .Node("Reshape", "n,t", "c").Node("Mul", "c,g", "d").Node("Add", "d,b", "y"));
        yield return new NodeCase("ChannelShuffle", 13, m => With(m).List("s", 1, 2, 2, 7, 9).List("t", 1, 4, 7, 9)
            .Node("Reshape", "x,s", "a")
            .Node("Transpose", "a", "b", ("perm", (long[])[0, 2, 1, 3, 4])).Node("Reshape", "b,t", "y"));
        yield return new NodeCase("PixelShuffle", 13, m => With(m).List("s", 1, 1, 2, 2, 7, 9).List("t", 1, 1, 14, 18)
            .Node("Reshape", "x,s", "a")
            .Node("Transpose", "a", "b", ("perm", (long[])[0, 1, 4, 2, 5, 3])).Node("Reshape", "b,t", "y"));
        yield return new NodeCase("Focus", 13, m => Focus(m).Node("Concat", "p,q,r,s", "y", ("axis", 1)));
        yield return new NodeCase("Focus row by row", 13, m => Focus(m).Node("Concat", "p,r,q,s", "y", ("axis", 1)));
        yield return new NodeCase("Focus before a convolution", 13, m => Focus(m).Noise("f", 5, 12, 3, 3)
            .Node("Concat", "p,q,r,s", "c", ("axis", 1)).Node("Conv", "c,f", "y", ("pads", (long[])[1, 1, 1, 1])));
        yield return new NodeCase("PReLU by Relu", 13, m => With(m).Noise("w", 4, 1, 1).Node("Relu", "x", "a").Node("Neg", "x", "b")
            .Node("Relu", "b", "c")
            .Node("Mul", "w,c", "d").Node("Add", "a,d", "y"));
        yield return new NodeCase("Scaled HardSwish", 13, m => With(m, ("t", 3), ("z", 0), ("s", 6), ("f", 0.7f), ("b", -0.2f))
            .Node("Add", "x,t", "a")
            .Node("Clip", "a,z,s", "c").Node("Mul", "x,c", "d").Node("Div", "d,s", "e").Node("Mul", "e,f", "g").Node("Add", "g,b", "y"));
        yield return new NodeCase("NHWC border", 13, m => m.Input("x", 1, 7, 9, 3).Floats("m", [3], 0.1f, 0.2f, 0.3f)
            .Noise("w", 5, 3, 3, 3).Node("Sub", "x,m", "a")
            .Node("Transpose", "a", "b", ("perm", (long[])[0, 3, 1, 2])).Node("Conv", "b,w", "c")
                .Node("Transpose", "c", "y", ("perm", (long[])[0, 2, 3, 1])));
    }
}
