using System;

namespace Strata.Training;

/// <summary>
/// Some samples with their targets, as a source of training data gives them that is read piece by piece: one sample, a file's worth,
/// whatever is at hand. <c>Fit</c> and <c>FitAsync</c> cut what they read into batches of the trainer's size.
/// </summary>
public readonly record struct SampleBatch
{
    /// <summary>Samples for a network whose losses take classes.</summary>
    /// <param name="inputs">The samples, one behind the other.</param>
    /// <param name="classes">The classes of each sample, counted from 0.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes)
        : this(inputs, classes, default)
    {
    }

    /// <summary>Samples for a network whose losses take values.</summary>
    /// <param name="inputs">The samples, one behind the other.</param>
    /// <param name="values">The wanted values of each sample.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> values)
        : this(inputs, default, values)
    {
    }

    /// <summary>Samples for a network that has losses of both kinds.</summary>
    /// <param name="inputs">The samples, one behind the other.</param>
    /// <param name="classes">The classes of each sample, counted from 0.</param>
    /// <param name="values">The wanted values of each sample.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> values) =>
        (Inputs, Classes, Values) = (inputs, classes, values);

    /// <summary>The samples, N × the network's input length.</summary>
    public ReadOnlyMemory<float> Inputs { get; }

    /// <summary>The classes of each sample, where losses take classes.</summary>
    public ReadOnlyMemory<int> Classes { get; }

    /// <summary>The wanted values of each sample, where losses take values.</summary>
    public ReadOnlyMemory<float> Values { get; }

    internal TargetMemory Targets => new(Classes, Values, "data", "data");
}
