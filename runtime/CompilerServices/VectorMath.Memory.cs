using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <content>Prefetching.</content>
public static partial class VectorMath
{
    /// <summary>Prefetches the cache line at an address that will be read soon. The address may be invalid.</summary>
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
    /// Prefetches the cache line at an address that will be read later. The line goes into the second-level cache, not into the first. The
    /// address may be invalid.
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
