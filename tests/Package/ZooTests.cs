using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>Every block of Strata.Zoo with all of its parameters, in one new project that references the package.</summary>
public sealed class ZooTests(PackageFixture package)
{
    private const string Image = "Input(3, 32, 32)", Small = "Input(4, 8, 8)", Odd = "Input(4, 9, 9)";

    /// <summary>Small inputs where a network allows it. What has several heads makes an output of each.</summary>
    private static readonly string[] Stacks =
    [
        "Input(3, 64, 64), AlexNet(classes: 3, dropout: 0.1)", "Input(3, 64, 64), AlexNetBN(classes: 3, dropout: 0.1)",
        "Input(4), AlexNetClassifier(classes: 3, dropout: 0.1)",
        $"{Odd}, ConvUnit(filters: 4, height: 3, width: 1, stride: 2, valid: true)",
        $"{Image}, DenseNet121(classes: 3)", $"{Small}, DenseLayer", $"{Small}, Transition(filters: 4)",
        "Input(3, 256, 256), ENet(classes: 3)", "Input(128, 8, 8), Context", $"{Small}, Regular(filters: 4, rate: 0.2, dilation: 2)",
        $"{Small}, Asymmetric(filters: 4, rate: 0.2)", $"{Small}, Down(inputs: 4, filters: 8, side: 8, rate: 0.2)",
        $"{Small}, MaxPool2D(2, Name = \"down\"), Up(filters: 4, pool: \"down\")",
        "Input(3, 64, 64), GoogLeNet(classes: 3, dropout: 0.1, Name = \"\"), Output(\"a\", From = \"fc\"), Output(\"b\", From = \"aux1\"), "
            + "Output(\"c\", From = \"aux2\")",
        $"{Small}, Inception(point: 4, reduce3: 2, conv3: 4, reduce5: 2, conv5: 4, pool: 4)", $"{Small}, Auxiliary(classes: 3)",
        "Input(3, 299, 299), InceptionV3(classes: 3, dropout: 0.1, Name = \"\"), Output(\"a\", From = \"fc\"), "
            + "Output(\"b\", From = \"AuxLogits\")",
        $"{Small}, Factor5(pool: 8)", $"{Odd}, Reduce3", $"{Odd}, Factor7(filters: 8)", $"{Odd}, Reduce7", $"{Small}, Expand",
        "Input(4, 17, 17), AuxiliaryV3(classes: 3)",
        "Input(3, 75, 75), InceptionV4(classes: 3, dropout: 0.1)", $"{Odd}, Stem3", $"{Odd}, Stem4", $"{Odd}, Stem5",
        $"{Small}, InceptionA", $"{Odd}, ReductionA", $"{Odd}, InceptionB", $"{Odd}, ReductionB", $"{Small}, InceptionC",
        "Input(1, 28, 28), LeNet5(classes: 3)", "Input(1, 28, 28), LeNetSigmoid(classes: 3)",
        "Input(1, 8000), M5(classes: 3)", $"{Image}, MakeModel(classes: 3, dropout: 0.1)", $"{Image}, Net(classes: 3)",
        $"{Image}, MobileNetV2(classes: 3, dropout: 0.1)", $"{Small}, Separable(inputs: 4, filters: 8)",
        $"{Small}, Inverted(inputs: 4, filters: 8, stride: 2)", $"{Small}, InvertedResidual(filters: 4)",
        $"{Small}, ConvNormReLU6(filters: 8, kernel: 3, stride: 2, groups: 4)",
        $"{Image}, MobileNetV3Large(classes: 3, dropout: 0.1)", $"{Image}, MobileNetV3Small(classes: 3, dropout: 0.1)",
        $"{Small}, HeadV3(features: 6, classes: 3, dropout: 0.1)", $"{Small}, RectifierV3", $"{Small}, SwishV3",
        $"{Small}, InvertedV3(inputs: 4, hidden: 8, filters: 6, kernel: 5, stride: 2, squeeze: 2, hard: true, dilation: 2)",
        $"{Small}, ResidualV3(filters: 4, hidden: 8, kernel: 3, squeeze: 2, hard: true, dilation: 2)",
        $"{Small}, ConvNormV3(filters: 8, kernel: 3, stride: 2, groups: 4, hard: true, dilation: 2)", $"{Image}, BodyV3(dilation: 2)",
        $"{Image}, EfficientNetB0(classes: 3, dropout: 0.1)",
        $"{Small}, MBConvStage(inputs: 4, filters: 6, kernel: 3, blocks: 1, stride: 2, expansion: 2)",
        $"{Small}, MBConv(inputs: 4, filters: 6, kernel: 5, stride: 2, expansion: 1)",
        $"{Small}, MBConvResidual(filters: 4, kernel: 3, expansion: 2)",
        $"{Small}, ConvNormSiLU(filters: 8, kernel: 3, stride: 2, groups: 4)",
        $"{Small}, ConvNorm(filters: 8, kernel: 3, stride: 2, groups: 4, epsilon: 0.001, momentum: 0.01, dilation: 2)",
        $"{Small}, SqueezeExcite(channels: 4, squeeze: 2)", $"{Small}, SqueezeExciteSiLU(channels: 4, squeeze: 2)",
        $"{Small}, SqueezeExciteHard(channels: 4, squeeze: 2)", $"{Image}, MnasNet(classes: 3, dropout: 0.1)",
        $"{Small}, MnasStage(inputs: 4, filters: 6, kernel: 3, expansion: 2, blocks: 2, stride: 2)",
        $"{Small}, MnasUnit(inputs: 4, filters: 6, kernel: 5, expansion: 2, stride: 2)",
        $"{Small}, MnasResidual(filters: 4, kernel: 3, expansion: 2)",
        $"{Image}, RegNetX400MF(classes: 3)", $"{Image}, RegNetY400MF(classes: 3)", $"{Small}, XBlock(filters: 8, width: 4, stride: 2)",
        $"{Small}, YBlock(inputs: 4, filters: 8, width: 4, stride: 2)",
        $"{Image}, NetworkInNetwork(classes: 3)", $"{Image}, NetworkInNetworkBN(classes: 3)",
        $"{Small}, MlpConv(first: 4, second: 5, third: 6, kernel: 3)",
        "Input(3, 96, 96), Pyramid(classes: 3)", $"{Odd}, Dilated(filters: 4, kernel: 3, stride: 2, dilation: 2)",
        $"{Image}, ResNet18(classes: 3)", $"{Image}, ResNet34(classes: 3)", $"{Image}, ResNet50(classes: 3)",
        $"{Image}, ResNet101(classes: 3)", $"{Image}, ResNet152(classes: 3)", $"{Image}, ResNetStem",
        $"{Image}, BasicResNet(conv2: 2, conv3: 3, conv4: 2, conv5: 2, classes: 3, attention: true)",
        $"{Image}, BottleneckResNet(conv2: 2, conv3: 3, conv4: 1, conv5: 1, classes: 3, widen: 2, groups: 4, squeeze: true)",
        $"{Image}, BottleneckStages(conv2: 2, conv3: 1, conv4: 2, conv5: 2, widen: 2, groups: 4, squeeze: true, dilated: true)",
        $"{Image}, SEResNet50(classes: 3)", $"{Image}, CbamResNet18(classes: 3)",
        "Input(16, 8, 8), SqueezeGate(channels: 16)", "Input(16, 8, 8), CbamGate(channels: 16)", "Input(16, 8, 8), Cbam(channels: 16)",
        $"{Small}, ChannelGate(channels: 4, squeeze: 2)", $"{Small}, ChannelStatistics", $"{Small}, SpatialGate",
        $"{Small}, PixelStatistics",
        $"{Image}, FcnResNet50(classes: 3, dropout: 0.1)", $"{Image}, LrasppMobileNetV3Large(classes: 3)",
        $"{Image}, DeepLabV3MobileNetV3Large(classes: 3, height: 32, width: 32, dropout: 0.1)",
        $"{Small}, AtrousPyramid(height: 8, width: 8, dropout: 0.1)",
        $"{Small}, Espcn(factor: 2, channels: 4)", "Input(1, 32, 32), Crnn(classes: 5, hidden: 6)",
        $"{Image}, StyleTransfer", $"{Small}, StyleResidual(channels: 4)", $"{Small}, ReflectConv(filters: 4, kernel: 3, stride: 2)",
        $"{Image}, ResNet20(classes: 3)",
        $"{Small}, BasicStage(filters: 16, blocks: 2, stride: 2, attention: true)",
        $"{Small}, BottleneckStage(filters: 6, blocks: 2, stride: 2, widen: 2, groups: 3, dilation: 2, squeeze: true)",
        $"{Small}, BasicBlock(filters: 16, stride: 2, attention: true)",
        $"{Small}, Bottleneck(filters: 6, stride: 2, widen: 2, groups: 3, dilation: 2, squeeze: true)",
        $"{Image}, ResNeXt50(classes: 3)", $"{Image}, WideResNet50(classes: 3)",
        $"{Image}, SqueezeNet(classes: 3, dropout: 0.1)", $"{Small}, Fire(squeeze: 2, expand: 4)",
        $"{Image}, ShuffleNetV2(classes: 3)", $"{Small}, ShuffleStage(inputs: 4, half: 3, units: 2)", $"{Small}, ShuffleUnit(half: 2)",
        $"{Small}, ShuffleBranch(filters: 4, stride: 2)",
        $"{Image}, ConvNeXtTiny(classes: 3)", $"{Small}, ConvNeXtBlock(channels: 4)", $"{Small}, ConvNeXtDownsample(filters: 6)",
        "Input(3, 32, 32), VitB16(classes: 3, tokens: 5)", "Input(6, 5), VitEncoderLayer(features: 6, heads: 2)",
        $"{Image}, SwinTiny(classes: 3)", "Input(6, 8, 9), SwinBlock(channels: 6, heads: 2, shift: 2)",
        $"{Small}, SwinPatchMerging(channels: 6)",
        "Input(3, 28, 28), DinoV2Small(size: 28)", "Input(6, 5), DinoEncoderLayer(features: 6, heads: 2)",
        "Input(3, 64, 64), ClipImageEncoder(size: 64)", "Input(6, 5), ClipEncoderLayer(features: 6, heads: 2)", $"{Small}, QuickGELU",
        "Input(3, 16, 16), UNet(classes: 3, features: 4)", $"{Small}, DoubleConv(filters: 4, stem: \"a\")",
        $"{Image}, Vgg11(classes: 3, dropout: 0.1)", $"{Image}, Vgg13(classes: 3, dropout: 0.1)",
        $"{Image}, Vgg16(classes: 3, dropout: 0.1)", $"{Image}, Vgg19(classes: 3, dropout: 0.1)",
        $"{Image}, Vgg(stage1: 1, stage2: 2, stage3: 1, stage4: 2, stage5: 1, classes: 3, dropout: 0.1)", $"{Small}, Conv3x3(filters: 4)",
        "Input(1, 32, 32, 32), VoxNet(classes: 3)",
        $"{Image}, Yolo(classes: 3, Name = \"\"), Output(\"a\", From = \"box\"), Output(\"b\", From = \"object\"), "
            + "Output(\"c\", From = \"class\")",
        $"{Small}, ConvLeaky(filters: 4)",
    ];

