using System;

namespace Strata;

/// <summary>Where a tensor of a file stands in memory: a parameter, or what is laid out as one.</summary>
/// <param name="Name">The file's name of it.</param>
/// <param name="Parameter">Whose shape and layout it has.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Offset">Float of the memory at which parameters laid out so would begin.</param>
internal sealed record SafetensorsTensor(string Name, Parameter Parameter, AlignedMemory Memory, long Offset = 0)
{
    /// <summary>Reads elements from <paramref name="start"/> on.</summary>
    public void Gather(int start, Span<float> destination) => Parameter.Gather(Memory, start, destination, Offset);

    /// <summary>Writes elements from <paramref name="start"/> on.</summary>
    public void Scatter(ReadOnlySpan<float> source, int start) => Parameter.Scatter(source, start, Memory, Offset);
}
