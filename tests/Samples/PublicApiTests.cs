using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>The samples and their tests use public members only, and none that are there for generated code alone.</summary>
public sealed class PublicApiTests
{
    private static readonly string Tests = typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "TestsDirectory").Value!;

    [Theory]
    [InlineData("../samples")]
    [InlineData("Samples")]
    [InlineData("Zoo")]
    public void Sources_name_neither_generated_namespaces_nor_the_services_of_generated_code(string folder)
    {
        // In two parts, so that this file is not found.
        string[] forbidden = ["Strata." + "Generated", "Strata." + "CompilerServices", "Generated" + "."];
        string root = Path.GetFullPath(Path.Combine(Tests, folder));
        string[] files = [.. Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".csproj")
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))];
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => forbidden.Any(File.ReadAllText(file).Contains)).Select(file => Path.GetRelativePath(root, file)));
    }

    [Fact]
    public void A_table_of_networks_describes_them_without_instances_and_makes_them_by_their_types()
    {
        var table = new Dictionary<string, Entry> { ["digits"] = Entry.Of<Digits.LeNet5>(), ["readme"] = Entry.Of<global::LeNet5>() };
        Assert.All(table.Values, entry => Assert.Equal([10], entry.Info().OutputShape));
        Assert.Equal(Digits.LeNet5.ParameterCount, NetworkInfo.Of<Digits.LeNet5>().Layers.Sum(layer => layer.ParameterCount));

        using CompiledNetwork made = table["digits"].Create(new NetworkOptions { Seed = 5, Threads = 1 });
        Assert.Same(table["digits"].Info(), Assert.IsType<Digits.LeNet5>(made).Info);
        Assert.Equal((5ul, 1), (made.Seed, made.Threads));
    }

    private sealed record Entry(Func<NetworkInfo> Info, Func<NetworkOptions, CompiledNetwork> Create)
    {
        public static Entry Of<TNetwork>() where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
            new(() => TNetwork.Info, TNetwork.Create);
    }
}
