using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Some items of a step for one sample.</summary>
internal delegate void SampleStep(
    int first, int end, ref float input, ref float output, ref float parameters, ref float arena, ref float scratch);

/// <summary>Some items of a step for several samples.</summary>
internal delegate void BatchStep(int first, int end, int samples, int arenaStride, ref float parameters, ref float arena);

/// <summary>A block of samples.</summary>
internal delegate void BlockPass(ref float input, int samples, ref float output, ref float parameters, ref float arena);

/// <summary>
/// The programs of a tier for inference: what <c>Printing</c> writes as a class of C#, as methods that are made at run time. Their code is
/// freed with the last reference to the program.
/// </summary>
internal sealed class EmittedProgram : NetworkProgram
{
    private readonly TierPrograms _programs;
    private readonly int[] _schedule, _preparationItems;
    private readonly SampleStep[] _steps, _preparation;
    private readonly BatchStep?[] _batches;
    private readonly SampleStep? _derive;
    private readonly BlockPass? _block;

    private EmittedProgram(TierPrograms programs, CancellationToken cancellationToken)
    {
        _programs = programs;
        Isa = Enum.Parse<Isa>(programs.Tier.Name);
        Packing = ParameterPacking.Read(NumbersOf(programs.Parameters));
        KernelMethods methods = KernelMethods.Assign(programs, cancellationToken);
        EmittedTypes types = EmittedTypes.Of(programs.Tier.Bits);
        TypeBuilder type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Strata.Emitted"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("Strata.Emitted").DefineType("Programs", TypeAttributes.Abstract | TypeAttributes.Sealed);
        var kernels = new KernelEmitter(type, types);
        var samples = new StepEmitter(type, types, methods, kernels, typeof(SampleStep));
        Func<TensorBuffer, int> arena = OffsetsOf(programs.Sample.Memory, programs.Sample.Scratch);
        ScheduledStep[] schedule = programs.Sample.IsInSteps
            ? [.. programs.Sample.Schedule] : [new ScheduledStep([.. programs.Sample.Steps], TakesItems: false)];
        _schedule = programs.Sample.IsInSteps
            ? [.. schedule.SelectMany(step => new[] { step.Items, step.LeastItems, step.Run, step.StageSteps, step.BatchItems })] : [];
        MethodBuilder[] steps = [.. schedule.Select((step, i) => samples.Emit($"Step{i}", step.Steps, step.TakesItems, arena))];
        ScheduledStep[] preparation = [.. programs.Prepare.Select(ScheduledStep.WithItems)];
        _preparationItems = [.. preparation.Select(step => step.Items)];
        MethodBuilder[] prepare = [.. preparation.Select((step, i) => samples.Emit($"Prepare{i}", step.Steps, step.TakesItems, arena))];
        MethodBuilder? derive = programs.Derive.Count == 0 ? null : samples.Emit("Derive", programs.Derive, takesItems: false, arena);
        var together = new StepEmitter(type, types, methods, kernels, typeof(BatchStep));
        MethodBuilder?[] batches = [.. programs.Sample.Steps.Select((step, i) =>
            step.OfSamples is null ? null : together.EmitOfSamples($"Batch{i}", step, arena))];
        MethodBuilder? block = programs.Block is not { } blocks ? null
            : new StepEmitter(type, types, methods, kernels, typeof(BlockPass)).Emit(
                "Block", blocks.Steps, takesItems: false, OffsetsOf(blocks.Memory, blocks.Scratch));
        Type made = type.CreateType();
        T Made<T>(MethodBuilder method)
            where T : Delegate => made.GetMethod(method.Name, BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<T>();
        (_steps, _preparation) = ([.. steps.Select(Made<SampleStep>)], [.. prepare.Select(Made<SampleStep>)]);
        _batches = [.. batches.Select(batch => batch is null ? null : Made<BatchStep>(batch))];
        (_derive, _block) = (derive is null ? null : Made<SampleStep>(derive), block is null ? null : Made<BlockPass>(block));
    }

    /// <summary>Compiles a tier's programs.</summary>
    public static EmittedProgram Of(TierPrograms programs, CancellationToken cancellationToken = default) =>
        new(programs with { Training = null }, cancellationToken);

    public override Isa Isa { get; }

    public override int ParametersLength => _programs.Parameters.Length;

    public override int TrainableLength => _programs.Parameters.TrainedLength;

    public override IReadOnlyList<ParameterPacking> Packing { get; }

    public override int SampleArenaLength => _programs.Sample.Memory.Length;

    public override int ScratchLength => _programs.Sample.Scratch.Length;

    public override int BlockArenaLength => _programs.Block?.Memory.Length ?? 0;

    public override int BlockThreshold => _programs.Block is null ? int.MaxValue : _programs.BlockThreshold;

    public override ReadOnlySpan<int> PreparationItems => _preparationItems;

    protected override ReadOnlySpan<int> SampleSchedule => _schedule;

    public override int LeastBatch =>
        Array.Exists(_batches, batch => batch is not null) ? SamplesTimesPanels.SamplesOf(_programs.Tier) : int.MaxValue;

    public override void Derive(ref float parameters) =>
        _derive?.Invoke(0, 0, ref parameters, ref parameters, ref parameters, ref parameters, ref parameters);

    public override void PrepareInferenceStep(int step, int first, int end, ref float parameters) =>
        _preparation[step](first, end, ref parameters, ref parameters, ref parameters, ref parameters, ref parameters);

    public override void InferSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch)
    {
        if (_schedule.Length > 0)
        {
            base.InferSample(in input, ref output, in parameters, ref arena, ref scratch);
            return;
        }

        _steps[0](
            0, 0, ref Unsafe.AsRef(in input), ref output,
            ref Unsafe.AsRef(in parameters), ref arena, ref scratch);
    }

    public override void InferSampleStep(
        int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
        ref float scratch) => _steps[step](
        first, end, ref Unsafe.AsRef(in input), ref output,
        ref Unsafe.AsRef(in parameters), ref arena, ref scratch);

    public override bool InferBatchStep(
        int step, int first, int end, int samples, int arenaStride, ref readonly float parameters, ref float arenas)
    {
        if (_batches[step] is not { } batch)
        {
            return false;
        }

        batch(first, end, samples, arenaStride, ref Unsafe.AsRef(in parameters), ref arenas);
        return true;
    }

    public override void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena) => _block!(
        ref Unsafe.AsRef(in input), samples, ref output,
        ref Unsafe.AsRef(in parameters), ref arena);

    private static Func<TensorBuffer, int> OffsetsOf(params MemoryPlan[] plans)
    {
        var offsets = new Dictionary<TensorBuffer, int>(ReferenceComparer<TensorBuffer>.Instance);
        foreach (PlannedBuffer buffer in plans.SelectMany(plan => plan.Buffers))
        {
            offsets.Add(buffer.Buffer, buffer.Offset);
        }

        return buffer => offsets[buffer];
    }

    /// <summary>The packing as numbers, as generated code has it.</summary>
    private static int[] NumbersOf(Lowering.ParameterLayout layout) =>
    [
        .. layout.Parameters.SelectMany(parameter => (IEnumerable<int>)
        [
            parameter.Offset, parameter.Length, parameter.Axes.Count,
            .. parameter.Axes.SelectMany(axis =>
                (IEnumerable<int>)[axis.Count, .. axis.SelectMany(one => (IEnumerable<int>)[one.Extent, one.Stride])]),
        ]),
    ];
}
