using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Simd = System.Runtime.Intrinsics.Vector512;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Strata.CompilerServices;

/// <content>The moves for one vector width. Full blocks are moved a vector at a time.</content>
public static partial class SampleLanes
{
    // Not inlined: inside its caller, the JIT would spill the registers of this loop to the stack.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pack512(ref readonly float source, int sampleStride, int samples, int count, ref float destination)
    {
        if (!Transposes512 || samples < Vector.Count || count < Square)
        {
            PackGroups(in source, sampleStride, samples, count, ref destination, Vector.Count);
            return;
        }

        nint stride = sampleStride;
        for (int i = 0; ; i += Square)
        {
            i = int.Min(i, count - Square);
            ref float row = ref Unsafe.Add(ref Unsafe.AsRef(in source), i);
            Vector row0 = Load512(ref row, 4 * stride);
            Vector row1 = Load512(ref Unsafe.Add(ref row, stride), 4 * stride);
            Vector row2 = Load512(ref Unsafe.Add(ref row, 2 * stride), 4 * stride);
            Vector row3 = Load512(ref Unsafe.Add(ref row, 3 * stride), 4 * stride);
            Transpose(ref row0, ref row1, ref row2, ref row3);
            ref float column = ref Unsafe.Add(ref destination, (nint)i * Vector.Count);
            row0.StoreUnsafe(ref column);
            row1.StoreUnsafe(ref column, (nuint)Vector.Count);
            row2.StoreUnsafe(ref column, 2 * (nuint)Vector.Count);
            row3.StoreUnsafe(ref column, 3 * (nuint)Vector.Count);
            if (i == count - Square)
            {
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unpack512(ref readonly float source, int count, int samples, ref float destination, int sampleStride)
    {
        if (!Transposes512 || samples < Vector.Count || count < Square)
        {
            UnpackGroups(in source, count, samples, ref destination, sampleStride, Vector.Count);
            return;
        }

        nint stride = sampleStride;
        for (int i = 0; ; i += Square)
        {
            i = int.Min(i, count - Square);
            ref float column = ref Unsafe.Add(ref Unsafe.AsRef(in source), (nint)i * Vector.Count);
            Vector row0 = Simd.LoadUnsafe(ref column);
            Vector row1 = Simd.LoadUnsafe(ref column, (nuint)Vector.Count);
            Vector row2 = Simd.LoadUnsafe(ref column, 2 * (nuint)Vector.Count);
            Vector row3 = Simd.LoadUnsafe(ref column, 3 * (nuint)Vector.Count);
            Transpose(ref row0, ref row1, ref row2, ref row3);
            ref float row = ref Unsafe.Add(ref destination, i);
            Store(row0, ref row, 4 * stride);
            Store(row1, ref Unsafe.Add(ref row, stride), 4 * stride);
            Store(row2, ref Unsafe.Add(ref row, 2 * stride), 4 * stride);
            Store(row3, ref Unsafe.Add(ref row, 3 * stride), 4 * stride);
            if (i == count - Square)
            {
                return;
            }
        }
    }
}
