using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx;
using Strata.Onnx.Tests;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>A network that is saved as an ONNX file, and imported from it, is the same network.</summary>
public sealed class RoundTripTests
{
    private const int Batch = 2;

    /// <summary>Layers of inference that an ONNX file does not have.</summary>
    private static readonly string[] OfTraining = ["Dropout", "SpatialDropout", "StochasticDepth"];

    /// <summary>
    /// Dense layers on pixels come back as convolutions of 1×1, and the scales of channels behind them are folded into their weights: that
    /// rounds in other places, and leaves other keys.
    /// </summary>
    private static readonly Dictionary<string, double> Bounds = new() { ["convnext_tiny"] = 1e-6 };

    public static TheoryData<string> Small { get; } =
        ["lenet5", "lenet_sigmoid", "m5", "voxnet", "enet", "yolo", "resnet20", "shufflenet_v2_x1_0", "net", "makemodel", "pyramid"];

    [Theory]
    [MemberData(nameof(Small))]
    public void A_network_comes_back_the_same_to_the_bit(string name)
    {
        Report report = Run(ZooNetwork.Find(name)!);
        Assert.Equal((0, ""), (report.Error, report.Difference));
    }

    [Fact]
    public void A_network_of_several_sizes_comes_back_as_a_class_of_blocks_that_declares_them()
    {
        int[][] sizes = [[32, 32], [32, 40], [48, 32], [48, 40]];
        using CompiledNetwork declared = ZooNetwork.Find("resnet20")!.Create(new NetworkOptions { Seed = 1 });
        using CompiledNetwork network = NetworkBuilder.Of(declared).Compile(
            new NetworkOptions { Threads = 2, Isa = Isa.Vector128 }, new CompileOptions { Sizes = sizes });
        using var file = new MemoryStream();
        OnnxFile.Save(network, file, new OnnxSaveOptions { DynamicSizes = true });
        file.Position = 0;
        ImportedNetwork imported = OnnxFile.Import(file, new OnnxImportOptions { Name = "Sized", Sizes = sizes });
        Assert.Contains(
            "[Input(3, 32, 32)]\n[Sizes(Height = [32, 48], Width = [32, 40])]\n", imported.Source, StringComparison.Ordinal);
        Assert.Contains("BlockAttribute", imported.Source, StringComparison.Ordinal);
        using CompiledNetwork copy = Compiled(imported);
        Assert.Equal(sizes, copy.SupportedSizes!);
        Assert.All(sizes, size => Assert.Equal(Outputs(network.At(size)), Outputs(copy.At(size))));

        static float[] Outputs(CompiledNetwork network)
        {
            float[] outputs = new float[Batch * network.OutputLength];
            network.Forward(Numbers(new Random(1), Batch * network.InputLength), outputs);
            Assert.True(outputs.Distinct().Count() > 1, "The network computes nothing.");
            return outputs;
        }
    }

    /// <summary>
    /// All networks, in ten minutes: <c>dotnet run -c Release --project tests/Zoo -- -class "*.RoundTripTests" -explicit only
    /// -showLiveOutput</c>.
    /// </summary>
    [Fact(Explicit = true)]
    public void All_networks_come_back_the_same_to_the_bit()
    {
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        var failed = new List<string>();
        foreach (ZooNetwork network in Catalog.All)
        {
            try
            {
                Report report = Run(network);
                output.WriteLine(FormattableString.Invariant(
                    $"{network.Name}: error {report.Error:E1}, {report.Lines} lines. {report.Difference}"));
                bool agrees = Bounds.TryGetValue(network.Name, out double bound)
                    ? report.Error <= bound : report is { Error: 0, Difference: "" };
                failed.AddRange(agrees ? [] : [network.Name]);
            }
            catch (Exception exception)
            {
                output.WriteLine($"{network.Name}: {exception.Message.Split('\n')[0]}");
                failed.Add(network.Name);
            }
        }

        Assert.Empty(failed);
    }

