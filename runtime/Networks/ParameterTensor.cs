using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// A tensor of a weights file or checkpoint: a parameter, or values with a parameter's shape and layout, such as an optimizer's state.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Parameter">The parameter whose shape and layout it has.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Offset">Where the layout of parameters begins in the memory, in floats.</param>
internal sealed record ParameterTensor(string Name, Parameter Parameter, AlignedMemory Memory, long Offset = 0) : ISafetensorsTensor
{
    public IReadOnlyList<int> Shape => Parameter.Shape;

    public int Length => Parameter.Length;

    public int Group => Parameter.Layout.Group;

    public void Gather(int start, Span<float> destination) => Parameter.Gather(Memory, start, destination, Offset);

    public void Scatter(ReadOnlySpan<float> source, int start) => Parameter.Scatter(source, start, Memory, Offset);
}
