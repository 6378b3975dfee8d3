using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>What an import says of training, and of keys, that inference does not show.</summary>
public sealed class TrainingWarningTests
{
    private static ImportedNetwork Import(ModelBuilder model)
    {
        using var stream = new MemoryStream(model.ToBytes());
        ImportedNetwork network = OnnxFile.Import(stream);
        Assert.InRange(ImportCheck.Error(ClassCompiler.Compile(network.Source), network, model.ToBytes()), 0, 1e-5);
        string comment = string.Join(
            ' ', network.Source.Split('\n').TakeWhile(line => line != "[Network]").Select(line => line.TrimStart('/', ' ')));
        Assert.All(network.Warnings, warning => Assert.Contains(warning, comment, StringComparison.Ordinal));
        return network;
    }

    private static ModelBuilder Convolution(string weight) => new ModelBuilder(17).Input("x", "N", 4, 6, 6).Noise(weight, 4, 4, 1, 1)
        .Node("Conv", $"x,{weight}", "c");

    private static float[] Values(ImportedNetwork network, string key) =>
        network.Parameters.Single(parameter => parameter.Key == key).ToArray();

    [Fact]
    public void A_network_of_which_nothing_is_lost_has_no_warnings() =>
        Assert.Empty(Import(Convolution("body.weight").Node("Relu", "c", "y").Output("y")).Warnings);

