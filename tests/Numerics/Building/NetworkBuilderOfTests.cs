using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading;
using Strata.Compiler.Emission;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Numerics.Tests.Drawing;
using Strata.Tests;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>A network's description becomes a builder, which compiles to the same network.</summary>
public sealed class NetworkBuilderOfTests
{
    private static Dictionary<string, NetworkGraph> GraphsOf(params IEnumerable<string> declarations) => EmittedNetwork.GraphsOf(
        declarations.Append(OwnOperators.Declarations).Select(text => "using Strata;\n\nnamespace Declared;\n\n" + text));

    private static NetworkGraph GraphOf(NetworkBuilder builder) =>
        Strata.NetworkCompiler.GraphOf(builder.Declaration(new CompileOptions()), CancellationToken.None);

    private static readonly JsonSerializerOptions Infinities = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A description without the text of arguments, in which blocks' arguments have another order.</summary>
    private static string Text(NetworkInfo info) => JsonSerializer.Serialize(
        info with { Layers = [.. info.Layers.Select(layer => layer with { Arguments = "" })] }, Infinities);

    /// <summary>A graph without texts for people. With several inputs, those that stand behind layers have another place.</summary>
    private static NetworkGraph Plain(NetworkGraph graph) =>
        graph with { Nodes = graph.Nodes.Select(node => node with { Arguments = "" }).ToEquatableArray() };

