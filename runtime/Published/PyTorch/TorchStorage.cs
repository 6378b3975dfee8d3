namespace Strata.Weights;

/// <summary>A storage that a pickle names, or a part of one.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Total">How many numbers the file has under this key.</param>
/// <param name="Begin">The first one; 0 unless this is a part.</param>
/// <param name="Count">How many there are from it on.</param>
internal sealed record TorchStorage(string Key, ElementType Type, long Total, long Begin, long Count);
