using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>A network whose programs are IL.</summary>
/// <param name="name">Its name.</param>
/// <param name="graph">The network.</param>
/// <param name="expected">Its class, which must have the same bits; null if it is not compared.</param>
internal sealed class EmittedType(string name, NetworkGraph graph, CompiledClass? expected = null) : CompiledType
{
    private readonly Dictionary<Isa, WeakReference<AssemblyProgram>> _programs = [];
    private readonly NetworkInfo _info = RuntimeInfo.Create(name, graph);

    public override string Name => name;

    public NetworkGraph Graph => graph;

    public override CompiledNetwork Create(NetworkOptions options) => new EmittedNetwork(_info, Program, options);

    /// <summary>All instances have one program of a tier, as long as one of them lives.</summary>
    public override NetworkProgram Program(Isa isa) => Emitted(isa);

    public override string Comments(Isa isa)
    {
        TierPrograms programs = TierPrograms.Lower(graph, EmittedNetwork.TierOf(isa), CancellationToken.None);
        IEnumerable<Step> training = programs.Training is { } program ? [.. program.Forward, .. program.Backward] : [];
        return string.Join('\n', programs.Prepare.Concat(programs.Sample.Steps).Concat(training)
            .SelectMany(step => (string[])[step.Comment, step.Kernel.Summary]));
    }

    public AssemblyProgram Emitted(Isa isa)
    {
        lock (_programs)
        {
            bool isKnown = _programs.TryGetValue(isa, out WeakReference<AssemblyProgram>? known);
            if (known?.TryGetTarget(out AssemblyProgram? program) != true)
            {
                program = Compile(isa, isCompared: !isKnown);
                _programs[isa] = new WeakReference<AssemblyProgram>(program);
            }

            KeptPrograms.Use(program!);
            return program!;
        }
    }

    private AssemblyProgram Compile(Isa isa, bool isCompared)
    {
        AssemblyProgram program = EmittedNetwork.ProgramOf(graph, isa);
        if (expected is null || !isCompared || !Tiers.Supported.Contains(isa))
        {
            return program;
        }

        // Not the numbers of a test: any that are allowed as targets.
        const int Samples = 3;
        int[] classes = [.. Enumerable.Range(0, Samples).SelectMany(n => Targets(takesClasses: true, loss => n % loss.Classes))];
        float[] values = [.. Enumerable.Range(0, Samples).SelectMany(n => Targets(takesClasses: false, _ => (float)(n % 2)))];
        var comparison = new EmissionComparison(expected, graph, classes, values, seed: 1) { Batches = [1, Samples], Steps = 2 };
        string? difference = comparison.Run(program);
        Assert.True(difference is null, $"{name} as IL and as C#, {isa}: {difference}");
        return program;
    }

    private T[] Targets<T>(bool takesClasses, Func<LossInfo, T> of)
    {
        var targets = new T[graph.TargetLength(takesClasses)];
        foreach (LossInfo loss in _info.Losses.Where(loss => loss.TakesClasses == takesClasses))
        {
            Array.Fill(targets, of(loss), loss.TargetOffset, loss.TargetLength);
        }

        return targets;
    }
}
