using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <content>What kernels tell the caches.</content>
public static partial class VectorMath
{
    /// <summary>Asks for the cache line of a place that will be read soon. It may lie outside of all memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref readonly T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(in place));
        }
    }

    /// <summary>
    /// Asks for the cache line of a place that will be read when much else has been, in the second-level cache: it leaves the
    /// first one alone. It may lie outside of all memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PrefetchL2<T>(ref readonly T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(Unsafe.AsPointer(in place));
        }
    }
}
