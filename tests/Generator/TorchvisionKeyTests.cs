using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A declaration alone gives the keys of torchvision's state_dict.</summary>
public sealed class TorchvisionKeyTests
{
    public const string ResNet152 = """
        using Strata;

        [Network]
        [Input(3, 224, 224)]
        [Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
        [Bottleneck(64, Name = "layer1", Repeat = 3)]
        [Bottleneck(128, stride: 2, Name = "layer2.0"), Bottleneck(128, Name = "layer2.1", Repeat = 7)]
        [Bottleneck(256, stride: 2, Name = "layer3.0"), Bottleneck(256, Name = "layer3.1", Repeat = 35)]
        [Bottleneck(512, stride: 2, Name = "layer4.0"), Bottleneck(512, Name = "layer4.1", Repeat = 2)]
        [AdaptiveAveragePool2D(1), Flatten, Dense(1000, Name = "fc"), CrossEntropy]
        public partial class ResNet152;

        [Branch, Conv2D(Filters, 1, Bias = false), BatchNorm, ReLU,
                 Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
                 Conv2D(4 * Filters, 1, Bias = false), BatchNorm]
        [Branch, Shortcut(4 * Filters, Stride = Stride)]
        [Add, ReLU]
        public sealed class BottleneckAttribute : BlockAttribute
        {
            private const int Filters = 64, Stride = 1;
            public BottleneckAttribute(int filters, int stride = Stride) { }
        }
        """;

    [Fact]
    public void ResNet152_has_its_keys_and_parameters()
    {
        NetworkGraph graph = GraphOf(ResNet152);
        List<(string Key, int Length, bool IsTrained)> parameters = [.. Parameters(graph)];
        Assert.Equal(60_192_808, parameters.Where(parameter => parameter.IsTrained).Sum(parameter => parameter.Length));
        Assert.Equal(
            [
                "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
                "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias", "layer1.0.bn1.running_mean",
                "layer1.0.bn1.running_var",
                "layer1.0.conv2.weight",
            ],
            parameters.Take(11).Select(parameter => parameter.Key));
        Assert.Contains(parameters, parameter => parameter.Key == "layer3.35.bn3.running_var");
        Assert.Equal(
            ["layer1.0", "layer2.0", "layer3.0", "layer4.0"],
            parameters.Select(parameter => parameter.Key).Where(key => key.EndsWith("downsample.0.weight", StringComparison.Ordinal))
                .Select(key => key[..8]));
        Assert.Equal(["fc.weight", "fc.bias"], parameters.TakeLast(2).Select(parameter => parameter.Key));
    }

