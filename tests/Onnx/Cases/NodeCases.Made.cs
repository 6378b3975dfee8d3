using System.Collections.Generic;
using System.Linq;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Operators that are no layer, and are made of several: of truth values, of integers, of any axes.</summary>
internal static partial class NodeCases
{
    public static IEnumerable<NodeCase> Made() =>
    [
        .. Truths(), .. Integers(), .. Sampled(), .. Repeated(), .. Selected(), .. Sums(), .. Smoothed(), .. Compound(), .. Written(),
    ];

    /// <summary>Inputs with many equal numbers.</summary>
    private static ModelBuilder Rounded(ModelBuilder m) => OneRounded(m).Input("z", 1, 4, 1, 9).Node("Mul", "z,three", "z3")
        .Node("Round", "z3", "b");

    private static ModelBuilder OneRounded(ModelBuilder m) => m.Input("x", Shape(4, 2)).Floats("three", [], 3).Node("Mul", "x,three", "x3")
        .Node("Round", "x3", "a");

    private static IEnumerable<NodeCase> Truths()
    {
        foreach (string kind in new[] { "GreaterOrEqual", "LessOrEqual" })
        {
            yield return new NodeCase($"{kind} of two", 16, m => Rounded(m).Node(kind, "a,b", "c").Node("Cast", "c", "y", ("to", 1)));
            yield return new NodeCase($"{kind} of a constant", 16, m => OneRounded(m).Floats("d", [4, 1, 1], -1, 0, 1, 2)
                .Node(kind, "a,d", "c").Node("Cast", "c", "y", ("to", 1)));
        }

        foreach (string kind in new[] { "And", "Or", "Xor" })
        {
            yield return new NodeCase($"{kind} of two", 16, m => Rounded(m).Node("Greater", "a,b", "g").Node("Equal", "a,b", "e")
                .Node(kind, "g,e", "c").Node("Cast", "c", "y", ("to", 1)));
            yield return new NodeCase($"{kind} of a constant", 16, m => Rounded(m).Node("Greater", "a,b", "g")
                .Integers("d", [4, 1, 1], 0, 1, 1, 0).Node("Cast", "d", "e", ("to", 9)).Node(kind, "g,e", "c")
                .Node("Cast", "c", "y", ("to", 1)));
        }

        yield return new NodeCase("Not of a comparison", 16, m => Rounded(m).Node("Less", "a,b", "g").Node("Not", "g", "c")
            .Node("Where", "c,x,z", "y"));
        yield return new NodeCase("Cast to truth values", 16, m => OneRounded(m).Node("Cast", "a", "c", ("to", 9))
            .Node("Cast", "c", "y", ("to", 1)));
        yield return new NodeCase("IsNaN of a root", 16, m => m.Input("x", Shape(4, 2)).Node("Sqrt", "x", "r").Node("IsNaN", "r", "n")
            .Node("Where", "n,x,r", "y"));
    }

    private static IEnumerable<NodeCase> Integers()
    {
        foreach (string kind in new[] { "ArgMax", "ArgMin" })
            foreach (int axis in new[] { 1, 2, -1 })
                foreach (int keep in new[] { 0, 1 })
                    yield return new NodeCase($"{kind} axis {axis} keepdims {keep}", 13, m => OneRounded(m)
                        .Node(kind, "a", "i", ("axis", axis), ("keepdims", keep)).Node("Cast", "i", "y", ("to", 1)));

        yield return new NodeCase("ArgMax of one channel, the last of equals", 13, m => m.Input("x", 1, 1, 4, 5)
            .Node("ArgMax", "x", "i", ("axis", 1), ("select_last_index", 1)).Node("Cast", "i", "c", ("to", 1)).Node("Add", "x,c", "y"));

        foreach (int to in new[] { 3, 6, 7 })
            yield return new NodeCase($"Cast to integers, type {to}", 16, m => m.Input("x", Shape(4, 2)).Floats("ten", [], 10)
                .Node("Mul", "x,ten", "a").Node("Cast", "a", "i", ("to", to)).Node("Cast", "i", "y", ("to", 1)));

        yield return new NodeCase("Equal of integers", 16, m => m.Input("x", Shape(4, 2)).Floats("ten", [], 3)
            .Node("Mul", "x,ten", "a").Node("Cast", "a", "i", ("to", 7)).Integers("c", [4, 1, 1], -1, 0, 1, 2).Node("Equal", "i,c", "e")
            .Node("Cast", "e", "y", ("to", 1)));
        yield return new NodeCase("Add of integers for each element", 16, m => m.Input("x", 1, 2, 3).Floats("ten", [], 10)
            .Node("Mul", "x,ten", "a").Node("Cast", "a", "i", ("to", 7)).Integers("c", [1, 2, 3], 1, -2, 3, 4, 5, -6)
            .Node("Add", "i,c", "s").Node("Cast", "s", "y", ("to", 1)));
    }

