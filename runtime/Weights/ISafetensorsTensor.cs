using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>A tensor in memory, which is written to a file or filled from it.</summary>
internal interface ISafetensorsTensor
{
    /// <summary>The tensor's name in the file.</summary>
    string Name { get; }

    /// <summary>The shape: the extent of each axis.</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    int Length { get; }

    /// <summary>A number of elements. <see cref="Scatter"/> is fastest if it gets a multiple of it.</summary>
    int Group { get; }

    /// <summary>Whether a file has them as I8. They are whole numbers from −128 to 127 then.</summary>
    bool IsInt8 => false;

    /// <summary>Reads elements from <paramref name="start"/> on, in row-major order.</summary>
    void Gather(int start, Span<float> destination);

    /// <summary>Writes elements from <paramref name="start"/> on, in row-major order.</summary>
    void Scatter(ReadOnlySpan<float> source, int start);
}
