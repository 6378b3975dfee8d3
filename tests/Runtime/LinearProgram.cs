using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// A network written by hand as the generator would: y = Wx + b with 7 inputs and 5 outputs, in plain loops. The bias's gradients are
/// summed by the blocks, the weight's over all blocks at once, one part for each input.
/// </summary>
internal sealed class LinearProgram(Isa isa, string? loss, bool inputGradient) : NetworkProgram
{
    public const int Inputs = 7, Outputs = 5;

    // Rows of the packed weight: one for each input, padded.
    private const int Row = 16, BiasOffset = 0, WeightOffset = Row;

    private readonly int _lanes = isa.Lanes();

    private readonly int[] _lossGradients = [isa.Lanes() * (Inputs + Outputs), isa.Lanes() * Outputs];

    public int ThrowAtSample { get; set; } = -1;

    public bool BlocksAreWelcome { get; init; } = true;

    public bool CanBeObserved { get; init; } = true;

    public override Isa Isa => isa;

    public override int ParametersLength => WeightOffset + (Inputs * Row);

    public override IReadOnlyList<ParameterPacking> Packing { get; } =
    [
        new(WeightOffset, Inputs * Row, [new PackedAxis((Outputs, 1)), new PackedAxis((Inputs, Row))]),
        new(BiasOffset, Row, [new PackedAxis((Outputs, 1))]),
    ];

    public override int SampleArenaLength => 16;

    public override int ScratchLength => 48;

    public override int BlockArenaLength => 32;

    public override int BlockThreshold => BlocksAreWelcome ? (_lanes / 2) + 1 : int.MaxValue;

    public override int TrainingArenaLength => _lanes * (Inputs + Outputs + Outputs);

    public override int SlotLength => Row + (_lanes * (Inputs + Row));

    public override int SummedParametersLength => Row;

    public override IReadOnlyList<DenseGradient> DenseGradients =>
        [new(Row, Row + (_lanes * Inputs), WeightOffset, Inputs, Panels: 1, PanelWidth: Row, RowsPerSlice: 1)];

    public override bool HasInputGradient => inputGradient;

