using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Numerics.Tests;
using Strata.Tests;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>
/// All networks of which tests compare gradients, so each operator with each of its options, are saved, run by ONNX Runtime, and come back.
/// A run of all takes minutes: <c>STRATA_ALL_CASES=1 dotnet test tests/Onnx -c Release --filter FullyQualifiedName~CaseRoundTrip</c>.
/// </summary>
public sealed class CaseRoundTripTests(ITestOutputHelper log)
{
    /// <summary>A usual run tries one of so many.</summary>
    private const int Stride = 16;

    /// <summary>So many are compiled together.</summary>
    private const int Together = 60;

    private const string Usings = "#pragma warning disable\nusing System;\nusing Strata;\n";

    /// <summary>
    /// Networks that ONNX Runtime computes less exactly: its local response norm adds what enters the window and takes away what leaves it.
    /// </summary>
    private const string Inexact = "LocalResponseNorm";

    /// <summary>0 for all numbers that are drawn, so that nothing can be compared. Its other cases have a layer before it.</summary>
    private const string AlwaysZero = ": Not, MeanSquaredError";

    /// <summary>The layer that cannot come back: a softplus that goes on as a line above a threshold.</summary>
    private const string Refused = "Softplus(Beta = 2, Threshold = 3)";

    [Fact]
    public void Each_operator_with_each_option_is_computed_by_onnx_runtime_and_comes_back()
    {
        (string Name, string Declaration)[] cases =
        [
            .. AllCases.Of(DifferentiableCases.All.Values, Stride).Where(c => !c.Name.EndsWith(AlwaysZero, StringComparison.Ordinal))
                .Select((c, i) => (c.Name, c.Network.Declaration($"Case{i}"))),
        ];
        List<string> failures = [], refused = [];
        for (int first = 0; first < cases.Length; first += Together)
        {
            Check(cases, first, Math.Min(cases.Length, first + Together), failures, refused);
        }

        refused.ForEach(log.WriteLine);
        Assert.All(refused, one => Assert.Contains(Refused, one, StringComparison.Ordinal));
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Length}:\n{string.Join('\n', failures)}");
        log.WriteLine($"{cases.Length} networks, {refused.Count} refused");
    }

    private static void Check((string Name, string Declaration)[] cases, int first, int end, List<string> failures, List<string> refused)
    {
        Assembly assembly = ClassCompiler.Compile(
            [Usings + OwnOperators.Declarations, .. cases[first..end].Select(one => Usings + one.Declaration)]);
        var back = new Dictionary<int, ImportedNetwork>();
        for (int i = first; i < end; i++)
        {
            using CompiledNetwork network = SavedNetwork.Create(assembly.GetType($"Case{i}")!);
            // GridSample came with operator set 16, and that of volumes with 20.
            int version = cases[i].Declaration.Contains("GridSample", StringComparison.Ordinal) ? 20 + (i % 4) : 13 + (i % 11);
            var options = new OnnxSaveOptions { OpsetVersion = version };
            try
            {
                SavedNetwork.Check(network, options, cases[i].Name.Contains(Inexact, StringComparison.Ordinal) ? 1e-4f : 1e-5f, 1, 3);
                using var file = new MemoryStream(SavedNetwork.Save(network, options));
                back.Add(i, OnnxFile.Import(file, new OnnxImportOptions { Name = $"Case{i}", Namespace = $"Back{i}" }));
            }
            catch (Exception exception) when (exception is NotSupportedException or UnsupportedOnnxException)
            {
                refused.Add($"{cases[i].Name}: {exception.GetType().Name} {exception.Message}");
            }
            catch (Exception exception)
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cases[i].Name}, {options.OpsetVersion}: {exception.GetType().Name} {exception.Message}\n{cases[i].Declaration}"));
            }
        }

        failures.AddRange(RoundTripTests.Differences(
            back, "Case", i => SavedNetwork.Create(assembly.GetType($"Case{i}")!), i => $"{cases[i].Name}, {cases[i].Declaration}"));
    }
}
