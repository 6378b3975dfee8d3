using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Onnx.Text;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>
/// Layers with random arguments are saved, run by ONNX Runtime, and come back.
/// <c>STRATA_SAVED_NETWORKS=2000 dotnet test tests/Onnx -c Release --filter FullyQualifiedName~RandomSaved</c> tries many.
/// </summary>
public sealed class RandomSavedTests
{
    private const int Usual = 60;

    [Fact]
    public void Random_layers_are_computed_by_onnx_runtime_and_come_back()
    {
        int count = int.TryParse(
            Environment.GetEnvironmentVariable("STRATA_SAVED_NETWORKS"), CultureInfo.InvariantCulture, out int given) ? given : Usual;
        (string Input, string Layer)[] networks = [.. Enumerable.Range(0, count).Select(seed => new RandomLayers(seed).Next()).Where(Fits)];
        Assert.True(networks.Length > count / 2, $"{networks.Length} of {count} layers fit their inputs.");
        Assembly assembly = ClassCompiler.Compile(networks.Select((network, i) => SourceOf(network, i)));
        List<string> failures = [];
        var back = new Dictionary<int, ImportedNetwork>();
        for (int i = 0; i < networks.Length; i++)
        {
            using CompiledNetwork network = SavedNetwork.Create(assembly.GetType($"Random{i}")!);
            var options = new OnnxSaveOptions { OpsetVersion = 13 + (i % 11), BatchSize = i % 3 == 0 ? 2 : null };
            try
            {
                SavedNetwork.Check(network, options, 2);
                using var file = new MemoryStream(SavedNetwork.Save(network, options with { BatchSize = null }));
                back.Add(i, OnnxFile.Import(file, new OnnxImportOptions { Name = $"Random{i}", Namespace = $"Back{i}" }));
            }
            catch (Exception exception)
            {
                failures.Add($"{networks[i]}, {options.OpsetVersion}: {exception.Message}");
            }
        }

        failures.AddRange(RoundTripTests.Differences(
            back, "Random", i => SavedNetwork.Create(assembly.GetType($"Random{i}")!), i => $"{networks[i]}"));
        Assert.True(failures.Count == 0, $"{failures.Count} of {networks.Length}:\n{string.Join('\n', failures)}");
    }

    private static bool Fits((string Input, string Layer) network)
    {
        try
        {
            ClassCompiler.GraphOf(SourceOf(network, 0));
            return true;
        }
        catch (ClassException)
        {
            return false;
        }
    }

    private static string SourceOf((string Input, string Layer) network, int number) => string.Create(CultureInfo.InvariantCulture,
        $"#pragma warning disable CS1591, STRATA058, {ClassWriter.Advice}\nusing Strata;\n[Network, {network.Input}, {network.Layer}]\n"
            + $"public partial class Random{number};\n");
}
