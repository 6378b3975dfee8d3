using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// The public surface of the library is written down in <c>PublicSurface.verified.txt</c>, and that of each other package in a file
/// beside it, so that no change goes unseen. <c>[hidden]</c> marks what editors do not offer. A surface that differs is written to a file
/// <c>….received.txt</c>; STRATA_ACCEPT=1 accepts it.
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly string Folder = MetadataOf("ProjectDirectory");

    /// <summary>Files that stand in another room than their namespace's, since what they use, or what uses them, is there.</summary>
    private static readonly Dictionary<string, string> Apart = new()
    {
        ["CompilerServices/Functions.cs"] = "Strata",
        ["Networks/LossInfo.cs"] = "Strata.Training",
        ["Networks/Sizes/DeclaredSize.cs"] = "Strata.CompilerServices",
        ["Networks/TensorBatch.cs"] = "Strata.CompilerServices",
        ["Training/MemoryUse.cs"] = "Strata",
    };

    [Fact]
    public void Types_are_in_the_namespaces_of_their_folders()
    {
        string root = Path.GetFullPath(Path.Combine(Folder, "../../runtime"));
        Assert.All(Apart.Keys, file => Assert.True(File.Exists(Path.Combine(root, file))));
        Assert.All(
            Directory.EnumerateDirectories(root)
                .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj") && Directory.GetFiles(folder, "*.csproj").Length == 0)
                .Append(root)
                .SelectMany(folder => Directory.EnumerateFiles(
                    folder, "*.cs", folder == root ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)),
            file => Assert.Contains($"namespace {NamespaceOf(Path.GetRelativePath(root, file).Replace('\\', '/'))};",
                File.ReadAllLines(file)));
    }

    /// <summary>Attributes, networks and what is the library's own share one; what stands for itself has its own.</summary>
    private static string NamespaceOf(string file) => Apart.TryGetValue(file, out string? apart) ? apart
        : file.Split('/')[0] is "CompilerServices" or "Data" or "Pictures" or "Training" ? "Strata." + file.Split('/')[0] : "Strata";

    [Fact]
    public void What_the_library_shows_is_what_is_written_down() =>
        Verify("PublicSurface", PublicSurface.Of(typeof(CompiledNetwork).Assembly.Location));

    /// <summary>ASP.NET's assemblies are beside .NET's, and others beside the package's own.</summary>
    [Theory]
    [InlineData("runtime/Onnx", "Strata.Onnx")]
    [InlineData("runtime/Imaging", "Strata.Imaging")]
    [InlineData("runtime/Serving", "Strata.Serving")]
    [InlineData("runtime/Distributed", "Strata.Distributed")]
    [InlineData("runtime/Published", "Strata.Weights")]
    [InlineData("runtime/Keras", "Strata.Weights.Keras")]
    [InlineData("runtime/Tensors", "Strata.Tensors")]
    [InlineData("runtime/Embeddings", "Strata.Embeddings")]
    [InlineData("generator/Emission", "Strata.Emission")]
    [InlineData("samples/Zoo/Networks", "Strata.Zoo")]
    public void What_another_package_shows_is_what_is_written_down(string project, string assembly)
    {
        string folder = Path.Combine(Folder, "../..", project, "bin", MetadataOf("Configuration"), "net10.0");
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string shared = Path.Combine(runtime, "../..", "Microsoft.AspNetCore.App", Path.GetFileName(runtime));
        bool hasShared = Directory.Exists(shared);
        Assert.SkipUnless(hasShared || assembly != "Strata.Serving", "ASP.NET Core is not installed");
        string surface = PublicSurface.Of(
            Path.Combine(folder, assembly + ".dll"),
            (hasShared ? Directory.GetFiles(shared, "*.dll") : []).Concat(Directory.GetFiles(folder, "*.dll")));
        Verify($"PublicSurface.{assembly["Strata.".Length..]}", WithoutLayers(surface));
    }

    /// <summary>
    /// Layers are methods of <c>NetworkBuilder</c>, too. What writes them, and compares them, is tests/Numerics/Building/BuilderTextTests.
    /// </summary>
    private static string WithoutLayers(string surface)
    {
        string layers = File.ReadAllText(Path.Combine(Folder, "../../generator/Emission/Building/NetworkBuilder.Layers.cs"));
        return string.Join('\n', surface.Split('\n').Where(line =>
            !line.StartsWith("    NetworkBuilder ", StringComparison.Ordinal)
            || !layers.Contains($" public {line.Trim().Split('(')[0]}(", StringComparison.Ordinal)));
    }

    private static string MetadataOf(string key) => typeof(PublicSurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    private static void Verify(string name, string actual)
    {
        string verified = Path.Combine(Folder, name + ".verified.txt"), received = Path.Combine(Folder, name + ".received.txt");
        File.Delete(received);
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") is { Length: > 0 } and not "0")
        {
            File.WriteAllText(verified, actual);
            return;
        }

        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (actual != expected)
        {
            File.WriteAllText(received, actual);
            string[] gone = [.. expected.Split('\n').Except(actual.Split('\n'))],
                come = [.. actual.Split('\n').Except(expected.Split('\n'))];
            Assert.Fail(
                $"The public surface has changed ({name}). Run with STRATA_ACCEPT=1 to accept.\n"
                + string.Join('\n', gone.Select(line => "- " + line).Concat(come.Select(line => "+ " + line)).Take(60)));
        }
    }
}
