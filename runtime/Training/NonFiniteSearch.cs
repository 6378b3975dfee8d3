using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>A training step that found infinities or NaN, with the data that may explain them.</summary>
internal readonly ref struct FailedStep
{
    /// <summary>The network, with the parameters and running statistics before the step.</summary>
    public required CompiledNetwork Network { get; init; }

    /// <summary>The step's gradients.</summary>
    public required AlignedMemory Gradients { get; init; }

    /// <summary>Updates before this step.</summary>
    public required long Step { get; init; }

    /// <summary>The learning rate of the step.</summary>
    public required double Rate { get; init; }

    /// <summary>The samples; empty where they are not known.</summary>
    public ReadOnlySpan<float> Inputs { get; init; }

    /// <summary>Which of the samples formed the batch; empty for all.</summary>
    public ReadOnlySpan<int> Order { get; init; }

    /// <summary>The position, in the epoch's data, of the first of these samples.</summary>
    public int First { get; init; }

    /// <summary>The loss; null where it is not known.</summary>
    public double? Loss { get; init; }

    /// <summary>A running statistic that is not finite, with its value and place; null if all are finite.</summary>
    public (Parameter Parameter, string Found)? Statistic { get; init; }

    /// <summary>The forward pass that failed, whose batch is still pinned; null if only gradients are not finite.</summary>
    public TrainingPass? Pass { get; init; }
}

/// <summary>Finds where infinities or NaN came from. Runs only when training has failed.</summary>
internal static class NonFiniteSearch
{
    /// <summary>
    /// Explains a loss, running statistics or gradients that are not finite. It checks values in the order in which a step computes them.
    /// It may repeat the forward pass, which changes the running statistics once more.
    /// </summary>
    public static TrainingException Explain(FailedStep failed)
    {
        (CompiledNetwork network, long step) = (failed.Network, failed.Step);
        string what = failed.Loss is { } value && !double.IsFinite(value)
            ? string.Create(CultureInfo.InvariantCulture, $"the loss is {value}")
            : failed.Statistic is var (statistic, becomes)
                ? $"running statistic '{statistic.Key}' of layer '{statistic.Layer}' would become {becomes}"
                : "a gradient is not finite";
        string intro = Intro(network, step) + what;
        foreach (Parameter parameter in network.Parameters)
        {
            // Training writes these running statistics but does not read them. So they cannot be the cause of other values that are not
            // finite.
            bool matters = !parameter.IsMovedByPasses || parameter == failed.Statistic?.Parameter;
            if (matters && Find(parameter, network.Memory) is { } found)
            {
                return new TrainingException(
                    $"{intro}, since parameter '{parameter.Key}' of layer '{parameter.Layer}' holds {found}.", parameter.Layer, step);
            }
        }

        if (FindSample(failed.Inputs, failed.Order, network.InputLength) is { } sample)
        {
            return new TrainingException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{intro}, since sample {(long)failed.First + sample} holds numbers that are not finite."),
                "input",
                step)
            {
                IsOfSamples = true,
            };
        }

        if (failed.Pass is { } pass)
        {
            return ExplainForward(failed, intro, pass.FindNonFinite());
        }

        // Backward runs from the last layer to the first.
        for (int i = network.Parameters.Count - 1; i >= 0; i--)
        {
            Parameter parameter = network.Parameters[i];
            if (parameter.IsTrainable && Find(parameter, failed.Gradients) is { } found)
            {
                return new TrainingException(
                    $"{intro}. Backward, from the loss on, it first appears at layer '{parameter.Layer}': the gradient of "
                    + $"'{parameter.Key}' holds {found}." + Advice(failed),
                    parameter.Layer,
                    step);
            }
        }

        return new TrainingException($"{intro}." + Advice(failed), layer: null, step);
    }

    /// <summary>Explains an update that would make a parameter or the optimizer's state infinite or NaN.</summary>
    public static TrainingException ExplainUpdate(CompiledNetwork network, long step, double rate, Overflow overflow)
    {
        Parameter parameter = network.Parameters.Where(p => p.IsTrainable && p.Layout.Offset <= overflow.Place)
            .MaxBy(p => p.Layout.Offset)!;
        string what = overflow.Slot is { } slot ? $"'{slot}' of parameter '{parameter.Key}'" : $"parameter '{parameter.Key}'";
        return new TrainingException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Intro(network, step)}the next one would make {what} of layer '{parameter.Layer}' {overflow.Value}, "
                + $"where the gradient is {overflow.Gradient}. Nothing was changed. Clip the gradients, or choose a lower learning rate "
                + $"than {rate:G4}."),
            parameter.Layer,
            step);
    }

    private static string Intro(CompiledNetwork network, long step) =>
        $"Training of {network.Info.Name} stopped after {MessageText.Count(step, "update")}: ";

    /// <summary>What to change if finite samples and parameters gave such a number.</summary>
    private static string Advice(in FailedStep failed) => failed.Step == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" If the loss has grown before, choose a lower learning rate than {failed.Rate:G4}, or clip the gradients.");

    private static TrainingException ExplainForward(FailedStep failed, string intro, int index)
    {
        IReadOnlyList<TrainingTensor> tensors = failed.Network.Program.TrainingTensors;
        if (failed.Statistic is var (statistic, _) && (index < 0 || tensors.Take(index).Any(t => t.Layer == statistic.Layer)))
        {
            return new TrainingException(
                $"{intro}, though the samples, the parameters, and what is left in memory of the outputs of the layers before are finite."
                + Advice(failed),
                statistic.Layer,
                failed.Step);
        }

        if (index < 0)
        {
            return new TrainingException(
                $"{intro}, though the samples, the parameters, and what is left in memory of the layers' outputs are finite."
                + Advice(failed),
                tensors.Count > 0 ? failed.Network.Info.Loss!.Name : null,
                failed.Step);
        }

        // The tensors just before it are no longer in memory. They may already have had values that are not finite.
        IEnumerable<string> unseen = tensors.Take(index).Reverse().TakeWhile(t => t.Length == 0).Reverse().Select(t => t.Label);
        string before = string.Join(", ", unseen);
        return new TrainingException(
            $"{intro}. Forward, from finite samples and parameters, it first appears at {tensors[index].Label}"
            + (before.Length > 0 ? $", or before it at one of these, whose outputs are not kept: {before}." : ".") + Advice(failed),
            tensors[index].Layer,
            failed.Step)
        {
            IsOfSamples = true,
        };
    }

    /// <summary>The first value that is not finite, with its place; null where there is none.</summary>
    internal static string? Find(Parameter parameter, AlignedMemory memory)
    {
        Span<float> chunk = stackalloc float[1024];
        for (int start = 0; start < parameter.Length; start += chunk.Length)
        {
            Span<float> values = chunk[..int.Min(chunk.Length, parameter.Length - start)];
            parameter.Gather(memory, start, values);
            if (IndexOfNonFinite(values) is >= 0 and int index)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{values[index]} at element {start + index}");
            }
        }

        return null;
    }

    private static int? FindSample(ReadOnlySpan<float> inputs, ReadOnlySpan<int> order, int length)
    {
        int samples = order.IsEmpty ? inputs.Length / length : order.Length;
        for (int i = 0; i < samples; i++)
        {
            int sample = order.IsEmpty ? i : order[i];
            if (IndexOfNonFinite(inputs.Slice(sample * length, length)) >= 0)
            {
                return sample;
            }
        }

        return null;
    }

    /// <summary>The index of the first value that is not finite; −1 where there is none.</summary>
    internal static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
