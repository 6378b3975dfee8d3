using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Graph;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Programs that are emitted as IL compute the bits of those that are compiled as C#: inference, observed layers, weights in bfloat16,
/// losses, gradients, and parameters after training. 12 random networks, and more by <c>STRATA_EMITTED_NETWORKS=200</c>. Every third goes
/// through an assembly that is saved and loaded.
/// </summary>
public sealed partial class EmissionTests(ITestOutputHelper log)
{
    private const int Most = 33;

    /// <summary>Networks of the zoo, smaller ones, with the samples of the largest batch.</summary>
    private static readonly string[] Zoo = ["LeNet5", "LeNetSigmoid", "Net", "ResNet20"];

    [Fact]
    public void Emitted_programs_compute_the_bits_of_compiled_ones_in_every_tier()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("STRATA_EMITTED_NETWORKS"), CultureInfo.InvariantCulture, out int many)
            ? many : 12;
        var failures = new List<string>();
        var compared = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (int[] seeds in Enumerable.Range(1, count).Chunk(25))
        {
            Dictionary<string, OracleNetwork> networks = seeds.ToDictionary(seed => $"Random{seed}", RandomArchitecture.Draw);
            Dictionary<string, string> declarations = networks.ToDictionary(
                one => one.Key, one => WithOptions(one.Value.Declaration(one.Key), int.Parse(one.Key[6..], CultureInfo.InvariantCulture)));
            CompiledNetworks compiled = NetworkCompiler.CompileClasses([.. declarations.Values], $"Emitted{seeds[0]}");
            Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(
                declarations.Values.Append(OwnOperators.Declarations).Select(text => "using Strata;\n\nnamespace Declared;\n\n" + text));
            foreach (int seed in seeds)
            {
                string name = $"Random{seed}";
                Target[] targets = [.. Enumerable.Range(0, Most).Select(n => networks[name].DrawTarget((ulong)seed << 32, n))];
                var comparison = new EmissionComparison(
                    compiled[name], graphs[name], [.. targets.SelectMany(one => one.Classes)], [.. targets.SelectMany(one => one.Values)],
                    (ulong)seed)
                {
                    ProgramOf = seed % 3 == 0 ? EmittedNetwork.SavedProgramOf : (graph, isa) => EmittedNetwork.ProgramOf(graph, isa),
                };
                failures.AddRange(Run(comparison, compared).Select(difference => $"{name}, {difference}\n{declarations[name]}"));
            }
        }

        log.WriteLine(string.Join("; ", compared.Select(one => $"{one.Key}: {one.Value}")));
        Assert.True(failures.Count == 0, $"{failures.Count} differ:\n{string.Join("\n\n", failures.Take(5))}");
    }

    [Fact]
    public void Emitted_programs_of_known_networks_compute_the_bits_of_compiled_ones()
    {
        string[] texts = [.. ZooTexts.Of(Zoo)];
        var compiled = new CompiledNetworks(SourceCompiler.Compile(
            texts.Select((text, i) => CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, $"Zoo{i}.cs", Encoding.UTF8)), "EmittedZoo",
            DiagnosticSeverity.Warning, (diagnostics, thrown) => $"{thrown}{string.Join('\n', diagnostics.Take(5).AsEnumerable())}"));
        Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(texts);
        var failures = new List<string>();
        var compared = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in Zoo.Append("DigitsLeNet5"))
        {
            var comparison = new EmissionComparison(compiled[name], graphs[name], [.. Enumerable.Range(0, Most).Select(n => n % 10)], [], 1)
            {
                Batches = [1, Most],
            };
            failures.AddRange(Run(comparison, compared).Select(difference => $"{name}, {difference}"));
        }

        log.WriteLine(string.Join("; ", compared.Select(one => $"{one.Key}: {one.Value}")));
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    /// <summary>Kernels of integers have shorter vectors than the programs that call them.</summary>
    [Fact]
    public void Emitted_programs_of_integers_compute_the_bits_of_compiled_ones()
    {
        // In the second network, kernels of several layers share a method, which gets their extents.
        const string Options = "[Network(Int8 = true, Observable = true, Winograd = false, WeightStorage = WeightStorage.BFloat16)]";
        string deep = string.Concat(Enumerable.Range(1, 20).Select(
            i => $"FakeQuantize(Scale = 0.02), Conv2D({16 + (8 * (i % 5))}, {(2 * (i % 2)) + 1}, Padding = {i % 2}), BatchNorm, ReLU, "));
        Dictionary<string, string> declarations = new()
        {
            ["Small"] = $"{Options} [Input(5, 12, 11), Conv2D(32, 3, Padding = 1), ReLU, FakeQuantize(Scale = 0.02), "
                + "Conv2D(48, 3, Padding = 1, Stride = 2), BatchNorm, ReLU, FakeQuantize(Scale = 0.03), Conv2D(16, 1), GELU, Flatten, "
                + "FakeQuantize(Scale = 0.02, ZeroPoint = 5), Dense(20), Softmax, CrossEntropy] public partial class Small;",
            ["Deep"] = $"{Options} [Input(5, 12, 11), Conv2D(32, 3, Padding = 1), {deep}Flatten, Dense(10), CrossEntropy] "
                + "public partial class Deep;",
        };
        CompiledNetworks compiled = NetworkCompiler.CompileClasses([.. declarations.Values], "Integers");
        Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(
            declarations.Values.Select(text => "using Strata;\n\nnamespace Declared;\n\n" + text));
        var compared = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Assert.Empty(declarations.Keys.SelectMany(name =>
        {
            var comparison = new EmissionComparison(compiled[name], graphs[name], [.. Enumerable.Range(0, Most).Select(n => n % 10)], [], 1)
            {
                Batches = [1, 3],
                Steps = 3,
                ProgramOf = name == "Small" ? EmittedNetwork.SavedProgramOf : (graph, isa) => EmittedNetwork.ProgramOf(graph, isa),
            };
            return Run(comparison, compared).Select(difference => $"{name}, {difference}").ToArray();
        }));
        Assert.Equal(2 * Tiers.Supported.Length, compared["observed"]);
    }

    private static IEnumerable<string> Run(EmissionComparison comparison, SortedDictionary<string, int> compared)
    {
        foreach (Isa isa in Tiers.Supported)
        {
            string? difference;
            try
            {
                difference = comparison.Run(isa, compared);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                difference = e.ToString();
            }

            if (difference is not null)
            {
                yield return $"{isa}: {difference}";
            }
        }
    }

    /// <summary>
    /// The declaration with options by the seed: all layouts of training, layers that can be observed, a profile, narrow weights.
    /// </summary>
    private static string WithOptions(string declaration, int seed)
    {
        string[] options =
        [
            seed % 2 == 0 ? "Observable = true" : "", seed % 5 == 0 ? "Profile = true" : "",
            seed % 3 == 0 && declaration.Contains("Dense(", StringComparison.Ordinal) ? "WeightStorage = WeightStorage.BFloat16" : "",
        ];
        if (seed % 3 == 1)
        {
            declaration = Layout().Replace(declaration, "TrainingLayout = TrainingLayout.Automatic");
        }

        string added = string.Join(", ", options.Where(option => option.Length > 0));
        int network = declaration.LastIndexOf("[Network", StringComparison.Ordinal) + "[Network".Length;
        return added.Length == 0 ? declaration
            : declaration[network] == '(' ? declaration.Insert(network + 1, added + ", ") : declaration.Insert(network, $"({added})");
    }

    [GeneratedRegex(@"TrainingLayout = TrainingLayout\.\w+")]
    private static partial Regex Layout();
}
