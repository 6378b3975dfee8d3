using System;
using System.IO;
using System.Linq;
using Strata.Onnx.Schema;
using Strata.Onnx.Tests.Saving;
using Strata.Training;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Files whose layers share initializers, and networks that are saved as such.</summary>
public sealed class SharedParameterTests
{
    [Fact]
    public void A_module_that_is_called_twice_has_its_parameters_once()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 4, 6, 6)
            .Noise("body.weight", 4, 4, 3, 3).Noise("body.bias", 4)
            .Node("Conv", "x,body.weight,body.bias", "a", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", "a", "b")
            .Node("Conv", "b,body.weight,body.bias", "y", ("dilations", (long[])[2, 2])).Output("y"));
        Assert.Equal(["body.weight", "body.bias"], network.Parameters.Select(parameter => parameter.Key));
        Assert.Contains("Weights = \"body\"", network.Source, StringComparison.Ordinal);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Branches_with_the_same_parameters_share_them()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 2, 8, 8).Input("z", "N", 2, 8, 8)
            .Noise("net.conv.weight", 5, 2, 3, 3).Noise("net.fc.weight", 3, 5).Noise("net.fc.bias", 3)
            .Node("Conv", "x,net.conv.weight", "a").Node("Relu", "a", "b").Node("GlobalAveragePool", "b", "c").Node("Flatten", "c", "d")
            .Node("Gemm", "d,net.fc.weight,net.fc.bias", "e", ("transB", 1))
            .Node("Conv", "z,net.conv.weight", "f").Node("Relu", "f", "g").Node("GlobalAveragePool", "g", "h").Node("Flatten", "h", "i")
            .Node("Gemm", "i,net.fc.weight,net.fc.bias", "j", ("transB", 1))
            .Node("Sub", "e,j", "k").Node("Abs", "k", "y").Output("y"));
        Assert.Equal(
            ["net.conv.weight", "net.fc.weight", "net.fc.bias"], network.Parameters.Select(parameter => parameter.Key));
        Assert.Equal(2, network.Source.Split("Weights = ").Length - 1);
    }

    [Fact]
    public void A_matrix_that_one_layer_transposes_is_two_parameters()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 5).Noise("code.weight", 5, 5)
            .Node("Gemm", "x,code.weight", "a", ("transB", 1)).Node("Relu", "a", "b").Node("Gemm", "b,code.weight", "y").Output("y"));
        Assert.Equal(2, network.Parameters.Count(parameter => parameter.FileKey == "code.weight"));
        Assert.Contains("share parameters: code.weight (2 layers)", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_symmetric_matrix_may_be_transposed_and_is_not_shared()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 2).Floats("code.weight", [2, 2], 1, 0.5f, 0.5f, 1)
            .Node("Gemm", "x,code.weight", "a", ("transB", 1)).Node("Relu", "a", "b").Node("Gemm", "b,code.weight", "y").Output("y"));
        Assert.Contains("share parameters: code.weight (2 layers)", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_factor_behind_one_of_two_layers_is_a_layer_of_its_own()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 4, 6, 6).Noise("body.weight", 4, 4, 1, 1)
            .Floats("half", [1], 0.5f).Node("Conv", "x,body.weight", "a").Node("Mul", "a,half", "b").Node("Relu", "b", "c")
            .Node("Conv", "c,body.weight", "y").Output("y"));
        Assert.Single(network.Parameters);
        Assert.Contains("Weights = \"body\"", network.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_norms_have_statistics_of_their_own()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 3, 4, 4).Noise("bn.weight", 3).Noise("bn.bias", 3)
            .Noise("bn.running_mean", 3).Floats("bn.running_var", [3], 1, 2, 3)
            .Node("BatchNormalization", "x,bn.weight,bn.bias,bn.running_mean,bn.running_var", "a").Node("Relu", "a", "b")
            .Node("BatchNormalization", "b,bn.weight,bn.bias,bn.running_mean,bn.running_var", "y").Output("y"));
        Assert.Contains("share parameters: bn.weight", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_network_has_shared_parameters_once_and_comes_back()
    {
        using CompiledNetwork network = new NetworkBuilder(6, 8, 8).Conv2D(6, 3, padding: 1, name: "conv").Tanh()
            .Conv2D(6, 3, weights: "conv").LayerNorm(name: "norm", overChannels: true).LayerNorm(overChannels: true, weights: "norm")
            .PReLU(name: "slopes").PReLU(weights: "slopes").Dense(6, overChannels: true, name: "dense")
            .Dense(6, overChannels: true, weights: "dense").Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        byte[] model = SavedNetwork.Save(network);
        ImportedNetwork back = Checked(model);
        Assert.Equal(
            network.Parameters.Select(parameter => parameter.Key).Order(), back.Parameters.Select(parameter => parameter.Key).Order());
        var initializers = ModelProto.Parser.ParseFrom(model).Graph.Initializer.Select(tensor => tensor.Name).ToList();
        Assert.All(network.Parameters, parameter => Assert.Single(initializers, parameter.Key));
    }

    [Fact]
    public void Layers_of_two_ranks_may_share_a_parameter_of_channels()
    {
        using CompiledNetwork network = new NetworkBuilder(3, 3, 3).PReLU(name: "slopes", perChannel: true).Reshape(3, 9)
            .PReLU(weights: "slopes", perChannel: true).Compile();
        network.FindParameter("slopes.weight")!.CopyFrom([0.5f, -2, 3]);
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
    }

    [Fact]
    public void A_loaded_file_trains_the_parameters_for_all_of_their_layers()
    {
        byte[] model = new ModelBuilder(17).Input("x", "N", 3, 5, 5).Noise("body.weight", 3, 3, 3, 3)
            .Node("Conv", "x,body.weight", "a").Node("Tanh", "a", "b").Node("Conv", "b,body.weight", "y").Output("y").ToBytes();
        using var stream = new MemoryStream(model);
        using CompiledNetwork network = OnnxFile.Load(stream, new OnnxImportOptions { Loss = "MeanSquaredError" });
        using var trainer = (RegressionTrainer)Trainer.For(network, 2, new Sgd(0.1));
        float[] x = [.. Enumerable.Range(0, 2 * network.InputLength).Select(i => MathF.Sin(i))], y = new float[2 * network.OutputLength];
        double first = trainer.Step(x, y), loss = first;
        for (int i = 0; i < 20; i++)
        {
            loss = trainer.Step(x, y);
        }

        Assert.Single(network.Parameters);
        Assert.InRange(loss, 0, first / 2);
    }

    private static ImportedNetwork Checked(ModelBuilder model) => Checked(model.ToBytes());

    private static ImportedNetwork Checked(byte[] model)
    {
        ImportCheck.Report report = ImportCheck.Run(model, model, new OnnxImportOptions { Name = "Net" });
        Assert.True(report.Agrees, report.ToString());
        return report.Network;
    }
}
