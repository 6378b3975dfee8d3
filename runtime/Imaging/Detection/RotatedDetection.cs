namespace Strata.Imaging;

/// <summary>An object that a detector found, in a box that is turned as the object is.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">How sure the network is, from 0 to 1.</param>
/// <param name="Class">Its class, counted from 0.</param>
public readonly record struct RotatedDetection(RotatedBox Box, float Score, int Class);
