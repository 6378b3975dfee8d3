using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Where the time goes from a graph to the first output, and how long emitted code takes. The suite does it for LeNet-5, and
/// <c>STRATA_EMISSION_TIMES=MobileNetV2,ResNet50</c> for other networks of the zoo.
/// </summary>
public sealed class EmissionTimeTests(ITestOutputHelper log)
{
    private const int Rounds = 20;

    [Fact]
    public void Emitted_code_is_made_in_phases_and_takes_the_time_of_compiled_code()
    {
        string[] names = (Environment.GetEnvironmentVariable("STRATA_EMISSION_TIMES") ?? "LeNet5").Split(',');
        string[] texts = [.. ZooTexts.Of(names)];
        Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(texts);
        var compiled = new CompiledNetworks(SourceCompiler.Compile(
            texts.Select((text, i) => CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, $"Zoo{i}.cs", Encoding.UTF8)), "TimedZoo",
            DiagnosticSeverity.Warning, (diagnostics, thrown) => $"{thrown}{string.Join('\n', diagnostics.Take(5).AsEnumerable())}"));
        Isa isa = Tiers.Supported[0];
        foreach (string name in names)
        {
            using CompiledNetwork expected = compiled[name].Create(isa);
            for (int round = 0; round < 3; round++)
            {
                log.WriteLine($"{name}, {isa}, {(round == 0 ? "first" : "again")}: {Phases(expected.Info, graphs[name], isa)}");
            }

            using var emitted = new EmittedNetwork(
                expected.Info, EmittedNetwork.ProgramOf(graphs[name], isa, trains: false), new NetworkOptions { Threads = 1 });
            double ratio = Ratio(expected, emitted, out string times);
            log.WriteLine($"{name}: {times}, {ratio:F3} of the time of compiled code");
            Assert.InRange(ratio, 0, 2);
        }
    }

    /// <summary>The milliseconds of each phase.</summary>
    private static string Phases(NetworkInfo info, NetworkGraph graph, Isa isa)
    {
        Tier tier = Tier.All.Single(one => one.Name == isa.ToString());
        var watch = Stopwatch.StartNew();
        double Lap()
        {
            double time = watch.Elapsed.TotalMilliseconds;
            watch.Restart();
            return time;
        }

        TierPrograms programs = TierPrograms.Lower(graph, tier, CancellationToken.None, trains: false);
        double lowering = Lap();
        KernelMethods methods = KernelMethods.Assign(programs, CancellationToken.None);
        double nests = Lap();
        foreach (KernelMethod method in methods.All)
        {
            NestVerifier.Verify(method.Nest);
        }

        double verification = Lap();
        var program = EmittedProgram.Create(programs, methods);
        double emission = Lap() - verification;
        program.CompileKernels();
        double jit = Lap();
        using var network = new EmittedNetwork(info, program, new NetworkOptions { Threads = 1 });
        double instance = Lap();
        float[] outputs = new float[network.OutputLength];
        network.Forward(new float[network.InputLength], outputs);
        double first = Lap();
        return $"lowering {lowering:F0}, nests {nests:F0}, verification {verification:F0}, emission {emission:F0}, "
            + $"JIT of {methods.All.Count} kernels {jit:F0}, instance {instance:F0}, first output {first:F0}; "
            + $"together {lowering + nests + verification + emission + jit + instance + first:F0} ms";
    }

    /// <summary>Medians of calls that take turns.</summary>
    private static double Ratio(CompiledNetwork expected, CompiledNetwork emitted, out string times)
    {
        float[] input = [.. Enumerable.Range(0, expected.InputLength).Select(i => MathF.Sin(i))];
        float[] output = new float[expected.OutputLength];
        double Measure(CompiledNetwork network, int calls)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
            {
                network.Forward(input, output);
            }

            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
        }

        _ = Measure(expected, 3) + Measure(emitted, 3);
        int calls = (int)Math.Max(1, 20 / Measure(expected, 3));
        var ofBoth = new List<(double Expected, double Emitted)>();
        for (int round = 0; round < Rounds; round++)
        {
            ofBoth.Add((Measure(expected, calls), Measure(emitted, calls)));
        }

        double one = ofBoth.Select(pair => pair.Expected).Order().ElementAt(Rounds / 2),
            other = ofBoth.Select(pair => pair.Emitted).Order().ElementAt(Rounds / 2);
        times = $"{one:F4} and {other:F4} ms";
        return other / one;
    }
}
