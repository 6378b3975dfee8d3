using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Imaging;

/// <summary>Samples with their classes, all in memory: what a trainer's <c>Fit</c> takes.</summary>
/// <remarks>
/// <code>
/// (LabeledData training, LabeledData test) = MnistData.Read("mnist");
/// trainer.Fit(training.Inputs, training.Targets, new FitOptions { ValidationInputs = test.Inputs, ValidationTargets = test.Targets });
/// </code>
/// </remarks>
public sealed class LabeledData
{
    /// <summary>Creates a set.</summary>
    /// <param name="inputs">The samples one after the other, each in PyTorch's order: (C, H, W), (C, L) or (F).</param>
    /// <param name="targets">The class of each sample, counted from 0.</param>
    /// <param name="shape">Extents of one sample.</param>
    /// <param name="classNames">The classes' names; null for numbers.</param>
    /// <exception cref="ArgumentException">The inputs are not as many samples as there are targets, or a target has no name.</exception>
    public LabeledData(float[] inputs, int[] targets, IReadOnlyList<int> shape, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(shape);
        SampleLength = shape.Aggregate(1, (product, extent) => checked(product * extent));
        if (inputs.Length != (long)targets.Length * SampleLength)
        {
            throw new ArgumentException(
                $"{targets.Length} samples of {string.Join('×', shape)} have {(long)targets.Length * SampleLength} floats; "
                + $"here are {inputs.Length}.", nameof(inputs));
        }

        int most = targets.DefaultIfEmpty(-1).Max();
        if (targets.Any(t => t < 0) || (classNames is not null && most >= classNames.Count))
        {
            throw new ArgumentException($"Classes are 0 to {classNames?.Count - 1 ?? int.MaxValue}; here is {most}.", nameof(targets));
        }

        Inputs = inputs;
        Targets = targets;
        Shape = [.. shape];
        ClassNames = classNames is not null ? [.. classNames] : [.. Enumerable.Range(0, most + 1).Select(c => $"{c}")];
    }

    /// <summary>The samples one after the other.</summary>
    public ReadOnlyMemory<float> Inputs { get; }

    /// <summary>The class of each sample.</summary>
    public ReadOnlyMemory<int> Targets { get; }

    /// <summary>Extents of one sample.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Targets.Length;

    /// <summary>Floats of one sample.</summary>
    public int SampleLength { get; }

    /// <summary>One sample.</summary>
    /// <param name="index">Its number, counted from 0.</param>
    public ReadOnlySpan<float> this[int index] => Inputs.Span.Slice(index * SampleLength, SampleLength);

    /// <summary>The set as a piece of training data.</summary>
    public SampleBatch ToBatch() => new(Inputs, Targets);

    /// <summary>Divides the set at random, with the same share of each class on both sides.</summary>
    /// <param name="fraction">The share of the second part, 0 to 1.</param>
    /// <param name="seed">Another seed gives another division.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not from 0 to 1.</exception>
    public (LabeledData First, LabeledData Second) Split(double fraction, ulong seed = 0)
    {
        (int[] first, int[] second) = StratifiedSplit.Of(Targets.Span, fraction, seed);
        return (Take(first), Take(second));
    }

    private LabeledData Take(int[] items)
    {
        float[] inputs = new float[items.Length * SampleLength];
        int[] targets = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            this[items[i]].CopyTo(inputs.AsSpan(i * SampleLength));
            targets[i] = Targets.Span[items[i]];
        }

        return new LabeledData(inputs, targets, Shape, ClassNames);
    }
}
