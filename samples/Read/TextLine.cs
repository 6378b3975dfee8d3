using System.Numerics;

namespace Samples.Read;

/// <summary>A line of text that was read.</summary>
/// <param name="Corners">Its corners in pixels of the page: where its text begins, then clockwise.</param>
/// <param name="Text">The text.</param>
/// <param name="Confidence">The probability for each character, 0 to 1.</param>
public sealed record TextLine(IReadOnlyList<Vector2> Corners, string Text, double Confidence);
