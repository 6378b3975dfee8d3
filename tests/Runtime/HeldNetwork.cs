using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata.Runtime.Tests;

/// <summary>
/// A network of one input and two outputs, y₀ = x·w₀ + w₀ and y₁ = x·w₁ + w₁ with the first and the last of many weights, whose kernels
/// call back in their midst.
/// </summary>
internal sealed class HeldProgram(Isa isa, Action during, IReadOnlyList<LossInfo> losses, Action? derives = null) : NetworkProgram
{
    public const int Rows = 64, Columns = 1024, Length = Rows * Columns;

    private const int Last = Length - 1;

    private readonly int _lanes = isa.Lanes();

    public override Isa Isa => isa;

    public override int ParametersLength => Length;

    public override IReadOnlyList<ParameterPacking> Packing { get; } =
        [new(0, Length, [new PackedAxis((Rows, Columns)), new PackedAxis((Columns, 1))])];

    public override int SampleArenaLength => 16;

    public override int BlockArenaLength => 32;

    public override int BlockThreshold => 2;

    public override int ObservationArenaLength => 48;

    public override int TrainingArenaLength => 5 * _lanes;

    public override int SlotLength => 16;

    public override IReadOnlyList<DenseGradient> DenseGradients => [new(0, 0, 0, Rows, Panels: 1, PanelWidth: Columns, RowsPerSlice: Rows)];

    public override bool HasInputGradient => true;

    public override void Derive(ref float parameters)
    {
        (derives ?? during)();

        // As where something was derived.
        parameters = Unsafe.Add(ref parameters, 0);
    }

    public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters,
        ref float arena, ref float scratch)
    {
        arena = input * parameters;
        Unsafe.Add(ref arena, 1) = input * Unsafe.Add(ref Unsafe.AsRef(in parameters), Last);
        during();
        output = arena + parameters;
        Unsafe.Add(ref output, 1) = Unsafe.Add(ref arena, 1) + Unsafe.Add(ref Unsafe.AsRef(in parameters), Last);
    }

    public override void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena)
    {
        for (int s = 0; s < samples; s++)
        {
            InferSample(in Unsafe.Add(ref Unsafe.AsRef(in input), s), ref Unsafe.Add(ref output, 2 * s), in parameters, ref arena,
                ref Unsafe.NullRef<float>());
        }
    }

    public override void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations)
    {
        InferSample(in input, ref output, in parameters, ref arena, ref scratch);
        Span(in output, 2).CopyTo(Span(in observations, 2));
    }

    protected override void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step)
    {
        Span(in input, samples).CopyTo(Span(in arena, samples));
        InferBlock(in input, samples, ref Outputs(ref arena)[0], in parameters, ref slot);
    }

    public override void Output(ref float arena, int samples, ref float output) =>
        Outputs(ref arena)[..(2 * samples)].CopyTo(Span(in output, 2 * samples));

    /// <summary>
    /// Of classes, and of values where there are some: the sum of the squares, a class being 1 where it is and 0 where not.
    /// </summary>
    public override double Loss(ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step)
    {
        Gradients(ref arena)[..(2 * samples)].Clear();
        double all = 0;
        for (int k = 0; k < losses.Count; k++)
        {
            StepContext own = step.Of(k);
            double sum = 0;
            for (int i = 0; i < 2 * samples; i++)
            {
                float wanted = !losses[k].TakesClasses ? Unsafe.Add(ref Unsafe.AsRef(in values), i)
                    : Unsafe.Add(ref Unsafe.AsRef(in classes), i / 2) == i % 2 ? 1 : 0;
                float difference = Outputs(ref arena)[i] - wanted;
                sum += difference * difference / own.Divisor;
                Gradients(ref arena)[i] += (float)(2 * difference / own.Divisor);
            }

            all += own.Report(sum);
        }

        during();
        return all;
    }

    public override double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step)
    {
        Span(in outputs, 2 * samples).CopyTo(Outputs(ref arena));
        return Loss(in classes, in values, samples, ref arena, in step);
    }

    public override void OutputGradient(ref readonly float gradient, int samples, ref float arena) =>
        Span(in gradient, 2 * samples).CopyTo(Gradients(ref arena));

    protected override void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step)
    {
        during();
        float first = 0, last = 0;
        for (int s = 0; s < samples; s++)
        {
            (float first, float last) gradient = (Gradients(ref arena)[2 * s], Gradients(ref arena)[(2 * s) + 1]);
            first += gradient.first * (Unsafe.Add(ref arena, s) + 1);
            last += gradient.last * (Unsafe.Add(ref arena, s) + 1);
            Unsafe.Add(ref inputGradient, s) =
                (gradient.first * parameters) + (gradient.last * Unsafe.Add(ref Unsafe.AsRef(in parameters), Last));
        }

        slot = first;
        Unsafe.Add(ref slot, 1) = last;
    }

    public override void WeightGradient(
        int layer, ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows,
        int panelWidth, int width)
    {
        Span(in weightGradient, Length).Clear();
        for (int first = 0; first < samples; first += _lanes)
        {
            weightGradient += input;
            Unsafe.Add(ref weightGradient, Last) += Unsafe.Add(ref input, 1);
            input = ref Unsafe.Add(ref input, slotStride);
        }

        during();
    }

    private Span<float> Outputs(ref float arena) => Span(in Unsafe.Add(ref arena, _lanes), 2 * _lanes);

    private Span<float> Gradients(ref float arena) => Span(in Unsafe.Add(ref arena, 3 * _lanes), 2 * _lanes);

    private static Span<float> Span(ref readonly float first, int length) => MemoryMarshal.CreateSpan(ref Unsafe.AsRef(in first), length);
}

/// <summary>The network around <see cref="HeldProgram"/>.</summary>
internal sealed class HeldNetwork(
    NetworkOptions options, Action? during = null, Type? trainer = null, Initializer initializer = Initializer.PyTorchUniform, int wide = 2,
    Action? derives = null)
    : CompiledNetwork(
        new NetworkInfo(
            "Held",
            [1],
            [2],
            [
                new LayerInfo("dense1", "Dense", [2], "", HeldProgram.Length, 10_000_000),
                new LayerInfo("wide1", "Upsample1D", [wide], "", 0, 0),
            ],
            [
                new ParameterInfo(
                    "dense1.weight", [HeldProgram.Rows, HeldProgram.Columns], initializer, HeldProgram.Columns, HeldProgram.Rows),
            ],
            LossesFor(trainer)),
        isa => new HeldProgram(isa, during ?? (() => { }), LossesFor(trainer), derives),
        options)
{
    /// <summary>By default of values.</summary>
    private static LossInfo[] LossesFor(Type? trainer)
    {
        var classes = new LossInfo("CrossEntropy", TargetKind.Classes) { Tensor = "dense1", OutputOffset = 0, Classes = 2 };
        var values = new LossInfo("MeanSquaredError", TargetKind.Values) { Tensor = "dense1", OutputOffset = 0, TargetLength = 2 };
        return trainer == typeof(ClassificationTrainer) ? [classes] : trainer == typeof(MultiTaskTrainer) ? [classes, values] : [values];
    }
}
