using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Onnx;
using Strata.Onnx;
using Strata.Onnx.Nodes;
using Strata.Onnx.Saving;
using Strata.Onnx.Schema;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The networks of the zoo as ONNX files.</summary>
public sealed class OnnxTests
{
    private const int Batch = 2;

    /// <summary>Windows of one and three dimensions, indices of maxima, several outputs, and a chain.</summary>
    public static TheoryData<string> Small { get; } =
        ["lenet5", "m5", "voxnet", "enet", "yolo", "resnet20", "shufflenet_v2_x1_0", "convnext_tiny"];

    public static TheoryData<string> Names() => [.. Catalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nodes_read_what_is_written_before_them(string name)
    {
        NetworkInfo info = ZooNetwork.Find(name)!.Info;
        var writer = new GraphWriter(new SavedGraph(info), 17, null);
        GraphProto graph = writer.Write();
        HashSet<string> known = [.. graph.Initializer.Select(tensor => tensor.Name), .. graph.Input.Select(input => input.Name), ""];
        foreach (NodeProto node in graph.Node)
        {
            Assert.All(node.Input, input => Assert.Contains(input, known));
            Assert.All(node.Output, output => Assert.True(known.Add(output), $"{output} is written twice"));
        }

        Assert.All(graph.Output, output => Assert.Contains(output.Name, known));
        Assert.Equal(
            info.Parameters.Select(parameter => parameter.Key).Where(key => writer.Parameters.ContainsKey(key)), writer.Parameters.Keys);
        int trainingOnly = info.Layers.Where(layer => layer.TrainingOnly).Sum(layer => info.Parameters.Count(parameter =>
            parameter.Key.StartsWith(layer.Name + ".", StringComparison.Ordinal)));
        Assert.Equal(info.Parameters.Count - trainingOnly, writer.Parameters.Count);
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Onnx_runtime_computes_the_same(string name)
    {
        string? library = OnnxRuntime.FindLibrary();
        Assert.True(library is not null, "The NuGet package of ONNX Runtime has no library for this system.");
        using CompiledNetwork network = ZooNetwork.Find(name)!.Create(new NetworkOptions { Seed = 1, Threads = 1 });
        float[] inputs = RandomInputs(Batch * network.InputLength);
        float[] outputs = new float[Batch * network.OutputLength];
        network.Forward(inputs, outputs);
        PeerTensors read = PeerTensors.Parse(PeerTensors.Text(network.Info.Inputs), Batch);
        PeerTensors expected = PeerTensors.Parse(PeerTensors.Text(network.Info.Outputs), Batch);
        read.Take(inputs);
        string path = Path.GetTempFileName();
        try
        {
            OnnxFile.Save(network, path);
            using var runtime = new OnnxRuntime(library, path, 1, Batch, read, expected);
            runtime.Run();
        }
        finally
        {
            File.Delete(path);
        }

        Assert.InRange(Agreement.MaxError(outputs, expected.Samples()), 0, 1e-5);
    }

    [Theory]
    [InlineData("AuthenticAMD", 25, 0x11, "Zen 4 (family 25)")]
    [InlineData("AuthenticAMD", 25, 0x01, "Zen 3 (family 25)")]
    [InlineData("AuthenticAMD", 26, 0x02, "Zen 5 (family 26)")]
    [InlineData("GenuineIntel", 6, 0x8f, "Sapphire Rapids (family 6, model 143)")]
    [InlineData("Somebody", 7, 3, "Somebody family 7, model 3")]
    public void Families_of_cpus_have_names(string vendor, int family, int model, string name) => Assert.Equal(name, Processor.NameOf(vendor, family, model));

    private static float[] RandomInputs(int length)
    {
        var random = new Random(1);
        float[] inputs = new float[length];
        for (int i = 0; i < length; i++)
        {
            inputs[i] = (2 * random.NextSingle()) - 1;
        }

        return inputs;
    }
}
