using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Strata.Imaging.Jpeg;

/// <summary>Operations on vectors that .NET has under different names for each processor. All give the same results.</summary>
internal static class Lanes
{
    /// <summary>a·factorA + b·factorB in 32 bits, for the lower and the upper lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<int> Lower, Vector128<int> Upper) Rotate(Vector128<short> a, Vector128<short> b, short factorA, short factorB)
    {
        if (Sse2.IsSupported)
        {
            Vector128<short> factors = Vector128.Create((factorA & 0xFFFF) | (factorB << 16)).AsInt16();
            return (Sse2.MultiplyAddAdjacent(Sse2.UnpackLow(a, b), factors), Sse2.MultiplyAddAdjacent(Sse2.UnpackHigh(a, b), factors));
        }

        return ((Vector128.WidenLower(a) * factorA) + (Vector128.WidenLower(b) * factorB),
            (Vector128.WidenUpper(a) * factorA) + (Vector128.WidenUpper(b) * factorB));
    }

    /// <summary>Both vectors' lanes in 16 bits; what does not fit becomes the nearest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Narrow(Vector128<int> lower, Vector128<int> upper) =>
        Sse2.IsSupported ? Sse2.PackSignedSaturate(lower, upper) : Vector128.NarrowWithSaturation(lower, upper);

    /// <summary>Both vectors' lanes as signed bytes; what does not fit becomes the nearest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Narrow(Vector128<short> lower, Vector128<short> upper) =>
        Sse2.IsSupported ? Sse2.PackSignedSaturate(lower, upper) : Vector128.NarrowWithSaturation(lower, upper);

    /// <summary>Both vectors' lanes as bytes; what does not fit becomes 0 or 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowToBytes(Vector128<short> lower, Vector128<short> upper)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.PackUnsignedSaturate(lower, upper);
        }

        var most = Vector128.Create((short)byte.MaxValue);
        return Vector128.Narrow(Vector128.Min(Vector128.Max(lower, Vector128<short>.Zero), most).AsUInt16(),
            Vector128.Min(Vector128.Max(upper, Vector128<short>.Zero), most).AsUInt16());
    }

    /// <summary>The high 16 bits of the products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, short factor)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyHigh(a, Vector128.Create(factor));
        }

        return Vector128.Narrow((Vector128.WidenLower(a) * factor) >> 16, (Vector128.WidenUpper(a) * factor) >> 16);
    }

    /// <summary>The lower lanes of both vectors in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ZipLower(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.UnpackLow(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipLow(a, b);
        }

        return ((Vector128.WidenLower(a) & Vector128.Create(0xFFFF)) | (Vector128.WidenLower(b) << 16)).AsInt16();
    }

    /// <summary>The upper lanes of both vectors in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ZipUpper(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.UnpackHigh(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipHigh(a, b);
        }

        return ((Vector128.WidenUpper(a) & Vector128.Create(0xFFFF)) | (Vector128.WidenUpper(b) << 16)).AsInt16();
    }
}
