using System;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>The files of the package.</summary>
public sealed class PackageTests(PackageFixture package)
{
    [Fact]
    public void One_package_holds_the_library_and_the_compiler_and_others_stand_beside_it()
    {
        Assert.Equal(
            [
                package.File, package.FileOf("Strata.Compiler"), package.FileOf("Strata.Distributed"), package.FileOf("Strata.Embeddings"),
                package.FileOf("Strata.Imaging"), package.FileOf("Strata.Onnx"), package.FileOf("Strata.Serving"),
                package.FileOf("Strata.Templates"), package.FileOf("Strata.Tensors"), package.FileOf("Strata.Tool"),
                package.FileOf("Strata.Weights"), package.FileOf("Strata.Weights.Keras"), package.FileOf("Strata.Zoo"),
            ],
            Directory.GetFiles(Path.GetDirectoryName(package.File)!, "*.nupkg").Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "LICENSE",
                "README.md",
                "Strata.nuspec",
                "analyzers/dotnet/cs/Strata.CodeFixes.dll",
                "analyzers/dotnet/cs/Strata.Compiler.dll",
                "analyzers/dotnet/cs/Strata.Generator.dll",
                "build/net10.0/Strata.Kernels.targets",
                "build/net10.0/Strata.props",
                "build/net10.0/Strata.targets",
                "buildTransitive/net10.0/Strata.props",
                "buildTransitive/net10.0/Strata.targets",
                "icon.png",
                "lib/net10.0/Strata.dll",
                "lib/net10.0/Strata.xml",
                "tools/net10.0/Strata.Emission.dll",
                "tools/net10.0/Strata.KernelBuild.dll",
                "tools/net10.0/Strata.KernelBuild.runtimeconfig.json",
            ],
            package.Entries());
    }

    [Fact]
    public void It_is_smaller_than_one_point_six_megabytes() => Assert.InRange(new FileInfo(package.File).Length, 1, 1_600_000);

    [Fact]
    public void It_says_what_it_is_and_depends_on_nothing()
    {
        XElement metadata = XDocument.Parse(package.Read("Strata.nuspec")).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("Strata", Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEmpty(Value("description"));
        Assert.NotEmpty(Value("tags"));
        Assert.EndsWith("/blob/main/CHANGELOG.md", Value("releaseNotes"), StringComparison.Ordinal);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        XElement repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")?.Value);

        // The rules link to their page there.
        string rules = File.ReadAllText(Path.Combine(Repository.Path, "generator", "Reading", "Descriptors.cs"));
        Assert.Contains($"\"{repository.Attribute("url")?.Value}/blob/main/", rules, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_of_blocks_holds_one_small_library_and_depends_on_this_version_of_Strata()
    {
        const string Id = "Strata.Zoo";
        Assert.Equal(["LICENSE", "README.md", "Strata.Zoo.nuspec", "icon.png", "lib/net10.0/Strata.Zoo.dll", "lib/net10.0/Strata.Zoo.xml"], package.Entries(Id));
        Assert.InRange(new FileInfo(package.FileOf(Id)).Length, 1, 200_000);

        XElement metadata = XDocument.Parse(package.Read("Strata.Zoo.nuspec", Id)).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal((Id, "MIT", "README.md", "Strata contributors"), (Value("id"), Value("license"), Value("readme"), Value("authors")));
        Assert.EndsWith("/blob/main/CHANGELOG.md", Value("releaseNotes"), StringComparison.Ordinal);

        // With the analyzers, which are excluded by default.
        XElement dependency = metadata.Descendants().Single(element => element.Name.LocalName == "dependency");
        Assert.Equal(("Strata", PackageFixture.Version), (dependency.Attribute("id")!.Value, dependency.Attribute("version")!.Value));
        Assert.Null(dependency.Attribute("exclude"));

        // No kernels: nothing but attributes.
        using var image = new PEReader(new MemoryStream(package.Bytes("lib/net10.0/Strata.Zoo.dll", Id)));
        MetadataReader reader = image.GetMetadataReader();
        Assert.All(
            reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(type => reader.GetString(type.Namespace) == Id),
            type => Assert.EndsWith("Attribute", reader.GetString(type.Name), StringComparison.Ordinal));
    }

    /// <summary>A package's page is not in the repository: a relative link or picture leads nowhere there.</summary>
    [Theory]
    [InlineData("Strata")]
    [InlineData("Strata.Zoo")]
    [InlineData("Strata.Templates")]
    [InlineData("Strata.Embeddings")]
    [InlineData("Strata.Tensors")]
    [InlineData("Strata.Weights")]
    [InlineData("Strata.Weights.Keras")]
    public void Its_page_links_to_whole_addresses_that_the_repository_has(string id)
    {
        string[] links = [.. Regex.Matches(package.Read("README.md", id), @"\]\(([^)]*)\)").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            Assert.StartsWith("https://github.com/strata-net/strata", link, StringComparison.Ordinal);
            string[] parts = link.Split('#')[0].Split("/blob/main/");
            Assert.True(parts.Length == 1 || File.Exists(Path.Combine(Repository.Path, parts[1])), link);
        });
    }

    /// <summary>Whoever steps into a library sees its sources' names and lines by a symbol server's help.</summary>
    [Theory]
    [InlineData("Strata")]
    [InlineData("Strata.Compiler", "Strata.Emission")]
    [InlineData("Strata.Distributed")]
    [InlineData("Strata.Embeddings")]
    [InlineData("Strata.Imaging")]
    [InlineData("Strata.Onnx")]
    [InlineData("Strata.Serving")]
    [InlineData("Strata.Tensors")]
    [InlineData("Strata.Weights")]
    [InlineData("Strata.Weights.Keras")]
    [InlineData("Strata.Zoo")]
    public void Symbols_are_in_a_package_beside_the_library(string id, string? library = null)
    {
        string file = $"lib/net10.0/{library ?? id}";
        using var image = new PEReader(new MemoryStream(package.Bytes(file + ".dll", id)));
        DebugDirectoryEntry entry = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        using MetadataReaderProvider symbols =
            MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(PackageFixture.BytesOf(package.SymbolsOf(id), file + ".pdb")));
        Assert.Equal(
            new BlobContentId(image.ReadCodeViewDebugDirectoryData(entry).Guid, entry.Stamp),
            new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id));
    }

    /// <summary>
    /// Every public type is documented for the editor, which shows no other, and none of those that only generated code calls.
    /// </summary>
    [Fact]
    public void Documentation_covers_the_public_types_and_no_others()
    {
        string[] documented = [.. XDocument.Parse(package.Read("lib/net10.0/Strata.xml")).Descendants("member").Select(member => member.Attribute("name")!.Value)];
        using var image = new PEReader(new MemoryStream(package.Bytes("lib/net10.0/Strata.dll")));
        MetadataReader reader = image.GetMetadataReader();
        string[] types = [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(type => (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public
                && IsShown(reader, type))
            .Select(type => $"T:{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}")];
        Assert.True(types.Length > 100);
        Assert.Empty(types.Except(documented));
        Assert.All(documented, name => Assert.Contains(types, type => $"{name[2..].Split('(')[0]}.".StartsWith($"{type[2..]}.", StringComparison.Ordinal)));
    }

    /// <summary>Whether editors show a type: it is not <c>[EditorBrowsable(EditorBrowsableState.Never)]</c>.</summary>
    private static bool IsShown(MetadataReader reader, TypeDefinition type) =>
        !type.GetCustomAttributes().Select(reader.GetCustomAttribute).Any(attribute =>
            attribute.Constructor.Kind == HandleKind.MemberReference
            && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
            && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "EditorBrowsableAttribute"
            && BitConverter.ToInt32(reader.GetBlobBytes(attribute.Value), sizeof(ushort)) == (int)EditorBrowsableState.Never);
}
