using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

#pragma warning disable IDE0011 // Loops over the values of attributes: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>What is written out: loops, sequences of tensors, steps of a state, places that are constant.</summary>
internal static partial class NodeCases
{
    private static IEnumerable<NodeCase> Written() =>
        [.. Loops(), .. Sequences(), .. ConstantPlaces(), .. Quotients(), .. Steps(), .. Parts()];

    /// <summary>A graph in a node.</summary>
    /// <param name="inputs">Names with commas between them; <c>trip</c> and <c>on</c> have the types that loops want.</param>
    /// <param name="outputs">Names with commas between them.</param>
    /// <param name="build">Adds the nodes.</param>
    public static GraphProto Body(string inputs, string outputs, Action<ModelBuilder> build)
    {
        var body = new ModelBuilder();
        build(body);
        body.Graph.Input.AddRange(inputs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)TypeOf(name),
                    Shape = TypeOf(name) == DataType.Float ? null : new TensorShapeProto(),
                },
            },
        }));
        body.Graph.Output.AddRange(outputs.Split(',').Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TypeOf(name) } },
        }));
        return body.Graph;
    }

    private static DataType TypeOf(string name) => name.StartsWith("trip", StringComparison.Ordinal) ? DataType.Int64
        : name.StartsWith("on", StringComparison.Ordinal) || name.StartsWith("goes", StringComparison.Ordinal) ? DataType.Bool
        : DataType.Float;

    private static IEnumerable<NodeCase> Loops()
    {
        foreach (int trips in new[] { 1, 3, 7 })
            yield return new NodeCase($"Loop of {trips} trips", 16, m => m.Input("x", 1, 4, 5).Integers("m", [], trips).Noise("k", 4, 1)
                .Node("Loop", "m,,x", "y", ("body", Body("trip,on,s", "goes,t", b => b.Node("Identity", "on", "goes")
                    .Node("Cast", "trip", "f", ("to", 1)).Node("Mul", "s,k", "p").Node("Add", "p,f", "t")))));

        yield return new NodeCase("Loop that gathers", 16, m => m.Input("x", 1, 3, 4).Integers("m", [], 4).Floats("h", [], 0.5f)
            .Node("Loop", "m,,x", "z,w", ("body", Body("trip,on,s", "goes,t,u", b => b.Node("Identity", "on", "goes")
                .Node("Mul", "s,h", "t").Node("Exp", "t", "u"))))
            .Node("Transpose", "w", "v", ("perm", new[] { 1, 0, 2, 3 })).Node("ReduceSum", "v,one", "y", ("keepdims", 0))
            .Integers("one", [1], 1));
        yield return new NodeCase("Loop until a count", 16, m => m.Input("x", 1, 3).Integers("m", [], long.MaxValue).Integers("five", [], 5)
            .Node("Loop", "m,,x", "y", ("body", Body("trip,on,s", "goes,t", b => b.Node("Less", "trip,five", "goes")
                .Node("Tanh", "s", "t")))));
        yield return new NodeCase("Loop in a loop", 16, m => m.Input("x", 1, 6).Integers("m", [], 3).Floats("c", [], 1.25f)
            .Node("Loop", "m,,x", "y", ("body", Body("trip,on,s", "goes,t", b => b.Node("Identity", "on", "goes")
                .Node("Loop", "trip,,s", "t", ("body", Body("trip2,on2,a", "goes2,b", c => c.Node("Identity", "on2", "goes2")
                    .Node("Mul", "a,c", "b"))))))));
        yield return new NodeCase("Loop of no trip", 16, m => m.Input("x", 1, 3).Integers("m", [], 0).Node("Relu", "x", "r")
            .Node("Loop", "m,,r", "y", ("body", Body("trip,on,s", "goes,t", b => b.Node("Identity", "on", "goes").Node("Exp", "s", "t")))));
        yield return new NodeCase("If with a state of the loop", 16, m => m.Input("x", 1, 5).Integers("m", [], 4).Integers("two", [], 2)
            .Node("Loop", "m,,x", "y", ("body", Body("trip,on,s", "goes,t", b => b.Node("Identity", "on", "goes")
                .Node("Less", "trip,two", "early").Node("If", "early", "t",
                    ("then_branch", Body("", "p", c => c.Node("Exp", "s", "p"))),
                    ("else_branch", Body("", "q", c => c.Node("Sigmoid", "s", "q"))))))));

        foreach (int turned in new[] { 0, 1 })
            foreach (int axis in new[] { 1, 2 })
                yield return new NodeCase($"Scan axis {axis} turned {turned}", 16, m => m.Input("x", 1, 4, 4).Noise("z", 1, 4)
                    .Node("Scan", "z,x", "e,y", ("num_scan_inputs", 1), ("scan_input_axes", new long[] { axis }),
                        ("scan_output_axes", new long[] { axis }), ("scan_input_directions", new long[] { turned }),
                        ("scan_output_directions", new long[] { turned }), ("body", Body("s,v", "t,u", b => b.Node("Add", "s,v", "t")
                            .Node("Tanh", "t", "u")))));
    }

    private static IEnumerable<NodeCase> Sequences()
    {
        yield return new NodeCase("SplitToSequence of one each", 16, m => m.Input("x", 1, 3, 4).Integers("i", [], 1).Node(
            "SplitToSequence", "x", "s", ("axis", 1), ("keepdims", 0)).Node("SequenceAt", "s,i", "a").Node("Relu", "a", "y"));
        yield return new NodeCase("SplitToSequence in pairs", 16, m => m.Input("x", 1, 5, 4).Integers("two", [], 2).Integers("i", [], -1)
            .Node("SplitToSequence", "x,two", "s", ("axis", 1)).Node("SequenceAt", "s,i", "y"));
        yield return new NodeCase("SplitToSequence in parts", 16, m => m.Input("x", 1, 5, 4).List("sizes", 1, 3, 1).Integers("i", [], 1)
            .Node("SplitToSequence", "x,sizes", "s", ("axis", 1)).Node("SequenceAt", "s,i", "a").Node("SequenceErase", "s,i", "t")
            .Node("ConcatFromSequence", "t", "c", ("axis", 1)).Node("Concat", "a,c", "y", ("axis", 1)));
        foreach (int isNew in new[] { 0, 1 })
            yield return new NodeCase($"ConcatFromSequence new_axis {isNew}", 16, m => m.Input("x", 1, 3, 4).Input("z", 1, 3, 4)
                .Node("SequenceConstruct", "x,z,x", "s").Node("ConcatFromSequence", "s", "y", ("axis", 1), ("new_axis", isNew)));
        yield return new NodeCase("SequenceInsert in a loop", 16, m => m.Input("x", 1, 2, 3).Integers("m", [], 3)
            .Node("SequenceEmpty", "", "e").Integers("zero", [], 0).Node("Exp", "x", "e0").Node("SequenceInsert", "e,x", "e1")
            .Node("SequenceInsert", "e1,e0,zero", "e2").Node("SequenceLength", "e2", "n").Node("Cast", "n", "f", ("to", 1))
            .Node("ConcatFromSequence", "e2", "c", ("axis", -1)).Node("Mul", "c,f", "y"));
    }

    private static IEnumerable<NodeCase> ConstantPlaces()
    {
        yield return new NodeCase("GatherND of channels", 16, m => m.Input("x", 1, 4, 5).Integers("i", [1, 2, 1], 3, 1)
            .Node("GatherND", "x,i", "y", ("batch_dims", 1)));
        yield return new NodeCase("GatherND of points", 16, m => m.Input("x", 1, 4, 5).Integers("i", [1, 3, 2], 3, 1, 0, 0, -1, 2)
            .Node("GatherND", "x,i", "y", ("batch_dims", 1)));
        yield return new NodeCase("GatherND without a batch", 16, m => m.Input("x", 1, 4, 5).Integers("i", [2, 1, 2], 0, 1, 0, 3)
            .Node("GatherND", "x,i", "g").Node("Relu", "g", "y"));
        yield return new NodeCase("GatherElements in rows", 16, m => m.Input("x", 1, 3, 4).Integers("i", [1, 3, 2], 0, 3, 1, 1, -1, 2)
            .Node("GatherElements", "x,i", "y", ("axis", 2)));
        yield return new NodeCase("GatherElements in columns", 16, m => m.Input("x", 1, 3, 4)
            .Integers("i", [1, 2, 4], 0, 1, 2, 0, 2, 2, 1, 1)
            .Node("GatherElements", "x,i", "y", ("axis", 1)));
        yield return new NodeCase("GatherElements alike for all", 16, m => m.Input("x", 1, 3, 2, 2).Integers("i", [1, 2, 1, 2], 2, 2, 0, 0)
            .Node("GatherElements", "x,i", "y", ("axis", 1)));

        foreach (string reduction in new[] { "none", "add", "mul" })
        {
            yield return new NodeCase($"ScatterND of a block {reduction}", 16, m => m.Input("x", 1, 4, 5).Input("z", 1, 2, 5)
                .Integers("i", [1, 2, 2], 0, 1, 0, 2).Node("ScatterND", "x,i,z", "y", ("reduction", reduction)));
            yield return new NodeCase($"ScatterElements of a block {reduction}", 16, m => m.Input("x", 1, 4, 5).Input("z", 1, 2, 3)
                .Integers("i", [1, 2, 3], 1, 1, 1, 2, 2, 2).Node("ScatterElements", "x,i,z", "y", ("axis", 1), ("reduction", reduction)));
        }

        yield return new NodeCase("ScatterND of points in a block", 16, m => m.Input("x", 1, 3, 4).Input("z", 1, 2, 2)
            .Integers("i", [1, 2, 2, 3], 0, 1, 1, 0, 1, 2, 0, 2, 1, 0, 2, 2).Node("ScatterND", "x,i,z", "y"));
        yield return new NodeCase("ScatterND of the input into zeros", 16, m => m.Input("z", 1, 2, 3).Floats("x", [1, 4, 3], new float[12])
            .Integers("i", [1, 2, 2], 0, 2, 0, 3).Node("ScatterND", "x,i,z", "y"));
        yield return new NodeCase("Compress along an axis", 16, m => m.Input("x", 1, 5, 3).Integers("c", [4], 1, 0, 1, 1)
            .Node("Cast", "c", "b", ("to", 9)).Node("Compress", "x,b", "y", ("axis", 1)));
        yield return new NodeCase("ReverseSequence in part", 16, m => m.Input("x", 1, 6, 3).List("n", 4)
            .Node("ReverseSequence", "x,n", "y", ("batch_axis", 0), ("time_axis", 1)));
        foreach (int k in new[] { -1, 0, 2 })
            yield return new NodeCase($"EyeLike k {k}", 16, m => m.Input("x", 1, 4, 5).Node("Squeeze", "x,zero", "z").List("zero", 0)
                .Node("EyeLike", "z", "e", ("k", k)).Node("Add", "x,e", "a").Node("Relu", "a", "y"));
        foreach (long[] to in new long[][] { [3, 9], [8, 4], [5, 6] })
            yield return new NodeCase($"CenterCropPad to {Text(to)}", 18, m => m.Input("x", 1, 2, 5, 7).List("s", to)
                .Node("CenterCropPad", "x,s", "y", ("axes", new long[] { 2, 3 })));
    }

    private static IEnumerable<NodeCase> Quotients()
    {
        // Whole numbers of both signs, some of them multiples.
        static ModelBuilder Whole(ModelBuilder m, float scale) => m.Input("x", 1, 6, 7).Floats("k", [], scale).Node("Mul", "x,k", "a")
            .Node("Cast", "a", "i", ("to", 7));
        foreach (int divisor in new[] { 7, -3, 10, 49 })
            foreach (float scale in new[] { 40f, 524288f, 16777216f })
            {
                yield return new NodeCase($"Div of integers by {divisor} to {scale}", 16, m => Whole(m, scale).Integers("d", [], divisor)
                    .Node("Div", "i,d", "q").Node("Cast", "q", "y", ("to", 1)));
                foreach (int fmod in new[] { 0, 1 })
                    yield return new NodeCase($"Mod of integers by {divisor} fmod {fmod} to {scale}", 16, m => Whole(m, scale)
                        .Integers("d", [], divisor).Node("Mod", "i,d", "q", ("fmod", fmod)).Node("Cast", "q", "y", ("to", 1)));
            }

        foreach (string kind in new[] { "Div", "Mod" })
        {
            yield return new NodeCase($"{kind} of integers by several", 16, m => Whole(m, 40).Integers("d", [6, 1], 1, 2, 3, -4, 5, 6)
                .Node(kind, "i,d", "q").Node("Cast", "q", "y", ("to", 1)));
            yield return new NodeCase($"{kind} of two integers", 16, m => Whole(m, 90).Input("z", 1, 6, 7).Floats("n", [], 5)
                .Node("Abs", "z", "z1").Node("Mul", "z1,n", "z2").Node("Add", "z2,n", "z3").Node("Cast", "z3", "j", ("to", 7))
                .Node(kind, "i,j", "q").Node("Cast", "q", "y", ("to", 1)));
        }

        yield return new NodeCase("Mod of a place", 16, m => m.Input("x", 1, 4, 30).Integers("d", [], 6)
            .Node("ArgMax", "x", "i", ("axis", 2)).Node("Mod", "i,d", "r").Node("Div", "i,d", "q").Node("Concat", "q,r", "c", ("axis", 2))
            .Node("Cast", "c", "y", ("to", 1)));
        yield return new NodeCase("BitwiseAnd of constants", 18, m => m.Input("x", 1, 4).List("a", 12, 10, 7, -1).List("b", 10, 6, 3, 5)
            .Node("BitwiseAnd", "a,b", "c").Node("BitwiseXor", "c,b", "d").Node("BitwiseOr", "d,a", "e").Node("Cast", "e", "f", ("to", 1))
            .Node("Add", "x,f", "y"));
    }

    /// <summary>A sequence of three features, of which each sample has some steps; the steps come first.</summary>
    private static ModelBuilder Sequence(ModelBuilder m, int steps) =>
        m.Input("x0", 1, steps, 3).Node("Transpose", "x0", "x", ("perm", new[] { 1, 0, 2 }));

    private static IEnumerable<NodeCase> Steps()
    {
        foreach ((string kind, int gates) in new[] { ("LSTM", 4), ("GRU", 3), ("RNN", 1) })
            foreach (string direction in new[] { "forward", "reverse", "bidirectional" })
                foreach (bool hasState in new[] { false, true })
                    foreach (int linear in kind == "GRU" ? [0, 1] : new[] { 0 })
                    {
                        int directions = direction == "bidirectional" ? 2 : 1;
                        yield return new NodeCase($"{kind} {direction} state {hasState} {linear}", 16, m =>
                        {
                            Sequence(m, 5).Noise("w", directions, gates * 2, 3).Noise("r", directions, gates * 2, 2)
                                .Noise("b", directions, gates * 4).Noise("h", directions, 1, 2).Noise("c", directions, 1, 2);
                            string state = !hasState ? "" : kind == "LSTM" ? ",,h,c" : ",,h";
                            (string, object)[] own = kind == "GRU" ? [("linear_before_reset", linear)] : [];
                            m.Node(
                                kind, "x,w,r,b" + state, kind == "LSTM" ? "s,e,k" : "s,e",
                                [("hidden_size", 2), ("direction", direction), .. own])
                                .Node("Reshape", "s,flat", "s1").Node("Reshape", "e,flat", "e1").List("flat", 1, -1);
                            bool reads = kind == "LSTM" && hasState;
                            if (reads)
                                m.Node("Reshape", "k,flat", "k1");
                            m.Node("Concat", reads ? "s1,e1,k1" : "s1,e1", "y", ("axis", 1));
                        });
                    }

        yield return new NodeCase("LSTM with peepholes", 16, m => Sequence(m, 4).Noise("w", 1, 8, 3).Noise("r", 1, 8, 2)
            .Noise("p", 1, 6).Node("LSTM", "x,w,r,,,,,p", "s", ("hidden_size", 2))
            .Node("Transpose", "s", "y", ("perm", new[] { 2, 0, 1, 3 })));
        yield return new NodeCase("LSTM with a state that is an input", 16, m => m.Input("x", 1, 1, 3).Input("h", 1, 1, 2)
            .Input("c", 1, 1, 2).Noise("w", 1, 8, 3).Noise("r", 1, 8, 2).Noise("b", 1, 16)
            .Node("LSTM", "x,w,r,b,,h,c", ",e,k", ("hidden_size", 2))
            .Node("Concat", "e,k", "y", ("axis", 2)));
        yield return new NodeCase("RNN with other functions", 16, m => Sequence(m, 4).Noise("w", 2, 2, 3).Noise("r", 2, 2, 2)
            .Node("RNN", "x,w,r", "s", ("hidden_size", 2), ("direction", "bidirectional"))
            .Node("Transpose", "s", "y", ("perm", new[] { 2, 0, 1, 3 })));
    }

    private static IEnumerable<NodeCase> Parts()
    {
        foreach (string equation in new[] { "bij,jk,kl->bil", "bi,bj,bk->bijk", "bij,bjk,bkl->bil", "...ij,jk->...ik", "...ij->...ji" })
        {
            string[] terms = equation.Split("->")[0].Split(',');
            yield return new NodeCase($"Einsum {equation}", 16, m =>
            {
                m.Input("x", [1, .. Enumerable.Repeat<object>(3, terms[0].Contains('.') ? 3 : terms[0].Length - 1)]);
                for (int k = 1; k < terms.Length; k++)
                    _ = terms[k].Contains('b')
                        ? m.Input($"x{k}", [1, .. Enumerable.Repeat<object>(3, terms[k].Length - 1)]) : m.Noise($"x{k}", 3, 3);
                m.Node("Einsum", string.Join(',', terms.Select((_, k) => k == 0 ? "x" : $"x{k}")), "y", ("equation", equation));
            });
        }

        yield return new NodeCase("Gather of rows by the input", 16, m => m.Input("x", 1, 5).Floats("k", [], 3.4f).Noise("table", 7, 4)
            .Node("Mul", "x,k", "a").Node("Cast", "a", "i", ("to", 7)).Node("Gather", "table,i", "y"));
        yield return new NodeCase("Gather of tokens by the input", 13, m => Rows(m.Input("x", 1, 6), 400, 5)
            .Node("Gather", "table,i", "t").Noise("p", 6, 5).Node("Add", "t,p", "y"));
        yield return new NodeCase("Gather of parts by maps of the input", 13, m => Rows(m.Input("x", 1, 3, 4), 300, 2, 3)
            .Node("Gather", "table,i", "t").Node("Relu", "t", "y"));
        yield return new NodeCase("Gather of rows by one channel of the input", 13, m => Rows(m.Input("x", 1, 1, 3, 4), 9, 5)
            .Node("Gather", "table,i", "t").List("one", 1).Node("Squeeze", "t,one", "s")
            .Node("Transpose", "s", "y", ("perm", new[] { 0, 3, 1, 2 })));
        yield return new NodeCase("Gather of numbers by volumes of the input", 13, m => Rows(m.Input("x", 1, 2, 3, 2, 2), 300)
            .Node("Gather", "table,i", "t").Node("Tanh", "t", "y"));
        yield return new NodeCase("Gather of codes by the least distances", 13, m => m.Input("x", 1, 6, 3, 2)
            .Node("ArgMin", "x", "i", ("axis", 1), ("keepdims", 0)).List("all", -1).Node("Reshape", "i,all", "f").Noise("table", 300, 4)
            .Node("Gather", "table,f", "g").List("shape", 1, 3, 2, 4).Node("Reshape", "g,shape", "y"));
        yield return new NodeCase("Gather of rows by one number of the input", 13, m => Rows(m.Input("x", 1, 1), 7, 4)
            .Node("Gather", "table,i", "y"));
        yield return new NodeCase("Einsum of diagonals", 16, m => m.Input("x", 1, 2, 4, 4)
            .Node("Einsum", "x", "y", ("equation", "bcii->bci")));
        yield return new NodeCase("Einsum of traces", 16, m => m.Input("x", 1, 3, 4, 4).Node("Einsum", "x", "y", ("equation", "bcii->bc")));
        yield return new NodeCase("Gemm with a sum of the input", 16, m => m.Input("x", 1, 4).Input("z", 1, 3).Noise("w", 4, 3)
            .Node("Gemm", "x,w,z", "y", ("beta", 0.5f)));
        foreach (int axis in new[] { -1, 1 })
            yield return new NodeCase($"RMSNormalization axis {axis}", 23, m => m.Input("x", 1, 4, 6)
                .Noise("g", axis < 0 ? [6] : [4, 6]).Node("RMSNormalization", "x,g", "y", ("axis", axis), ("epsilon", 1e-3f)));
        foreach (int between in new[] { 0, 1 })
            foreach (int part in new[] { 0, 4 })
                yield return new NodeCase($"RotaryEmbedding interleaved {between} of {part}", 23, m => m.Input("x", 1, 2, 5, 8)
                    .Noise("c", 5, part == 0 ? 4 : 2).Noise("s", 5, part == 0 ? 4 : 2).Integers("p", [1, 5], 0, 1, 2, 3, 4)
                    .Node("RotaryEmbedding", "x,c,s,p", "y", ("interleaved", between), ("rotary_embedding_dim", part)));
        yield return new NodeCase("RotaryEmbedding of heads in features", 23, m => m.Input("x", 1, 5, 16).Noise("c", 9, 4).Noise("s", 9, 4)
            .Integers("p", [1, 5], 4, 5, 6, 7, 8).Node("RotaryEmbedding", "x,c,s,p", "y", ("num_heads", 2)));
        yield return new NodeCase("Attention with a bound", 23, m => m.Input("x", 1, 2, 4, 6).Input("k", 1, 2, 5, 6).Input("v", 1, 2, 5, 3)
            .Node("Attention", "x,k,v", "y", ("softcap", 0.5f)));
        yield return new NodeCase("Attention with shared keys", 23, m => m.Input("x", 1, 4, 4, 6).Input("k", 1, 2, 5, 6)
            .Input("v", 1, 2, 5, 3).Node("Attention", "x,k,v", "y"));
        foreach (int p in new[] { 1, 2 })
            yield return new NodeCase($"LpNormalization p {p} with zeros", 16, m => m.Input("x", 1, 4, 3)
                .Floats("k", [4, 1], 1, 0, -2, 0.5f).Node("Mul", "x,k", "a").Node("LpNormalization", "a", "y", ("axis", 2), ("p", p)));
        yield return new NodeCase("MeanVarianceNormalization of each pixel", 16, m => m.Input("x", 1, 4, 3, 5)
            .Node("MeanVarianceNormalization", "x", "y", ("axes", new long[] { 1 })));
    }

    /// <summary>A table, and indices of its rows that are computed from the input, some of them from the end.</summary>
    private static ModelBuilder Rows(ModelBuilder model, params long[] shape) => model.Noise("table", shape)
        .Floats("k", [], 0.3f * shape[0]).Node("Mul", "x,k", "a").Node("Cast", "a", "i", ("to", 7));
}
