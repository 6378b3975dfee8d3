using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Places of elements: backwards, several of them, behind the end; and shapes that repeat each other.</summary>
internal static partial class NodeCases
{
    private static IEnumerable<NodeCase> Places() => [.. Selections(), .. Joins(), .. PadsOfAxes(), .. Several(), .. Repeats(), .. Edges()];

    private static IEnumerable<NodeCase> Selections()
    {
        foreach ((int axis, int extent) in new[] { (1, 6), (2, 7), (3, 9) })
        {
            foreach (long step in new long[] { -1, -2, 3 })
            {
                (long from, long to) = step < 0 ? (-1L, -100L) : (1L, 100L);
                yield return new NodeCase($"Slice axis {axis} of {extent} from {from} step {step}", 13, m => m.Input("x", Shape(6, 2))
                    .List("s", from).List("e", to).List("a", axis).List("t", step).Node("Slice", "x,s,e,a,t", "y"));
            }

            foreach (long[] indices in new long[][] { [0], [4, 2, 0], [-1, -2], [3, 3], [1, 2, 3], [5, 0, 1, -1] })
            {
                yield return new NodeCase($"Gather axis {axis} {Text(indices)}", 13, m => m.Input("x", Shape(6, 2)).List("i", indices)
                    .Node("Gather", "x,i", "y", ("axis", axis)));
            }

            yield return new NodeCase($"Gather axis {axis} one", 13, m => m.Input("x", Shape(6, 2)).Integers("i", [], -2)
                .Node("Gather", "x,i", "y", ("axis", axis)));
        }

        yield return new NodeCase("Slice two axes backwards", 13, m => m.Input("x", Shape(4, 2)).List("s", -1, -1).List("e", -100, -100)
            .List("a", 2, 3).List("t", -1, -1).Node("Slice", "x,s,e,a,t", "y"));
        yield return new NodeCase("Slice a channel backwards and rows", 13, m => m.Input("x", Shape(4, 2)).List("s", -1, 1)
            .List("e", -100, 5).List("a", 1, 2).List("t", -1, 2).Node("Slice", "x,s,e,a,t", "y"));
        foreach (int count in new[] { 2, 3, 4 })
        {
            yield return new NodeCase($"Split num_outputs {count}", 18, m => m.Input("x", 1, 7, 4, 5)
                .Node("Split", "x", string.Join(',', Enumerable.Range(0, count).Select(i => $"p{i}")), ("axis", 1), ("num_outputs", count))
                .Node("Relu", $"p{count - 1}", "y"));
        }
    }

    private static IEnumerable<NodeCase> Joins()
    {
        object[][] shapes = [[1, 4, 7], [1, 1, 7], [1, 4, 1], [1, 1, 1]];
        foreach (string kind in new[] { "Add", "Sub", "Mul", "Max" })
            foreach (object[] left in shapes)
                foreach (object[] right in shapes)
                {
                    yield return new NodeCase($"{kind} {string.Join('×', left)} and {string.Join('×', right)}", 13,
                        m => m.Input("x", left).Input("z", right).Node(kind, "x,z", "y"));
                }

        foreach (int count in new[] { 1, 2, 4 })
            foreach (string kind in new[] { "Sum", "Max", "Min", "Mean" })
            {
                yield return new NodeCase($"{kind} of {count}", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
                    .Node("Tanh", "x", "b").Node("Abs", "x", "c")
                    .Node(kind, string.Join(',', new[] { "x", "a", "b", "c" }.Take(count)), "y"));
            }

        foreach (long[] slope in new long[][] { [], [9], [5, 7, 9], [5, 7, 1], [1, 5, 1, 1] })
        {
            yield return new NodeCase($"PRelu slope {Text(slope)}", 16, m => m.Input("x", Shape(5, 2)).Noise("s", slope)
                .Node("PRelu", "x,s", "y"));
        }
    }

    private static IEnumerable<NodeCase> PadsOfAxes()
    {
        foreach (string mode in new[] { "constant", "reflect", "edge", "wrap" })
            foreach (int opset in new[] { 18, 19, 21, 23 }.Where(opset => mode != "wrap" || opset >= 19))
            {
                yield return new NodeCase($"Pad {mode} axes", opset, m => m.Input("x", Shape(3, 2)).List("p", 1, 2, 0, 1).List("a", 2, -1)
                    .Node("Pad", "x,p,,a", "y", ("mode", mode)));
            }

        yield return new NodeCase("Pad takes away on both sides", 13, m => m.Input("x", Shape(3, 2)).List("p", 0, 0, -1, -2, 0, 0, -1, 0)
            .Node("Pad", "x,p", "y"));
        yield return new NodeCase("Pad takes away on one side", 13, m => m.Input("x", Shape(3, 2)).List("p", 0, 0, -1, 2, 0, 0, 1, 0)
            .Node("Pad", "x,p", "y"));
    }

