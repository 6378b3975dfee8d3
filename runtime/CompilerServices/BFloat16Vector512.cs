using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <summary>Weights in bfloat16, the upper halves of floats, as vectors of 512 bits.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BFloat16Vector512
{
    /// <summary>Sixteen weights as floats.</summary>
    /// <param name="source">The first of the weights, which follow one another in memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadUnsafe(ref readonly ushort source) => LoadUnsafe(in source, 0);

    /// <summary>Sixteen weights as floats, from an offset on.</summary>
    /// <param name="source">The weight with offset 0.</param>
    /// <param name="elementOffset">The offset of the first weight to read, in weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadUnsafe(ref readonly ushort source, nuint elementOffset) =>
        (Vector512.WidenLower(Vector256.LoadUnsafe(in source, elementOffset).ToVector512Unsafe()) << 16).AsSingle();
}

/// <summary>Weights in bfloat16, the upper halves of floats, as vectors of 256 bits.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BFloat16Vector256
{
    /// <summary>Eight weights as floats.</summary>
    /// <param name="source">The first of the weights, which follow one another in memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadUnsafe(ref readonly ushort source) => LoadUnsafe(in source, 0);

    /// <summary>Eight weights as floats, from an offset on.</summary>
    /// <param name="source">The weight with offset 0.</param>
    /// <param name="elementOffset">The offset of the first weight to read, in weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadUnsafe(ref readonly ushort source, nuint elementOffset) =>
        (Vector256.WidenLower(Vector128.LoadUnsafe(in source, elementOffset).ToVector256Unsafe()) << 16).AsSingle();
}

/// <summary>Weights in bfloat16, the upper halves of floats, as vectors of 128 bits.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BFloat16Vector128
{
    /// <summary>Four weights as floats.</summary>
    /// <param name="source">The first of the weights, which follow one another in memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadUnsafe(ref readonly ushort source) => LoadUnsafe(in source, 0);

    /// <summary>Four weights as floats, from an offset on.</summary>
    /// <param name="source">The weight with offset 0.</param>
    /// <param name="elementOffset">The offset of the first weight to read, in weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadUnsafe(ref readonly ushort source, nuint elementOffset)
    {
        // x86 has no vectors of 64 bits: load 8 bytes as a number.
        ref byte first = ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref Unsafe.AsRef(in source), elementOffset));
        return (Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref first)).AsUInt16()) << 16).AsSingle();
    }
}
