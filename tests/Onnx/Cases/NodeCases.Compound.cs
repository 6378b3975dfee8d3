using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Operators that are several others.</summary>
internal static partial class NodeCases
{
    private static IEnumerable<NodeCase> Compound() => [.. Attentions(), .. Microsoft(), .. OfPlaces(), .. Statistics()];

    private static IEnumerable<NodeCase> Attentions()
    {
        foreach (int causal in new[] { 0, 1 })
        {
            yield return new NodeCase($"Attention of heads, is_causal {causal}", 23, m => m.Input("q", 1, 2, 4, 3).Input("k", 1, 2, 5, 3)
                .Input("v", 1, 2, 5, 6).Node("Attention", "q,k,v", "y", ("is_causal", causal)));
            yield return new NodeCase($"Attention of tokens, is_causal {causal}", 23, m => m.Input("x", 1, 5, 6).Node("Tanh", "x", "k")
                .Noise("w", 6, 4).Node("MatMul", "x,w", "v")
                .Node("Attention", "x,k,v", "y", ("is_causal", causal), ("q_num_heads", 2), ("kv_num_heads", 2), ("scale", 0.25)));
        }

        foreach (object[] mask in new object[][] { [4, 5], [1, 1, 4, 5], [1, 2, 4, 5] })
            yield return new NodeCase($"Attention with a mask of {string.Join('×', mask)}", 23, m => m.Input("q", 1, 2, 4, 3)
                .Input("k", 1, 2, 5, 3).Noise("n", [.. mask.Select(extent => (long)(int)extent)])
                .Node("Attention", "q,k,k,n", "y", ("scale", 0.5)));

        yield return new NodeCase("Attention with a mask that is an input", 23, m => m.Input("q", 1, 2, 4, 3).Input("k", 1, 2, 5, 3)
            .Input("n", 1, 2, 4, 5).Node("Attention", "q,k,k,n", "y"));
        yield return new NodeCase("Attention with a mask of truth values", 23, m => m.Input("q", 1, 2, 4, 3).Input("n", 1, 2, 4, 4)
            .Floats("low", [], -0.9f).Node("Greater", "n,low", "g").Node("Attention", "q,q,q,g", "y"));
    }

    private static IEnumerable<NodeCase> Microsoft()
    {
        static ModelBuilder Own(ModelBuilder m)
        {
            m.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
            return m;
        }

        foreach (int transposed in new[] { 0, 1 })
        {
            yield return new NodeCase($"FusedMatMul of two, transA {transposed}", 17, m => Own(m).Input("a", 1, 3, 4, 4)
                .Input("b", 1, 3, 4, 4).Node("com.microsoft:FusedMatMul", "a,b", "y", ("transA", transposed), ("transB", 1 - transposed),
                    ("alpha", 0.5)));
            yield return new NodeCase($"FusedMatMul with a constant, transB {transposed}", 17, m => Own(m).Input("a", 1, 5, 4)
                .Noise("w", 4, 4).Node("com.microsoft:FusedMatMul", "a,w", "y", ("transB", transposed)));
        }

        foreach (string inputs in new[] { "x,z,g", "x,z,g,b", "x,z,g,b,c" })
            yield return new NodeCase($"SkipLayerNormalization of {inputs}", 17, m => Own(m).Input("x", 1, 5, 6).Input("z", 1, 5, 6)
                .Noise("g", 6).Noise("b", 6).Noise("c", 6)
                .Node("com.microsoft:SkipLayerNormalization", inputs, "n,,,s", ("epsilon", 1e-5)).Node("Mul", "n,s", "y"));
    }

    private static IEnumerable<NodeCase> OfPlaces()
    {
        foreach (int axis in new[] { 1, 2, -1 })
        {
            yield return new NodeCase($"Hardmax axis {axis} opset 13", 13, m => OneRounded(m).Node("Hardmax", "a", "y", ("axis", axis)));
            yield return new NodeCase($"Hardmax axis {axis} opset 11", 11, m => OneRounded(m).Node("Hardmax", "a", "y", ("axis", axis)));
            foreach (string kind in new[] { "ArgMax", "ArgMin" })
                foreach (int keep in new[] { 0, 1 })
                    yield return new NodeCase($"{kind} of the last of equals, axis {axis} keepdims {keep}", 13, m => OneRounded(m)
                        .Node(kind, "a", "i", ("axis", axis), ("keepdims", keep), ("select_last_index", 1))
                        .Node("Cast", "i", "y", ("to", 1)));

            foreach (int reverse in new[] { 0, 1 })
                foreach (int exclusive in new[] { 0, 1 })
                    yield return new NodeCase($"CumSum axis {axis} reverse {reverse} exclusive {exclusive}", 14, m => m
                        .Input("x", Shape(4, 2)).Integers("k", [], axis)
                        .Node("CumSum", "x,k", "y", ("reverse", reverse), ("exclusive", exclusive)));

            yield return new NodeCase($"OneHot axis {axis}", 13, m => m.Input("x", 1, 3, 4).Floats("two", [], 3).Node("Mul", "x,two", "a")
                .Node("Cast", "a", "i", ("to", 7)).Integers("d", [], 5).Floats("v", [2], 0.25f, -2)
                .Node("OneHot", "i,d,v", "y", ("axis", axis)));
            yield return new NodeCase($"ReduceProd axis {axis}", 13, m => m.Input("x", Shape(4, 2))
                .Node("ReduceProd", "x", "y", ("axes", (long[])[axis])));
        }

        yield return new NodeCase("ReduceProd of pixels", 13, m => m.Input("x", 1, 3, 2, 4)
            .Node("ReduceProd", "x", "y", ("axes", (long[])[2, 3]), ("keepdims", 0)));
        foreach ((int above, int below) in new[] { (1, 1), (1, 0), (0, 1) })
            yield return new NodeCase($"IsInf above {above} below {below}", 20, m => m.Input("x", Shape(4, 2)).Floats("most", [], 3e38f)
                .Floats("ten", [], 10).Node("Mul", "x,most", "a").Node("Mul", "a,ten", "b")
                .Node("IsInf", "b", "i", ("detect_positive", above), ("detect_negative", below)).Node("Cast", "i", "y", ("to", 1)));
    }

    private static IEnumerable<NodeCase> Statistics()
    {
        foreach (long[] pads in new long[][] { [0, 0, 0, 0], [1, 0, 1, 1] })
            yield return new NodeCase($"LpPool p 1 pads {Text(pads)}", 18, m => m.Input("x", Shape(3, 2)).Node("LpPool", "x", "y", ("p", 1),
                ("kernel_shape", (long[])[3, 2]), ("strides", (long[])[2, 1]), ("pads", pads)));

        yield return new NodeCase("Pad by minus infinity", 13, m => m.Input("x", Shape(3, 2)).List("p", 0, 0, 1, 0, 0, 0, 1, 2)
            .Floats("v", [], float.NegativeInfinity).Node("Pad", "x,p,v", "q")
            .Node("MaxPool", "q", "y", ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[2, 2])));
        foreach (int axis in new[] { 1, 2, -1 })
            yield return new NodeCase($"LayerNormalization axis {axis} with its statistics", 17, m => m.Input("x", 1, 4, 5, 6)
                .Noise("s", [.. new long[] { 4, 5, 6 }.Skip((axis < 0 ? 3 : axis) - 1)])
                .Node("LayerNormalization", "x,s", "n,m,d", ("axis", axis)).Node("Add", "n,m", "p").Node("Mul", "p,d", "y"));
    }
}