    /// <summary>Several nodes that exporters write for one thing.</summary>
    private static IEnumerable<NodeCase> Several()
    {
        foreach (int opset in new[] { 9, 11, 13, 17, 21 })
        {
            yield return new NodeCase("Flatten by Shape", opset, m => m.Input("x", Shape(4, 2)).Integers("zero", [], 0)
                .List("rest", -1).Node("Shape", "x", "s").Node("Gather", "s,zero", "n").List("at", 0)
                .Node("Unsqueeze", opset < 13 ? "n" : "n,at", "u",
                    opset < 13 ? [("axes", (long[])[0])] : [])
                .Node("Concat", "u,rest", "t", ("axis", 0)).Node("Reshape", "x,t", "y"));
        }

        foreach (string dtype in new[] { "1", "11" })
        {
            yield return new NodeCase($"Cast to {dtype} and back", 13, m => m.Input("x", Shape(4, 2))
                .Node("Cast", "x", "a", ("to", int.Parse(dtype, System.Globalization.CultureInfo.InvariantCulture)))
                .Node("Cast", "a", "b", ("to", 1)).Node("Relu", "b", "y"));
        }

        foreach ((string kind, string constants) in new[] { ("Conv", "w,b"), ("ConvTranspose", "v,b") })
            foreach (string behind in new[] { "Relu", "Sigmoid", "HardSwish", "Clip", "Softmax" })
            {
                yield return new NodeCase($"{kind} and {behind}", 14, m => m.Input("x", Shape(4, 2)).Noise("w", 6, 4, 3, 3)
                    .Noise("v", 4, 6, 3, 3).Noise("b", 6).Node(kind, $"x,{constants}", "a").Node(behind, "a", "y"));
            }

        foreach (long[] order in new long[][] { [0, 2, 1], [0, 1, 2] })
            foreach (int axis in new[] { 1, 2 })
            {
                yield return new NodeCase($"Softmax behind Transpose {Text(order)} axis {axis}", 13, m => m.Input("x", 1, 5, 7)
                    .Node("Transpose", "x", "a", ("perm", order)).Node("Softmax", "a", "y", ("axis", axis)));
            }
    }

    private static IEnumerable<NodeCase> Repeats()
    {
        foreach (long[] times in new long[][] { [1, 1, 3, 2], [1, 1, 1, 4], [1, 2, 1, 1], [1, 1, 1, 1] })
        {
            yield return new NodeCase($"Tile {Text(times)} of single pixels", 13, m => m.Input("x", 1, 4, 1, 1).List("t", times)
                .Node("Tile", "x,t", "y"));
            yield return new NodeCase($"Tile {Text(times)}", 13, m => m.Input("x", 1, 4, 2, 3).List("t", times).Node("Tile", "x,t", "y"));
        }

        foreach (long[] to in new long[][] { [1, 4, 5, 6], [1, 4, 5, 1], [4, 5, 6] })
        {
            yield return new NodeCase($"Expand columns to {Text(to)}", 13, m => m.Input("x", 1, 4, 5, 1).List("s", to)
                .Node("Expand", "x,s", "y"));
        }
    }

    /// <summary>Limits, bases and exponents of each channel, and networks that do nothing.</summary>
    private static IEnumerable<NodeCase> Edges()
    {
        foreach (string kind in new[] { "Max", "Min" })
            foreach (float scale in new[] { 0.5f, 100 })
            {
                yield return new NodeCase($"{kind} of a channel's limit up to {scale}", 13, m => m.Input("x", Shape(4, 2))
                    .Floats("c", [4, 1, 1], 0, -scale, scale, 0.25f * scale).Node(kind, "x,c", "y"));
            }

        foreach (float exponent in new[] { 0.5f, 1, 2, 3, -1, 0 })
        {
            yield return new NodeCase($"Pow {exponent}", 13, m => m.Input("x", Shape(4, 2)).Floats("two", [], 2).Floats("e", [], exponent)
                .Node("Add", "x,two", "a").Node("Pow", "a,e", "y"));
        }

        foreach (float factor in new[] { 1f, -1, 0 })
        {
            yield return new NodeCase($"Mul by {factor}", 13, m => m.Input("x", Shape(4, 2)).Floats("f", [], factor)
                .Node("Mul", "x,f", "y"));
        }

        yield return new NodeCase("Identity beside Relu", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "a")
            .Node("Identity", "x", "y").Output("a"));
        yield return new NodeCase("Identity twice", 13, m => m.Input("x", Shape(4, 2)).Node("Relu", "x", "y").Node("Identity", "y", "b")
            .Output("b"));
        yield return new NodeCase("Selu alpha and gamma", 13, m => m.Input("x", Shape(4, 2))
            .Node("Selu", "x", "y", ("alpha", 1.5), ("gamma", 0.8)));
    }
}
