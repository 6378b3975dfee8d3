using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>How <see cref="Quantization.Quantize"/> chooses ranges and layers.</summary>
public sealed record QuantizeOptions
{
    /// <summary>How the range of a tensor is chosen from the numbers that samples give it; from the least to the most by default.</summary>
    public RangeMethod Method { get; init; }

    /// <summary>
    /// With <see cref="RangeMethod.Percentile"/>, the share of a tensor's numbers that the range keeps: more than 0.5, at most 1; 0.9999
    /// by default. The rest is clamped, on each side half of it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public double Percentile
    {
        get;
        init => field = value is > 0.5 and <= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(Percentile), value, "The share is more than 0.5 and at most 1.");
    } = 0.9999;

    /// <summary>
    /// Whether the first and the last convolution or dense layer are rounded, too. False by default: they cost little time, and their
    /// roundings cost the most. A network of two such layers is then not rounded at all.
    /// </summary>
    public bool FirstAndLast { get; init; }

    /// <summary>
    /// Whether layers are rounded, too, that Strata computes in floats in any case: convolutions with groups, transposed ones, and those in
    /// three dimensions. False by default, since they gain nothing. Set it for a file that another engine will run.
    /// </summary>
    public bool FloatLayers { get; init; }

    /// <summary>
    /// Whether the tensors that additions, products and concatenations of layers read are rounded, too. The report has no rows for them.
    /// False by default: Strata joins floats. Set it, with <see cref="FloatLayers"/>, for a file that another engine will run: it has
    /// integers then from the first rounded layer to the last.
    /// </summary>
    public bool Joins { get; init; }

    /// <summary>
    /// The least signal-to-noise ratio of the network's outputs, in decibels (<see cref="QuantizedNetwork.OutputNoise"/>): as few layers
    /// stay floats as bring it about, those first whose weights and inputs lose the most by their own roundings. 30 dB are an error of a
    /// thirtieth. No limit by default. Where <see cref="Joins"/> alone lose more, all layers are floats, and the output stays noisier.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is NaN.</exception>
    public double LeastOutputNoise
    {
        get;
        init => field = !double.IsNaN(value)
            ? value : throw new ArgumentOutOfRangeException(nameof(LeastOutputNoise), value, "A number of decibels is expected.");
    } = double.NegativeInfinity;

    /// <summary>Names of layers that stay as they are; none by default.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>
    /// Tier, threads and seed of the rounded network; null for the defaults. Weights, layers to observe and the storage of weights are
    /// not taken over.
    /// </summary>
    public NetworkOptions? Network { get; init; }
}

/// <summary>How the range of a tensor is chosen.</summary>
public enum RangeMethod
{
    /// <summary>From the least number to the most.</summary>
    MinMax,

    /// <summary>So that a share of the numbers is in it (<see cref="QuantizeOptions.Percentile"/>).</summary>
    Percentile,

    /// <summary>
    /// So that the mean squared error of the rounded and clamped numbers is the least, among ranges that are parts of the whole one.
    /// </summary>
    MeanSquaredError,
}
