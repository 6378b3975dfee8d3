using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>An object that a detector found, with what its mask is mixed of: see <see cref="InstanceMasks"/>.</summary>
/// <param name="Box">Where it is, in pixels of the network's input.</param>
/// <param name="Score">How sure the network is, from 0 to 1.</param>
/// <param name="Class">Its class, counted from 0.</param>
/// <param name="Coefficients">How much each prototype adds to the mask.</param>
public sealed record InstanceDetection(Box Box, float Score, int Class, IReadOnlyList<float> Coefficients) : IDetection;
