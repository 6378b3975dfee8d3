using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>An object that a detector found, with points of it: a person with joints, a face with eyes.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">How sure the network is, from 0 to 1.</param>
/// <param name="Class">Its class, counted from 0.</param>
/// <param name="KeyPoints">Its points, in the order of the network's outputs, in the pixels of <c>Box</c>.</param>
public sealed record KeyPointDetection(Box Box, float Score, int Class, IReadOnlyList<KeyPoint> KeyPoints) : IDetection;
