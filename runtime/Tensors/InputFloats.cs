using System;
using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Strata.Tensors;

/// <summary>
/// The elements of a tensor in row-major order: the tensor's own memory if it is dense, else a copy in pooled memory. Dispose of it to give
/// this memory back.
/// </summary>
internal readonly ref struct InputFloats
{
    private readonly float[]? _rented;

    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">A tensor of at most <see cref="int.MaxValue"/> elements.</param>
    public InputFloats(in ReadOnlyTensorSpan<float> tensor)
    {
        int length = checked((int)tensor.FlattenedLength);
        if (Layout.IsDense(tensor.Lengths, tensor.Strides))
        {
            Span = MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), length);
            return;
        }

        _rented = ArrayPool<float>.Shared.Rent(length);
        Span<float> copy = _rented.AsSpan(0, length);
        Layout.Read(in tensor.GetPinnableReference(), tensor.Lengths, tensor.Strides, copy);
        Span = copy;
    }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<float> Span { get; }

    /// <summary>Gives pooled memory back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<float>.Shared.Return(_rented);
        }
    }
}
