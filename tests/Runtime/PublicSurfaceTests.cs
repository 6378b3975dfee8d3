using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// The public surface of the library is written down in <c>PublicSurface.verified.txt</c>, so that no change of it goes unseen.
/// <c>[hidden]</c> marks what editors do not offer. A surface that differs is written to <c>PublicSurface.received.txt</c>; STRATA_ACCEPT=1
/// accepts it.
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly string Folder = typeof(PublicSurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

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
    public void What_the_library_shows_is_what_is_written_down()
    {
        string verified = Path.Combine(Folder, "PublicSurface.verified.txt"), received = Path.Combine(Folder, "PublicSurface.received.txt");
        string actual = PublicSurface.Of(typeof(CompiledNetwork).Assembly.Location);
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
                "The public surface has changed. Run with STRATA_ACCEPT=1 to accept.\n"
                + string.Join('\n', gone.Select(line => "- " + line).Concat(come.Select(line => "+ " + line)).Take(60)));
        }
    }
}