    [Fact]
    public void MobileNetV2_and_DenseNet_name_modules_in_sequences_and_by_dots()
    {
        NetworkGraph graph = GraphOf("""
            using Strata;

            [Network, Input(3, 32, 32)]
            [Sequential("features"), ConvNorm(32, 3, stride: 2), First(16), Inverted(24, 96, stride: 2)]
            [Conv2D(64, 3, Name = "features.conv0"), DenseLayer(32, Name = "features.denseblock1.denselayer{1}", Repeat = 2)]
            [GlobalAverage, Flatten, Sequential("classifier"), Dropout(0.2), Dense(10)]
            public partial class Net;

            [Sequential, Conv2D(Filters, Kernel, Stride = Stride, Padding = (Kernel - 1) / 2, Groups = Groups, Bias = false), BatchNorm, ReLU6]
            class ConvNormAttribute : BlockAttribute
            {
                const int Filters = 1, Kernel = 3, Stride = 1, Groups = 1;
                public ConvNormAttribute(int filters, int kernel = Kernel, int stride = Stride, int groups = Groups) { }
            }

            [Sequential("conv"), ConvNorm(32, groups: 32), Conv2D(Filters, 1, Bias = false), BatchNorm]
            class FirstAttribute : BlockAttribute { const int Filters = 1; public FirstAttribute(int filters) { } }

            [Sequential("conv"), ConvNorm(Hidden, 1), ConvNorm(Hidden, 3, stride: Stride, groups: Hidden), Conv2D(Filters, 1, Bias = false), BatchNorm]
            class InvertedAttribute : BlockAttribute
            {
                const int Filters = 1, Hidden = 1, Stride = 1;
                public InvertedAttribute(int filters, int hidden, int stride) { }
            }

            [Branch]
            [Branch, BatchNorm(Name = "norm1"), ReLU, Conv2D(4 * Growth, 1, Bias = false, Name = "conv1"),
                     BatchNorm(Name = "norm2"), ReLU, Conv2D(Growth, 3, Padding = 1, Bias = false, Name = "conv2")]
            [Concat]
            class DenseLayerAttribute : BlockAttribute { const int Growth = 1; public DenseLayerAttribute(int growth) { } }

            [AdaptiveAveragePool2D(1)] class GlobalAverageAttribute : BlockAttribute;
            """);
        Assert.Equal(
            [
                "features.0.0.weight", "features.0.1.weight",
                "features.1.conv.0.0.weight", "features.1.conv.0.1.weight", "features.1.conv.1.weight", "features.1.conv.2.weight",
                "features.2.conv.0.0.weight", "features.2.conv.0.1.weight", "features.2.conv.1.0.weight", "features.2.conv.1.1.weight",
                "features.2.conv.2.weight", "features.2.conv.3.weight",
                "features.conv0.weight",
                "features.denseblock1.denselayer1.norm1.weight", "features.denseblock1.denselayer1.conv1.weight",
                "features.denseblock1.denselayer1.norm2.weight", "features.denseblock1.denselayer1.conv2.weight",
                "features.denseblock1.denselayer2.norm1.weight", "features.denseblock1.denselayer2.conv1.weight",
                "features.denseblock1.denselayer2.norm2.weight", "features.denseblock1.denselayer2.conv2.weight",
                "classifier.1.weight",
            ],
            Parameters(graph).Select(parameter => parameter.Key).Where(key => key.EndsWith(".weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void ViT_B_16_has_its_keys_shapes_and_parameters() => CheckKeys(
        "Input(3, 224, 224), VitB16(Name = \"\")", 86_567_656,
        [
            "class_token (1, 1, 768)", "conv_proj.bias (768)", "conv_proj.weight (768, 3, 16, 16)", "encoder.pos_embedding (1, 197, 768)",
            "encoder.ln.weight (768)", "encoder.ln.bias (768)", "heads.head.weight (1000, 768)", "heads.head.bias (1000)",
            .. Enumerable.Range(0, 12).SelectMany(layer => new[]
            {
                "ln_1.weight (768)", "ln_1.bias (768)", "self_attention.in_proj_weight (2304, 768)", "self_attention.in_proj_bias (2304)",
                "self_attention.out_proj.weight (768, 768)", "self_attention.out_proj.bias (768)", "ln_2.weight (768)", "ln_2.bias (768)",
                "mlp.0.weight (3072, 768)", "mlp.0.bias (3072)", "mlp.3.weight (768, 3072)", "mlp.3.bias (768)",
            }.Select(key => $"encoder.layers.encoder_layer_{layer}.{key}")),
        ]);

    [Fact]
    public void Swin_T_has_its_keys_shapes_and_parameters()
    {
        (int Channels, int Heads, int Blocks)[] stages = [(96, 3, 2), (192, 6, 2), (384, 12, 6), (768, 24, 2)];
        CheckKeys(
            "Input(3, 224, 224), SwinTiny(Name = \"\")", 28_288_354,
            [
                "features.0.0.weight (96, 3, 4, 4)", "features.0.0.bias (96)", "features.0.2.weight (96)", "features.0.2.bias (96)",
                "norm.weight (768)", "norm.bias (768)", "head.weight (1000, 768)", "head.bias (1000)",
                .. stages.SelectMany((stage, number) => Enumerable.Range(0, stage.Blocks).SelectMany(block => new[]
                {
                    $"norm1.weight ({stage.Channels})", $"norm1.bias ({stage.Channels})",
                    $"attn.relative_position_bias_table (169, {stage.Heads})",
                    $"attn.qkv.weight ({3 * stage.Channels}, {stage.Channels})", $"attn.qkv.bias ({3 * stage.Channels})",
                    $"attn.proj.weight ({stage.Channels}, {stage.Channels})", $"attn.proj.bias ({stage.Channels})",
                    $"norm2.weight ({stage.Channels})", $"norm2.bias ({stage.Channels})",
                    $"mlp.0.weight ({4 * stage.Channels}, {stage.Channels})", $"mlp.0.bias ({4 * stage.Channels})",
                    $"mlp.3.weight ({stage.Channels}, {4 * stage.Channels})", $"mlp.3.bias ({stage.Channels})",
                }.Select(key => $"features.{(2 * number) + 1}.{block}.{key}"))),
                .. stages.Take(3).SelectMany((stage, number) => new[]
                {
                    $"norm.weight ({4 * stage.Channels})", $"norm.bias ({4 * stage.Channels})",
                    $"reduction.weight ({2 * stage.Channels}, {4 * stage.Channels})",
                }.Select(key => $"features.{(2 * number) + 2}.{key}")),
            ]);
    }

    [Theory]
    [InlineData(224, 21_628_800, 257)]
    [InlineData(518, 22_056_192, 1370)]
    public void DINOv2_has_Metas_keys_shapes_and_parameters(int size, int parameters, int tokens) => CheckKeys(
        $"Input(3, {size}, {size}), DinoV2Small(size: {size}, Name = \"\")", parameters,
        [
            "cls_token (1, 1, 384)", $"pos_embed (1, {tokens}, 384)", "patch_embed.proj.weight (384, 3, 14, 14)",
            "patch_embed.proj.bias (384)", "norm.weight (384)", "norm.bias (384)",
            .. Enumerable.Range(0, 12).SelectMany(layer => new[]
            {
                "norm1.weight (384)", "norm1.bias (384)", "attn.qkv.weight (1152, 384)", "attn.qkv.bias (1152)",
                "attn.proj.weight (384, 384)", "attn.proj.bias (384)", "ls1.gamma (384)", "norm2.weight (384)", "norm2.bias (384)",
                "mlp.fc1.weight (1536, 384)", "mlp.fc1.bias (1536)", "mlp.fc2.weight (384, 1536)", "mlp.fc2.bias (384)", "ls2.gamma (384)",
            }.Select(key => $"blocks.{layer}.{key}")),
        ]);

    [Fact]
    public void The_image_half_of_CLIP_has_OpenAIs_keys_shapes_and_parameters() => CheckKeys(
        "Input(3, 224, 224), ClipImageEncoder(Name = \"visual\")", 87_849_216,
        [
            "visual.class_embedding (768)", "visual.positional_embedding (50, 768)", "visual.proj (768, 512)",
            "visual.conv1.weight (768, 3, 32, 32)", "visual.ln_pre.weight (768)", "visual.ln_pre.bias (768)", "visual.ln_post.weight (768)",
            "visual.ln_post.bias (768)",
            .. Enumerable.Range(0, 12).SelectMany(layer => new[]
            {
                "ln_1.weight (768)", "ln_1.bias (768)", "attn.in_proj_weight (2304, 768)", "attn.in_proj_bias (2304)",
                "attn.out_proj.weight (768, 768)", "attn.out_proj.bias (768)", "ln_2.weight (768)", "ln_2.bias (768)",
                "mlp.c_fc.weight (3072, 768)", "mlp.c_fc.bias (3072)", "mlp.c_proj.weight (768, 3072)", "mlp.c_proj.bias (768)",
            }.Select(key => $"visual.transformer.resblocks.{layer}.{key}")),
        ]);

    /// <summary>The parameters of a graph by their keys, and the buffers.</summary>
    internal static IEnumerable<(string Key, int Length, bool IsTrained)> Parameters(NetworkGraph graph) =>
        new NetworkDescription(graph).Parameters.Select(one => (
            one.Parameter.KeyOf(one.Node.Layer), one.Parameter.Length, one.Parameter.Role != Compiler.Graph.ParameterRole.Buffer));

    /// <summary>Asserts a network of the zoo's number of parameters, and their keys with the shapes that files have.</summary>
    private static void CheckKeys(string layers, int parameters, string[] keys)
    {
        string declaration = $"using Strata; using Strata.Zoo; [Network, {layers}] partial class Net;";
        NetworkGraph graph = Graphs.AllOf(Graphs.ZooSources("Networks").Append(declaration))["Net"];
        Assert.Equal(parameters, Parameters(graph).Sum(parameter => parameter.Length));
        Assert.Equal(
            keys.Order(StringComparer.Ordinal),
            new NetworkDescription(graph).Parameters
                .Select(one => $"{one.Parameter.KeyOf(one.Node.Layer)} ({string.Join(", ", one.Parameter.Extents)})")
                .Order(StringComparer.Ordinal));
    }

    private static NetworkGraph GraphOf(string source)
    {
        NetworkModel model = Graphs.ModelOf(source);
        Assert.True(model.Graph is not null, string.Join(Environment.NewLine, model.Problems.Select(problem => problem.Message)));
        return model.Graph;
    }
}