    [Fact]
    public void Parameters_that_layers_of_other_kinds_share_are_named()
    {
        ImportedNetwork network = Import(
            new ModelBuilder(17).Input("x", "N", 4, 6, 6).Noise("body.weight", 4, 4, 1, 1).Node("ConvTranspose", "x,body.weight", "c")
                .Node("Relu", "c", "r").Node("Conv", "r,body.weight", "y").Output("y"));
        Assert.Equal(2, network.Parameters.Count);
        Assert.Contains("share parameters: body.weight (2 layers)", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_are_computed_are_shared_by_layers_of_one_kind()
    {
        ImportedNetwork network = Import(new ModelBuilder(17).Input("x", "N", 4, 6, 6).Noise("weight_g", 4, 4, 1, 1).Floats("two", [1], 2)
            .Node("Mul", "weight_g,two", "w").Node("Conv", "x,w", "c").Node("Relu", "c", "r").Node("Conv", "r,w", "y").Output("y"));
        Assert.Single(network.Parameters);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Parameters_that_are_computed_and_shared_by_layers_of_other_kinds_are_named()
    {
        ImportedNetwork network = Import(new ModelBuilder(17).Input("x", "N", 4, 6, 6).Noise("weight_g", 4, 4, 1, 1).Floats("two", [1], 2)
            .Node("Mul", "weight_g,two", "w").Node("ConvTranspose", "x,w", "c").Node("Relu", "c", "r").Node("Conv", "r,w", "y")
            .Output("y"));
        Assert.Contains("share parameters: that of ConvTranspose_c (2 layers)", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_with_a_number_for_each_element_are_buffers()
    {
        ImportedNetwork network = Import(Convolution("body.weight").Node("Relu", "c", "r")
            .Node("Constant", "", "grid", ("value", ModelBuilder.Tensor("", [1, 4, 6, 6], ModelBuilder.NoiseValues(144, 3))))
            .Node("Add", "r,grid", "y").Output("y"));
        Assert.Contains("Buffer(4, 6, 6", network.Source, StringComparison.Ordinal);
        Assert.Empty(network.Warnings);
    }

    [Theory]
    [InlineData("class_token", "Param")]
    [InlineData("cls_token", "Param")]
    [InlineData("pos_embed", "Param")]
    [InlineData("query_embed", "Param")]
    [InlineData("encoder.pos_embedding", "Param")]
    [InlineData("anchor_points", "Buffer")]
    [InlineData("model.22.strides", "Buffer")]
    [InlineData("onnx::Concat_12", "Buffer")]
    [InlineData("/model/Constant_output_0", "Buffer")]
    [InlineData("const_fold_opt__12", "Buffer")]
    [InlineData("val_3", "Buffer")]
    [InlineData("scalar_tensor_default", "Buffer")]
    [InlineData("token", "Buffer")]
    [InlineData("12", "Buffer")]
    public void A_constant_that_is_joined_is_a_parameter_if_a_person_named_it(string name, string kind)
    {
        ImportedNetwork joined = Import(new ModelBuilder(17).Input("x", 1, 3, 4).Noise(name, 1, 1, 4)
            .Node("Concat", $"{name},x", "y", ("axis", 1)).Output("y"));
        ImportedNetwork added = Import(new ModelBuilder(17).Input("x", 1, 3, 4).Noise(name, 1, 3, 4).Node("Tanh", "x", "t")
            .Node("Add", $"t,{name}", "y").Output("y"));
        foreach (ImportedNetwork network in new[] { joined, added })
        {
            Assert.Contains($"{kind}(", network.Source, StringComparison.Ordinal);
            Assert.True(kind != "Param" || network.Parameters.Any(one => one.Key == name), network.Source);
        }
    }

    [Fact]
    public void What_is_computed_of_a_parameter_is_a_buffer() => Assert.Contains(
        "Buffer(",
        Import(new ModelBuilder(17).Input("x", 1, 3, 4).Noise("pos_embed", 1, 3, 4).Floats("two", [], 2).Node("Tanh", "x", "t")
            .Node("Mul", "pos_embed,two", "p").Node("Add", "t,p", "y").Output("y")).Source,
        StringComparison.Ordinal);

    [Fact]
    public void The_bins_of_a_detector_are_frozen()
    {
        ImportedNetwork network = Import(new ModelBuilder(17).Input("x", "N", 8, 3, 3)
            .Floats("dfl.conv.weight", [1, 8, 1, 1], 0, 1, 2, 3, 4, 5, 6, 7).Node("Softmax", "x", "s", ("axis", 1))
            .Node("Conv", "s,dfl.conv.weight", "y").Output("y"));
        Assert.Contains("Frozen = true", network.Source, StringComparison.Ordinal);
        Assert.Single(network.Warnings);
    }

    [Theory]
    [InlineData(0.99f, "[BatchNorm(Momentum = 0.01, Name = \"bn\")]")]
    [InlineData(0.9f, "[BatchNorm(Name = \"bn\")]")]
    [InlineData(0f, "[BatchNorm(Momentum = 1, Name = \"bn\")]")]
    public void Batch_norm_keeps_its_momentum(float momentum, string attribute)
    {
        ImportedNetwork network = Import(new ModelBuilder(17).Input("x", "N", 2, 3, 3).Noise("bn.weight", 2).Noise("bn.bias", 2)
            .Noise("bn.running_mean", 2).Floats("bn.running_var", [2], 0.5f, 2)
            .Node("BatchNormalization", "x,bn.weight,bn.bias,bn.running_mean,bn.running_var", "y", ("momentum", momentum)).Output("y"));
        Assert.Contains(attribute, network.Source, StringComparison.Ordinal);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void A_layer_scale_that_the_file_keeps_stays_a_parameter()
    {
        ModelBuilder model = Convolution("features.0.body.weight").Noise("features.0.layer_scale", 4, 1, 1)
            .Node("Mul", "c,features.0.layer_scale", "s").Node("Add", "s,x", "y").Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(["features.0.body.weight", "features.0.layer_scale"],
            network.Parameters.Select(parameter => parameter.Key).Order(StringComparer.Ordinal));
        Assert.Equal([4, 1, 1], network.Parameters.Single(parameter => parameter.Key == "features.0.layer_scale").Shape);
        Assert.Equal(ModelBuilder.NoiseValues(16, 1), Values(network, "features.0.body.weight"));
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Constants_that_are_folded_into_parameters_with_keys_are_told()
    {
        ImportedNetwork network = Import(Convolution("body.weight")
            .Floats("onnx::Mul_7", [4, 1, 1], 1, 2, 3, 4).Node("Mul", "c,onnx::Mul_7", "y").Output("y"));
        Assert.Contains("folded into their parameters: body.weight", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_a_parameter_is_not_one_for_each_channel_without_a_word()
    {
        ImportedNetwork network = Import(Convolution("body.weight").Node("Relu", "c", "r").Floats("head.temperature", [1], 0.5f)
            .Node("Mul", "r,head.temperature", "y").Output("y"));
        Assert.Contains("head.temperature", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_with_hyphens_are_kept()
    {
        ImportedNetwork network = Import(Convolution("trunk_output.block1.block1-0.proj.0.weight").Node("Relu", "c", "y").Output("y"));
        Assert.Equal("trunk_output.block1.block1-0.proj.0.weight", Assert.Single(network.Parameters).Key);
        Assert.Empty(network.Warnings);
    }

    [Fact]
    public void Keys_that_no_layers_can_have_are_told_and_lead_to_the_files()
    {
        ImportedNetwork network = Import(Convolution("block 1.conv.weight").Node("Relu", "c", "y").Output("y"));
        ImportedParameter parameter = Assert.Single(network.Parameters);
        Assert.Equal(("block_1.conv.weight", "block 1.conv.weight"), (parameter.Key, parameter.FileKey));
        Assert.Contains("block_1.conv.weight for block 1.conv.weight", Assert.Single(network.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_that_is_left_out_is_told() => Assert.Contains(
        "[Dropout]", Assert.Single(Import(Convolution("body.weight").Node("Dropout", "c", "y").Output("y")).Warnings),
        StringComparison.Ordinal);
}
