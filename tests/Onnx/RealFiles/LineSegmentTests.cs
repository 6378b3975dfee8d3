using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// The published detectors of line segments against PyTorch in double precision (<c>make_line_goldens.py</c>). Their depthwise
/// convolutions add products up to 250, and keep 0 to 6 of the sum. So rounding is a larger share of the outputs than in other files, and
/// no two implementations in single precision agree to 1e-5.
/// </summary>
public sealed class LineSegmentTests(ITestOutputHelper log)
{
    /// <summary>How many times PyTorch's own error in single precision is accepted. Sums are in another order here.</summary>
    private const double Accepted = 3;

    private static readonly Golden[] Goldens = JsonSerializer.Deserialize<Golden[]>(
        File.ReadAllText(Path.Combine(SourceFolder.Path, "RealFiles", "lines.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> Names => [.. Goldens.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_detector_of_line_segments_is_as_near_to_double_precision_as_PyTorch(string name)
    {
        Golden golden = Goldens.Single(one => one.Name == name);
        string? path = RealFile.LineDetectors.Single(file => file.Name == name).Find(out string reason);
        Assert.SkipWhen(path is null, reason);
        using CompiledNetwork network = OnnxFile.Load(path!, new OnnxImportOptions(), new NetworkOptions { Threads = 1 });
        IReadOnlyList<int> input = network.Info.InputShape;
        float[] outputs = new float[network.OutputLength];
        network.Forward(Picture(input[1], input[2]), outputs);
        Assert.Equal(golden.Outputs.Select(output => output.Name), network.Info.Outputs.Select(output => output.Name));
        int first = 0;
        foreach ((GoldenOutput expected, TensorInfo output) in golden.Outputs.Zip(network.Info.Outputs))
        {
            int length = output.Shape.Aggregate((a, b) => a * b), channels = expected.Name == "offsets" ? output.Shape[0] : 1;
            float At(int i) => outputs[first + (i % channels * (length / channels)) + (i / channels)];
            double error = expected.Values.Max(value => Math.Abs(At(value.Key) - value.Value));
            log.WriteLine($"{name}, {expected.Name}: off by {error:E1}; PyTorch in single precision by {expected.SinglePrecisionError:E1}");
            Assert.True(error <= Accepted * expected.SinglePrecisionError, $"{expected.Name} is off by {error:E1}");
            first += length;
        }
    }

    /// <summary>Bright bars, darker to the right. The fourth channel is 255.</summary>
    private static float[] Picture(int height, int width)
    {
        float[] bars = [.. Enumerable.Range(0, height * width).Select(i => (i / width, i % width)).Select(at =>
            (float)((((at.Item1 / 40) + (at.Item2 / 56)) % 2 * 160.0) + (at.Item2 * 64.0 / width)))];
        return [.. bars, .. bars, .. bars, .. Enumerable.Repeat(255f, bars.Length)];
    }

    private sealed record Golden(string Name, GoldenOutput[] Outputs);

    private sealed record GoldenOutput(string Name, double SinglePrecisionError, Dictionary<int, double> Values);
}
