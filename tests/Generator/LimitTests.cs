using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Limits of what is built: declarations, the compiler, and for which processors it decides.</summary>
public sealed partial class LimitTests
{
    private static readonly string Root = Path.Combine(SourceFolder.Path, "..", "..");

    [Fact]
    public void Measured_cycles_are_those_of_Zen_5_and_Zen_3() => Limit.Holds(
        "tiles and algorithms are chosen for Zen 5 and Zen 3",
        Directory.GetFiles(Path.Combine(Root, "generator", "Compiler", "Lowering", "Measured"))
            .All(file => file.Split('.')[^2] is "Zen5" or "Zen3"));

    [Fact]
    public void No_result_is_of_more_than_two_threads() => Limit.Holds(
        "measured on one and two cores only",
        Directory.GetFiles(Path.Combine(Root, "tests", "Benchmarks", "Results"), "*.json")
            .SelectMany(file => Threads().Matches(File.ReadAllText(file)))
            .All(match => match.Groups[1].Value is "1" or "2"));

    [Fact]
    public async Task A_build_without_optimisation_is_warned() => Limit.Holds(
        "kernels need an optimised build",
        await Reports("STRATA060", new Harness { Optimization = OptimizationLevel.Debug },
            "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Net;"));

    [Fact]
    public async Task An_input_has_numbers() => Limit.Holds(
        "a class's network is fixed at build time",
        await Reports("STRATA020", new Harness(), "using Strata;\n[Network, Input(3, -1, -1), Conv2D(8, 3)]\npartial class Net;"));

    [Fact]
    public void Kernels_are_text_in_CSharp() => Limit.Holds(
        "the C# compiler compiles every kernel by default",
        new Harness().Generate(Harness.LeNet5).Results[0].GeneratedSources.Sum(file => file.SourceText.Length) > 250_000);

    [Fact]
    public void A_network_of_5001_layers_is_refused()
    {
        NetworkModel model = Graphs.ModelOf(
            $"using Strata;\n[Network, Input(8), {string.Concat(Enumerable.Repeat("Flatten, ", 5000))}Dense(2)]\npartial class Net;");
        Limit.Holds("at most 5,000 layers", model.Problems.Any(problem => problem.Id == "STRATA028"));
    }

    /// <summary>The reference has the library's metadata only, as a build without the generator leaves it.</summary>
    [Fact]
    public async Task A_block_of_such_an_assembly_takes_no_arguments()
    {
        MetadataReference library = new Harness().Compile(
            """
            using Strata;
            [Dense(N)] public sealed class MlpAttribute : BlockAttribute { const int N = 3; public MlpAttribute(int n = N) { } }
            """)
            .WithAssemblyName("Library").ToMetadataReference();
        Limit.Holds(
            "a block from an assembly that was built without the generator takes no arguments",
            await Reports("STRATA026", new Harness { References = [library] },
                "using Strata;\n[Network, Input(4), Mlp(5)]\npartial class Net;"));
    }

    [Fact]
    public async Task A_loss_of_ones_own_reads_no_whole_sample() => Limit.Holds(
        "a loss of your own compares one output with one target",
        await Reports("STRATA090", new Harness(), """
            using Strata;
            sealed class RankAttribute : ElementwiseLossAttribute
            {
                public static float Value(float[] output, float[] target) => output[0] - target[1];
            }
            """));

    private static async Task<bool> Reports(string id, Harness harness, string source)
    {
        ImmutableArray<Diagnostic> diagnostics = await harness.AnalyzeAsync(source);
        return diagnostics.Any(diagnostic => diagnostic.Id == id);
    }

    [GeneratedRegex(@"""threads"":\s*(\d+)")]
    private static partial Regex Threads();
}
