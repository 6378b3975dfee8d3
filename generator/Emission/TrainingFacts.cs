using System.Linq;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>What a program's training tells the runtime besides its methods.</summary>
internal sealed record TrainingFacts
{
    public required int ArenaLength { get; init; }

    public int SampleLength { get; init; }

    public int SlotFrontLength { get; init; }

    public required int SummedParametersLength { get; init; }

    public int SharedLength { get; init; }

    /// <summary>Three numbers for each step.</summary>
    public required int[] Schedule { get; init; }

    public required int ForwardSteps { get; init; }

    public bool GoesBySample { get; init; }

    public bool HasInputGradient { get; init; }

    public required int[] GradientSteps { get; init; }

    public required int[] LossGradients { get; init; }

    public required DenseGradient[] DenseGradients { get; init; }

    public required TrainingTensor[] Tensors { get; init; }

    public required ProfiledStep[] ProfiledSteps { get; init; }

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
