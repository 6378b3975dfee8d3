using System;
using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Models of single nodes, over the values of all attributes and over the operator sets in which an operator changed.</summary>
internal static partial class NodeCases
{
    public static IEnumerable<NodeCase> All() =>
    [
        .. Convolutions(), .. TransposedConvolutions(), .. Pools(), .. Unary(), .. Parametric(), .. Binary(), .. Broadcasts(),
            .. Reductions(), .. OperatorSets(), .. Places(),
        .. Softmaxes(), .. Norms(), .. Matrices(), .. Moves(), .. Pads(), .. Slices(), .. Resizes(), .. Compositions(),
        .. Made(),
    ];

    /// <summary>Extents of a tensor with so many axes besides batch and channels.</summary>
    private static object[] Shape(int channels, int rank) => [1, channels, .. new object[] { 7, 9, 8 }.Take(rank)];

    private static long[] Filled(int rank, long value) => [.. Enumerable.Repeat(value, rank)];

    private static string Text(IEnumerable<long> values) => string.Join('·', values);

    private static IEnumerable<NodeCase> Convolutions()
    {
        foreach (int rank in new[] { 1, 2, 3 })
            foreach (long kernel in new long[] { 1, 2, 3 })
                foreach (long stride in new long[] { 1, 2 })
                    foreach (int group in new[] { 1, 2, 4 })
                        foreach ((string padding, long begin, long end) in new[] { ("none", 0L, 0L), ("even", kernel / 2, kernel / 2),
                            ("uneven", 0L, 1L) })
                            foreach (long dilation in kernel == 3 ? new long[] { 1, 2 } : [1])
                            {
                                bool hasBias = (rank + kernel + stride + group) % 2 == 0;
                                yield return new NodeCase(
                                    $"Conv {rank}D kernel {kernel} stride {stride} group {group}"
                                        + $" pads {padding} dilation {dilation}{(hasBias ? " bias" : "")}", 11,
                                    m => m.Input("x", Shape(4, rank)).Noise("w", [8, 4 / group, .. Filled(rank, kernel)]).Noise("b", 8)
                                        .Node(
                                        "Conv", hasBias ? "x,w,b" : "x,w", "y", ("strides", Filled(rank, stride)), ("group", group),
                                        ("dilations", Filled(rank, dilation)),
                                            ("pads", (long[])[.. Filled(rank, begin), .. Filled(rank, end)])));
                            }

        foreach (string pad in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" })
            foreach (long kernel in new long[] { 2, 3, 4 })
                foreach (long stride in new long[] { 1, 2, 3 })
                {
                    yield return new NodeCase($"Conv auto_pad {pad} kernel {kernel} stride {stride}", 7, m => m.Input("x", Shape(3, 2))
                        .Noise("w", 5, 3, kernel, kernel).Node("Conv", "x,w", "y", ("auto_pad", pad), ("strides", Filled(2, stride))));
                }

        foreach ((long height, long width) in new[] { (1L, 3L), (3L, 1L), (2L, 5L), (7L, 1L) })
        {
            yield return new NodeCase($"Conv kernel {height}×{width}", 13, m => m.Input("x", Shape(3, 2)).Noise("w", 5, 3, height, width)
                .Node("Conv", "x,w", "y", ("strides", (long[])[1, 2]), ("pads", (long[])[height / 2, 1, height / 2, 0])));
        }
    }

    private static IEnumerable<NodeCase> TransposedConvolutions()
    {
        foreach (int rank in new[] { 1, 2, 3 })
            foreach (long kernel in new long[] { 1, 2, 3 })
                foreach (long stride in new long[] { 1, 2 })
                    foreach (int group in new[] { 1, 2 })
                        foreach (long pad in kernel == 1 ? new long[] { 0 } : [0, 1])
                            foreach (long more in stride == 2 ? new long[] { 0, 1 } : [0])
                            {
                                yield return new NodeCase(
                                    $"ConvTranspose {rank}D kernel {kernel} stride {stride} group {group}"
                                        + $" pads {pad} output_padding {more}", 11,
                                    m => m.Input("x", [1, 4, .. new object[] { 4, 5, 3 }.Take(rank)])
                                        .Noise("w", [4, 6 / group, .. Filled(rank, kernel)]).Noise("b", 6)
                                        .Node("ConvTranspose", "x,w,b", "y", ("strides", Filled(rank, stride)), ("group", group),
                                            ("pads", Filled(2 * rank, pad)),
                                            ("output_padding", Filled(rank, more))));
                            }

        foreach (long height in new long[] { 7, 8, 9 })
        {
            yield return new NodeCase($"ConvTranspose output_shape {height}", 7, m => m.Input("x", 1, 4, 4, 5).Noise("w", 4, 3, 3, 3)
                .Node("ConvTranspose", "x,w", "y", ("strides", (long[])[2, 2]), ("output_shape", (long[])[height, 10])));
        }
    }

    private static IEnumerable<NodeCase> Pools()
    {
        foreach (string kind in new[] { "MaxPool", "AveragePool", "LpPool" })
            foreach (int rank in new[] { 1, 2, 3 })
                foreach (long kernel in new long[] { 2, 3 })
                    foreach (long stride in new long[] { 1, 2, 3 })
                        foreach ((string padding, long begin, long end) in new[] { ("none", 0L, 0L), ("even", 1L, 1L), ("uneven", 0L, 1L) })
                            foreach (bool ceil in kind == "LpPool" ? new[] { false } : [false, true])
                                foreach (bool counts in kind == "AveragePool" && begin + end > 0 ? new[] { false, true } : [false])
                                {
                                    yield return new NodeCase(
                                        $"{kind} {rank}D kernel {kernel} stride {stride} pads {padding}"
                                            + $"{(ceil ? " ceil" : "")}{(counts ? " counting pads" : "")}",
                                        kind == "LpPool" ? 11 : 12,
                                        m => m.Input("x", Shape(3, rank)).Node(kind, "x", "y",
                                            [
                                                ("kernel_shape", Filled(rank, kernel)), ("strides", Filled(rank, stride)),
                        ("pads", (long[])[.. Filled(rank, begin), .. Filled(rank, end)]),
                        .. ceil ? [("ceil_mode", 1)] : Array.Empty<(string, object)>(),
                        .. counts ? [("count_include_pad", 1)] : Array.Empty<(string, object)>(),
                                            ]));
                                }

        foreach (long dilation in new long[] { 2, 3 })
            foreach (long stride in new long[] { 1, 2 })
            {
                yield return new NodeCase($"MaxPool dilation {dilation} stride {stride}", 12, m => m.Input("x", Shape(3, 2))
                    .Node("MaxPool", "x", "y",
                    ("kernel_shape", (long[])[3, 2]), ("strides", Filled(2, stride)), ("dilations", Filled(2, dilation))));
            }

        foreach (string kind in new[] { "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" })
            foreach (int rank in new[] { 1, 2, 3 })
            {
                yield return new NodeCase($"{kind} {rank}D", 11, m => m.Input("x", Shape(3, rank)).Node(kind, "x", "y"));
            }
    }

    private static IEnumerable<NodeCase> Unary()
    {
        string[] kinds = ["Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "HardSwish", "Mish", "Exp", "Abs", "Neg", "Selu",
            "HardSigmoid",
            "LeakyRelu", "Elu", "Celu", "ThresholdedRelu", "Gelu", "Identity", "Erf", "Floor"];
        foreach (string kind in kinds)
            foreach (int rank in new[] { 0, 1, 2, 3 })
            {
                int opset = kind switch { "Gelu" => 20, "Mish" => 18, "HardSwish" => 14, "Celu" => 12, _ => 11 };
                yield return new NodeCase($"{kind} {rank}D", opset, m => m.Input("x", Shape(5, rank)).Node(kind, "x", "y"));
            }

        foreach (string kind in new[] { "Log", "Sqrt", "Reciprocal" })
            foreach (int rank in new[] { 0, 2 })
            {
                // Of numbers above 0.
                yield return new NodeCase($"{kind} {rank}D", 11, m => m.Input("x", Shape(5, rank)).Floats("two", [], 2)
                    .Node("Add", "x,two", "a").Node(kind, "a", "y"));
            }
    }

    private static IEnumerable<NodeCase> Parametric()
    {
        foreach (double alpha in new[] { 0.01, 0.1, 0.25, 1.5 })
        {
            foreach (string kind in new[] { "LeakyRelu", "Elu", "Celu", "ThresholdedRelu" })
            {
                yield return new NodeCase($"{kind} alpha {alpha}", 12, m => m.Input("x", Shape(5, 2))
                    .Node(kind, "x", "y", ("alpha", alpha)));
            }

            foreach (double beta in new[] { 0.5, 0.3 })
            {
                yield return new NodeCase($"HardSigmoid alpha {alpha} beta {beta}", 11,
                    m => m.Input("x", Shape(5, 2)).Node("HardSigmoid", "x", "y", ("alpha", alpha), ("beta", beta)));
            }

            yield return new NodeCase($"Shrink lambd {alpha}", 11, m => m.Input("x", Shape(5, 2))
                .Node("Shrink", "x", "y", ("lambd", alpha)));
            yield return new NodeCase($"Shrink soft {alpha}", 11,
                m => m.Input("x", Shape(5, 2)).Node("Shrink", "x", "y", ("lambd", alpha), ("bias", alpha)));
        }

        foreach ((float least, float most) in new[] { (0f, 6f), (-0.5f, 0.5f), (0f, 1f), (0f, 1e30f) })
        {
            yield return new NodeCase($"Clip {least} {most}", 11,
                m => m.Input("x", Shape(5, 2)).Floats("a", [], least).Floats("b", [], most).Node("Clip", "x,a,b", "y"));
            yield return new NodeCase($"Clip {least} {most}", 7, m => m.Input("x", Shape(5, 2))
                .Node("Clip", "x", "y", ("min", least), ("max", most)));
        }

        yield return new NodeCase("Gelu tanh", 20, m => m.Input("x", Shape(5, 2)).Node("Gelu", "x", "y", ("approximate", "tanh")));
        foreach (long[] slope in new long[][] { [1], [5, 1, 1], [1, 1, 1] })
        {
            yield return new NodeCase($"PRelu slope {Text(slope)}", 9, m => m.Input("x", Shape(5, 2)).Noise("s", slope)
                .Node("PRelu", "x,s", "y"));
        }
    }

    private static IEnumerable<NodeCase> Binary()
    {
        foreach (string kind in new[] { "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max" })
            foreach (int rank in new[] { 0, 1, 2 })
                foreach ((string form, long[] constant) in Constants(rank))
                    foreach (bool isLeft in new[] { false, true })
                        foreach (bool isBehindConv in rank == 2 ? new[] { false, true } : [false])
                        {
                            string place = (isLeft ? " on the left" : "") + (isBehindConv ? " behind a convolution" : "");
                            yield return new NodeCase($"{kind} {rank}D constant {form}{place}", 13, m =>
                            {
                                m.Input("x", Shape(4, rank)).Noise("n", constant).Floats("two", [], 2.5f).Node("Add", "n,two", "c");
                                string x = "x";
                                if (isBehindConv)
                                {
                                    m.Noise("w", 4, 4, 1, 1).Node("Conv", "x,w", "a");
                                    x = "a";
                                }

                                // A base or a divisor above 0.
                                if (kind == "Pow" ? !isLeft : kind == "Div" && isLeft)
                                {
                                    m.Floats("three", [], 3).Node("Add", $"{x},three", "positive");
                                    x = "positive";
                                }

                                m.Node(kind, isLeft ? $"c,{x}" : $"{x},c", "y");
                            });
                        }
    }

    private static IEnumerable<(string Form, long[] Shape)> Constants(int rank)
    {
        yield return ("of one number", []);
        yield return ("for each channel", [4, .. Filled(rank, 1)]);
        if (rank > 0)
        {
            yield return ("for each element", [4, .. new long[] { 7, 9 }.Take(rank)]);
            yield return ("for each column", [rank == 1 ? 7 : 9]);
        }
    }

    private static IEnumerable<NodeCase> Broadcasts()
    {
        object[][] shapes = [[1, 4, 7, 9], [1, 4, 1, 1], [1, 1, 7, 9], [1, 1, 1, 1], [1, 4, 7, 1], [1, 1, 1, 9]];
        foreach (string kind in new[] { "Add", "Sub", "Mul", "Div", "Min", "Max" })
            foreach (object[] left in shapes)
                foreach (object[] right in shapes)
                {
                    yield return new NodeCase(
                        $"{kind} {string.Join('×', left)} and {string.Join('×', right)}", 13,
                        m => m.Input("x", left).Input("z", right).Floats("three", [], 3).Node("Add", "z,three", "positive")
                            .Node(kind, "x,positive", "y"));
                }

        foreach (string kind in new[] { "Sum", "Max", "Min", "Mean" })
        {
            yield return new NodeCase($"{kind} of three", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a").Node("Tanh", "x", "b")
                .Node(kind, "x,a,b", "y"));
        }
    }

    private static IEnumerable<NodeCase> Reductions()
    {
        string[] kinds = ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare",
            "ReduceLogSumExp"];
        foreach (string kind in kinds)
            foreach (int rank in new[] { 1, 2, 3 })
                foreach (long[] axes in AxesOf(rank))
                    foreach (bool keeps in new[] { false, true })
                    {
                        int opset = kind == "ReduceSum" ? 13 : axes.Length % 2 == 0 && kind != "ReduceSum" ? 18 : 11;
                        yield return new NodeCase($"{kind} {rank}D over {Text(axes)}{(keeps ? ", kept" : "")}", opset, m =>
                        {
                            m.Input("x", Shape(4, rank));
                            _ = opset >= 13
                                ? m.List("axes", axes).Node(kind, "x,axes", "y", ("keepdims", keeps))
                                : m.Node(kind, "x", "y", ("axes", axes), ("keepdims", keeps));
                        });
                    }
    }

    private static IEnumerable<long[]> AxesOf(int rank) => rank switch
    {
        1 => [[1], [2], [1, 2], [-1]],
        2 => [[1], [2], [3], [2, 3], [1, 2], [1, 2, 3], [-1, -2]],
        _ => [[1], [2, 3, 4], [1, 2, 3, 4]],
    };

    private static IEnumerable<NodeCase> Softmaxes()
    {
        foreach (string kind in new[] { "Softmax", "LogSoftmax" })
            foreach (int opset in new[] { 11, 13 })
                foreach (int rank in new[] { 0, 1, 2 })
                    foreach (int axis in Enumerable.Range(1, rank + 1).Append(-1))
                    {
                        yield return new NodeCase($"{kind} {rank}D axis {axis}", opset, m => m.Input("x", Shape(5, rank))
                            .Node(kind, "x", "y", ("axis", axis)));
                    }
    }
}
