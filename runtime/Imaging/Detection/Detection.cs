namespace Strata.Imaging;

/// <summary>An object that a detector found.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">How sure the network is, from 0 to 1.</param>
/// <param name="Class">Its class, counted from 0.</param>
public readonly record struct Detection(Box Box, float Score, int Class) : IDetection;
