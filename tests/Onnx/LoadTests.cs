using System;
using System.IO;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>
/// ONNX files as networks, without a class. That they compute the bits of the class is a part of all other comparisons
/// (<see cref="ImportCheck.CheckLoaded"/>).
/// </summary>
public sealed class LoadTests
{
    /// <summary>A residual network with a dense layer at its end.</summary>
    internal static ModelBuilder Residual() => new ModelBuilder(17).Input("x", "batch", 3, 8, 8)
        .Noise("layer1.0.conv1.weight", 4, 3, 3, 3).Noise("layer1.0.conv2.weight", 4, 4, 3, 3).Noise("layer1.0.conv2.bias", 4)
        .Noise("fc.weight", 5, 4).Noise("fc.bias", 5)
        .Node("Conv", "x,layer1.0.conv1.weight", "a", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", "a", "b")
        .Node("Conv", "b,layer1.0.conv2.weight,layer1.0.conv2.bias", "c", ("pads", (long[])[1, 1, 1, 1]))
        .Node("Add", "c,b", "d").Node("Relu", "d", "e").Node("GlobalAveragePool", "e", "f").Node("Flatten", "f", "g")
        .Node("Gemm", "g,fc.weight,fc.bias", "h", ("transB", 1)).Node("Softmax", "h", "y", ("axis", -1)).Output("y");

    private static CompiledNetwork Load(
        ModelBuilder model, OnnxImportOptions? options = null, NetworkOptions? network = null, CompileOptions? compile = null)
    {
        using var stream = new MemoryStream(model.ToBytes());
        return OnnxFile.Load(stream, options, network, compile);
    }

    [Fact]
    public void A_network_of_a_file_has_the_keys_and_the_values_of_the_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"residual-net-{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, Residual().ToBytes());
        try
        {
            using CompiledNetwork network = OnnxFile.Load(path, new OnnxImportOptions { Name = "Residual" });
            ImportedNetwork imported = OnnxFile.Import(path);
            Assert.Equal("Residual", network.Info.Name);
            Assert.Equal(
                ["layer1.0.conv1.weight", "layer1.0.conv2.weight", "layer1.0.conv2.bias", "fc.weight", "fc.bias"],
                network.Parameters.Select(parameter => parameter.Key));
            foreach (Parameter parameter in network.Parameters)
            {
                float[] values = new float[parameter.Length];
                parameter.CopyTo(values);
                Assert.Equal(imported.Parameters.Single(one => one.FileKey == parameter.Key).ToArray(), values);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_network_of_a_file_becomes_a_builder_and_gets_another_head()
    {
        using CompiledNetwork network = Load(Residual(), network: new NetworkOptions { Threads = 1 });
        using var weights = new MemoryStream();
        network.Save(weights);
        weights.Position = 0;
        using CompiledNetwork same = NetworkBuilder.Of(network).Compile(
            new NetworkOptions { Threads = 1, WeightsStream = weights });
        float[] input = [.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i))];
        float[] one = new float[network.OutputLength], two = new float[network.OutputLength];
        network.Forward(input, one);
        same.Forward(input, two);
        Assert.Equal(one, two);

        weights.Position = 0;
        using CompiledNetwork other = NetworkBuilder.Of(network, until: "fc").Dense(3, name: "fc").CrossEntropy().Compile();
        WeightsLoadReport report = other.Load(weights, new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        Assert.Equal((0, 3), (report.Missing.Count, report.Loaded.Count));
        Assert.Equal(["fc.weight", "fc.bias"], report.Mismatched);
    }

    [Fact]
    public void A_network_of_a_file_trains_if_it_gets_a_loss()
    {
        using CompiledNetwork network = Load(
            Residual(), new OnnxImportOptions { Loss = "CrossEntropy" }, new NetworkOptions { Threads = 1 });
        var random = new Random(3);
        float[] images = [.. Enumerable.Range(0, 8 * network.InputLength).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, 8).Select(i => i % 5)];
        using var trainer = (ClassificationTrainer)Trainer.For(network, batchSize: 8, new AdamW(1e-2));
        double before = trainer.Step(images, labels), after = before;
        for (int i = 0; i < 20; i++)
        {
            after = trainer.Step(images, labels);
        }

        Assert.InRange(after, 0, 0.9 * before);
    }

    [Fact]
    public void Without_a_loss_it_has_none()
    {
        using CompiledNetwork network = Load(Residual());
        Assert.Empty(network.Info.Losses);
    }

    [Fact]
    public void Other_weights_than_the_files_may_be_loaded()
    {
        using CompiledNetwork first = Load(Residual());
        first.Initialize(5);
        using var weights = new MemoryStream();
        first.Save(weights);
        weights.Position = 0;
        using CompiledNetwork second = Load(Residual(), network: new NetworkOptions { WeightsStream = weights });
        float[] input = new float[first.InputLength], one = new float[first.OutputLength], two = new float[first.OutputLength];
        input.AsSpan().Fill(0.5f);
        first.Forward(input, one);
        second.Forward(input, two);
        Assert.Equal(one, two);
    }

    [Fact]
    public void A_function_of_the_file_that_no_layer_computes_becomes_a_formula()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", "batch", 6).Node("Sin", "x", "a").Node("Erf", "a", "y").Output("y");
        using CompiledNetwork network = Load(model, network: new NetworkOptions { Threads = 1 });
        float[] output = new float[6];
        network.Forward([0, 0.5f, 1, -1, 2, 3], output);
        Assert.Equal(0, output[0]);

        // erf(sin 1) = erf(0.84147) by the table of Abramowitz and Stegun, 7.1: erf(0.84) = 0.76514.
        Assert.Equal(0.766, output[2], 1e-3);
        Assert.Equal(-output[2], output[3]);
    }

    [Fact]
    public void What_cannot_be_said_is_refused_as_in_an_import()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", "batch", 4, 4).Node("Tan", "x", "y").Output("y");
        using var stream = new MemoryStream(model.ToBytes());
        var imported = Assert.Throws<UnsupportedOnnxException>(() => OnnxFile.Import(stream));
        var loaded = Assert.Throws<UnsupportedOnnxException>(() => Load(model));
        Assert.Equal(imported.Message, loaded.Message);
    }

    [Fact]
    public void Layers_may_be_observed_if_the_options_say_so()
    {
        using CompiledNetwork network = Load(
            Residual(), network: new NetworkOptions { Observe = ["fc"] }, compile: new CompileOptions { Observable = true });
        network.Forward(new float[network.InputLength], new float[network.OutputLength]);
        Assert.Equal(5, network.Activation("fc").Length);
    }
}
