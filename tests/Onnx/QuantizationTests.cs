using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Strata.Onnx.Schema;
using Xunit;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Networks of integers of few bits, as floats that hold them.</summary>
public sealed class QuantizationTests(ITestOutputHelper log)
{
    public static TheoryData<string> Refused => [.. RefusedCases.Keys];

    /// <summary>Arithmetic of integers of few bits, which would wrap around, and what nobody knows at build time.</summary>
    private static Dictionary<string, Func<ModelBuilder, ModelBuilder>> RefusedCases { get; } = new()
    {
        ["a sum"] = m => m.Node("Add", "q,q", "r").Node("DequantizeLinear", "r,s,z", "y"),
        ["a sum with a constant in a choice"] = m => m.Integers("c", DataType.Uint8, [], 7).Node("Max", "c,q", "m").Node("Add", "m,m", "r")
            .Node("DequantizeLinear", "r,s,z", "y"),
        ["a sum of a concatenation"] = m => m.Integers("c", DataType.Uint8, [1, 3, 4, 1], [.. new long[12]])
            .Node("Concat", "c,q", "m", ("axis", 3)).Node("Add", "m,m", "r").Node("DequantizeLinear", "r,s,z", "y"),
        ["a cast to a narrow type"] = m => m.Node("Cast", "q", "r", ("to", (int)DataType.Int8)).Node("DequantizeLinear", "r,s", "y"),
        ["linear resizing"] = m => m.Floats("roi", [0]).Floats("f", [4], 1, 1, 2, 2).Node("Resize", "q,roi,f", "r", ("mode", "linear"))
            .Node("DequantizeLinear", "r,s,z", "y"),
        ["a sum over an axis"] = m => m.Node("ReduceMean", "q", "r", ("axes", (long[])[2])).Node("DequantizeLinear", "r,s,z", "y"),
        ["a scale of the input's"] = m => m.Node("DynamicQuantizeLinear", "x", "a,b,c").Node("DequantizeLinear", "a,b,c", "y"),
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Arithmetic_of_quantised_integers_is_refused(string name)
    {
        ModelBuilder model = RefusedCases[name](new ModelBuilder(13).Input("x", 1, 3, 4, 5).Floats("s", [], 0.02f)
            .Integers("z", DataType.Uint8, [], 128).Node("QuantizeLinear", "x,s,z", "q")).Output("y");
        using var stream = new MemoryStream(model.ToBytes());
        Assert.Throws<UnsupportedOnnxException>(() => OnnxFile.Load(stream, new OnnxImportOptions { Name = "Refused" }));
    }

    /// <summary>
    /// A scale of each output channel, with a weight of ±127, is found again in the weights: they become the integers of the file.
    /// </summary>
    [Fact]
    public void With_Int8_a_convolution_multiplies_the_integers_of_the_file()
    {
        var random = new Random(1);
        float[] scales = [.. Enumerable.Range(0, 32).Select(_ => 0.001f + (0.01f * random.NextSingle()))];
        long[] weights = [.. Enumerable.Range(0, 32 * 16 * 9).Select(i => i % (16 * 9) == 5 ? -127L : random.Next(-127, 128))];
        byte[] model = new ModelBuilder(13).Input("x", 1, 16, 14, 14).Floats("s", [], 0.02f).Integers("z", DataType.Uint8, [], 120)
            .Node("QuantizeLinear", "x,s,z", "q").Node("DequantizeLinear", "q,s,z", "d")
            .Integers("w", DataType.Int8, [32, 16, 3, 3], weights).Floats("ws", [32], scales)
            .Integers("wz", DataType.Int8, [32], new long[32]).Node("DequantizeLinear", "w,ws,wz", "wd", ("axis", 0))
            .Node("Conv", "d,wd", "y", ("pads", (long[])[1, 1, 1, 1]), ("strides", (long[])[2, 2])).Output("y").ToBytes();
        float[][] results = [.. new[] { false, true }.Select(int8 =>
        {
            using CompiledNetwork network = OnnxFile.Load(
                new MemoryStream(model), new OnnxImportOptions { Name = "Rounded" }, new NetworkOptions(),
                new CompileOptions { Int8 = int8, Trains = false, Winograd = false });
            var pixels = new Random(2);
            float[] x = [.. Enumerable.Range(0, network.InputLength).Select(_ => (6 * pixels.NextSingle()) - 3)];
            float[] y = new float[network.OutputLength];
            network.Forward(x, y);
            return y;
        })];
        double largest = results[0].Max(MathF.Abs);
        Assert.NotEqual(results[0], results[1]);
        Assert.All(results[0].Zip(results[1]), pair => Assert.Equal(pair.First, pair.Second, 4e-6 * largest));
    }

    [Fact]
    public void Quantised_operators_agree_with_ONNX_Runtime_to_one_step()
    {
        QuantizedCheck.Outcome[] outcomes = [.. QuantizedCheck.Run(QuantizedCases.All())];
        log.WriteLine($"{outcomes.Length} cases; {outcomes.Count(one => one.IsSame)} the same, the others:");
        log.WriteLine(string.Join('\n', outcomes.Where(one => !one.IsSame)));
        QuantizedCheck.Outcome[] failed = [.. outcomes.Where(one => !one.Agrees)];
        Assert.True(failed.Length == 0, $"{failed.Length} differ:\n{string.Join<QuantizedCheck.Outcome>('\n', failed)}");
    }

    /// <summary>
    /// The weights of a rounded network are integers in its file, with the norms behind them. What comes back has the same integers.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rounded_network_is_written_with_integers_of_its_weights(bool joins)
    {
        using CompiledNetwork network = Residual();
        float[] samples = Inputs(network, 8);
        using QuantizedNetwork quantized = network.Quantize(
            samples, new QuantizeOptions { FloatLayers = true, Joins = joins }, TestContext.Current.CancellationToken);
        byte[] file = Saving.SavedNetwork.Save(quantized.Network);
        GraphProto graph = ModelProto.Parser.ParseFrom(file).Graph;
        Assert.Equal(
            ["depthwise.weight", "down.weight", "hidden.weight", "inner.weight", "pixels.weight", "up.weight"],
            graph.Initializer.Where(one => one.DataType == (int)DataType.Int8 && one.Dims.Count > 1).Select(one => one.Name).Order());

        // The first layer is not rounded, and no weight of Gemm is that of pixels.
        Assert.Equal(["bn1", "bn4"], graph.Node.Where(node => node.OpType == "BatchNormalization").Select(node => node.Name));
        Assert.Equal(joins ? 7 : 6, graph.Node.Count(node => node.OpType == "QuantizeLinear"));

        float[] input = Inputs(network, 1), expected = new float[network.OutputLength], found = new float[network.OutputLength];
        quantized.Network.Forward(input, expected);
        using SessionOptions session = Saving.SavedNetwork.Quiet();
        session.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        using var runtime = new InferenceSession(file, session);
        Saving.SavedNetwork.Compare(quantized.Network, runtime, 1, 1e-2f);
        using CompiledNetwork again = OnnxFile.Load(
            new MemoryStream(file), new OnnxImportOptions { Name = "Again" }, new NetworkOptions(),
            new CompileOptions { Int8 = true, Trains = false });
        again.Forward(input, found);

        // Sums may differ by a bit, with the norms in the weights, and so a rounded tensor by a step.
        double largest = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-2 * largest));
        Assert.Equal(Integers(graph), Integers(ModelProto.Parser.ParseFrom(Saving.SavedNetwork.Save(again)).Graph));

