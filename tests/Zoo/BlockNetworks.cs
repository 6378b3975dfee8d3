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

    /// <summary>The blocks by torchvision's names.</summary>
    private static readonly Dictionary<string, string> Blocks = new()
    {
        ["mobilenet_v3_small"] = "MobileNetV3Small",
        ["mnasnet1_0"] = "MnasNet",
        ["regnet_x_400mf"] = "RegNetX400MF",
        ["regnet_y_400mf"] = "RegNetY400MF",
        ["resnext50_32x4d"] = "ResNeXt50",
        ["wide_resnet50_2"] = "WideResNet50",
    };

    public static IEnumerable<string> Names => Blocks.Keys;

    /// <summary>The network of that name, for the best tier.</summary>
    public static CompiledNetwork Compile(string name, bool trains)
    {
        string text = $"using Strata; using Strata.Zoo; [Network, Input(3, 224, 224), {Blocks[name]}(Name = \"\"), CrossEntropy] public "
            + "partial class Net;";
        CSharpCompilation compilation = SourceCompiler.CompilationOf(
            [CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing)], "Blocks",
            MetadataReference.CreateFromFile(typeof(ResNet50Attribute).Assembly.Location));
        NetworkDeclaration declaration = DeclarationReader.Read(
            compilation.GetTypeByMetadataName("Net")!, compilation, out _, CancellationToken.None)!;
        return NetworkCompiler.Compile(declaration, new CompileOptions { Trains = trains }, new NetworkOptions());
    }
}
