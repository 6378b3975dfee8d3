using System.Collections.Generic;

namespace Strata.Weights;

/// <summary>
/// A dictionary of a pickle, as the list of its pairs: a pickle may have keys that contain themselves, so keys are never hashed.
/// </summary>
internal sealed class PickleDictionary
{
    /// <summary>Its pairs, in the pickle's order.</summary>
    public List<(object? Key, object? Value)> Pairs { get; } = [];
}
