using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Numerics.Tests;

namespace Strata.Zoo.Tests;

/// <summary>
/// Networks of Strata.Zoo without a class in samples/Zoo. They are compiled here, at run time and for one tier: so they cost no build any
/// time.
/// </summary>
internal static class BlockNetworks
{
    /// <summary>Their goldens' folder.</summary>
    public const string Folder = "Blocks";

    /// <summary>The declarations, by torchvision's names where it has the network.</summary>
    private static readonly Dictionary<string, string> Declarations = new()
    {
        ["mobilenet_v3_small"] = Classifier("MobileNetV3Small"),
        ["mnasnet1_0"] = Classifier("MnasNet"),
        ["regnet_x_400mf"] = Classifier("RegNetX400MF"),
        ["regnet_y_400mf"] = Classifier("RegNetY400MF"),
        ["resnext50_32x4d"] = Classifier("ResNeXt50"),
        ["wide_resnet50_2"] = Classifier("WideResNet50"),
        ["seresnet50"] = Classifier("SEResNet50"),
        ["cbam_resnet18"] = "Input(3, 64, 64), CbamResNet18(Name = \"\"), CrossEntropy",
        ["vit_b_16"] = "Input(3, 64, 64), VitB16(tokens: 17, Name = \"\"), CrossEntropy",
        ["swin_t"] = "Input(3, 64, 64), SwinTiny(Name = \"\"), CrossEntropy",
        ["dinov2_vits14"] = "Input(3, 70, 70), DinoV2Small(size: 70, Name = \"\"), MeanSquaredError",
        ["clip_vit_b_32"] = "Input(3, 64, 64), ClipImageEncoder(size: 64, Name = \"visual\"), MeanSquaredError",
        ["fcn_resnet50"] = "Input(3, 96, 96), FcnResNet50(Name = \"\"), CrossEntropy(IgnoreIndex = 255)",
        ["deeplabv3_mobilenet_v3_large"] =
            "Input(3, 224, 224), DeepLabV3MobileNetV3Large(Name = \"\"), CrossEntropy(IgnoreIndex = 255)",
        ["lraspp_mobilenet_v3_large"] = "Input(3, 128, 128), LrasppMobileNetV3Large(Name = \"\"), CrossEntropy(IgnoreIndex = 255)",
        ["crnn"] = "Input(1, 32, 100), Crnn(Name = \"\"), CrossEntropy(IgnoreIndex = 255)",
        ["style_transfer"] = "Input(3, 32, 32), StyleTransfer(Name = \"\"), MeanSquaredError",
        ["espcn"] = "Input(1, 24, 32), Espcn(Name = \"\"), MeanSquaredError",
    };

    public static IEnumerable<string> Names => Declarations.Keys;

    /// <summary>The network of that name, for the best tier.</summary>
    public static CompiledNetwork Compile(string name, bool trains)
    {
        string text = $"using Strata; using Strata.Zoo; [Network, {Declarations[name]}] public partial class Net;";
        CSharpCompilation compilation = SourceCompiler.CompilationOf(
            [CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing)], "Blocks",
            MetadataReference.CreateFromFile(typeof(ResNet50Attribute).Assembly.Location));
        NetworkDeclaration declaration = DeclarationReader.Read(
            compilation.GetTypeByMetadataName("Net")!, compilation, out _, CancellationToken.None)!;
        return NetworkCompiler.Compile(declaration, new CompileOptions { Trains = trains }, new NetworkOptions());
    }

    private static string Classifier(string block) => $"Input(3, 224, 224), {block}(Name = \"\"), CrossEntropy";
}
