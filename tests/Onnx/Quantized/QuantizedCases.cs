using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>
/// A model that rounds numbers to integers of few bits somewhere. Its step is the distance of neighbours in the output; 0 if that is not
/// quantised.
/// </summary>
internal sealed record QuantizedCase(string Name, int Opset, float Step, Action<ModelBuilder> Build)
{
    /// <summary>Whether many results lie in the middle of two integers, so that the order of sums decides.</summary>
    public bool HasTies { get; init; }

    /// <summary>Whether a node alone multiplies integers.</summary>
    public bool HasProductsOfIntegers =>
        Model().Model.Graph.Node.Any(node => node.OpType is "QLinearConv" or "QLinearMatMul" or "QGemm");

    public ModelBuilder Model()
    {
        var builder = new ModelBuilder(Opset);
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        Build(builder);
        return builder;
    }

    public override string ToString() => $"{Name}, {Opset}";
}

/// <summary>Single operators of quantised networks, in both forms that tools write: QDQ and QLinear.</summary>
internal static class QuantizedCases
{
    private const float Step = 1 / 64f;

    private static readonly DataType[] Bytes = [DataType.Uint8, DataType.Int8];

    public static IEnumerable<QuantizedCase> All() =>
        [.. Alone(), .. Moved(), .. Between(), .. Convolutions(), .. Products(), .. Microsoft()];

