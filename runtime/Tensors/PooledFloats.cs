using System;
using System.Buffers;

namespace Strata.Tensors;

/// <summary>Pooled memory for samples. Dispose of it to give the memory back.</summary>
internal readonly ref struct PooledFloats
{
    private readonly float[] _rented;

    /// <summary>Rents memory.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="length">Floats of one sample.</param>
    /// <exception cref="ArgumentException">The samples do not fit into an array.</exception>
    public PooledFloats(int samples, int length)
    {
        if ((long)samples * length > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{samples} samples of {length} floats are more than an array holds; take at most {Array.MaxLength / length}.",
                nameof(samples));
        }

        _rented = ArrayPool<float>.Shared.Rent(samples * length);
        Span = _rented.AsSpan(0, samples * length);
    }

    /// <summary>The memory.</summary>
    public Span<float> Span { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<float>.Shared.Return(_rented);
}
