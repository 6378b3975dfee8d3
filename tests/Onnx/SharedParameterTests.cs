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
    public void A_matrix_that_one_layer_transposes_is_tied()
    {
        foreach (int units in new[] { 5, 3 })
        {
            ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 5).Noise("code.weight", units, 5).Noise("bias", 5)
                .Node("Gemm", "x,code.weight", "a", ("transB", 1)).Node("Relu", "a", "b").Node("Gemm", "b,code.weight,bias", "y")
                .Output("y"));
            Assert.Equal(["bias", "code.weight"], network.Parameters.Select(parameter => parameter.FileKey).Order());
            Assert.Contains("[Dense(5, Tied = \"code\"", network.Source, StringComparison.Ordinal);
            Assert.Contains($" {(5 * units) + 5} parameters.", network.Source, StringComparison.Ordinal);
            Assert.Empty(network.Warnings);
        }
    }

    [Fact]
    public void A_transposed_convolution_with_the_weight_of_a_convolution_is_tied()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 4, 7, 7).Noise("conv.weight", 6, 2, 3, 3)
            .Node("Conv", "x,conv.weight", "a", ("strides", (long[])[2, 2]), ("group", 2L)).Node("Relu", "a", "b")
            .Node("ConvTranspose", "b,conv.weight", "y", ("strides", (long[])[2, 2]), ("group", 2L)).Output("y"));
        Assert.Single(network.Parameters);
        Assert.Contains("Tied = \"conv\"", network.Source, StringComparison.Ordinal);
        Assert.Empty(network.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tied_module_that_is_called_twice_is_tied_twice(bool hasBias)
    {
        string bias = hasBias ? ",out.bias" : "";
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 5).Noise("code.weight", 3, 5).Noise("out.bias", 5)
            .Node("Gemm", "x,code.weight", "a", ("transB", 1)).Node("Relu", "a", "b").Node("Gemm", "b,code.weight" + bias, "c")
            .Node("Relu", "c", "d").Node("Gemm", "d,code.weight", "e", ("transB", 1)).Node("Relu", "e", "f")
            .Node("Gemm", "f,code.weight" + bias, "y").Output("y"));
        Assert.Equal(
            hasBias ? ["code.weight", "out.bias"] : ["code.weight"], network.Parameters.Select(parameter => parameter.FileKey).Order());
        Assert.Equal(2, network.Source.Split("Tied = \"code\"").Length - 1);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void A_layer_that_does_not_read_the_other_one_is_not_tied()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 4, 6, 6).Input("z", "N", 6, 4, 4)
            .Noise("conv.weight", 6, 4, 3, 3).Node("Conv", "x,conv.weight", "code").Node("ConvTranspose", "z,conv.weight", "image")
            .Output("image").Output("code"));
        Assert.Equal(2, network.Parameters.Count);
        Assert.Contains("share parameters: conv.weight (2 layers)", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tied_dense_layers_of_tokens_are_saved()
    {
        using CompiledNetwork network = new NetworkBuilder(6, 9).Dense(4, overChannels: true, name: "code").ReLU()
            .Dense(6, overChannels: true, tied: "code", name: "decode").Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        ModelProto model = ModelProto.Parser.ParseFrom(SavedNetwork.Save(network));
        Assert.Single(model.Graph.Initializer, tensor => tensor.Dims.SequenceEqual([4L, 6]));

        // Products of tokens come back as convolutions, of which none transposes another's weight.
        Assert.Contains(
            Checked(SavedNetwork.Save(network)).Warnings, warning => warning.Contains("share parameters", StringComparison.Ordinal));
    }

    [Fact]
    public void Parameters_stay_shared_behind_concatenations_that_become_a_chain()
    {
        ImportedNetwork network = Checked(new ModelBuilder(17).Input("x", "N", 2, 5, 5).Noise("a.weight", 2, 2, 1, 1)
            .Noise("b.weight", 6, 6, 1, 1).Noise("c.weight", 3, 6, 1, 1).Node("Conv", "x,a.weight", "a").Node("Relu", "a", "r")
            .Node("Concat", "x,a", "p", ("axis", 1L)).Node("Concat", "x,a,r", "q", ("axis", 1L)).Node("Conv", "q,b.weight", "d")
            .Node("Relu", "d", "e").Node("Conv", "e,b.weight", "f").Node("Conv", "f,c.weight", "g").Node("Relu", "g", "h")
            .Node("ConvTranspose", "h,c.weight", "i").Node("Concat", "i,p", "y", ("axis", 1L)).Output("y"));
        Assert.Equal(["a.weight", "b.weight", "c.weight"], network.Parameters.Select(parameter => parameter.Key).Order());
        Assert.Contains("Weights = \"b\"", network.Source, StringComparison.Ordinal);
        Assert.Contains("Tied = \"c\"", network.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_network_has_tied_weights_once_and_comes_back()
    {
        using CompiledNetwork network = new NetworkBuilder(6, 8, 8).Conv2D(7, 3, padding: 1, name: "conv").Tanh()
            .ConvTranspose2D(6, 3, padding: 1, tied: "conv", name: "back").Flatten().Dense(11, name: "fc").Tanh()
            .Dense(384, tied: "fc", name: "decode").Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        byte[] model = SavedNetwork.Save(network);
        var initializers = ModelProto.Parser.ParseFrom(model).Graph.Initializer.Select(tensor => tensor.Name).ToList();
        Assert.All(network.Parameters, parameter => Assert.Single(initializers, parameter.Key));
        ImportedNetwork back = Checked(model);
        Assert.Equal(
            network.Parameters.Select(parameter => parameter.Key).Order(), back.Parameters.Select(parameter => parameter.Key).Order());
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

    [Theory]
    [InlineData("windows")]
    [InlineData("attention")]
    [InlineData("context")]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    [InlineData("both ways")]
    [InlineData("two layers")]
    public void Layers_with_several_parameters_come_back_shared(string kind)
    {
        NetworkBuilder Twice(NetworkBuilder builder, Func<NetworkBuilder, string?, string?, NetworkBuilder> add) =>
            add(add(builder, "a", null).Tanh(), null, "a");
        NetworkBuilder built = kind switch
        {
            "windows" => Twice(new NetworkBuilder(4, 6, 9), (b, name, weights) =>
                b.ShiftedWindowAttention(2, 3, 1, name: name, weights: weights)),
            "attention" => Twice(new NetworkBuilder(8, 5), (b, name, weights) => b.Attention(2, name: name, weights: weights)),
            "context" => Twice(new NetworkBuilder().Input([8, 5], "x").Input([8, 3], "c"), (b, name, weights) =>
                b.Attention(2, bias: false, context: "c", name: name, from: name is null ? null : "x", weights: weights)),
            "LSTM" => Twice(new NetworkBuilder(6, 5), (b, name, weights) => b.LSTM(6, name: name, weights: weights)),
            "GRU" => Twice(new NetworkBuilder(6, 5), (b, name, weights) => b.GRU(6, name: name, weights: weights)),
            "both ways" => Twice(new NetworkBuilder(6, 5), (b, name, weights) =>
                b.LSTM(3, bidirectional: true, name: name, weights: weights)),
            _ => Twice(new NetworkBuilder(6, 5), (b, name, weights) => b.GRU(6, layers: 2, name: name, weights: weights)),
        };
        using CompiledNetwork network = built.Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        ImportedNetwork back = Checked(SavedNetwork.Save(network));
        Assert.True(back.Source.Contains("Weights = ", StringComparison.Ordinal), back.Source);
        Assert.Equal(
            network.Parameters.Sum(parameter => parameter.Length),
            back.Parameters.Sum(parameter => parameter.Shape.Aggregate(1, (product, extent) => product * extent)));
        Assert.Empty(back.Warnings);
        using var stream = new MemoryStream();
        back.SaveWeights(stream);
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
