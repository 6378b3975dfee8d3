namespace Strata.Weights;

/// <summary>What a layer computes, as far as the order of its weights depends on it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Input">
/// The channels of the tensor that was flattened before the layer; 0 if its features have the same order in Keras.
/// </param>
/// <param name="Output">The channels of the tensor that its features become; 0 if their order is the same in Keras.</param>
internal sealed record LayerPlan(WeightKind Kind, long Input = 0, long Output = 0)
{
    /// <summary>The heads of attention; 0 if they are not known.</summary>
    public int Heads { get; init; }
}
