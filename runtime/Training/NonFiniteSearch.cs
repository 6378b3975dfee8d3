using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Finds where numbers that are not finite came from. Runs only when training has failed.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Explains a loss, or gradients, that are not finite: in the order in which a step computes.</summary>
    /// <param name="network">The network, with the parameters before the step.</param>
    /// <param name="gradients">The step's gradients.</param>
    /// <param name="inputs">The samples; empty where they are not known.</param>
    /// <param name="order">Which of the samples formed the batch; empty for all.</param>
    /// <param name="loss">The loss; null where it is not known.</param>
    /// <param name="step">Updates done before.</param>
    /// <param name="pass">The pass that gave such a loss, whose batch is still pinned; not needed for gradients.</param>
    public static TrainingException Explain(
        CompiledNetwork network,
        AlignedMemory gradients,
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<int> order,
        double? loss,
        long step,
        TrainingPass? pass)
    {
        bool forward = loss is { } value && !double.IsFinite(value);
        string what = forward ? string.Create(CultureInfo.InvariantCulture, $"the loss is {loss}") : "a gradient is not finite";
        string intro = string.Create(CultureInfo.InvariantCulture, $"Training of {network.Info.Name} stopped after {step} updates: {what}");
        foreach (Parameter parameter in network.Parameters)
        {
            // Running statistics that move have taken in this step's numbers, and training does not read them.
            bool moves = parameter.Info.Role == ParameterRole.Buffer && !parameter.Info.Frozen;
            if (!moves && Find(parameter, network.Memory) is { } found)
            {
                return new TrainingException(
                    $"{intro}, since parameter '{parameter.Key}' of layer '{parameter.Layer}' holds {found}.", parameter.Layer, step);
            }
        }

        if (FindSample(inputs, order, network.InputFloats) is { } sample)
        {
            return new TrainingException(
                string.Create(CultureInfo.InvariantCulture, $"{intro}, since sample {sample} holds numbers that are not finite."),
                "input",
                step);
        }

        if (forward)
        {
            return ExplainForward(network, intro, step, pass?.FindNonFinite() ?? -1);
        }

        // Backward runs from the last layer to the first.
        for (int i = network.Parameters.Count - 1; i >= 0; i--)
        {
            Parameter parameter = network.Parameters[i];
            if (parameter.IsTrainable && Find(parameter, gradients) is { } found)
            {
                return new TrainingException(
                    $"{intro}. Backward, from the loss on, it first appears at layer '{parameter.Layer}': the gradient of "
                    + $"'{parameter.Key}' holds {found}.",
                    parameter.Layer,
                    step);
            }
        }

        return new TrainingException($"{intro}.", layer: null, step);
    }

    private static TrainingException ExplainForward(CompiledNetwork network, string intro, long step, int index)
    {
        IReadOnlyList<TrainingTensor> tensors = network.Program.TrainingTensors;
        if (index < 0)
        {
            return new TrainingException(
                $"{intro}, though the samples, the parameters, and what is left in memory of the layers' outputs are finite.",
                tensors.Count > 0 ? network.Info.Loss!.Name : null,
                step);
        }

        // Outputs just before it that are no longer there may have had such numbers already.
        IEnumerable<string> unseen = tensors.Take(index).Reverse().TakeWhile(t => t.Length == 0).Reverse().Select(t => t.Label);
        string before = string.Join(", ", unseen);
        return new TrainingException(
            $"{intro}. Forward, from finite samples and parameters, it first appears at {tensors[index].Label}"
            + (before.Length > 0 ? $", or before it at one of these, whose outputs are not kept: {before}." : "."),
            tensors[index].Layer,
            step);
    }

    /// <summary>The first value that is not finite, with its place; null where there is none.</summary>
    private static string? Find(Parameter parameter, AlignedMemory memory)
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

    private static int IndexOfNonFinite(ReadOnlySpan<float> values)
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