    private static Report Run(ZooNetwork declared)
    {
        // Both are compiled for the same tier: tiers differ in the last bits.
        using CompiledNetwork network = declared.Create(new NetworkOptions { Seed = 1, Threads = 2, Isa = Isa.Vector128 });
        var random = new Random(1);
        foreach (Parameter parameter in network.Parameters.Where(parameter => parameter.Shape.Count == 1))
        {
            // Statistics, factors and summands that are not 0 and 1.
            parameter.CopyFrom(Numbers(random, parameter.Length).Select(number => number < 0 ? -number : number).Select(
                number => parameter.Key.EndsWith("running_var", StringComparison.Ordinal) ? 0.5f + number : number / 2).ToArray());
        }

        using var file = new MemoryStream();
        OnnxFile.Save(network, file);
        file.Position = 0;
        ImportedNetwork imported = OnnxFile.Import(file, new OnnxImportOptions { Name = declared.Type.Name });
        using CompiledNetwork copy = Compiled(imported);

        float[] inputs = Numbers(random, Batch * network.InputLength);
        float[] expected = new float[Batch * network.OutputLength], actual = new float[Batch * copy.OutputLength];
        network.Forward(inputs, expected);
        copy.Forward(inputs, actual);
        Assert.Equal(expected.Length, actual.Length);
        double range = expected.Max(Math.Abs), error = expected.Zip(actual, (x, y) => Math.Abs((double)x - y)).Max() / range;
        Assert.True(double.IsFinite(range) && range > 0, "The network computes nothing.");
        int lines = imported.Source.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        return new Report(double.IsNaN(error) ? double.PositiveInfinity : error, Difference(network.Info, copy.Info), lines);
    }

    /// <summary>The class of an import, with its weights.</summary>
    private static CompiledNetwork Compiled(ImportedNetwork imported)
    {
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        weights.Position = 0;
        Type type = ClassCompiler.Compile(imported.Source).GetTypes().Single(type => type.Name == imported.Name);
        var copy = (CompiledNetwork)Activator.CreateInstance(
            type, new NetworkOptions { Seed = 2, Threads = 2, Isa = Isa.Vector128 })!;
        copy.Load(weights);
        return copy;
    }

    /// <summary>
    /// The first layer, and the first key, that differs; empty if all are the same. Arguments may be written in another way: padding as
    /// numbers, or ceil mode where it makes no difference.
    /// </summary>
    private static string Difference(NetworkInfo one, NetworkInfo other)
    {
        string[] layers = [.. Layers(one)], otherLayers = [.. Layers(other)];
        HashSet<string> heads = [.. one.Layers.Where(layer => layer.TrainingOnly).Select(layer => layer.Name + ".")];
        string[] keys = [.. one.Parameters.Select(parameter => parameter.Key)
            .Where(key => !heads.Any(head => key.StartsWith(head, StringComparison.Ordinal)))];
        string[] otherKeys = [.. other.Parameters.Select(parameter => parameter.Key)];
        return First("Layer", layers, otherLayers)
            + First("Key", [.. keys.Order(StringComparer.Ordinal)], [.. otherKeys.Order(StringComparer.Ordinal)]);

        static IEnumerable<string> Layers(NetworkInfo info) => info.Layers
            .Where(layer => !layer.TrainingOnly && !OfTraining.Contains(layer.Kind))
            .Select(layer => $"{KindOf(layer)} {string.Join('×', layer.OutputShape)}");

        static string KindOf(LayerInfo layer) => layer switch
        {
            { Kind: "Split" } => "Slice",
            { Kind: "Clip", Arguments: "Min = 0, Max = 6" } => "ReLU6",
            { Kind: "AdaptiveAveragePool1D" or "AdaptiveAveragePool2D" or "AdaptiveAveragePool3D", Arguments: "1" } =>
                "Global" + layer.Kind["Adaptive".Length..],
            _ => layer.Kind,
        };

        static string First(string what, string[] left, string[] right) => left.SequenceEqual(right) ? ""
            : left.Zip(right).FirstOrDefault(pair => pair.First != pair.Second) is { First: not null } pair
                ? $"{what} {pair.First} is {pair.Second}. " : $"{left.Length} {what} are {right.Length}. ";
    }

    private static float[] Numbers(Random random, int length)
    {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = (2 * random.NextSingle()) - 1;
        }

        return numbers;
    }

    /// <summary>What came of a network.</summary>
    /// <param name="Error">The largest difference of an output relative to the largest output.</param>
    /// <param name="Difference">What is declared in another way.</param>
    /// <param name="Lines">The lines of the imported class.</param>
    private sealed record Report(double Error, string Difference, int Lines);
}
