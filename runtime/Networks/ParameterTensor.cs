using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;

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

    /// <summary>The file's scales, if it has integers; null otherwise.</summary>
    public WeightScales? Scales { get; init; }

    /// <summary>The tensor before it in the file whose values it must have, and the file; null if it is the first.</summary>
    public (string Tensor, string File)? Copied { get; init; }

    public void Scatter(ReadOnlySpan<float> source, int start)
    {
        if (Copied is { } copied)
        {
            Compare(source, start, copied.Tensor, copied.File);
            return;
        }

        Parameter.Scatter(source, start, Memory, Offset);
    }

    /// <summary>Checks that writing a copy changes no bit.</summary>
    private void Compare(ReadOnlySpan<float> source, int start, string tensor, string file)
    {
        float[] before = ArrayPool<float>.Shared.Rent(source.Length), after = ArrayPool<float>.Shared.Rent(source.Length);
        try
        {
            Span<float> old = before.AsSpan(0, source.Length), now = after.AsSpan(0, source.Length);
            Gather(start, old);
            Parameter.Scatter(source, start, Memory, Offset);
            Gather(start, now);
            if (!MemoryMarshal.AsBytes(old).SequenceEqual(MemoryMarshal.AsBytes(now)))
            {
                throw new WeightsFormatException(
                    file, Name, $"its values differ from those of '{MessageText.Show(tensor)}', but both are the shared parameter "
                    + $"'{Parameter.Key}'. Give each layer its own parameters, or remove one of the tensors.");
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(before);
            ArrayPool<float>.Shared.Return(after);
        }
    }
}
