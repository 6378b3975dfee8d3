using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Some items of a step of a block's training pass.</summary>
internal delegate void TrainingStep(
    int first, int end, ref float input, int samples, ref float parameters, ref float arena, ref float slot, int slotStride,
    ref float shared, ref float sample, ref float scratch, ref float inputGradient, ref StepContext step);

/// <summary>Reads the outputs of a forward pass.</summary>
internal delegate void OutputPass(ref float arena, int samples, ref float output);

/// <summary>Takes a gradient of the outputs.</summary>
internal delegate void OutputGradientPass(ref float gradient, int samples, ref float arena);

/// <summary>The loss after a forward pass.</summary>
internal delegate double LossPass(ref int classes, ref float values, int samples, ref float arena, ref StepContext step);

/// <summary>The loss of outputs of inference.</summary>
internal delegate double OutputLossPass(
    ref float input, ref int classes, ref float values, int samples, ref float arena, ref StepContext step);

/// <summary>The gradient of some rows of a dense layer's weights. The parameters are in the order of the kernel's.</summary>
internal delegate void WeightGradientPass(
    ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows, int panelWidth, int width);

/// <summary>The methods and numbers of a program for training.</summary>
internal sealed class TrainingMethods
{
    private readonly TrainingProgram _program;

    /// <param name="type">Gets the methods, and is complete then.</param>
    public TrainingMethods(MethodClass type, KernelEmitter kernels, TrainingProgram program, Lowering.ParameterLayout parameters)
    {
        _program = program;
        var memory = new StepMemory(program.Arena, program.Slot, program.Shared, program.Sample, program.Scratch)
        {
            SampleStride = program.Sample.Length,
        };
        var emitter = new StepEmitter(type, kernels, memory);
        IReadOnlyList<ScheduledStep> forward = program.ForwardSchedule;
        ScheduledStep[] schedule = [.. forward, .. program.BackwardSchedule];
        MethodInfo[] steps = emitter.EmitSchedule<TrainingStep>("Train", schedule);
        MethodInfo output = emitter.Emit<OutputPass>("Output", program.Output),
            outputGradient = emitter.Emit<OutputGradientPass>("OutputGradient", program.OutputGradient);
        MethodInfo[] losses = program.Loss is not { } loss ? []
            : [emitter.EmitLoss<LossPass>("Loss", loss.Steps), emitter.EmitLoss<OutputLossPass>("LossOfOutputs", loss.FromOutputs)];
        MethodInfo[] gradients = [.. program.DenseGradients.Select(
            (step, i) => emitter.EmitCall<WeightGradientPass>($"WeightGradient{i}", step.Kernel))];
        type.Complete();
        Steps = type.Delegates<TrainingStep>(steps);
        (Output, OutputGradient) = (type.Delegate<OutputPass>(output), type.Delegate<OutputGradientPass>(outputGradient));
        if (losses is [var ofPass, var ofOutputs])
        {
            (Loss, LossOfOutputs) = (type.Delegate<LossPass>(ofPass), type.Delegate<OutputLossPass>(ofOutputs));
        }

        WeightGradients = type.Delegates<WeightGradientPass>(gradients);
        ForwardSteps = forward.Count;
        Schedule = [.. schedule.SelectMany(step => step.TrainingNumbers)];
        GradientSteps = program.IsInSteps ? [.. program.GradientSteps(parameters)] : [];
        LossGradients = program.Loss is null ? []
            : [.. program.Loss.Gradients.SelectMany(tensor => new[] { memory[tensor.Root] + tensor.Start, tensor.Length })];
        DenseGradients = [.. program.DenseGradients.Select(step => GradientOf(step, memory))];
        Tensors = [.. program.Tensors.Select(tensor => TensorOf(tensor, memory))];
        ProfiledSteps = program.IsProfiled ? [.. program.Profile.Select(Profiled)] : [];
    }

    /// <summary>The steps of a block's pass: those of forward, then those of backward.</summary>
    public TrainingStep[] Steps { get; }

    public OutputPass Output { get; }

    public OutputGradientPass OutputGradient { get; }

    /// <summary>Null if the network has no loss of its own.</summary>
    public LossPass? Loss { get; }

    /// <inheritdoc cref="Loss"/>
    public OutputLossPass? LossOfOutputs { get; }

    /// <summary>A method for each of <see cref="DenseGradients"/>.</summary>
    public WeightGradientPass[] WeightGradients { get; }

    /// <summary>Three numbers for each of <see cref="Steps"/>.</summary>
    public int[] Schedule { get; }

    public int ForwardSteps { get; }

    public int[] GradientSteps { get; }

    public int[] LossGradients { get; }

    public DenseGradient[] DenseGradients { get; }

    public TrainingTensor[] Tensors { get; }

    public ProfiledStep[] ProfiledSteps { get; }

    public int ArenaLength => _program.Arena.Length;

    public int SampleLength => _program.Sample.Length;

    public int SlotFrontLength => _program.Slot.Length;

    public int SharedLength => _program.Shared.Length;

    public bool GoesBySample => _program.GoesBySample;

    public bool HasInputGradient => _program.HasInputGradient;

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
