using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Strata.Imaging.Jpeg;

/// <summary>The memory of one decoding. It is returned at once, without waiting for the garbage collector.</summary>
internal sealed unsafe class Arena : IDisposable
{
    private const int Alignment = 64;

    private readonly List<nint> _blocks = [];

    ~Arena() => Free();

    /// <summary>All bytes that were allocated.</summary>
    public long Bytes { get; private set; }

    /// <summary>Allocates zeros, aligned to a cache line. The system gives pages as they are written.</summary>
    public T* Allocate<T>(long count)
        where T : unmanaged
    {
        long length = (count * sizeof(T)) + Alignment;
        void* block = NativeMemory.AllocZeroed((nuint)length);
        _blocks.Add((nint)block);
        Bytes += length;
        return (T*)(((nint)block + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }
}
