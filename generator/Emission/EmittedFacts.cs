using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;
using ElementType = Strata.Compiler.KernelLanguage.ElementType;

namespace Strata.Compiler.Emission;

/// <summary>What emitted programs tell the runtime besides their methods.</summary>
internal static class EmittedFacts
{
    /// <summary>The facts of a program, without those that are known when its methods have been written.</summary>
    public static ProgramFacts Of(TierPrograms programs)
    {
        Program sample = programs.Sample;
        EquatableArray<PackedParameter> parameters = programs.Parameters.Parameters;
        return new ProgramFacts
        {
            Isa = Enum.Parse<Isa>(programs.Tier.Name),
            Weights = RuntimeEnum.Named<WeightStorage>(programs.Weights),
            OtherWeights = programs.OtherWeights is { } other ? RuntimeEnum.Named<WeightStorage>(other) : null,
            DerivedStart = programs.Parameters.DerivedStart,
            ParametersLength = programs.Parameters.Length,
            TrainableLength = programs.Parameters.TrainedLength,
            Packing = [.. parameters.SelectMany(NumbersOf)],
            NarrowParameters = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Element != ElementType.Float)],
            SampleArenaLength = sample.Memory.Length,
            ScratchLength = programs.ScratchLength,
            BlockArenaLength = programs.Block?.Memory.Length ?? 0,
            BlockThreshold = programs.Block is null ? int.MaxValue : programs.BlockThreshold,
            LeastBatch = sample.Steps.Any(step => step.OfSamples is not null)
                ? SamplesTimesPanels.SamplesOf(programs.Tier) : int.MaxValue,
            ObservationArenaLength = programs.Observed?.Memory.Length ?? 0,
            PreparationItems = [.. programs.Prepare.Select(step => ScheduledStep.WithItems(step).Items)],
            SampleSchedule = sample.IsInSteps ? [.. sample.Schedule.SelectMany(step => step.InferenceNumbers)] : [],
        };
    }

    /// <summary>Where a parameter is, in the numbers that generated code has.</summary>
    private static IEnumerable<int> NumbersOf(PackedParameter parameter) =>
    [
        parameter.Offset, parameter.Length, parameter.Axes.Count,
        .. parameter.Axes.SelectMany(axis =>
            (IEnumerable<int>)[axis.Count, .. axis.SelectMany(one => (IEnumerable<int>)[one.Extent, one.Stride])]),
    ];

    /// <param name="memory">Where the program's tensors lie.</param>
    public static TrainingFacts Of(TrainingProgram program, Lowering.ParameterLayout parameters, StepMemory memory) => new()
    {
        ArenaLength = program.Arena.Length,
        SampleLength = program.Sample.Length,
        SlotFrontLength = program.Slot.Length,
        SummedParametersLength = parameters.SummedLength,
        SharedLength = program.Shared.Length,
        Schedule = [.. program.ForwardSchedule.Concat(program.BackwardSchedule).SelectMany(step => step.TrainingNumbers)],
        ForwardSteps = program.ForwardSchedule.Count,
        GoesBySample = program.GoesBySample,
        HasInputGradient = program.HasInputGradient,
        GradientSteps = program.IsInSteps ? [.. program.GradientSteps(parameters)] : [],
        LossGradients = program.Loss is null ? []
            : [.. program.Loss.Gradients.SelectMany(tensor => new[] { memory[tensor.Root] + tensor.Start, tensor.Length })],
        DenseGradients = [.. program.DenseGradients.Select(step => GradientOf(step, memory))],
        Tensors = [.. program.Tensors.Select(tensor => TensorOf(tensor, memory))],
        ProfiledSteps = program.IsProfiled ? [.. program.Profile.Select(Profiled)] : [],
    };

    private static DenseGradient GradientOf(DenseGradientStep step, StepMemory memory) => new(
        memory[step.Input.Root] + step.Input.Origin, memory[step.Gradient.Root], step.WeightOffset, step.Packing.Inputs,
        step.Packing.Panels, step.Packing.PanelWidth, step.RowsPerSlice);

    private static TrainingTensor TensorOf(LayerTensor tensor, StepMemory memory) => new(
        tensor.Layer, tensor.Label, tensor.Buffer.Space == Compiler.Kernels.MemorySpace.Slot,
        tensor.IsLeft ? memory[tensor.Buffer] : 0, tensor.IsLeft ? tensor.Buffer.Length : 0)
    {
        IsOfSample = tensor.Buffer.Space == Compiler.Kernels.MemorySpace.Sample,
    };

    private static ProfiledStep Profiled(ProfiledWork work) => new(
        work.Layer, RuntimeEnum.Named<CompilerServices.ProfiledPhase>(work.Phase), work.Floats.Sample, work.Floats.Block, work.Floats.Batch)
    {
        IsOfBatch = work.IsOfBatch,
    };
}
