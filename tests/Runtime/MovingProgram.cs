using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata.Runtime.Tests;

/// <summary>
/// A network y = w·x with one weight. If it is phased, each training pass moves a running mean of x half the way to the batch's mean, as
/// batch norm would. Otherwise the mean stays.
/// </summary>
internal sealed unsafe class MovingProgram(Isa isa, bool phased) : NetworkProgram
{
    private const int Row = 16, Mean = Row;

    private readonly int _lanes = isa.Lanes();
    private readonly Lock _gate = new();

    /// <summary>Where the blocks' arenas of forward passes were.</summary>
    public HashSet<nint> Arenas { get; } = [];

    public override Isa Isa => isa;

    public override int ParametersLength => 2 * Row;

    public override int TrainableLength => Row;

    public override IReadOnlyList<ParameterPacking> Packing { get; } = [new(0, Row, [new PackedAxis((1, 1))]),
        new(Mean, Row, [new PackedAxis((1, 1))])];

    public override int SampleArenaLength => 16;

    public override int ObservationArenaLength => 16;

    public override int TrainingArenaLength => 3 * _lanes;

    public override int SlotLength => 2 * Row;

    public override int SummedParametersLength => Row;

    protected override ReadOnlySpan<int> TrainingSchedule => phased ? [1, 1, 0, 1, 1, 2, 1, 1, 0, 1, 1, 0] : base.TrainingSchedule;

    public override int ForwardSteps => phased ? 3 : 1;

    public override IReadOnlyList<TrainingTensor> TrainingTensors => [new("dense1", "dense1", InSlot: false, _lanes, _lanes)];

    public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
        ref float scratch) =>
        output = input * parameters;

    protected override void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step)
    {
        lock (_gate)
        {
            Arenas.Add((nint)Unsafe.AsPointer(ref arena));
        }

        for (int s = 0; s < samples; s++)
        {
            Inputs(ref arena)[s] = Unsafe.Add(ref Unsafe.AsRef(in input), s);
            Outputs(ref arena)[s] = parameters * Inputs(ref arena)[s];
        }
    }

    public override void TrainStep(
        int index, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena,
        ref float slot, int slotStride,
        ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step)
    {
        if (!phased)
        {
            base.TrainStep(index, first, end, in input, samples, ref parameters, ref arena, ref slot, slotStride, ref shared, ref sample,
                ref scratch, ref inputGradient, in step);
            return;
        }

        float sum = 0;
        switch (index)
        {
            case 0:
                for (int s = 0; s < samples; s++)
                {
                    Inputs(ref arena)[s] = Unsafe.Add(ref Unsafe.AsRef(in input), s);
                    sum += Inputs(ref arena)[s];
                }

                Unsafe.Add(ref slot, Row) = sum;
                break;
            case 1:
                for (int block = 0; block * _lanes < step.Samples; block++)
                {
                    sum += Unsafe.Add(ref slot, (block * slotStride) + Row);
                }

                ref float mean = ref Unsafe.Add(ref parameters, Mean);
                mean = (mean + (sum / step.Samples)) / 2;
                break;
            case 2:
                Forward(in Inputs(ref arena)[0], samples, in parameters, ref arena, ref slot, in step);
                break;
            default:
                Backward(samples, in parameters, ref arena, ref slot, ref inputGradient, in step);
                break;
        }
    }

    public override void Output(ref float arena, int samples, ref float output) =>
        Outputs(ref arena)[..samples].CopyTo(MemoryMarshal.CreateSpan(ref output, samples));

    public override double Loss(ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step)
    {
        double sum = 0;
        for (int s = 0; s < samples; s++)
        {
            float difference = Outputs(ref arena)[s] - Unsafe.Add(ref Unsafe.AsRef(in values), s);
            sum += difference * difference;
            Gradients(ref arena)[s] = (float)(2 * difference / step.Divisor);
        }

        return step.Report(sum / step.Divisor);
    }

    public override double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step)
    {
        MemoryMarshal.CreateReadOnlySpan(in outputs, samples).CopyTo(MemoryMarshal.CreateSpan(ref Outputs(ref arena)[0], samples));
        return Loss(in classes, in values, samples, ref arena, in step);
    }

    public override void OutputGradient(ref readonly float gradient, int samples, ref float arena) =>
        MemoryMarshal.CreateReadOnlySpan(in gradient, samples).CopyTo(Gradients(ref arena));

    protected override void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step)
    {
        MemoryMarshal.CreateSpan(ref slot, Row).Clear();
        for (int s = 0; s < samples; s++)
        {
            slot += Gradients(ref arena)[s] * Inputs(ref arena)[s];
        }
    }

    private Span<float> Inputs(ref float arena) => MemoryMarshal.CreateSpan(ref arena, _lanes);

    private Span<float> Outputs(ref float arena) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref arena, _lanes), _lanes);

    private Span<float> Gradients(ref float arena) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref arena, 2 * _lanes), _lanes);
}

/// <summary>The network around <see cref="MovingProgram"/>.</summary>
internal class MovingNetwork(bool phased = true, NetworkOptions? options = null) : CompiledNetwork(
    new NetworkInfo(
        "Moving",
        [1],
        [1],
        [new LayerInfo("dense1", "Dense", [1], "", 1, 1)],
        [
            new ParameterInfo("dense1.weight", [1], Initializer.Ones, 1, 1),
            new ParameterInfo("dense1.running_mean", [1], Initializer.Zeros, 1, 1) { Role = ParameterRole.Buffer },
        ],
        [new LossInfo("MeanSquaredError", TargetKind.Values) { Tensor = "dense1", OutputOffset = 0 }]),
    isa => new MovingProgram(isa, phased),
    options ?? new NetworkOptions { Threads = 1 })
{
    public MovingProgram Kernels => (MovingProgram)Program;

    public float Weight
    {
        get => Get(0);
        set => Parameters[0].CopyFrom([value]);
    }

    public float Mean
    {
        get => Get(1);
        set => Parameters[1].CopyFrom([value]);
    }

    private float Get(int index)
    {
        float[] value = new float[1];
        Parameters[index].CopyTo(value);
        return value[0];
    }
}
