namespace Strata.Weights;

/// <summary>A value that weights do not need, such as a training script's options. Of it, only the name of its type is kept.</summary>
/// <param name="Type">The type's name in Python.</param>
internal sealed record PickleObject(string Type);
