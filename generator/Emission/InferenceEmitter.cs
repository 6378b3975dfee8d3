using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Writes the methods of inference.</summary>
internal static class InferenceEmitter
{
    /// <summary>Writes the methods of a program.</summary>
    /// <param name="type">Gets the methods, and is complete then.</param>
    /// <returns>
    /// The names of the kernels of <see cref="InferenceMethods.Prepare"/> and <see cref="InferenceMethods.Steps"/>, in the order of their
    /// first use.
    /// </returns>
    public static string[] Write(MethodClass type, KernelEmitter kernels, TierPrograms programs)
    {
        StepEmitter Emitter(params IEnumerable<MemoryPlan> plans) => new(
            type, kernels, new StepMemory(plans) { DerivedStart = programs.Parameters.DerivedStart });
        Program program = programs.Sample;
        StepEmitter sample = Emitter(program.Memory, program.Scratch);
        sample.EmitSchedule<ParameterStep>(nameof(InferenceMethods.Prepare), programs.Prepare.Select(ScheduledStep.WithItems));
        sample.EmitSchedule<SampleStep>(
            InferenceMethods.StepStem, program.IsInSteps ? program.Schedule : [new ScheduledStep([.. program.Steps], TakesItems: false)]);
        string[] called = [.. kernels.Compiled.Select(kernel => kernel.Name)];
        sample.Emit<ParameterStep>(nameof(InferenceMethods.Derive), programs.Derive);
        foreach ((Step step, string name) in program.Steps.Zip(MethodTable.Numbered(InferenceMethods.BatchStem)))
        {
            if (step.OfSamples is not null)
            {
                sample.EmitOfSamples<BatchStep>(name, step);
            }
        }

        if (programs.Block is { } block)
        {
            Emitter(block.Memory).Emit<BlockPass>(nameof(InferenceMethods.Block), block.Steps);
        }

        if (programs.Observed is { } observed)
        {
            Emitter(observed.Memory, observed.Scratch).Emit<ObservedPass>(nameof(InferenceMethods.Observe), observed.Steps);
        }

        type.Complete();
        return called;
    }
}
