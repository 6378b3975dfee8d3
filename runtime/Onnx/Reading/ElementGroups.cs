using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>The elements of a tensor that differ along some axes only, which a reduction or a normalisation takes together.</summary>
/// <param name="Of">The number of each element's group.</param>
/// <param name="Count">How many groups there are.</param>
internal sealed record ElementGroups(int[] Of, int Count)
{
    /// <param name="shape">The tensor's extents.</param>
    /// <param name="axes">The axes along which a group goes.</param>
    public static ElementGroups Along(IReadOnlyList<int> shape, IEnumerable<long> axes)
    {
        int[] kept = [.. shape];
        foreach (long axis in axes)
        {
            kept[axis] = 1;
        }

        int count = Shapes.Count(kept);
        int[] numbers = [.. Enumerable.Range(0, count)];
        return new ElementGroups(Moves.Broadcast(numbers, kept, shape), count);
    }

    /// <summary>Axes from one to the last.</summary>
    public static IEnumerable<long> From(int axis, int rank) => Enumerable.Range(axis, rank - axis).Select(one => (long)one);
}
