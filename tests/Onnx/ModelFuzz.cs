using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>Damages models and reads them. A file may be refused; it may not crash, hang or cost much memory.</summary>
internal static class ModelFuzz
{
    public const int MaximumSeconds = 5, FreeBytes = 100_000_000, BytesPerByte = 10;

    /// <param name="Read">How many files were read in spite of the damage.</param>
    /// <param name="Refused">How many were refused with a message.</param>
    /// <param name="Failures">What went wrong, with the number that makes the file again.</param>
    /// <param name="Slowest">The longest time for a file.</param>
    /// <param name="MostBytes">The most that was allocated for a file.</param>
    internal sealed record Report(int Read, int Refused, IReadOnlyList<string> Failures, TimeSpan Slowest, long MostBytes);

    public static Report Run(int seed, int count)
    {
        byte[][] models = [.. Models().Select(model => model.ToBytes())];
        List<string> failures = [];
        int read = 0, refused = 0;
        TimeSpan slowest = default;
        long most = 0;
        for (int number = 0; number < count; number++)
        {
            var random = new Random(HashCode(seed, number));
            byte[] bytes = Damage(models[random.Next(models.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                ReadAll(bytes);
                read++;
            }
            catch (OnnxFormatException)
            {
                refused++;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures.Add($"file {number}: {exception}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            (slowest, most) = (watch.Elapsed > slowest ? watch.Elapsed : slowest, Math.Max(most, allocated));
            if (watch.Elapsed.TotalSeconds > MaximumSeconds || allocated > FreeBytes + ((long)BytesPerByte * bytes.Length))
            {
                failures.Add($"file {number}: {watch.Elapsed.TotalSeconds:F1} s and {allocated:N0} bytes for {bytes.Length:N0}");
            }
        }

        return new Report(read, refused, failures, slowest, most);
    }

    /// <summary>Reads a model, and all constants that its nodes use.</summary>
    public static void ReadAll(byte[] bytes)
    {
        OnnxGraph graph = ModelBuilder.Read(bytes);
        foreach (OnnxConstant? constant in graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs)
            .Select(value => value?.Constant))
        {
            _ = constant is { IsFloat: true } ? constant.Floats.Length : constant?.Integers.Length;
        }
    }

    /// <summary>The same for all runs and machines, unlike <see cref="System.HashCode"/>.</summary>
    public static int HashCode(int seed, int number) =>
        unchecked((int)(((ulong)(uint)seed * 0x9E3779B97F4A7C15) + ((ulong)(uint)number * 0xD1B54A32D192ED03) >> 29));

    /// <summary>A model with some damage.</summary>
    public static byte[] Damage(byte[] model, Random random)
    {
        byte[] bytes = random.Next(2) == 0 ? DamageMessage(model, random) : [.. model];
        for (int round = random.Next(bytes.Length < model.Length || random.Next(3) > 0 ? 4 : 1); round >= 0; round--)
        {
            bytes = DamageBytes(bytes, random);
        }

        return bytes;
    }

    private static byte[] DamageBytes(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        int place = random.Next(bytes.Length), length = random.Next(1, 1 + Math.Min(64, bytes.Length - place));
        switch (random.Next(7))
        {
            case 0:
                bytes[place] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[place] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes[place] = (byte)(random.Next(2) == 0 ? 0xFF : 0x7F);
                return bytes;
            case 3:
                return random.Next(8) == 0 ? bytes[..place] : bytes;
            case 4:
                return [.. bytes[..place], .. bytes[(place + length)..]];
            case 5:
                return [.. bytes[..place], .. bytes[place..(place + length)], .. bytes[place..]];
            default:
                return bytes;
        }
    }

    /// <summary>Damage that parsers let pass: other numbers, names, operators, attributes and orders.</summary>
    private static byte[] DamageMessage(byte[] bytes, Random random)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        GraphProto graph = model.Graph;
        for (int round = random.Next(4); round >= 0; round--)
        {
            NodeProto node = graph.Node[random.Next(graph.Node.Count)];
            switch (random.Next(10))
            {
                case 0:
                    node.OpType = graph.Node[random.Next(graph.Node.Count)].OpType;
                    break;
                case 1 when node.Input.Count > 0:
                    node.Input[random.Next(node.Input.Count)] = AnyName(graph, random);
                    break;
                case 2 when node.Input.Count > 0:
                    node.Input.RemoveAt(random.Next(node.Input.Count));
                    break;
                case 3:
                    node.Input.Add(AnyName(graph, random));
                    break;
                case 4 when node.Attribute.Count > 0:
                    DamageAttribute(node.Attribute[random.Next(node.Attribute.Count)], random);
                    break;
                case 5 when graph.Initializer.Count > 0:
                    DamageTensor(graph.Initializer[random.Next(graph.Initializer.Count)], random);
                    break;
                case 6:
                    graph.Node.Add(node.Clone());
                    break;
                case 7 when node.Attribute.Count > 0:
                    node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                    break;
                case 8:
                    model.OpsetImport[0].Version = random.Next(-1, 30);
                    break;
                case 9 when graph.Input.Count > 0:
                    TensorShapeProto shape = graph.Input[random.Next(graph.Input.Count)].Type.TensorType.Shape;
                    if (shape.Dim.Count > 0)
                    {
                        shape.Dim[random.Next(shape.Dim.Count)].DimValue = AnyNumber(random);
                    }

                    break;
            }
        }

        return model.ToByteArray();
    }

    private static void DamageAttribute(AttributeProto attribute, Random random)
    {
        if (attribute.Ints.Count > 0)
        {
            attribute.Ints[random.Next(attribute.Ints.Count)] = AnyNumber(random);
            return;
        }

        (attribute.I, attribute.F) = (AnyNumber(random), random.Next(3) == 0 ? float.NaN : random.Next(-3, 1000));
    }

    private static void DamageTensor(TensorProto tensor, Random random)
    {
        if (random.Next(3) == 0 && tensor.Dims.Count > 0)
        {
            tensor.Dims[random.Next(tensor.Dims.Count)] = AnyNumber(random);
        }
        else if (tensor.RawData.Length >= 8)
        {
            byte[] raw = tensor.RawData.ToByteArray();
            BitConverter.TryWriteBytes(raw.AsSpan(random.Next(raw.Length / 8) * 8), AnyNumber(random));
            tensor.RawData = ByteString.CopyFrom(raw);
        }
        else
        {
            tensor.DataType = random.Next(20);
        }
    }

    private static string AnyName(GraphProto graph, Random random)
    {
        NodeProto node = graph.Node[random.Next(graph.Node.Count)];
        return random.Next(4) switch
        {
            0 when graph.Initializer.Count > 0 => graph.Initializer[random.Next(graph.Initializer.Count)].Name,
            1 when node.Input.Count > 0 => node.Input[random.Next(node.Input.Count)],
            2 => "",
            _ => node.Output[0],
        };
    }

    private static long AnyNumber(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => -1,
        2 => random.Next(-5, 20),
        3 => random.Next(),
        4 => long.MaxValue,
        5 => long.MinValue,
        6 => (long)random.Next() * random.Next(),
        _ => random.Next(1, 5),
    };

    /// <summary>Small models of many operators.</summary>
    public static IEnumerable<ModelBuilder> Models()
    {
        yield return new ModelBuilder().Input("x", 1, 4, 8, 8).Noise("w", 6, 4, 3, 3).Noise("b", 6)
            .Node("Conv", "x,w,b", "a", ("pads", new[] { 1, 1, 1, 1 }), ("group", 1))
            .Node("Relu", "a", "r").Node("MaxPool", "r", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))
            .Node("GlobalAveragePool", "p", "g")
            .Node("Flatten", "g", "f").Noise("v", 5, 6).Node("Gemm", "f,v", "y", ("transB", 1)).Output("y");
        yield return new ModelBuilder(11).Input("x", "n", 6, 4, 6).Node("Shape", "x", "s").Integers("zero", [], 0)
            .Node("Gather", "s,zero", "n", ("axis", 0))
            .Node("Unsqueeze", "n", "n1", ("axes", new[] { 0 })).List("two", 2).List("open", -1)
            .Node("Concat", "n1,two,open", "t", ("axis", 0)).Node("Reshape", "x,t", "z")
            .Node("Transpose", "z", "q", ("perm", new[] { 0, 2, 1 })).Node("Split", "q", "d,e", ("axis", 1), ("split", new[] { 36, 36 }))
            .Node("Mul", "d,e", "m")
            .Node("Softmax", "m", "y", ("axis", 2)).Output("y");
        yield return new ModelBuilder(13).Input("x", 1, 3, 5, 5).List("p", 0, 0, 1, 1, 0, 0, 2, 2)
            .Node("Pad", "x,p", "a", ("mode", "reflect")).List("s", 0, 1).List("e", 9, 9).List("c", 2, 3)
            .List("t", 2, 1).Node("Slice", "a,s,e,c,t", "b").Floats("f", [4], 1, 1, 2, 2).Node("Resize", "b,,f", "d", ("mode", "nearest"))
            .List("ax", 2, 3)
            .Node("ReduceSum", "d,ax", "g", ("keepdims", 1)).Node("Sub", "d,g", "h").Integers("i", [2], 2, 0)
            .Node("Gather", "h,i", "j", ("axis", 1)).List("r", 1, 2, 1, 1)
            .Node("Tile", "j,r", "k").Floats("low", [], 0).Node("Clip", "k,low", "y").Output("y");
        yield return new ModelBuilder(13).Input("x", 1, 12).List("s", 3, 4).Node("ConstantOfShape", "s", "c").Integers("a", [], 0)
            .Integers("b", [], 12).Integers("one", [], 1)
            .Node("Range", "a,b,one", "r").Node("Cast", "r", "f", ("to", 1)).Node("Reshape", "f,s", "g").Node("Add", "g,c", "h")
            .Node("Transpose", "h", "i", ("perm", new[] { 1, 0 }))
            .List("shape", 1, 12).Node("Reshape", "i,shape", "j").List("e", 2, 1, 12).Node("Expand", "j,e", "k").Node("Div", "r,b", "l")
            .Node("Equal", "l,a", "m")
            .Node("Where", "m,f,l2", "n").Node("Cast", "l", "l2", ("to", 1)).Node("NonZero", "m", "o").Node("Mul", "x,n", "p")
            .Node("Sub", "k,p", "y").Output("y", "o");
        var function = new FunctionProto
        {
            Name = "F",
            Domain = "own",
            Input = { "a" },
            Output = { "b" },
            OpsetImport = { new OperatorSetIdProto { Version = 17 } }
        };
        function.Node.Add(ModelBuilder.MakeNode("ConvTranspose", "a,w", "c", ("strides", new[] { 2, 2 }),
            ("output_padding", new[] { 1, 1 })));
        function.Node.Insert(0, ModelBuilder.MakeNode("Constant", "", "w",
            ("value", ModelBuilder.Tensor("", [2, 2, 3, 3], new float[36]))));
        function.Node.Add(ModelBuilder.MakeNode("Tanh", "c", "b"));
        ModelBuilder calls = new ModelBuilder().Input("x", 1, 2, 3, 3).Node("own:F", "x", "p").Node("own:F", "p", "q");
        var then = new GraphProto
        {
            Name = "then",
            Node = { ModelBuilder.MakeNode("Relu", "q", "t") },
            Output = { new ValueInfoProto { Name = "t" } }
        };
        calls.Graph.Initializer.Add(new TensorProto
        {
            Name = "on",
            DataType = (int)TensorProto.Types.DataType.Bool,
            RawData = ByteString.CopyFrom(1)
        });
        calls.Node("If", "on", "y", ("then_branch", then), ("else_branch", then)).Output("y");
        calls.Model.Functions.Add(function);
        yield return calls;
    }
}