    private static string? Difference(string name, NetworkGraph graph, bool comparesGraphs)
    {
        try
        {
            NetworkInfo info = RuntimeInfo.Create(name, graph);
            NetworkBuilder network = NetworkBuilder.Of(info);
            NetworkGraph again = GraphOf(network);
            string expected = Text(info), actual = Text(RuntimeInfo.Create(name, again));
            return expected != actual ? $"{name} is described {FirstDifference(expected, actual)}"
                : comparesGraphs && Plain(graph) != Plain(again) ? $"{name} has another graph than {network.ToCSharp(name)}" : null;
        }
        catch (NetworkException refused)
        {
            return $"{name}: {refused.Message}";
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        int at = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        string Around(string text) => text[int.Max(at - 300, 0)..int.Min(at + 100, text.Length)];
        return $"as\n{Around(expected)}, and then as\n{Around(actual)}";
    }

    /// <summary>The networks of the catalogue.</summary>
    private static readonly Lazy<Dictionary<string, NetworkGraph>> Catalogue = new(() => GraphsOf(
        [.. CatalogueCases.All.Select((one, i) => CatalogueCases.Declare(one, $"Case{i}")), CatalogueCases.OthersOf(CatalogueCases.All)]));

    [Fact]
    public void Each_network_of_the_catalogue_has_the_same_graph_as_its_builder()
    {
        Dictionary<string, NetworkGraph> graphs = Catalogue.Value;
        Assert.True(graphs.Count >= CatalogueCases.All.Count);
        string[] differences =
        [
            .. graphs.Select(one => Difference(one.Key, one.Value, comparesGraphs: one.Value.Inputs.Count() == 1)).OfType<string>(),
        ];
        Assert.True(differences.Length == 0, $"{differences.Length} differ:\n{string.Join("\n\n", differences.Take(10))}");
    }

    [Fact]
    public void Random_networks_are_described_as_those_of_their_builders()
    {
        Dictionary<string, NetworkGraph> graphs =
            GraphsOf(Enumerable.Range(1, 100).Select(seed => RandomArchitecture.Draw(seed).Declaration($"Random{seed}")));
        string[] differences = [.. graphs.Select(one => Difference(one.Key, one.Value, comparesGraphs: false)).OfType<string>()];
        Assert.True(differences.Length == 0, $"{differences.Length} differ:\n{string.Join("\n\n", differences.Take(10))}");
    }

    [Fact]
    public void Networks_of_the_catalogue_compute_the_bits_of_their_builders() => Assert.All(
        AllCases.Of(Catalogue.Value, 25), one => AssertSameBits(one.Key, one.Value));

    [Fact]
    public void Functions_trained_numbers_and_losses_that_a_project_declares_are_taken_over()
    {
        Dictionary<string, NetworkGraph> graphs = GraphsOf(
            """
            [Network, Input(6, 5), Slopes, Conv1D(8, 3), TrainedSwish, Slopes(0.5), BetaMish(1.5), BetaMish(0.5)]
            [Branch, Branch, Conv1D(8, 1), Gate, Flatten, Dense(3), LogCosh]
            public partial class Own;
            """,
            """
            [Network, Input(4, 9, 7, Name = "image"), Conv2D(2, 3, Frozen = true), Flatten, Input(5, Name = "pose"), Dense(3)]
            [Concat("flatten1", "dense1"), Dense(4), Output("logits"), CrossEntropy(LabelSmoothing = 0.1, Weight = 0.5)]
            [CrossEntropy(ClassWeights = new[] { 1, 0.5, 2, 0 }, Target = "second")]
            [Tanh(From = "dense1"), Output("angles"), Huber(Delta = 0.5), MeanSquaredError(Weight = 2, From = "dense1", Target = "other")]
            public partial class Several;
            """);
        Assert.All(graphs, one =>
        {
            Assert.Null(Difference(one.Key, one.Value, comparesGraphs: false));
            AssertSameBits(one.Key, one.Value);
        });
    }

    [Fact]
    public void A_network_gets_another_head_and_keeps_the_weights_of_the_rest()
    {
        using CompiledNetwork trained = new NetworkBuilder(3, 12, 12)
            .Conv2D(8, 3, padding: 1, name: "stem").ReLU()
            .Block("body", b => b.Branches(x => x, x => x.Conv2D(8, 3, padding: 1).BatchNorm()).Add().ReLU(), repeat: 2)
            .GlobalAveragePool2D().Flatten().Dense(10, name: "fc").CrossEntropy()
            .Dense(10, from: "flatten1", name: "auxiliary").CrossEntropy(weight: 0.3)
            .Compile(new NetworkOptions { Seed = 3, Threads = 1 }, new CompileOptions { Name = "Trained" });
        using var file = new MemoryStream();
        trained.Save(file);
        file.Position = 0;

        using CompiledNetwork own = NetworkBuilder.Of(trained, until: "fc").Dropout(0.2).Dense(4, name: "fc").CrossEntropy()
            .Compile(new NetworkOptions { Threads = 1 });
        WeightsLoadReport report = own.Load(file, new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        Assert.Equal("Trained", own.Info.Name);
        Assert.Equal(["fc.weight", "fc.bias"], report.Mismatched);
        Assert.Equal((0, own.Parameters.Count - 2), (report.Missing.Count, report.Loaded.Count));
        Assert.Equal(
            ["stem", "relu1", "body.0.conv1", "body.0.bn1", "body.0.add1", "body.0.relu1"],
            own.Info.Layers.Take(6).Select(layer => layer.Name));
        Assert.Equal(["flatten1", "dropout1", "fc"], own.Info.Layers.TakeLast(3).Select(layer => layer.Name));
        Assert.Equal([4], own.Info.OutputShape);

        // The rest computes what it did.
        using CompiledNetwork before = NetworkBuilder.Of(trained, until: "fc").Compile(new NetworkOptions { Threads = 1 }),
            after = NetworkBuilder.Of(own.Info, until: "dropout1").Compile(new NetworkOptions { Threads = 1 });
        float[] images = Numbers(2 * trained.InputLength);
        foreach ((CompiledNetwork from, CompiledNetwork to) in new[] { (trained, before), (own, after) })
        {
            Assert.All(to.Parameters, parameter => parameter.CopyFrom(Values(from, parameter.Key)));
        }

        Assert.Equal(Outputs(before, images), Outputs(after, images));
    }

    [Fact]
    public void A_block_is_where_a_builder_may_end_and_what_is_not_there_is_told()
    {
        NetworkBuilder whole = new NetworkBuilder(3, 8, 8).Conv2D(4, 3).Block("body", b => b.Conv2D(4, 1).ReLU()).Flatten().Dense(2);
        using CompiledNetwork network = whole.Compile(compile: new CompileOptions { Name = "Small", Trains = false });
        Assert.Equal("[Network]\n[Input(3, 8, 8)]\n[Conv2D(4, 3)]\n", Stack(NetworkBuilder.Of(network, until: "body")));
        ArgumentException missing = Assert.Throws<ArgumentException>(() => NetworkBuilder.Of(network, until: "dense2"));
        Assert.StartsWith("Small has no layer or block 'dense2'; 'dense1' is one.", missing.Message, StringComparison.Ordinal);

        static string Stack(NetworkBuilder builder) => builder.ToCSharp("Cut").Replace("using Strata;\n\n", "", StringComparison.Ordinal)
            .Replace("public partial class Cut;\n", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_parameters_and_a_second_tensor_are_taken_over()
    {
        Dictionary<string, NetworkGraph> graphs = GraphsOf(
            """
            [Network, Input(6, 8, 8), Conv2D(6, 3, Padding = 1, Name = "a"), Tanh, Conv2D(6, 3, Weights = "a"), Flatten(Name = "f")]
            [Dense(4, Name = "d"), ReLU, Dense(4, Name = "e"), Dense(4, Weights = "e"), CrossEntropy]
            public partial class Uses;
            """,
            """
            [Network, Input(6, 8, Name = "x"), Input(6, 5, Name = "c"), Attention(2, Context = "c", From = "x", Name = "a"), Tanh]
            [Attention(3, Context = "c", Weights = "a"), MeanSquaredError]
            public partial class Crossed;
            """,
            """
            [Network, Input(6, 8, Name = "x"), Param(8, 8, Name = "m"), Attention(2, Mask = "m", From = "x"), MeanSquaredError]
            public partial class Masked;
            """);
        Assert.All(graphs, one =>
        {
            Assert.Null(Difference(one.Key, one.Value, comparesGraphs: false));
            AssertSameBits(one.Key, one.Value);
        });
    }

    [Fact]
    public void A_layer_whose_parameters_are_left_out_is_told()
    {
        using CompiledNetwork network = new NetworkBuilder(4, 6).Conv1D(4, 3, name: "a").Output("one")
            .Conv1D(4, 3, from: "input", weights: "a", name: "b").Tanh(name: "c").Output("two")
            .Compile(compile: new CompileOptions { Name = "Two", Trains = false });
        NetworkException refused = Assert.Throws<NetworkException>(() => NetworkBuilder.Of(network, until: "c"));
        Assert.Equal(
            "Two cannot become this builder: the layer 'b' uses the parameters of 'a', which is not among its layers.", refused.Message);
    }

    [Fact]
    public void Padding_that_follows_from_the_size_still_does()
    {
        using CompiledNetwork network = new NetworkBuilder(2, 10, 10).Conv2D(3, 3, stride: 2, autoPad: AutoPad.Same).GlobalAveragePool2D()
            .Compile(new NetworkOptions { Seed = 2 }), again = NetworkBuilder.Of(network).Compile(new NetworkOptions { Seed = 2 });
        Assert.NotEqual(network.At(9, 9).Info.Layers[0].Windows, network.Info.Layers[0].Windows);
        Assert.Equal(network.At(9, 9).Info.Layers[0].Windows, again.At(9, 9).Info.Layers[0].Windows);
        float[] image = Numbers(2 * 9 * 9);
        Assert.Equal(Outputs(network.At(9, 9), image), Outputs(again.At(9, 9), image));
    }

    [Fact]
    public void A_network_that_becomes_a_builder_can_be_written_as_a_class()
    {
        NetworkBuilder builder = new NetworkBuilder(1, 28, 28)
            .Conv2D(6, 5, padding: 2, name: "stem").ReLU().MaxPool2D(2, stride: 1).Conv2D(4, 3, kernelWidth: 5, paddingBottom: 1)
            .Branches(b => b, b => b.Conv2D(4, 1)).Add().Flatten().Dense(10).CrossEntropy(labelSmoothing: 0.1);
        Assert.Equal(
            """
            using Strata;

            [Network]
            [Input(1, 28, 28)]
            [Conv2D(6, 5, Padding = 2, Name = "stem"), ReLU]
            [MaxPool2D(2, Stride = 1)]
            [Conv2D(4, 3, KernelWidth = 5, PaddingBottom = 1)]
            [Conv2D(4, 1)]
            [Add("conv2", "conv3"), Flatten]
            [Dense(10)]
            [CrossEntropy(LabelSmoothing = 0.1, From = "dense1")]
            public partial class LeNet;

            """, NetworkBuilder.Of(RuntimeInfo.Create("Net", GraphOf(builder))).ToCSharp("LeNet"));
    }

    [Fact]
    public void What_another_version_has_is_refused_by_its_name()
    {
        NetworkInfo info = RuntimeInfo.Create("Newer", GraphOf(new NetworkBuilder(4).Dense(2)));
        NetworkException refused = Assert.Throws<NetworkException>(
            () => NetworkBuilder.Of(info with { Layers = [info.Layers[0] with { Kind = "Warp2D" }] }));
        Assert.Equal(
            "Newer cannot become a builder: the layer 'dense1' is a [Warp2D], which this version of Strata does not have.",
            refused.Message);
    }

    /// <summary>Compares a network and that of its builder: parameters and outputs.</summary>
    private static void AssertSameBits(string name, NetworkGraph graph)
    {
        var options = new NetworkOptions { Seed = 5, Threads = 1 };
        using CompiledNetwork network = new EmittedType(name, graph).Create(options),
            again = NetworkBuilder.Of(network).Compile(options);
        Assert.Equal(
            network.Parameters.Select(parameter => (parameter.Key, string.Join('×', parameter.Shape))),
            again.Parameters.Select(parameter => (parameter.Key, string.Join('×', parameter.Shape))));
        float[] inputs = Numbers(3 * network.InputLength);
        Assert.Equal(Outputs(network, inputs), Outputs(again, inputs));
        Assert.All(network.Parameters, parameter => Assert.Equal(Values(network, parameter.Key), Values(again, parameter.Key)));
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 0.37f))];

    private static float[] Values(CompiledNetwork network, string key)
    {
        Parameter parameter = network.FindParameter(key)!;
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static float[] Outputs(CompiledNetwork network, float[] inputs)
    {
        float[] outputs = new float[inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }
}
