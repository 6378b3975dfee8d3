using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>A tensor in memory, which is written to a file or filled from it.</summary>
internal interface ISafetensorsTensor
{
    /// <summary>The file's name of it.</summary>
    string Name { get; }

    /// <summary>The extents.</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    int Length { get; }

    /// <summary>Elements of which <see cref="Scatter"/> is best given a multiple at a time.</summary>
    int Group { get; }

    /// <summary>Reads elements from <paramref name="start"/> on, in row-major order.</summary>
    void Gather(int start, Span<float> destination);

    /// <summary>Writes elements from <paramref name="start"/> on, in row-major order.</summary>
    void Scatter(ReadOnlySpan<float> source, int start);
}
