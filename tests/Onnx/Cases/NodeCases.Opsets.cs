using System;
using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Operators in each operator set since 7: some have changed several times, others never.</summary>
internal static partial class NodeCases
{
    private static readonly int[] Opsets = [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

    private static IEnumerable<NodeCase> OperatorSets() =>
    [
        .. UnchangedOperators(), .. Windows(), .. AttributesThatBecameInputs(), .. AxesThatBecameInputs(), .. ResizesOfOpsets(),
        .. NormsOfOpsets(),
    ];

    /// <param name="name">The operator, and what is special.</param>
    /// <param name="from">The first operator set.</param>
    /// <param name="build">Adds to a model of an operator set.</param>
    private static IEnumerable<NodeCase> Since(string name, int from, Action<ModelBuilder, int> build) =>
        Opsets.Where(opset => opset >= from).Select(opset => new NodeCase(name, opset, m => build(m, opset)));

    private static IEnumerable<NodeCase> UnchangedOperators()
    {
        (string Kind, int From)[] kinds =
        [
            ("Relu", 7), ("Sigmoid", 7), ("Elu", 7), ("LeakyRelu", 7), ("Softplus", 7), ("HardSwish", 14), ("Mish", 18), ("Gelu", 20),
            ("GlobalAveragePool", 7), ("Softmax", 7), ("Flatten", 9), ("Abs", 7), ("Exp", 7),
        ];
        foreach ((string kind, int from) in kinds)
            foreach (NodeCase one in Since(kind, from, (m, _) => m.Input("x", Shape(4, 2)).Node(kind, "x", "y")))
                yield return one;

        foreach (string kind in new[] { "Add", "Mul", "Max" })
            foreach (NodeCase one in Since($"{kind} of two", 8, (m, _) => m.Input("x", Shape(4, 2)).Input("z", 1, 4, 1, 1)
                .Node(kind, "x,z", "y")))
                yield return one;

        foreach (NodeCase one in Since("Concat", 7, (m, _) => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
            .Node("Concat", "x,a", "y", ("axis", 1))))
            yield return one;

        foreach (NodeCase one in Since("Transpose", 7, (m, _) => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
            .Node("Transpose", "a", "y", ("perm", (long[])[0, 3, 1, 2]))))
            yield return one;

        foreach (NodeCase one in Since("Gemm", 7, (m, _) => m.Input("x", 1, 6).Noise("w", 5, 6).Noise("b", 5)
            .Node("Gemm", "x,w,b", "y", ("transB", 1))))
            yield return one;
    }

    private static IEnumerable<NodeCase> Windows()
    {
        foreach (NodeCase one in Since("Conv", 7, (m, _) => m.Input("x", Shape(3, 2)).Noise("w", 5, 3, 3, 3).Noise("b", 5)
            .Node("Conv", "x,w,b", "y", ("pads", (long[])[1, 0, 0, 1]), ("strides", (long[])[2, 1]))))
            yield return one;

        foreach (NodeCase one in Since("ConvTranspose", 7, (m, _) => m.Input("x", Shape(3, 2)).Noise("w", 3, 5, 2, 2)
            .Node("ConvTranspose", "x,w", "y", ("strides", (long[])[2, 2]))))
            yield return one;

        foreach (string kind in new[] { "MaxPool", "AveragePool", "LpPool" })
            foreach (NodeCase one in Since(kind, 7, (m, _) => m.Input("x", Shape(3, 2))
                .Node(kind, "x", "y", ("kernel_shape", (long[])[3, 2]), ("strides", (long[])[2, 2]), ("pads", (long[])[1, 0, 1, 0]))))
                yield return one;

        foreach (string kind in new[] { "Conv", "MaxPool", "AveragePool", "ConvTranspose" })
            foreach (int rank in new[] { 1, 2, 3 })
                foreach (string pad in new[] { "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET" })
                    foreach (long stride in new long[] { 1, 2, 3 })
                    {
                        yield return new NodeCase($"{kind} {rank}D auto_pad {pad} stride {stride}", kind == "ConvTranspose" ? 11 : 10, m =>
                        {
                            m.Input("x", Shape(4, rank)).Noise("w", [4, 4, .. Filled(rank, 3)]);
                            (string, object)[] window = [("auto_pad", pad), ("strides", Filled(rank, stride))];
                            _ = kind.EndsWith("Pool", StringComparison.Ordinal)
                                ? m.Node(kind, "x", "y", [.. window, ("kernel_shape", Filled(rank, 3))])
                                : m.Node(kind, "x,w", "y", window);
                        });
                    }
    }

    /// <summary>Numbers that were attributes in old operator sets and are inputs in new ones.</summary>
    private static IEnumerable<NodeCase> AttributesThatBecameInputs()
    {
        foreach (NodeCase one in Since("Clip", 7, (m, opset) => _ = opset < 11
            ? m.Input("x", Shape(4, 2)).Node("Clip", "x", "y", ("min", -0.25), ("max", 0.5))
            : m.Input("x", Shape(4, 2)).Floats("a", [], -0.25f).Floats("b", [], 0.5f).Node("Clip", "x,a,b", "y")))
            yield return one;

        foreach (NodeCase one in Since("Clip above only", 7, (m, opset) => _ = opset < 11
            ? m.Input("x", Shape(4, 2)).Node("Clip", "x", "y", ("max", 0.5))
            : m.Input("x", Shape(4, 2)).Floats("b", [], 0.5f).Node("Clip", "x,,b", "y")))
            yield return one;

        foreach (NodeCase one in Since("Pad", 7, (m, opset) => _ = opset < 11
            ? m.Input("x", Shape(3, 2)).Node("Pad", "x", "y", ("pads", (long[])[0, 0, 1, 2, 0, 0, 0, 1]), ("value", 0.5))
            : m.Input("x", Shape(3, 2)).List("p", 0, 0, 1, 2, 0, 0, 0, 1).Floats("v", [], 0.5f).Node("Pad", "x,p,v", "y")))
            yield return one;

        foreach (NodeCase one in Since("Dropout", 7, (m, opset) => _ = opset < 12
            ? m.Input("x", Shape(3, 2)).Node("Dropout", "x", "a", ("ratio", 0.3)).Node("Relu", "a", "y")
            : m.Input("x", Shape(3, 2)).Floats("r", [], 0.3f).Node("Dropout", "x,r", "a").Node("Relu", "a", "y")))
            yield return one;

        foreach (NodeCase one in Since("Slice", 7, (m, opset) => _ = opset < 10
            ? m.Input("x", Shape(6, 2)).Node("Slice", "x", "y", ("starts", (long[])[1, 2]), ("ends", (long[])[5, -1]),
                ("axes", (long[])[1, 3]))
            : m.Input("x", Shape(6, 2)).List("s", 1, 2).List("e", 5, -1).List("a", 1, 3).Node("Slice", "x,s,e,a", "y")))
            yield return one;

        foreach (NodeCase one in Since("Split", 7, (m, opset) => _ = opset < 13
            ? m.Input("x", Shape(6, 2)).Node("Split", "x", "a,b", ("axis", 1), ("split", (long[])[2, 4])).Node("Relu", "b", "y")
            : m.Input("x", Shape(6, 2)).List("s", 2, 4).Node("Split", "x,s", "a,b", ("axis", 1)).Node("Relu", "b", "y")))
            yield return one;

        foreach (NodeCase one in Since("Reshape", 7, (m, _) => m.Input("x", Shape(4, 2)).List("s", 0, 2, -1).Node("Reshape", "x,s", "y")))
            yield return one;
    }

    private static IEnumerable<NodeCase> AxesThatBecameInputs()
    {
        foreach ((string kind, int changed) in new[] { ("ReduceSum", 13), ("ReduceMean", 18), ("ReduceMax", 18), ("ReduceL2", 18) })
            foreach (NodeCase one in Since(kind, 7, (m, opset) => _ = opset < changed
                ? m.Input("x", Shape(4, 2)).Node(kind, "x", "y", ("axes", (long[])[2, 3]), ("keepdims", 0))
                : m.Input("x", Shape(4, 2)).List("a", 2, 3).Node(kind, "x,a", "y", ("keepdims", 0))))
                yield return one;

        foreach (NodeCase one in Since("Squeeze", 7, (m, opset) => _ = opset < 13
            ? m.Input("x", 1, 4, 1, 9).Node("Tanh", "x", "b").Node("Squeeze", "b", "y", ("axes", (long[])[2]))
            : m.Input("x", 1, 4, 1, 9).Node("Tanh", "x", "b").List("a", 2).Node("Squeeze", "b,a", "y")))
            yield return one;

        foreach (NodeCase one in Since("Unsqueeze", 7, (m, opset) => _ = opset < 13
            ? m.Input("x", 1, 4, 9).Node("Tanh", "x", "b").Node("Unsqueeze", "b", "y", ("axes", (long[])[2]))
            : m.Input("x", 1, 4, 9).Node("Tanh", "x", "b").List("a", 2).Node("Unsqueeze", "b,a", "y")))
            yield return one;

        foreach (bool keeps in new[] { false, true })
            foreach (string kind in new[] { "ReduceMean", "ReduceSum", "ReduceMax" })
            {
                yield return new NodeCase($"{kind} over nothing, which is all{(keeps ? ", kept" : "")}", 18, m => m.Input("x", Shape(4, 2))
                    .Node(kind, "x", "y", ("keepdims", keeps)));
                yield return new NodeCase($"{kind} over nothing, which is nothing{(keeps ? ", kept" : "")}", 18,
                    m => m.Input("x", Shape(4, 2)).Node(kind, "x", "y", ("keepdims", keeps), ("noop_with_empty_axes", 1)));
            }

        foreach (int axis in new[] { 0, 1, 2, 3, 4, -1, -2 })
        {
            yield return new NodeCase($"Flatten axis {axis}", axis < 0 ? 11 : 9, m => m.Input("x", Shape(4, 2))
                .Node("Flatten", "x", "y", ("axis", axis)));
        }
    }

    private static IEnumerable<NodeCase> ResizesOfOpsets()
    {
        foreach (NodeCase one in Since("Resize by 2", 10, (m, opset) => _ = opset < 11
            ? m.Input("x", Shape(3, 2)).Floats("s", [4], 1, 1, 2, 2).Node("Resize", "x,s", "y")
            : m.Input("x", Shape(3, 2)).Floats("r", [0]).Floats("s", [4], 1, 1, 2, 2).Node("Resize", "x,r,s", "y",
                ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"))))
            yield return one;

        foreach (string mode in new[] { "nearest", "linear" })
            foreach (int opset in new[] { 7, 8, 9 })
            {
                yield return new NodeCase($"Upsample {mode}", opset, m => _ = opset < 9
                    ? m.Input("x", Shape(3, 2)).Node("Upsample", "x", "y", ("mode", mode), ("scales", (float[])[1, 1, 2, 3]))
                    : m.Input("x", Shape(3, 2)).Floats("s", [4], 1, 1, 2, 3).Node("Upsample", "x,s", "y", ("mode", mode)));
            }

        foreach (int opset in new[] { 18, 19, 22, 23 })
            foreach (string mode in new[] { "nearest", "linear", "cubic" })
            {
                yield return new NodeCase($"Resize {mode} axes", opset, m => m.Input("x", Shape(3, 2)).List("s", 10, 12)
                    .Node("Resize", "x,,,s", "y", ("mode", mode), ("axes", (long[])[2, 3])));
                foreach (string policy in new[] { "not_larger", "not_smaller" })
                {
                    yield return new NodeCase($"Resize {mode} {policy}", opset, m => m.Input("x", Shape(3, 2)).List("s", 14, 27)
                        .Node("Resize", "x,,,s", "y", ("mode", mode), ("axes", (long[])[2, 3]), ("keep_aspect_ratio_policy", policy)));
                }
            }

        foreach (double a in new[] { -0.5, -0.75, -1 })
            foreach (float scale in new[] { 2f, 0.7f, 1.3f })
            {
                yield return new NodeCase($"Resize cubic coefficient {a} scale {scale}", 13, m => m.Input("x", Shape(3, 2))
                    .Floats("s", [4], 1, 1, scale, scale).Node("Resize", "x,,s", "y", ("mode", "cubic"), ("cubic_coeff_a", a)));
            }
    }

    private static IEnumerable<NodeCase> NormsOfOpsets()
    {
        foreach (NodeCase one in Since("BatchNormalization", 7, (m, _) => m.Input("x", Shape(4, 2)).Noise("s", 4).Noise("b", 4)
            .Noise("m", 4).Floats("v", [4], 1, 2, 0.5f, 1.5f).Node("BatchNormalization", "x,s,b,m,v", "y")))
            yield return one;

        foreach (NodeCase one in Since("InstanceNormalization", 7, (m, _) => m.Input("x", Shape(4, 2)).Noise("s", 4).Noise("b", 4)
            .Node("InstanceNormalization", "x,s,b", "y")))
            yield return one;

        foreach (NodeCase one in Since("LayerNormalization", 17, (m, _) => m.Input("x", Shape(4, 2)).Noise("s", 9).Noise("b", 9)
            .Node("LayerNormalization", "x,s,b", "y")))
            yield return one;

        foreach (NodeCase one in Since("GroupNormalization", 18, (m, opset) => m.Input("x", Shape(4, 2)).Noise("s", opset < 21 ? 2 : 4)
            .Noise("b", opset < 21 ? 2 : 4).Node("GroupNormalization", "x,s,b", "y", ("num_groups", 2))))
            yield return one;

        foreach (NodeCase one in Since("LRN", 7, (m, _) => m.Input("x", Shape(6, 2)).Node("LRN", "x", "y", ("size", 3))))
            yield return one;

        foreach (NodeCase one in Since("PRelu", 7, (m, _) => m.Input("x", Shape(5, 2)).Noise("s", 5, 1, 1).Node("PRelu", "x,s", "y")))
            yield return one;
    }
}
