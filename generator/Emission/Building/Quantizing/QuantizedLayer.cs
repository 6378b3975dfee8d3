namespace Strata;

/// <summary>What rounding to 8 bits does to a layer.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Input">The name of the tensor that it reads: a layer, or an input of the network.</param>
/// <param name="Scale">The distance of neighbours among the input's rounded numbers.</param>
/// <param name="ZeroPoint">The integer from 0 to 255 that stands for 0 in the input.</param>
/// <param name="Clamped">About the share of the input's numbers that are out of the range, from 0 to 1.</param>
/// <param name="WeightNoise">
/// The signal-to-noise ratio of its weights, in decibels: 10·log₁₀(Σ w²/Σ (w − rounded w)²). Infinite if all are the same.
/// </param>
/// <param name="OutputNoise">
/// The same for its output, over all samples. The roundings of all layers before it count, too.
/// </param>
/// <param name="MultipliesIntegers">
/// Whether inference multiplies integers in this layer, on this processor and at the network's own size. If not, floats are expected to be
/// faster, or no kernel of integers can compute the layer. It then multiplies rounded floats.
/// </param>
public sealed record QuantizedLayer(
    string Name, string Input, float Scale, int ZeroPoint, double Clamped, double WeightNoise, double OutputNoise,
    bool MultipliesIntegers);