    public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters,
        ref float arena, ref float scratch)
    {
        arena = 1;
        Span(ref scratch, ScratchLength).Fill(3);
        InferOne(in input, ref output, in parameters);
    }

    public override void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena)
    {
        // A block overwrites its whole arena.
        Span(ref arena, BlockArenaLength).Fill(2);
        for (int s = 0; s < samples; s++)
        {
            InferOne(in Unsafe.Add(ref Unsafe.AsRef(in input), s * Inputs), ref Unsafe.Add(ref output, s * Outputs), in parameters);
        }
    }

    public override int ObservationArenaLength => CanBeObserved ? 16 : 0;

    public override void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations)
    {
        InferSample(in input, ref output, in parameters, ref arena, ref scratch);
        Span(ref output, Outputs).CopyTo(Span(ref observations, Outputs));
    }

    protected override void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step)
    {
        Span<float> memory = Span(ref arena, TrainingArenaLength);
        memory.Clear();
        Span(in input, samples * Inputs).CopyTo(memory);
        for (int s = 0; s < samples; s++)
        {
            Multiply(
                memory.Slice(s * Inputs, Inputs), Span(in parameters, ParametersLength), OutputsOf(memory).Slice(s * Outputs, Outputs));
        }
    }

    public override void Output(ref float arena, int samples, ref float output) =>
        OutputsOf(Span(ref arena, TrainingArenaLength))[..(samples * Outputs)].CopyTo(Span(ref output, samples * Outputs));

    public override double Loss(ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step) =>
        loss == "CrossEntropy" ? CrossEntropy(in classes, samples, ref arena, in step)
            : SquaredError(in values, samples, ref arena, in step);

    public override ReadOnlySpan<int> LossGradients => _lossGradients;

    public override double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step)
    {
        Take(in outputs, samples, ref arena);
        return Loss(in classes, in values, samples, ref arena, in step);
    }

    public override void OutputGradient(ref readonly float gradient, int samples, ref float arena) =>
        Span(in gradient, samples * Outputs).CopyTo(GradientOf(Span(ref arena, TrainingArenaLength)));

    protected override void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step)
    {
        Span<float> memory = Span(ref arena, TrainingArenaLength), saved = Span(ref slot, SlotLength);
        ReadOnlySpan<float> weights = Span(in parameters, ParametersLength);
        saved.Clear();
        for (int i = 0; i < samples * Inputs; i++)
        {
            saved[Row + (i % Inputs * _lanes) + (i / Inputs)] = memory[i];
        }

        for (int i = 0; i < samples * Outputs; i++)
        {
            saved[Row + (_lanes * Inputs) + (i / Outputs * Row) + (i % Outputs)] = GradientOf(memory)[i];
            saved[i % Outputs] += GradientOf(memory)[i];
        }

        if (!HasInputGradient)
        {
            return;
        }

        Span<float> wanted = Span(ref inputGradient, samples * Inputs);
        for (int i = 0; i < wanted.Length; i++)
        {
            float sum = 0;
            for (int o = 0; o < Outputs; o++)
            {
                sum += GradientOf(memory)[(i / Inputs * Outputs) + o] * weights[WeightOffset + (i % Inputs * Row) + o];
            }

            wanted[i] = sum;
        }

        // A finished block leaves nothing behind in its arena.
        memory.Fill(float.NaN);
    }

    public override void WeightGradient(
        int layer, ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows,
        int panelWidth, int width)
    {
        if ((layer, rows, panelWidth, width) != (0, 1, Row, Row))
        {
            throw new ArgumentException("Parts are single rows of the only layer.");
        }

        Span<float> row = Span(ref weightGradient, Outputs);
        row.Clear();
        for (int sample = 0; sample < samples; sample++)
        {
            (int block, int lane) = int.DivRem(sample, _lanes);
            float x = Unsafe.Add(ref input, (block * slotStride) + lane);
            ReadOnlySpan<float> own = Span(ref Unsafe.Add(ref gradient, (block * slotStride) + (lane * width)), Outputs);
            for (int o = 0; o < Outputs; o++)
            {
                row[o] += x * own[o];
            }
        }
    }

    private void InferOne(ref readonly float input, ref float output, ref readonly float parameters)
    {
        if (ThrowAtSample >= 0 && (int)input == ThrowAtSample)
        {
            throw new ArithmeticException("as asked");
        }

        Multiply(Span(in input, Inputs), Span(in parameters, ParametersLength), Span(ref output, Outputs));
    }

    private double CrossEntropy(ref readonly int targets, int samples, ref float arena, in StepContext step)
    {
        Span<float> memory = Span(ref arena, TrainingArenaLength);
        double sum = 0;
        for (int s = 0; s < samples; s++)
        {
            ReadOnlySpan<float> y = OutputsOf(memory).Slice(s * Outputs, Outputs);
            Span<float> gradient = GradientOf(memory).Slice(s * Outputs, Outputs);
            int target = Unsafe.Add(ref Unsafe.AsRef(in targets), s);
            double total = 0;
            foreach (float value in y)
            {
                total += Math.Exp(value);
            }

            sum += Math.Log(total) - y[target];
            for (int o = 0; o < Outputs; o++)
            {
                gradient[o] = (float)(((Math.Exp(y[o]) / total) - (o == target ? 1 : 0)) / step.Divisor);
            }
        }

        return step.Report(sum / step.Divisor);
    }

    private double SquaredError(ref readonly float targets, int samples, ref float arena, in StepContext step)
    {
        Span<float> memory = Span(ref arena, TrainingArenaLength);
        ReadOnlySpan<float> wanted = Span(in targets, samples * Outputs);
        double sum = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = OutputsOf(memory)[i] - wanted[i];
            sum += difference * difference;
            GradientOf(memory)[i] = (float)(2 * difference / (step.Divisor * Outputs));
        }

        return step.Report(sum / (step.Divisor * Outputs));
    }

    private static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> parameters, Span<float> y)
    {
        for (int o = 0; o < Outputs; o++)
        {
            float sum = parameters[BiasOffset + o];
            for (int i = 0; i < Inputs; i++)
            {
                sum += x[i] * parameters[WeightOffset + (i * Row) + o];
            }

            y[o] = sum;
        }
    }

    private void Take(ref readonly float outputs, int samples, ref float arena) =>
        Span(in outputs, samples * Outputs).CopyTo(OutputsOf(Span(ref arena, TrainingArenaLength)));

    private Span<float> OutputsOf(Span<float> memory) => memory.Slice(_lanes * Inputs, _lanes * Outputs);

    private Span<float> GradientOf(Span<float> memory) => memory.Slice(_lanes * (Inputs + Outputs), _lanes * Outputs);

    private static Span<float> Span(ref readonly float first, int length) => MemoryMarshal.CreateSpan(ref Unsafe.AsRef(in first), length);
}