    /// <summary>To integers and back.</summary>
    private static IEnumerable<QuantizedCase> Alone()
    {
        foreach ((DataType type, int opset) in new[]
        {
            (DataType.Uint8, 10), (DataType.Int8, 10), (DataType.Uint8, 13), (DataType.Int8, 19), (DataType.Uint8, 21),
            (DataType.Uint16, 21), (DataType.Int16, 21),
        })
        {
            foreach (float step in new[] { 1 / 64f, 0.01f, 1 / 300f, 0.3f })
            {
                foreach (object[] shape in new object[][] { [1, 5], [1, 3, 7], [1, 3, 4, 5], [1, 2, 3, 4, 5] })
                {
                    yield return new($"{type} step {step} of {shape.Length} axes", opset, step, m => Point(m, type, step)
                        .Input("x", shape).Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,s,z", "y"));
                }

                if (opset >= 13)
                {
                    yield return new($"{type} step {step} of channels", opset, step, m => m.Input("x", 1, 3, 4, 5)
                        .Floats("s", [3], step, step / 2, step / 3).Integers("z", type, [3], 0, 1, 100)
                        .Node("QuantizeLinear", "x,s,z", "q", ("axis", 1)).Node("DequantizeLinear", "q,s,z", "y", ("axis", -3)));
                }
            }
        }

        yield return new("channels before pooling", 13, 0.03f, m => m.Input("x", 1, 3, 9, 8).Floats("s", [3], 0.03f, 0.01f, 0.005f)
            .Integers("z", DataType.Uint8, [3], 128, 100, 120).Node("QuantizeLinear", "x,s,z", "q", ("axis", 1))
            .Node("MaxPool", "q", "r", ("kernel_shape", (long[])[2, 2])).Node("DequantizeLinear", "r,s,z", "y", ("axis", 1)));
        yield return new("without zero point", 13, Step, m => m.Input("x", 1, 3, 4).Floats("s", [], Step)
            .Node("QuantizeLinear", "x,s", "q").Node("DequantizeLinear", "q,s", "y"));
        yield return new("by output_dtype", 21, Step, m => m.Input("x", 1, 3, 4).Floats("s", [], Step)
            .Node("QuantizeLinear", "x,s", "q", ("output_dtype", (int)DataType.Int8)).Node("DequantizeLinear", "q,s", "y"));
        yield return new("to another scale", 13, Step, m => Point(m, DataType.Uint8, Step).Floats("t", [], 0.03f).Input("x", 1, 3, 4)
            .Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,t,z", "y"));
        yield return new("integers as the output", 13, 1, m => Point(m, DataType.Uint8, Step).Input("x", 1, 3, 4)
            .Node("QuantizeLinear", "x,s,z", "y"));
        yield return new("several readers", 13, Step, m => Point(m, DataType.Uint8, Step).Input("x", 1, 3, 4)
            .Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,s,z", "a").Node("DequantizeLinear", "q,s,z", "b")
            .Node("Relu", "a", "c").Node("Add", "b,c", "d").Node("QuantizeLinear", "d,s,z", "r").Node("DequantizeLinear", "r,s,z", "y"));
        yield return new("zero point by a cast", 13, Step, m => m.Input("x", 1, 3, 4).Floats("s", [], Step).Floats("f", [], 7)
            .Node("Cast", "f", "z", ("to", (int)DataType.Int8))
            .Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,s,z", "y"));
        yield return new("weights that are rounded in the file", 13, 0, m => m.Input("x", 1, 3, 8, 8).Noise("w", 4, 3, 3, 3)
            .Floats("s", [4], 0.01f, 0.02f, 0.03f, 0.04f).Integers("z", DataType.Int8, [4], 0, 0, 0, 0)
            .Node("QuantizeLinear", "w,s,z", "q", ("axis", 0)).Node("DequantizeLinear", "q,s,z", "v", ("axis", 0))
            .Node("Conv", "x,v", "y"));
    }

    /// <summary>Operators that move integers, or choose among them.</summary>
    private static IEnumerable<QuantizedCase> Moved()
    {
        (string Name, Func<ModelBuilder, ModelBuilder> Add)[] moves =
        [
            ("Reshape", m => m.List("t", 1, 3, 20).Node("Reshape", "q,t", "r")),
            ("Flatten", m => m.Node("Flatten", "q", "r")),
            ("Transpose", m => m.Node("Transpose", "q", "r", ("perm", (long[])[0, 2, 3, 1]))),
            ("MaxPool", m => m.Node("MaxPool", "q", "r", ("kernel_shape", (long[])[2, 2]), ("pads", (long[])[0, 1, 1, 0]))),
            ("Slice", m => m.List("b", 1).List("e", 3).List("a", 2).Node("Slice", "q,b,e,a", "r")),
            ("Concat", m => m.Node("Transpose", "q", "p", ("perm", (long[])[0, 1, 3, 2])).List("u", 1, 3, 4, 5).Node("Reshape", "p,u", "v")
                .Node("Concat", "q,v", "r", ("axis", 1))),
            ("Resize", m => m.Floats("roi", [0]).Floats("f", [4], 1, 1, 2, 2)
                .Node("Resize", "q,roi,f", "r", ("mode", "nearest"), ("nearest_mode", "floor"),
                    ("coordinate_transformation_mode", "asymmetric"))),
            ("Gather", m => m.List("i", 2, 0, 2).Node("Gather", "q,i", "r", ("axis", 1))),
            ("Squeeze", m => m.List("i", 0).Node("Unsqueeze", "q,i", "p").Node("Squeeze", "p,i", "r")),
            ("DepthToSpace", m => m.Node("Concat", "q,q,q,q", "p", ("axis", 1)).Node("DepthToSpace", "p", "r", ("blocksize", 2))),
        ];
        foreach ((string name, Func<ModelBuilder, ModelBuilder> add) in moves)
        {
            foreach (DataType type in Bytes)
            {
                yield return new($"{name} of {type}", 13, Step, m => add(Point(m, type, Step).Input("x", 1, 3, 4, 5)
                    .Node("QuantizeLinear", "x,s,z", "q")).Node("DequantizeLinear", "r,s,z", "y"));
            }
        }
    }

    /// <summary>QDQ: operators of numbers, between two such steps.</summary>
    private static IEnumerable<QuantizedCase> Between()
    {
        (string Name, Func<ModelBuilder, ModelBuilder> Add)[] operators =
        [
            ("Relu", m => m.Node("Relu", "a", "b")),
            ("Sigmoid", m => m.Node("Sigmoid", "a", "b")),
            ("LeakyRelu", m => m.Node("LeakyRelu", "a", "b", ("alpha", 0.125))),
            ("HardSwish", m => m.Node("HardSwish", "a", "b")),
            ("Clip", m => m.Floats("lo", [], -0.5f).Floats("hi", [], 0.75f).Node("Clip", "a,lo,hi", "b")),
            ("Softmax", m => m.Node("Softmax", "a", "b", ("axis", 1))),
            ("Add", m => m.Node("Relu", "a", "c").Node("Add", "a,c", "b")),
            ("Mul", m => m.Node("Mul", "a,a", "b")),
            ("AveragePool", m => m.Node("AveragePool", "a", "b", ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[1, 2]))),
            ("GlobalAveragePool", m => m.Node("GlobalAveragePool", "a", "b")),
            ("ReduceMean", m => m.Node("ReduceMean", "a", "b", ("axes", (long[])[2, 3]))),
            ("MaxPool", m => m.Node("MaxPool", "a", "b", ("kernel_shape", (long[])[3, 3]), ("pads", (long[])[1, 1, 1, 1]))),
            ("Conv", m => Weights(m, [6, 3, 3, 3]).Node("Conv", "a,w", "b", ("pads", (long[])[1, 1, 1, 1]))),
            ("Conv and Relu", m => Weights(m, [6, 3, 1, 1]).Node("Conv", "a,w", "c").Node("Relu", "c", "b")),
            ("depthwise Conv", m => Weights(m, [3, 1, 3, 3]).Node("Conv", "a,w", "b", ("group", 3), ("strides", (long[])[2, 2]))),
            ("ConvTranspose", m => Weights(m, [3, 4, 2, 2]).Node("ConvTranspose", "a,w", "b", ("strides", (long[])[2, 2]))),
            ("Gemm", m => Weights(m, [7, 60]).Node("Flatten", "a", "f").Node("Gemm", "f,w", "b", ("transB", 1))),
            ("MatMul", m => Weights(m, [5, 8]).Node("MatMul", "a,w", "b")),
            ("InstanceNormalization", m => m.Floats("g", [3], 1, 2, 3).Floats("h", [3], 0, 1, 0)
                .Node("InstanceNormalization", "a,g,h", "b")),
        ];
        foreach ((string name, Func<ModelBuilder, ModelBuilder> add) in operators)
        {
            foreach (DataType type in Bytes)
            {
                foreach (float step in new[] { Step, 0.02f, 0.007f })
                {
                    yield return new($"{name} between {type}, step {step}", 14, step, m => add(Point(m, type, step).Input("x", 1, 3, 4, 5)
                        .Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,s,z", "a"))
                        .Node("QuantizeLinear", "b,s,z", "r").Node("DequantizeLinear", "r,s,z", "y"))
                    {
                        HasTies = name == "AveragePool",
                    };
                }
            }
        }
    }

    private static IEnumerable<QuantizedCase> Convolutions()
    {
        foreach (DataType type in Bytes)
        {
            foreach (DataType weights in type == DataType.Uint8 ? Bytes : [DataType.Int8])
            {
                foreach (bool ofChannels in weights == DataType.Int8 ? new[] { false, true } : [false])
                {
                    foreach (bool hasBias in new[] { false, true })
                    {
                        foreach ((int kernel, int stride, int group) in new[]
                        {
                            (1, 1, 1), (3, 1, 1), (3, 2, 1), (3, 1, 4), (2, 1, 2), (5, 2, 1), (1, 2, 1),
                        })
                        {
                            foreach (int rank in new[] { 1, 2, 3 })
                            {
                                yield return new(
                                    $"QLinearConv {rank}D {type} × {weights}{(ofChannels ? " of channels" : "")}{(hasBias ? " bias" : "")} "
                                        + $"kernel {kernel} stride {stride} group {group}", 10, 0.05f, m => Convolution(
                                            m, type, weights, ofChannels, hasBias, rank, kernel, stride, group));
                            }
                        }
                    }
                }
            }
        }
    }

    private static void Convolution(
        ModelBuilder m, DataType type, DataType weights, bool ofChannels, bool hasBias, int rank, int kernel, int stride, int group)
    {
        const int Outputs = 8;
        long[] Of(int times, long value) => [.. Enumerable.Repeat(value, times)];
        long[] shape = [Outputs, 4 / group, .. Of(rank, kernel)];
        Point(m, type, Step).Input("x", [1, 4, .. new object[] { 9, 8, 6 }.Take(rank)]).Floats("t", [], 0.05f).Random("w", weights, shape)
            .Integers("b", DataType.Int32, [Outputs], [.. Enumerable.Range(0, Outputs).Select(i => (100L * i) - 300)]);
        _ = ofChannels
            ? m.Floats("v", [Outputs], [.. Enumerable.Range(1, Outputs).Select(i => i / 512f)])
                .Integers("u", weights, [Outputs], [.. Enumerable.Repeat(0L, Outputs)])
            : m.Floats("v", [], 1 / 128f).Integers("u", weights, [], weights == DataType.Uint8 ? 120 : 0);
        m.Node("QuantizeLinear", "x,s,z", "q")
            .Node("QLinearConv", hasBias ? "q,s,z,w,v,u,t,z,b" : "q,s,z,w,v,u,t,z", "r", ("strides", Of(rank, stride)), ("group", group),
                ("pads", Of(2 * rank, kernel / 2)))
            .Node("DequantizeLinear", "r,t,z", "y");
    }

    private static IEnumerable<QuantizedCase> Products()
    {
        foreach (DataType type in Bytes)
        {
            foreach (bool ofChannels in type == DataType.Int8 ? new[] { false, true } : [false])
            {
                yield return new($"QLinearMatMul {type}{(ofChannels ? " of columns" : "")}", 10, 0.05f, m =>
                {
                    Point(m, type, Step).Input("x", 1, 6, 11).Floats("t", [], 0.05f).Random("w", DataType.Int8, [11, 7]);
                    _ = ofChannels ? m.Floats("v", [7], [.. Enumerable.Range(1, 7).Select(i => i / 512f)])
                            .Integers("u", DataType.Int8, [7], [.. Enumerable.Repeat(0L, 7)])
                        : m.Floats("v", [], 1 / 128f).Integers("u", DataType.Int8, [], 0);
                    m.Node("QuantizeLinear", "x,s,z", "q").Node("QLinearMatMul", "q,s,z,w,v,u,t,z", "r")
                        .Node("DequantizeLinear", "r,t,z", "y");
                });
            }
        }
    }

    /// <summary>What ONNX Runtime's tools write besides.</summary>
    private static IEnumerable<QuantizedCase> Microsoft()
    {
        (string Name, Func<ModelBuilder, ModelBuilder> Add)[] operators =
        [
            ("QLinearAdd", m => m.Node("com.microsoft:QLinearAdd", "q,s,z,p,v,z,t,z", "r")),
            ("QLinearMul", m => m.Node("com.microsoft:QLinearMul", "q,s,z,p,v,z,t,z", "r")),
            ("QLinearSigmoid", m => m.Node("com.microsoft:QLinearSigmoid", "q,s,z,t,z", "r")),
            ("QLinearLeakyRelu", m => m.Node("com.microsoft:QLinearLeakyRelu", "q,s,z,t,z", "r", ("alpha", 0.2))),
            ("QLinearGlobalAveragePool", m => m.Node("com.microsoft:QLinearGlobalAveragePool", "q,s,z,t,z", "r", ("channels_last", 0))),
            ("QLinearAveragePool", m => m.Node("com.microsoft:QLinearAveragePool", "q,s,z,t,z", "r", ("kernel_shape", (long[])[2, 3]))),
            ("QLinearConcat", m => m.Node("com.microsoft:QLinearConcat", "t,z,q,s,z,p,v,z", "r", ("axis", 1))),
            ("QLinearAdd without zero points", m => m.Node("com.microsoft:QLinearAdd", "q,s,z,p,v,z,t", "r")),
            ("QGemm with alpha and a bias", m => m.Random("w", DataType.Int8, [60, 7])
                .Floats("e", [7], [.. Enumerable.Range(1, 7).Select(i => i / 300f)])
                .Integers("u", DataType.Int8, [7], [.. new long[7]]).Node("Flatten", "q", "f")
                .Integers("b", DataType.Int32, [7], 5000, -4000, 3000, -2000, 1000, 0, 900)
                .Node("com.microsoft:QGemm", "f,s,z,w,e,u,b,t,z", "r", ("alpha", 0.5))),
            ("QGemm", m => m.Random("w", DataType.Int8, [7, 60]).Integers("u", DataType.Int8, [], 0).Node("Flatten", "q", "f")
                .Node("com.microsoft:QGemm", "f,s,z,w,v,u,,t,z", "r", ("transB", 1))),
        ];
        foreach ((string name, Func<ModelBuilder, ModelBuilder> add) in operators)
        {
            foreach (DataType type in Bytes)
            {
                // Without a zero point, it is 0 of the type of the inputs.
                string zero = name.Contains("without", StringComparison.Ordinal) ? "r,t" : "r,t,z";
                yield return new($"{name} of {type}", 13, 0.05f, m => add(Point(m, type, Step).Floats("v", [], 0.02f).Floats("t", [], 0.05f)
                    .Input("x", 1, 3, 4, 5).Node("QuantizeLinear", "x,s,z", "q").Node("Neg", "x", "n").Node("QuantizeLinear", "n,v,z", "p"))
                    .Node("DequantizeLinear", zero, "y"));
            }
        }
    }

    /// <summary>A scale and a zero point, in the middle of the type's range.</summary>
    private static ModelBuilder Point(ModelBuilder m, DataType type, float step) => m.Floats("s", [], step).Integers(
        "z", type, [], type switch
        {
            DataType.Uint8 => 128,
            DataType.Uint16 => 30000,
            DataType.Int16 => -100,
            _ => 3,
        });

    /// <summary>Weights of 8 bits as numbers.</summary>
    private static ModelBuilder Weights(ModelBuilder m, long[] shape) => m.Random("i", DataType.Int8, shape).Floats("v", [], 1 / 128f)
        .Integers("u", DataType.Int8, [], 0).Node("DequantizeLinear", "i,v,u", "w");
}
