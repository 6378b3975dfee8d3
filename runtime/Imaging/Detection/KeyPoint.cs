using System.Collections.Generic;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>A point of an object, such as an eye or an elbow.</summary>
/// <param name="Position">Where it is, in pixels.</param>
/// <param name="Visibility">How sure the network is that it can be seen, 0 to 1; 1 if the network does not say.</param>
public readonly record struct KeyPoint(Vector2 Position, float Visibility)
{
    /// <summary>
    /// Which of the 17 points of a person in COCO (Lin et al., Microsoft COCO, ECCV 2014; the data set's <c>skeleton</c>) belong together:
    /// nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; the left one of a pair first.
    /// </summary>
    public static IReadOnlyList<(int From, int To)> CocoLinks { get; } =
    [
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10), (1, 2), (0, 1),
        (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ];
}