/// <summary>The network around <see cref="LinearProgram"/>.</summary>
internal sealed class LinearNetwork : CompiledNetwork
{
    public const int Inputs = LinearProgram.Inputs, Outputs = LinearProgram.Outputs;

    public LinearNetwork(
        NetworkOptions? options = null,
        string? loss = "MeanSquaredError",
        bool inputGradient = false,
        bool blocks = true,
        long multiplyAdds = 10_000_000,
        Initializer initializer = Initializer.PyTorchUniform,
        bool observable = true,
        bool externalLoss = false)
        : base(
            new NetworkInfo(
                "Linear",
                [Inputs],
                [Outputs],
                [new LayerInfo("dense1", "Dense", [Outputs], "7 → 5", (Inputs + 1) * Outputs, multiplyAdds)],
                [
                    new ParameterInfo("dense1.weight", [Outputs, Inputs], initializer, Inputs, Outputs),
                    new ParameterInfo("dense1.bias", [Outputs], initializer, Inputs, Outputs),
                ],
                loss switch
                {
                    null => [],
                    "CrossEntropy" => [new LossInfo(loss, TargetKind.Classes) { Tensor = "dense1", OutputOffset = 0, Classes = Outputs }],
                    _ => [new LossInfo(loss, TargetKind.Values) { Tensor = "dense1", OutputOffset = 0, TargetLength = Outputs }],
                })
            {
                HasExternalLoss = externalLoss,
            },
            isa => new LinearProgram(isa, loss, inputGradient) { BlocksAreWelcome = blocks, CanBeObserved = observable },
            options ?? new NetworkOptions())
    {
    }

    public static TheoryData<Isa> Tiers => [.. Enum.GetValues<Isa>().Where(IsaSelection.IsSupported)];

    public LinearProgram Kernels => (LinearProgram)Program;

    public Parameter Weight => Parameters[0];

    public Parameter Bias => Parameters[1];

    public float[] Values(int index)
    {
        float[] values = new float[Parameters[index].Length];
        Parameters[index].CopyTo(values);
        return values;
    }

    /// <summary>What Forward should give.</summary>
    public double[] Expected(ReadOnlySpan<float> inputs)
    {
        float[] weight = Values(0), bias = Values(1);
        double[] outputs = new double[inputs.Length / Inputs * Outputs];
        for (int k = 0; k < outputs.Length; k++)
        {
            outputs[k] = bias[k % Outputs];
            for (int i = 0; i < Inputs; i++)
            {
                outputs[k] += (double)inputs[(k / Outputs * Inputs) + i] * weight[(k % Outputs * Inputs) + i];
            }
        }

        return outputs;
    }

    /// <summary>Numbers without pattern, in −1..1.</summary>
    public static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
