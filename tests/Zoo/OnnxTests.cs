using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The files that the benchmarks write for ONNX Runtime.</summary>
public sealed class OnnxTests
{
    private const int Batch = 2;

    /// <summary>Windows of one and three dimensions, indices of maxima, several outputs, and a chain.</summary>
    public static TheoryData<string> Small { get; } = ["lenet5", "m5", "voxnet", "enet", "yolo", "resnet20", "shufflenet_v2_x1_0"];

    public static TheoryData<string> Names() => [.. Catalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nodes_read_what_is_written_before_them(string name)
    {
        // Weights of no length: only their names and shapes matter here, but for the slopes of a PReLU.
        var graph = new PeerGraph(ZooNetwork.Find(name)!.Info);
        var file = new MemoryStream();
        OnnxModel.Write(graph, graph.Info.Parameters.Select(p => new Weights(p.Key, p.Shape, new float[p.Shape.Count == 1 ? p.Shape[0] : 0])), Batch, file);
        Dictionary<int, List<byte[]>> model = Fields(file.ToArray());
        Dictionary<int, List<byte[]>> fields = Fields(Assert.Single(model[7]));

        var known = new HashSet<string>(fields.GetValueOrDefault(5, []).Select(initializer => Text(Fields(initializer)[8][0]))) { "input", "" };
        foreach (Dictionary<int, List<byte[]>> node in fields[1].Select(Fields))
        {
            Assert.All(node[1], input => Assert.Contains(Text(input), known));
            Assert.All(node[2], output => Assert.True(known.Add(Text(output)), $"{Text(output)} is written twice"));
        }

        Assert.Contains("output", known);
        int weights = graph.Layers.Where(layer => !layer.Info.TrainingOnly).Sum(layer => layer.Kind == "PReLU" ? 0 : layer.Parameters.Count);
        Assert.Equal(weights, fields[5].Select(initializer => Text(Fields(initializer)[8][0])).Count(key => !key.StartsWith('#')));
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
        float[] expected = GC.AllocateArray<float>(outputs.Length, pinned: true);
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream file = File.Create(path))
            {
                OnnxModel.Write(new PeerGraph(network.Info), network.Parameters.Select(parameter =>
                {
                    float[] values = new float[parameter.Length];
                    parameter.CopyTo(values);
                    return new Weights(parameter.Key, parameter.Shape, values);
                }), Batch, file);
            }

            using var runtime = new OnnxRuntime(
                library, path, 1, inputs, [Batch, .. network.Info.InputShape], expected, [Batch, .. network.Info.OutputShape]);
            runtime.Run();
        }
        finally
        {
            File.Delete(path);
        }

        Assert.InRange(Agreement.MaxError(outputs, expected), 0, 1e-5);
    }

    [Fact]
    public void Arguments_are_split_at_commas_outside_of_lists_and_texts()
    {
        var arguments = new LayerArguments("64, \"a, b = c\", Stride = 2, Means = [0.5, 0.25], Bias = false");
        Assert.Equal(64, arguments.Integer(0, "0"));
        Assert.Equal("\"a, b = c\"", arguments.Text("1"));
        Assert.Null(arguments.Text("2"));
        Assert.Equal(2, arguments.Integer(1, "StrideHeight", "Stride"));
        Assert.Equal("[0.5, 0.25]", arguments.Text("Means"));
        Assert.False(arguments.Truth(true, "Bias"));
        Assert.Equal(0.1, arguments.Number(0.1, "Epsilon"));
    }

    [Fact]
    public void A_network_that_peers_are_not_told_of_says_why()
    {
        NetworkInfo info = ZooNetwork.Find("lenet5")!.Info;
        var graph = new PeerGraph(info with { Layers = [.. info.Layers.Select(layer => layer.Name == "relu1" ? layer with { Kind = "Filter2D" } : layer)] });
        NoPeerException exception = Assert.Throws<NoPeerException>(
            () => OnnxModel.Write(graph, info.Parameters.Select(p => new Weights(p.Key, p.Shape, [])), Batch, Stream.Null));
        Assert.Contains("'relu1'", exception.Message, StringComparison.Ordinal);
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
        float[] inputs = GC.AllocateArray<float>(length, pinned: true);
        for (int i = 0; i < length; i++)
        {
            inputs[i] = (2 * random.NextSingle()) - 1;
        }

        return inputs;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The fields of a protobuf message that have a length, by number.</summary>
    private static Dictionary<int, List<byte[]>> Fields(byte[] message)
    {
        var fields = new Dictionary<int, List<byte[]>>();
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    Varint();
                    break;
                case 5:
                    at += sizeof(float);
                    break;
                default:
                    Assert.Equal(2ul, tag & 7);
                    int length = (int)Varint(), field = (int)(tag >> 3);
                    if (!fields.TryGetValue(field, out List<byte[]>? values))
                    {
                        fields.Add(field, values = []);
                    }

                    values.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                {
                    return value;
                }
            }
        }
    }
}
