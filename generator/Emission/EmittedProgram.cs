using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Writes the programs of tiers, which <c>Printing</c> writes as classes of C#, as methods of IL.</summary>
internal static class EmittedProgram
{
    /// <summary>Compiles a network for a tier.</summary>
    /// <param name="trains">Whether it can be trained, too; if the graph has losses.</param>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static AssemblyProgram Create(
        NetworkGraph graph, Tier tier, bool trains, CodeLimit? limit = null, CancellationToken cancellationToken = default)
    {
        TierPrograms programs = TierPrograms.Lower(graph, tier, cancellationToken, trains: trains);
        return Create(
            programs, KernelMethods.Assign(programs, cancellationToken),
            programs.OtherWeights is { } storage ? new(() => WithWeights(storage)) : null, limit);

        AssemblyProgram WithWeights(Graph.WeightStorage storage)
        {
            var other = TierPrograms.Lower(graph, tier, cancellationToken, storage);
            return Create(other, KernelMethods.Assign(other, cancellationToken), other: null, limit);
        }
    }

    /// <summary>Compiles the programs of a tier. Their code is freed with the last reference to the program.</summary>
    /// <param name="other">Makes the program for the other storage of weights; null if there is none.</param>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static AssemblyProgram Create(
        TierPrograms programs, KernelMethods methods, Lazy<AssemblyProgram>? other = null, CodeLimit? limit = null)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Strata.Emitted"), AssemblyBuilderAccess.RunAndCollect);
        ProgramFacts facts = Write(assembly.DefineDynamicModule("Strata.Emitted"), programs, methods, limit);
        return new AssemblyProgram(facts, assembly.ManifestModule, other);
    }

    /// <summary>Writes the methods of a program into a module.</summary>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    public static ProgramFacts Write(ModuleBuilder module, TierPrograms programs, KernelMethods methods, CodeLimit? limit = null)
    {
        ProgramFacts facts = EmittedFacts.Of(programs);
        var classes = new List<MethodClass>();
        MethodClass Class(string name)
        {
            classes.Add(new MethodClass(module, facts.ClassOf(name), limit));
            return classes[^1];
        }

        var kernels = new KernelEmitter(Class(AssemblyProgram.Kernel), EmittedTypes.Of(programs.Tier.Bits), methods);
        string[] ofInference = InferenceEmitter.Write(Class(InferenceMethods.Class), kernels, programs);
        TrainingFacts? training = programs.Training is null ? null
            : TrainingEmitter.Write(Class(TrainingMethods.Class), kernels, programs.Training, programs.Parameters);
        kernels.Complete();
        return facts with { Kernels = ofInference, Training = training, CodeLength = classes.Sum(one => one.CodeLength) };
    }
}
