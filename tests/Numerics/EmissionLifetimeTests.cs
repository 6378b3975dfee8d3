using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Strata.Compiler.Graph;
using Strata.Numerics.Tests.Drawing;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Emitted programs leave nothing behind: of 50 networks that were made, run, disposed of and forgotten, no code is in memory. More by
/// <c>STRATA_FORGOTTEN_NETWORKS=1000</c>, which tells how much memory the process has on the way.
/// </summary>
public sealed class EmissionLifetimeTests(ITestOutputHelper log)
{
    private const int Kinds = 10;

    [Fact]
    public void Code_of_forgotten_networks_is_freed()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("STRATA_FORGOTTEN_NETWORKS"), CultureInfo.InvariantCulture,
            out int many) ? many : 50;
        (NetworkInfo Info, NetworkGraph Graph)[] networks = Networks();
        var programs = new List<WeakReference>();
        for (int i = 0; i < count; i++)
        {
            (NetworkInfo info, NetworkGraph graph) = networks[i % networks.Length];
            programs.AddRange(MakeAndRun(info, graph, Tiers.Supported[i % Tiers.Supported.Length]));
            if ((i + 1) % Math.Max(50, count / 10) == 0)
            {
                Collect(programs);
                log.WriteLine($"{i + 1} networks: {programs.Count(program => program.IsAlive)} in memory, "
                    + $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} MB of objects, "
                    + $"{Process.GetCurrentProcess().PrivateMemorySize64 / 1e6:F0} MB of the process, "
                    + $"{Environment.WorkingSet / 1e6:F0} MB resident");
            }
        }

        Collect(programs);
        Assert.Equal(0, programs.Count(program => program.IsAlive));
    }

    /// <summary>Networks of several kinds, with and without a loss.</summary>
    private static (NetworkInfo, NetworkGraph)[] Networks()
    {
        string[] names = [.. Enumerable.Range(1, Kinds).Select(seed => $"Random{seed}")];
        string[] declarations = [.. names.Select((name, i) => RandomArchitecture.Draw(i + 1).Declaration(name))];
        CompiledNetworks compiled = NetworkCompiler.Compile(declarations, "Forgotten");
        Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(
            declarations.Append(OwnOperators.Declarations).Select(text => "using Strata;\n\nnamespace Declared;\n\n" + text));
        return [.. names.Select(name =>
        {
            using CompiledNetwork network = compiled[name].Create();
            return (network.Info, graphs[name]);
        })];
    }

    /// <summary>In a method of its own, whose locals are gone when it returns.</summary>
    /// <returns>The program, and the module with its code.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] MakeAndRun(NetworkInfo info, NetworkGraph graph, Isa isa)
    {
        CompilerServices.AssemblyProgram program = EmittedNetwork.ProgramOf(graph, isa);
        using var network = new EmittedNetwork(info, program, new NetworkOptions { Threads = 2 });
        network.CompileKernels();
        float[] inputs = new float[2 * network.InputLength];
        network.Forward(inputs, new float[2 * network.OutputLength]);
        if (program.TrainingArenaLength > 0)
        {
            using var trainer = Trainer.For(network, 2, new Sgd(0.01));
            float[] outputs = new float[2 * network.OutputLength];
            trainer.Forward(inputs, outputs);
            trainer.Backward(outputs);
            trainer.Update();
        }

        return [new WeakReference(program), new WeakReference(program.Module)];
    }

    private static void Collect(IReadOnlyList<WeakReference> programs)
    {
        // The loader frees an assembly some collections after its last object, and later if other tests' assemblies are freed, too.
        const int Least = 5, Most = 50;
        for (int i = 0; i < Least || (i < Most && programs.Any(program => program.IsAlive)); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