    [Fact]
    public async Task Every_block_takes_all_of_its_parameters_in_a_project_that_references_the_package()
    {
        Dictionary<string, string[]> blocks = Blocks();
        Assert.InRange(blocks.Count, 70, 200);
        Assert.All(blocks, block => Assert.True(
            Array.Exists(Stacks, stack => Uses(stack, block.Key) && block.Value.All(name => stack.Contains($"{name}: ", StringComparison.Ordinal))),
            $"{block.Key}({string.Join(", ", block.Value)}) is in no stack"));

        // The generator compiles all networks for one tier, and reports errors itself. The C# compiler leaves out their methods' bodies.
        string folder = package.NewFolder("zoo-blocks");
        await File.WriteAllTextAsync(Path.Combine(folder, "Blocks.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <StrataTiers>vector128</StrataTiers>
                <RunAnalyzersDuringBuild>false</RunAnalyzersDuringBuild>
                <ProduceOnlyReferenceAssembly>true</ProduceOnlyReferenceAssembly>
                <DebugType>none</DebugType>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Strata.Zoo" Version="{PackageFixture.Version}" />
              </ItemGroup>
            </Project>

            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Networks.cs"),
            "using Strata;\nusing Strata.Zoo;\n" + string.Concat(Stacks.Select((stack, i) => $"[Network, {stack}] public partial class Case{i};\n")),
            TestContext.Current.CancellationToken);
        await Cli.DotnetAsync(folder, "build", "-c", "Release");
    }

    private static bool Uses(string stack, string block) =>
        stack.Split(", ").Any(word => word.Split('(')[0] == block);

    /// <summary>The blocks and operators of the package, and the names of the parameters of each.</summary>
    private Dictionary<string, string[]> Blocks()
    {
        using var image = new PEReader(new MemoryStream(package.Bytes("lib/net10.0/Strata.Zoo.dll", "Strata.Zoo")));
        MetadataReader reader = image.GetMetadataReader();
        return reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(type => reader.GetString(type.Namespace) == "Strata.Zoo")
            .ToDictionary(
                type => reader.GetString(type.Name)[..^"Attribute".Length],
                type => type.GetMethods().Select(reader.GetMethodDefinition).Where(method => reader.GetString(method.Name) == ".ctor")
                    .SelectMany(method => method.GetParameters()).Select(reader.GetParameter)
                    .Where(parameter => parameter.SequenceNumber > 0).Select(parameter => reader.GetString(parameter.Name)).ToArray());
    }
}
