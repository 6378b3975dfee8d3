using System;
using System.Buffers;

namespace Strata;

/// <summary>A part of native memory as <see cref="Memory{T}"/>, for interfaces that take it.</summary>
/// <param name="memory">The memory, which outlives this object's use.</param>
/// <param name="start">The part's first float.</param>
/// <param name="length">Its number of elements.</param>
internal sealed unsafe class NativeSection<T>(AlignedMemory memory, long start, int length) : MemoryManager<T>
    where T : unmanaged
{
    private T* Pointer => (T*)(memory.Pointer + start);

    /// <inheritdoc/>
    public override Span<T> GetSpan() => new(Pointer, length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Pointer + elementIndex, pinnable: this);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Native memory never moves.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The memory belongs to its owner.
    }
}
