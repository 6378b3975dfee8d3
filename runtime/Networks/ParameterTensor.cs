using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>A parameter, or what is laid out as one, under the name that a file has for it.</summary>
/// <param name="Name">The file's name of it.</param>
/// <param name="Parameter">Whose shape and layout it has.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Offset">Float of the memory at which parameters laid out so would begin.</param>
internal sealed record ParameterTensor(string Name, Parameter Parameter, AlignedMemory Memory, long Offset = 0) : ISafetensorsTensor
{
    public IReadOnlyList<int> Shape => Parameter.Shape;

    public int Length => Parameter.Length;

    public int Group => Parameter.Layout.Group;

    public void Gather(int start, Span<float> destination) => Parameter.Gather(Memory, start, destination, Offset);

    public void Scatter(ReadOnlySpan<float> source, int start) => Parameter.Scatter(source, start, Memory, Offset);
}
