using System;
using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Strata.Tensors;

/// <summary>
/// Memory for the elements of a tensor in row-major order: the tensor's own if it is dense, else pooled memory, from which
/// <see cref="Commit"/> copies. Dispose of it to give this memory back.
/// </summary>
internal readonly ref struct OutputFloats
{
    private readonly float[]? _rented;
    private readonly TensorSpan<float> _tensor;

    /// <summary>Prepares a tensor to be written.</summary>
    /// <param name="tensor">A tensor of at most <see cref="int.MaxValue"/> elements.</param>
    /// <param name="argument">The caller's name of the tensor.</param>
    /// <exception cref="ArgumentException">Elements of the tensor share memory.</exception>
    public OutputFloats(in TensorSpan<float> tensor, string argument)
    {
        _tensor = tensor;
        int length = checked((int)tensor.FlattenedLength);
        if (Layout.IsDense(tensor.Lengths, tensor.Strides))
        {
            Span = MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), length);
            return;
        }

        Layout.CheckElementsAreApart(tensor.Lengths, tensor.Strides, argument);
        _rented = ArrayPool<float>.Shared.Rent(length);
        Span = _rented.AsSpan(0, length);
    }

    /// <summary>Where the elements are written.</summary>
    public Span<float> Span { get; }

    /// <summary>Copies what was written to the tensor, if it is not there.</summary>
    public void Commit()
    {
        if (_rented is not null)
        {
            Layout.Write(Span, ref _tensor.GetPinnableReference(), _tensor.Lengths, _tensor.Strides);
        }
    }

    /// <summary>Gives pooled memory back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<float>.Shared.Return(_rented);
        }
    }
}
