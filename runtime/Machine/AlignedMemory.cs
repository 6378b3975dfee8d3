using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>
/// Floats in native memory, zeroed and aligned to 64 bytes. Dispose or the finalizer frees them. The owner makes sure that no call uses the
/// memory at that time (<see cref="Lifetime"/>).
/// </summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    /// <summary>The alignment in bytes: a cache line and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Floats of a cache line.</summary>
    public const int LineFloats = Alignment / sizeof(float);

    private readonly long _bytes;

    // The address from the allocator. The first float is at the next multiple of the alignment.
    private readonly nint _block;

    // Bytes, including those in front of the first float.
    private readonly long _allocated;

    /// <summary>Allocates memory.</summary>
    /// <param name="length">Number of floats, 0 or more; rounded up to whole cache lines.</param>
    /// <param name="front">Floats in front of the first one that the owner may use as well: 0, or whole cache lines.</param>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public AlignedMemory(long length, int front = 0)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = RoundUp(length);
        _bytes = checked(Length * sizeof(float));
        _allocated = _bytes + ((long)front * sizeof(float));

        // Empty memory needs an address as well, so the block has at least one line. Clearing costs nothing for new pages: the system hands
        // them out zeroed when they are first touched.
        nint alignment = LargePages.Suit(_allocated) ? LargePages.Size : Alignment;
        _block = Allocate(long.Max(_allocated, Alignment), alignment);
        nint pointer = (_block + alignment - 1) & -alignment;
        SetHandle(pointer + ((nint)front * sizeof(float)));
        if (alignment == LargePages.Size)
        {
            LargePages.Ask(pointer, _allocated);
        }

        if (_allocated > 0)
        {
            GC.AddMemoryPressure(_allocated);
        }
    }

    /// <summary>Number of floats, a multiple of 16.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first float. The object must be kept alive while the reference is used.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public ref float Reference => ref *Pointer;

    /// <summary>The address of the first float. The object must be kept alive while it is used.</summary>
    internal float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(handle == 0, this);
            return (float*)handle;
        }
    }

    /// <summary>The smallest multiple of 16 that is not less than <paramref name="length"/>.</summary>
    internal static long RoundUp(long length) => checked(length + LineFloats - 1) / LineFloats * LineFloats;

    /// <summary>Makes sure that there are enough equal pieces of memory: one for each thread of a call.</summary>
    /// <remarks>
    /// It is called before the work is divided, not when a thread first needs its piece. Which threads take part differs from call to call,
    /// and calls after the first must not allocate.
    /// </remarks>
    internal static void Ensure(ref AlignedMemory[] pieces, int count, long length)
    {
        if (pieces.Length < count)
        {
            // If memory runs out, the caller owns the pieces that exist.
            int first = pieces.Length;
            AlignedMemory[] more = [.. pieces, .. new AlignedMemory[count - first]];
            try
            {
                for (; first < count; first++)
                {
                    more[first] = new AlignedMemory(length);
                }
            }
            finally
            {
                pieces = first == count ? more : more[..first];
            }
        }
    }

    /// <summary>
    /// Makes sure that memory has at least the given length. If it is too short, it is replaced, and its content is lost.
    /// </summary>
    internal static void Ensure([NotNull] ref AlignedMemory? memory, long length)
    {
        if (memory is null || memory.Length < length)
        {
            // Free the old memory first: there may not be enough for both.
            memory?.Dispose();
            memory = null;
            memory = new AlignedMemory(length);
        }
    }

    /// <summary>Allocates two pieces, or none; the first may have floats in front of it.</summary>
    internal static (AlignedMemory First, AlignedMemory Second) Pair(long firstLength, long secondLength, int front = 0)
    {
        var first = new AlignedMemory(firstLength, front);
        try
        {
            return (first, new AlignedMemory(secondLength));
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    /// <summary>A copy.</summary>
    internal AlignedMemory Copy() => Copy(Length);

    /// <summary>A copy of the first <paramref name="length"/> floats, rounded up to cache lines.</summary>
    internal AlignedMemory Copy(long length)
    {
        var copy = new AlignedMemory(length);
        Buffer.MemoryCopy(Pointer, copy.Pointer, copy._bytes, copy._bytes);
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Copies the content of memory that is not longer than this one.</summary>
    internal void CopyFrom(AlignedMemory source)
    {
        Buffer.MemoryCopy(source.Pointer, Pointer, _bytes, source._bytes);
        GC.KeepAlive(source);
        GC.KeepAlive(this);
    }

    internal static void DisposeAll(AlignedMemory[] pieces)
    {
        foreach (AlignedMemory piece in pieces)
        {
            piece.Dispose();
        }
    }

    private static nint Allocate(long bytes, nint alignment)
    {
        try
        {
            return (nint)NativeMemory.AllocZeroed(checked((nuint)bytes + (nuint)alignment));
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes of memory cannot be had."), e);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)_block);
        handle = 0;
        if (_allocated > 0)
        {
            GC.RemoveMemoryPressure(_allocated);
        }

        return true;
    }
}