    private static IEnumerable<NodeCase> Sampled()
    {
        foreach (int largest in new[] { 0, 1 })
            foreach (int axis in new[] { 1, 2, -1 })
            {
                // ONNX says that of equal elements the first comes first.
                yield return new NodeCase($"TopK axis {axis} largest {largest}", 13, m => OneRounded(m).List("k", 3)
                    .Node("TopK", "a,k", "v,i", ("axis", axis), ("largest", largest)).Node("Cast", "i", "c", ("to", 1))
                    .Node("Sub", "v,c", "y"));
                yield return new NodeCase($"TopK values axis {axis} largest {largest}", 11, m => m.Input("x", Shape(4, 2)).List("k", 2)
                    .Node("TopK", "x,k", "v,i", ("axis", axis), ("largest", largest)).Node("Relu", "v", "y"));
                yield return new NodeCase($"TopK gathers axis {axis} largest {largest}", 13, m => m.Input("x", Shape(4, 2))
                    .List("k", 3).Node("TopK", "x,k", "v,i", ("axis", axis), ("largest", largest)).Node("Tanh", "x", "t")
                    .Node("GatherElements", "t,i", "y", ("axis", axis)));
            }

        foreach (int axis in new[] { 1, 2, -1 })
            yield return new NodeCase($"GatherElements of constant indices, axis {axis}", 13, m => m.Input("x", Shape(4, 2))
                .Integers("i", [1, 2, 3, 2], 0, 1, -1, 3, 2, -4, 0, 0, 1, 2, 3, 3).Node("GatherElements", "x,i", "y", ("axis", axis)));

        yield return new NodeCase("GatherElements of rows by single indices", 13, m => m.Input("x", 1, 9, 6).List("axes", 2)
            .Node("ReduceMax", "x", "s", ("axes", (long[])[2]), ("keepdims", 1)).List("k", 4).Node("TopK", "s,k", "v,i", ("axis", 1))
            .List("r", 1, 1, 6).Node("Tile", "i,r", "t").Node("GatherElements", "x,t", "y", ("axis", 1)));

        // As YOLOv10 ends: the best places, and of these the best pairs of a place and a class.
        yield return new NodeCase("An end without suppression", 13, m => m.Input("x", 1, 9, 20)
            .Node("Transpose", "x", "t", ("perm", (long[])[0, 2, 1])).List("parts", 4, 5)
            .Node("Split", "t,parts", "boxes,scores", ("axis", 2))
            .Node("ReduceMax", "scores", "best", ("axes", (long[])[2]), ("keepdims", 0)).List("k", 6)
            .Node("TopK", "best,k", "v1,i1", ("axis", 1)).List("two", 2).Node("Unsqueeze", "i1,two", "u1").List("four", 1, 1, 4)
            .List("five", 1, 1, 5).Node("Tile", "u1,four", "toBoxes").Node("GatherElements", "boxes,toBoxes", "b1", ("axis", 1))
            .Node("Tile", "u1,five", "toScores").Node("GatherElements", "scores,toScores", "s1", ("axis", 1))
            .List("flat", 1, 30).Node("Reshape", "s1,flat", "f1").Node("TopK", "f1,k", "v2,i2", ("axis", 1)).Integers("n", [], 5)
            .Node("Div", "i2,n", "place").Node("Mod", "i2,n", "class").Node("Unsqueeze", "place,two", "u2")
            .Node("Tile", "u2,four", "toBest").Node("GatherElements", "b1,toBest", "b2", ("axis", 1))
            .Node("Unsqueeze", "v2,two", "v3").Node("Cast", "class", "c1", ("to", 1)).Node("Unsqueeze", "c1,two", "c2")
            .Node("Concat", "b2,v3,c2", "y", ("axis", 2)));

        foreach (string mode in new[] { "bilinear", "nearest", "bicubic" })
            foreach (string padding in new[] { "zeros", "border", "reflection" })
                foreach (int align in new[] { 0, 1 })
                    yield return new NodeCase($"GridSample {mode} {padding} {align}", 16, m => m.Input("x", 1, 3, 6, 5)
                        .Noise("w", 2, 3, 1, 1).Noise("b", 2).Node("Conv", "x,w,b", "g")
                        .Node("Transpose", "g", "t", ("perm", (long[])[0, 2, 3, 1]))
                        .Node("GridSample", "x,t", "y", ("mode", mode), ("padding_mode", padding), ("align_corners", align)));

        yield return new NodeCase("GridSample of a constant grid", 16, m => m.Input("x", 1, 3, 6, 5).Noise("g", 1, 4, 3, 2)
            .Node("GridSample", "x,g", "y"));
        foreach (string mode in new[] { "linear", "nearest" })
            yield return new NodeCase($"GridSample of a volume {mode}", 20, m => m.Input("x", 1, 3, 4, 6, 5)
                .Node("Transpose", "x", "t", ("perm", (long[])[0, 2, 3, 4, 1]))
                .Node("GridSample", "x,t", "y", ("mode", mode), ("padding_mode", "border")));
    }

