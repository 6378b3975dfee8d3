using System;
using System.Runtime.CompilerServices;

namespace Strata.Training;

/// <summary>
/// A piece of training data: any number of samples with their targets, such as one sample or a file of them. <c>Fit</c> and <c>FitAsync</c>
/// cut the pieces into batches of the trainer's size.
/// </summary>
public readonly record struct SampleBatch
{
    /// <summary>Samples for a network whose losses take classes.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="classes">The classes of each sample, counted from 0.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes)
        : this(inputs, classes, default)
    {
    }

    /// <summary>Samples for a network whose losses take values.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="values">The target values of each sample.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<float> values)
        : this(inputs, default, values)
    {
    }

    /// <summary>Samples for a network that has losses of both kinds.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="classes">The classes of each sample, counted from 0.</param>
    /// <param name="values">The target values of each sample.</param>
    public SampleBatch(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> values) =>
        (Inputs, Classes, Values) = (inputs, classes, values);

    /// <inheritdoc cref="SampleBatch(ReadOnlyMemory{float}, ReadOnlyMemory{int})"/>
    [OverloadResolutionPriority(-1)]
    public SampleBatch(float[] inputs, int[] classes)
        : this(inputs.AsMemory(), classes.AsMemory())
    {
    }

    /// <inheritdoc cref="SampleBatch(ReadOnlyMemory{float}, ReadOnlyMemory{float})"/>
    [OverloadResolutionPriority(-1)]
    public SampleBatch(float[] inputs, float[] values)
        : this(inputs.AsMemory(), values.AsMemory())
    {
    }

    /// <inheritdoc cref="SampleBatch(ReadOnlyMemory{float}, ReadOnlyMemory{int}, ReadOnlyMemory{float})"/>
    [OverloadResolutionPriority(-1)]
    public SampleBatch(float[] inputs, int[] classes, float[] values)
        : this(inputs.AsMemory(), classes.AsMemory(), values.AsMemory())
    {
    }

    /// <summary>The samples, N × the network's input length.</summary>
    public ReadOnlyMemory<float> Inputs { get; }

    /// <summary>The classes of each sample, for losses that take classes.</summary>
    public ReadOnlyMemory<int> Classes { get; }

    /// <summary>The target values of each sample, for losses that take values.</summary>
    public ReadOnlyMemory<float> Values { get; }

    internal TargetMemory Targets => new(Classes, Values, "data", "data");
}
