namespace Strata.Pictures;

/// <summary>A colour with 8 bits each for red, green and blue.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue);