    private static IEnumerable<NodeCase> Repeated()
    {
        foreach (long[] shape in new long[][] { [1, 4, 7, 9], [1, 4, 1, 9], [1, 3, 4, 7, 9] })
            yield return new NodeCase($"Expand of channels to {Text(shape)}", 13, m => m
                .Input("x", [1, 1, .. shape.TakeLast(2).Select(one => (object)one)]).List("s", shape).Node("Expand", "x,s", "e")
                .Node("Relu", "e", "y"));

        foreach (long[] repeats in new long[][] { [1, 2, 1, 1], [1, 1, 3, 1], [1, 1, 2, 2], [1, 2, 1, 3] })
            yield return new NodeCase($"Tile of maps {Text(repeats)}", 13, m => m.Input("x", Shape(3, 2)).List("r", repeats)
                .Node("Tile", "x,r", "y"));

        yield return new NodeCase("Tile of rows and single channels", 13, m => m.Input("x", 1, 1, 4, 5).List("r", 1, 3, 2, 1)
            .Node("Tile", "x,r", "y"));
    }

    private static IEnumerable<NodeCase> Selected()
    {
        foreach (int upper in new[] { 0, 1 })
            foreach (long diagonal in new long[] { 0, 2, -1 })
                yield return new NodeCase($"Trilu upper {upper} from {diagonal}", 14, m => m.Input("x", Shape(4, 2))
                    .Integers("k", [], diagonal).Node("Trilu", "x,k", "y", ("upper", upper)));

        yield return new NodeCase("Where of a constant condition", 16, m => m.Input("x", Shape(4, 2))
            .Integers("d", [7, 1], 0, 1, 1, 0, 1, 0, 0).Node("Cast", "d", "c", ("to", 9)).Node("Relu", "x", "r")
            .Node("Where", "c,x,r", "y"));
        foreach (long[] slope in new long[][] { [5, 7, 9], [7, 9], [5, 1, 9] })
            yield return new NodeCase($"PRelu slope for each element {Text(slope)}", 16, m => m.Input("x", Shape(5, 2)).Noise("s", slope)
                .Node("PRelu", "x,s", "y"));

        yield return new NodeCase("PRelu slope that is a tensor", 16, m => m.Input("x", Shape(5, 2)).Node("Tanh", "x", "s")
            .Node("PRelu", "x,s", "y"));
        foreach (long more in new long[] { 1, 2 })
            yield return new NodeCase($"ConvTranspose output_shape {more} behind the windows", 11, m => m.Input("x", 1, 3, 4, 5)
                .Noise("w", 3, 2, 3, 3).Noise("b", 2).Node("ConvTranspose", "x,w,b", "y", ("strides", (long[])[3, 3]),
                    ("output_shape", (long[])[12 + more, 15 + more])));
    }