        // The dense layer of pixels comes back as a convolution, whose norm goes into it and may change signs.
        static IEnumerable<Google.Protobuf.ByteString> Integers(GraphProto graph) => graph.Initializer
            .Where(one => one.DataType == (int)DataType.Int8 && one.Dims.Count > 1 && one.Name != "pixels.weight")
            .OrderBy(one => one.Name).Select(one => one.RawData);
    }

    [Fact]
    public void A_network_of_floats_behind_roundings_is_written_with_floats()
    {
        using CompiledNetwork network = new NetworkBuilder(3, 8, 8).FakeQuantize(scale: 0.02).Conv2D(4, 3).BatchNorm().Compile();
        GraphProto graph = ModelProto.Parser.ParseFrom(Saving.SavedNetwork.Save(network)).Graph;
        Assert.DoesNotContain(graph.Initializer, one => one.DataType == (int)DataType.Int8);
        Assert.Contains(graph.Node, node => node.OpType == "BatchNormalization");
    }

    /// <summary>Which layers round them in inference depends on the processor, so the file has what the parameters are.</summary>
    [Fact]
    public void Weights_that_are_not_rounded_yet_are_floats_in_the_file()
    {
        using CompiledNetwork network = Residual();
        using QuantizedNetwork quantized = network.Quantize(Inputs(network, 4), cancellationToken: TestContext.Current.CancellationToken);
        Parameter weight = quantized.Network.FindParameter("down.weight")!;
        float[] values = new float[weight.Length];
        weight.CopyTo(values);
        values[3] += 0.001f;
        weight.CopyFrom(values);
        Assert.DoesNotContain("down.weight", Integers());
        using var rounded = new MemoryStream();
        quantized.Network.SaveInt8(rounded);
        quantized.Network.Load(rounded.ToArray());
        Assert.Contains("down.weight", Integers());

        IEnumerable<string> Integers() => ModelProto.Parser.ParseFrom(Saving.SavedNetwork.Save(quantized.Network)).Graph.Initializer
            .Where(one => one.DataType == (int)DataType.Int8).Select(one => one.Name);
    }

    [Fact]
    public void An_infinite_variance_gives_no_numbers()
    {
        using CompiledNetwork network = Residual();
        using QuantizedNetwork quantized = network.Quantize(Inputs(network, 4), cancellationToken: TestContext.Current.CancellationToken);
        float[] variances = [float.PositiveInfinity, .. Enumerable.Repeat(1f, 15)];
        quantized.Network.FindParameter("bn2.running_var")!.CopyFrom(variances);
        TensorProto bias = ModelProto.Parser.ParseFrom(Saving.SavedNetwork.Save(quantized.Network)).Graph.Initializer
            .Single(one => one.Name == "inner.bias");
        float[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bias.RawData.Span).ToArray();
        Assert.Equal([true, .. Enumerable.Repeat(false, 15)], values.Select(float.IsNaN));
    }

    [Fact]
    public void Integers_go_into_a_file_of_their_own()
    {
        string folder = Directory.CreateTempSubdirectory("strata-onnx-").FullName;
        try
        {
            using CompiledNetwork network = Residual();
            using QuantizedNetwork quantized = network.Quantize(
                Inputs(network, 4), new QuantizeOptions { FloatLayers = true }, TestContext.Current.CancellationToken);
            string path = Path.Combine(folder, "net.onnx");
            OnnxFile.Save(quantized.Network, path, new OnnxSaveOptions { MaxFileLength = 1000 });
            using SessionOptions session = Saving.SavedNetwork.Quiet();
            using InferenceSession apart = new(path, session), whole = new(Saving.SavedNetwork.Save(quantized.Network), session);
            float[] input = Inputs(network, 1);
            float[][] outputs = [.. new[] { apart, whole }.Select(one =>
            {
                using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, [1, 3, 12, 12]);
                using var options = new RunOptions();
                using IDisposableReadOnlyCollection<OrtValue> results = one.Run(options, ["input"], [value], ["output"]);
                return results[0].GetTensorDataAsSpan<float>().ToArray();
            })];
            Assert.Equal(outputs[0], outputs[1]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Negative factors of norms, biases before them, groups, and a transposed convolution.</summary>
    private static CompiledNetwork Residual()
    {
        CompiledNetwork network = new NetworkBuilder(3, 12, 12)
            .Conv2D(16, 3, padding: 1, name: "stem").BatchNorm().ReLU()
            .Branches(x => x, x => x.Conv2D(16, 3, padding: 1, name: "inner").BatchNorm()).Add().ReLU()
            .Conv2D(16, 3, groups: 16, bias: false, name: "depthwise").BatchNorm().ReLU()
            .Dense(20, overChannels: true, name: "pixels").BatchNorm().ReLU().Conv2D(24, 1, name: "down").ReLU()
            .ConvTranspose2D(8, 2, stride: 2, name: "up").ReLU()
            .Flatten().Dense(32, name: "hidden").BatchNorm().ReLU().Dense(5, name: "head")
            .Compile(new NetworkOptions { Seed = 3 });
        var random = new Random(4);
        foreach (Parameter parameter in network.Parameters.Where(one => one.Key.StartsWith("bn", StringComparison.Ordinal)))
        {
            float[] values = [.. Enumerable.Range(0, parameter.Length).Select(_ => random.NextSingle() - 0.5f)];
            parameter.CopyFrom(parameter.Key.EndsWith("var", StringComparison.Ordinal) ? [.. values.Select(value => value + 1)] : values);
        }

        return network;
    }

    private static float[] Inputs(CompiledNetwork network, int samples)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, samples * network.InputLength).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
