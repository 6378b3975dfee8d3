using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Networks;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Numerics.Tests;

namespace Strata.Zoo.Tests;

/// <summary>
/// Networks of Strata.Zoo without a class in samples/Zoo: those that the benchmarks measure. They are compiled here, at run time and for
/// one tier: so they cost no build any time.
/// </summary>
internal static class BlockNetworks
{
    /// <summary>Their goldens' folder.</summary>
    public const string Folder = "Blocks";

    /// <summary>Inputs that are smaller than those that are measured, and the blocks' arguments for them.</summary>
    private static readonly Dictionary<string, (string Input, string Arguments)> Smaller = new()
    {
        ["cbam_resnet18"] = ("3, 64, 64", "Name = \"\""),
        ["vit_b_16"] = ("3, 64, 64", "tokens: 17, Name = \"\""),
        ["swin_t"] = ("3, 64, 64", "Name = \"\""),
        ["dinov2_vits14"] = ("3, 70, 70", "size: 70, Name = \"\""),
        ["clip_vit_b_32"] = ("3, 64, 64", "size: 64, Name = \"visual\""),
        ["fcn_resnet50"] = ("3, 96, 96", "Name = \"\""),
        ["lraspp_mobilenet_v3_large"] = ("3, 128, 128", "Name = \"\""),
        ["style_transfer"] = ("3, 32, 32", "Name = \"\""),
        ["espcn"] = ("1, 24, 32", "Name = \"\""),
    };

    public static IEnumerable<string> Names => BlockNetwork.All.Select(network => network.Name);

    /// <summary>The network of that name, for the best tier.</summary>
    public static CompiledNetwork Compile(string name, bool trains)
    {
        BlockNetwork network = BlockNetwork.All.Single(network => network.Name == name);
        if (Smaller.TryGetValue(name, out (string Input, string Arguments) smaller))
        {
            network = network with { Input = smaller.Input, Arguments = smaller.Arguments };
        }

        CSharpCompilation compilation = SourceCompiler.CompilationOf(
            [CSharpSyntaxTree.ParseText($"using Strata; using Strata.Zoo; {network.Declaration}", SourceCompiler.Parsing)], "Blocks",
            MetadataReference.CreateFromFile(typeof(ResNet50Attribute).Assembly.Location));
        NetworkDeclaration declaration = DeclarationReader.Read(
            compilation.GetTypeByMetadataName(network.Class)!, compilation, out _, CancellationToken.None)!;
        return NetworkCompiler.Compile(declaration, new CompileOptions { Trains = trains }, new NetworkOptions());
    }
}
