using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
}
