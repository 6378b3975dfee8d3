using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>The targets of the losses: class indices, values, or both. Each span holds them sample after sample.</summary>
/// <param name="classes">For the losses that take classes.</param>
/// <param name="values">For the losses that take values.</param>
/// <param name="classesName">Name of the caller's argument with the classes, for messages.</param>
/// <param name="valuesName">Name of the caller's argument with the values, for messages.</param>
internal readonly ref struct Targets(
    ReadOnlySpan<int> classes, ReadOnlySpan<float> values, string classesName = "classes", string valuesName = "values")
{
    public ReadOnlySpan<int> Classes { get; } = classes;

    public ReadOnlySpan<float> Values { get; } = values;

    public string ClassesName { get; } = classesName;

    public string ValuesName { get; } = valuesName;
}

/// <summary>The same as <see cref="Strata.Training.Targets"/>, but in memory that outlives a call.</summary>
internal readonly record struct TargetMemory(
    ReadOnlyMemory<int> Classes, ReadOnlyMemory<float> Values, string ClassesName = "classes", string ValuesName = "values")
{
    public Targets Targets => new(Classes.Span, Values.Span, ClassesName, ValuesName);
}

/// <summary>Which targets a network's losses take.</summary>
internal sealed class TargetRules(NetworkInfo network)
{
    // An array, because enumerating a list through its interface would allocate in each step.
    private readonly LossInfo[] _losses = [.. network.Losses];

    /// <summary>Class indices of one sample.</summary>
    public int Classes { get; } = network.ClassTargetLength;

    /// <summary>Values of one sample.</summary>
    public int Values { get; } = network.ValueTargetLength;

    /// <summary>The targets, beginning at a sample.</summary>
    public Targets From(Targets targets, int sample) => new(
        targets.Classes[(sample * Classes)..], targets.Values[(sample * Values)..], targets.ClassesName, targets.ValuesName);

    /// <exception cref="ArgumentException">Their number does not fit the samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not what its loss takes.</exception>
    public void Check(Targets targets, int samples)
    {
        CheckCount(targets.Classes.Length, samples, Classes, targets.ClassesName);
        CheckCount(targets.Values.Length, samples, Values, targets.ValuesName);
        foreach (LossInfo loss in _losses)
        {
            if (loss.TakesClasses)
            {
                for (int sample = 0; sample < samples; sample++)
                {
                    CheckClasses(targets.Classes, sample, loss, targets.ClassesName);
                }
            }
            else if (loss.TargetLength == Values)
            {
                CheckValues(targets.Values, loss, 0, targets.ValuesName);
            }
            else
            {
                for (int first = loss.TargetOffset; first < targets.Values.Length; first += Values)
                {
                    CheckValues(targets.Values.Slice(first, loss.TargetLength), loss, first, targets.ValuesName);
                }
            }
        }
    }

    /// <summary>Checks the classes of some samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not what its loss takes.</exception>
    public void CheckClasses(Targets targets, ReadOnlySpan<int> samples)
    {
        foreach (LossInfo loss in _losses)
        {
            if (loss.TakesClasses)
            {
                foreach (int sample in samples)
                {
                    CheckClasses(targets.Classes, sample, loss, targets.ClassesName);
                }
            }
        }
    }

    private void CheckCount(int count, int samples, int targetLength, string name)
    {
        if (count != (long)samples * targetLength)
        {
            throw new ArgumentException(
                $"{MessageText.Count(samples, "sample")} need{(samples == 1 ? "s" : "")} "
                + $"{MessageText.Count((long)samples * targetLength, "target")}; there are {count}.{Doubt(count, samples, targetLength)}",
                name);
        }
    }

    /// <summary>Perhaps the number of targets is right, and the samples have another shape than the network's input.</summary>
    private string Doubt(int count, int samples, int targetLength)
    {
        long wanted = network.Inputs.Sum(input => (long)CompiledNetwork.Product(input.Shape)), floats = samples * wanted;
        int meant = targetLength > 0 && count % targetLength == 0 ? count / targetLength : 0;
        return meant == 0 || samples <= meant || floats % meant != 0 ? ""
            : $" A sample of {network.Name} has {MessageText.Count(wanted, "float")} "
            + $"{string.Join(" and ", network.Inputs.Select(input => MessageText.Shape(input.Shape)))}. If there are "
            + $"{MessageText.Count(meant, "sample")} here, each has {floats / meant}: another shape, such as three channels for one.";
    }

    private void CheckClasses(ReadOnlySpan<int> targets, int sample, LossInfo loss, string name)
    {
        int first = (sample * Classes) + loss.TargetOffset;
        for (int i = first; i < first + loss.TargetLength; i++)
        {
            if ((uint)targets[i] >= (uint)loss.Classes && targets[i] != loss.IgnoreIndex)
            {
                string ignored = loss.IgnoreIndex is { } index ? $", and {index} does not count" : "";
                throw new ArgumentOutOfRangeException(
                    name, targets[i], $"Target {i} is {targets[i]}; the classes of {network.Name} are 0 to {loss.Classes - 1}{ignored}.");
            }
        }
    }

    private static void CheckValues(ReadOnlySpan<float> targets, LossInfo loss, int first, string name)
    {
        (float least, float most) = loss.Targets == TargetKind.Probabilities ? (0, 1) : (float.MinValue, float.MaxValue);
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(targets);
        var low = new Vector<float>(least);
        var high = new Vector<float>(most);
        int i = 0;
        while (i < vectors.Length && Vector.GreaterThanOrEqualAll(vectors[i], low) && Vector.LessThanOrEqualAll(vectors[i], high))
        {
            i++;
        }

        // Look for the first value out of range. If there is one, it is in the vector at which the loop has stopped, or after the last
        // whole vector.
        for (i *= Vector<float>.Count; i < targets.Length; i++)
        {
            if (!(targets[i] >= least && targets[i] <= most))
            {
                string range = loss.Targets == TargetKind.Probabilities ? "from 0 to 1" : "finite";
                throw new ArgumentOutOfRangeException(
                    name, targets[i],
                    string.Create(CultureInfo.InvariantCulture, $"Target {first + i} is {targets[i]}; those of {loss.Name} are {range}."));
            }
        }
    }
}
