using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// The published detectors of line segments against PyTorch in double precision (<c>make_line_goldens.py</c>). Their depthwise
/// convolutions add products up to 250, and keep 0 to 6 of the sum. So rounding is a larger share of the outputs than in other files, and
/// no two implementations in single precision agree to 1e-5.
/// </summary>
public sealed class LineSegmentTests(ITestOutputHelper log)
{
    /// <summary>How many times the mean error of others in single precision is accepted. Sums are in another order here.</summary>
    private const double Accepted = 3;

    private static readonly Golden[] Goldens = JsonSerializer.Deserialize<Golden[]>(
        File.ReadAllText(Path.Combine(SourceFolder.Path, "RealFiles", "lines.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> Names => [.. Goldens.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_detector_of_line_segments_is_as_near_to_double_precision_as_PyTorch_and_ONNX_Runtime(string name)
    {
        Golden golden = Goldens.Single(one => one.Name == name);
        string? path = RealFile.LineDetectors.Single(file => file.Name == name).Find(out string reason);
        Assert.SkipWhen(path is null, reason);

        // Winograd's transforms round more than sums of products do.
        using CompiledNetwork network = OnnxFile.Load(
            path!, network: new NetworkOptions { Threads = 1 }, compile: new CompileOptions { Winograd = false });
        IReadOnlyList<int> input = network.Info.InputShape;
        float[] picture = Picture(input[1], input[2]), outputs = new float[network.OutputLength];
        network.Forward(picture, outputs);
        float[][] peer = ComputedByOnnxRuntime(path!, picture, input);
        Assert.Equal(golden.Outputs.Select(output => output.Name), network.Info.Outputs.Select(output => output.Name));
        int first = 0;
        for (int k = 0; k < golden.Outputs.Length; k++)
        {
            GoldenOutput expected = golden.Outputs[k];
            IReadOnlyList<int> shape = network.Info.Outputs[k].Shape;
            int length = shape.Aggregate((a, b) => a * b), channels = expected.Name == "offsets" ? shape[0] : 1, start = first;
            double error = expected.ErrorOf(i => outputs[start + (i % channels * (length / channels)) + (i / channels)]);
            double errorOfPeer = expected.ErrorOf(i => peer[k][i]);
            log.WriteLine(
                $"{name}, {expected.Name}: off by {error:E1}; PyTorch in single precision by {expected.SinglePrecisionError:E1}, "
                + $"ONNX Runtime by {errorOfPeer:E1}");
            Assert.True(
                error <= Accepted * Math.Max(errorOfPeer, expected.SinglePrecisionError), $"{expected.Name} is off by {error:E1}");
            first += length;
        }
    }

    private static float[][] ComputedByOnnxRuntime(string path, float[] picture, IReadOnlyList<int> shape)
    {
        using var session = new InferenceSession(path);
        var values = new DenseTensor<float>([1, shape[1], shape[2], shape[0]]);
        int pixels = shape[1] * shape[2];
        for (int i = 0; i < picture.Length; i++)
        {
            values.SetValue((i % pixels * shape[0]) + (i / pixels), picture[i]);
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
            session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], values)]);
        return [.. results.Select(result => result.AsTensor<float>().ToArray())];
    }

    /// <summary>Bright bars, darker to the left. The fourth channel is 255.</summary>
    private static float[] Picture(int height, int width)
    {
        float[] bars = [.. Enumerable.Range(0, height * width).Select(i => (Row: i / width, Column: i % width)).Select(at =>
            (float)((((at.Row / 40) + (at.Column / 56)) % 2 * 160.0) + (at.Column * 64.0 / width)))];
        return [.. bars, .. bars, .. bars, .. Enumerable.Repeat(255f, bars.Length)];
    }

    private sealed record Golden(string Name, GoldenOutput[] Outputs);

    private sealed record GoldenOutput(string Name, double SinglePrecisionError, Dictionary<int, double> Values)
    {
        /// <summary>The mean: the largest of a few hundred errors of rounding is a matter of chance.</summary>
        public double ErrorOf(Func<int, float> at) => Values.Average(value => Math.Abs(at(value.Key) - value.Value));
    }
}
