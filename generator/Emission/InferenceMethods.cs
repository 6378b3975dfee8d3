using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>Some items of a step for one sample.</summary>
internal delegate void SampleStep(
    int first, int end, ref float input, ref float output, ref float parameters, ref float arena, ref float scratch);

/// <summary>Some items of a step for several samples.</summary>
internal delegate void BatchStep(int first, int end, int samples, int arenaStride, ref float parameters, ref float arena);

/// <summary>A block of samples.</summary>
internal delegate void BlockPass(ref float input, int samples, ref float output, ref float parameters, ref float arena);

/// <summary>Some items of a step that computes something from the parameters, or all of them.</summary>
internal delegate void ParameterStep(int first, int end, ref float parameters);

/// <summary>One sample, with the outputs of all layers.</summary>
internal delegate void ObservedPass(
    ref float input, ref float output, ref float parameters, ref float arena, ref float scratch, ref float observations);

/// <summary>The methods of a program for inference.</summary>
internal sealed class InferenceMethods
{
    /// <param name="type">Gets the methods, and is complete then.</param>
    public InferenceMethods(MethodClass type, KernelEmitter kernels, TierPrograms programs)
    {
        StepEmitter Emitter(params IEnumerable<MemoryPlan> plans) => new(type, kernels, new StepMemory(plans));
        Program program = programs.Sample;
        ScheduledStep[] schedule = program.IsInSteps
            ? [.. program.Schedule] : [new ScheduledStep([.. program.Steps], TakesItems: false)];
        ScheduledStep[] preparation = [.. programs.Prepare.Select(ScheduledStep.WithItems)];
        StepEmitter sample = Emitter(program.Memory, program.Scratch);
        MethodInfo[] prepare = sample.EmitSchedule<ParameterStep>("Prepare", preparation);
        MethodInfo[] steps = sample.EmitSchedule<SampleStep>("Step", schedule);
        Kernels = [.. kernels.Compiled];
        MethodInfo derive = sample.Emit<ParameterStep>("Derive", programs.Derive);
        MethodInfo?[] batches = [.. program.Steps.Select(
            (step, i) => step.OfSamples is null ? null : sample.EmitOfSamples<BatchStep>($"Batch{i}", step))];
        MethodInfo? block = programs.Block is { } blocks ? Emitter(blocks.Memory).Emit<BlockPass>("Block", blocks.Steps) : null;
        MethodInfo? observed = programs.Observed is { } one
            ? Emitter(one.Memory, one.Scratch).Emit<ObservedPass>("Observe", one.Steps) : null;
        type.Complete();
        (Prepare, Steps) = (type.Delegates<ParameterStep>(prepare), type.Delegates<SampleStep>(steps));
        Batches = [.. batches.Select(batch => batch is null ? null : type.Delegate<BatchStep>(batch))];
        Derive = type.Delegate<ParameterStep>(derive);
        Block = block is null ? null : type.Delegate<BlockPass>(block);
        Observe = observed is null ? null : type.Delegate<ObservedPass>(observed);
        PreparationItems = [.. preparation.Select(step => step.Items)];
        SampleSchedule = program.IsInSteps ? [.. schedule.SelectMany(step => step.InferenceNumbers)] : [];
    }

    /// <summary>The kernels of <see cref="Prepare"/> and <see cref="Steps"/>, in the order of their first use.</summary>
    public MethodInfo[] Kernels { get; }

    /// <summary>What is computed from the parameters, after they have changed.</summary>
    public ParameterStep Derive { get; }

    /// <summary>What only inference computes from the parameters.</summary>
    public ParameterStep[] Prepare { get; }

    public int[] PreparationItems { get; }

    /// <summary>The steps of a sample; all of them as one if they are not called one by one.</summary>
    public SampleStep[] Steps { get; }

    /// <summary>Five numbers for each of the steps; empty if they are not called one by one.</summary>
    public int[] SampleSchedule { get; }

    /// <summary>For each step the one for several samples, if there is one.</summary>
    public BatchStep?[] Batches { get; }

    public BlockPass? Block { get; }

    public ObservedPass? Observe { get; }
}