    private static IEnumerable<NodeCase> Smoothed()
    {
        foreach (string mode in new[] { "linear", "cubic" })
            foreach (long[] sizes in new long[][] { [1, 3, 3, 4], [1, 3, 5, 9], [1, 3, 4, 13] })
                foreach (int excludes in mode == "cubic" ? new[] { 0, 1 } : [0])
                    yield return new NodeCase($"Resize antialias {mode} to {Text(sizes)} exclude_outside {excludes}", 18, m => m
                        .Input("x", Shape(3, 2)).List("z", sizes).Node("Resize", "x,,,z", "y", ("mode", mode), ("antialias", 1),
                            ("exclude_outside", excludes), ("cubic_coeff_a", -0.5)));

        foreach (long[] sizes in new long[][] { [1, 3, 3, 4], [1, 3, 10, 20] })
            yield return new NodeCase($"Resize cubic to {Text(sizes)} exclude_outside", 13, m => m.Input("x", Shape(3, 2))
                .List("z", sizes).Node("Resize", "x,,,z", "y", ("mode", "cubic"), ("exclude_outside", 1)));

        yield return new NodeCase("Resize tf_half_pixel_for_nn", 11, m => m.Input("x", Shape(3, 2)).Floats("r", [0]).Floats("s", [0])
            .List("z", 1, 3, 5, 12).Node("Resize", "x,r,s,z", "y", ("coordinate_transformation_mode", "tf_half_pixel_for_nn")));
    }

    private static IEnumerable<NodeCase> Sums()
    {
        (string Equation, object[] Left, long[] Right)[] constants =
        [
            ("bi,ij->bj", [1, 6], [6, 5]), ("bci,ij->bcj", [1, 4, 6], [6, 5]), ("bchw,ck->bkhw", [1, 4, 7, 9], [4, 5]),
            ("bhwc,hkc->bhwk", [1, 4, 7, 6], [4, 5, 6]), ("bchw,chw->bc", [1, 4, 3, 5], [4, 3, 5]), ("bci,c->bci", [1, 4, 6], [4]),
        ];
        foreach ((string equation, object[] left, long[] right) in constants)
            yield return new NodeCase($"Einsum {equation} with a constant", 13, m => m.Input("x", left).Noise("w", right)
                .Node("Einsum", "x,w", "y", ("equation", equation)));

        (string Equation, object[] Left, object[] Right)[] tensors =
        [
            ("bij,bjk->bik", [1, 4, 6], [1, 6, 5]), ("bchw,bkc->bkhw", [1, 4, 3, 5], [1, 7, 4]),
            ("bhid,bhjd->bhij", [1, 2, 4, 6], [1, 2, 5, 6]), ("bci,bci->bc", [1, 4, 6], [1, 4, 6]),
            ("bi,bj->bij", [1, 4], [1, 6]), ("bij,bij", [1, 4, 6], [1, 4, 6]),
        ];
        foreach ((string equation, object[] left, object[] right) in tensors)
            yield return new NodeCase($"Einsum {equation} of two", 13, m => m.Input("x", left).Input("z", right)
                .Node("Einsum", "x,z", "y", ("equation", equation)));

        foreach (string equation in new[] { "bij->bji", "bij->bi", "bij->b", "b i j -> b j i" })
            yield return new NodeCase($"Einsum {equation}", 13, m => m.Input("x", 1, 4, 6)
                .Node("Einsum", "x", "y", ("equation", equation)));

        foreach (long[] constant in new long[][] { [6], [4, 6, 5], [1, 4, 6, 5] })
            yield return new NodeCase($"MatMul with a constant {Text(constant)}", 13, m => m.Input("x", 1, 4, 3, 6).Noise("w", constant)
                .Node("MatMul", "x,w", "y"));

        yield return new NodeCase("MatMul of a constant vector", 13, m => m.Input("x", 1, 4, 6, 3).Noise("w", 6)
            .Node("MatMul", "w,x", "y"));
        yield return new NodeCase("MatMul of constant matrices", 13, m => m.Input("x", 1, 4, 6, 3).Noise("w", 4, 5, 6)
            .Node("MatMul", "w,x", "y"));
    }
}
