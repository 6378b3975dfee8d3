using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <summary>
/// Sums of products of small integers, several of which stand in each 32-bit lane: four bytes (<c>Quads</c>), or two numbers of 16 bits
/// (<c>Pairs</c>). The sums are exact in 32 bits, whatever the processor.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class IntegerProducts
{
    /// <summary>sum + x₀·w₀ + x₁·w₁ + x₂·w₂ + x₃·w₃ in each lane.</summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="x">Four unsigned bytes in each lane.</param>
    /// <param name="w">Four signed bytes in each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddQuads(Vector256<int> sum, Vector256<int> x, Vector256<int> w) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum, x.AsByte(), w.AsSByte())
        : sum + ((x & Vector256.Create(255)) * ((w << 24) >> 24)) + (((x >>> 8) & Vector256.Create(255)) * ((w << 16) >> 24))
            + (((x >>> 16) & Vector256.Create(255)) * ((w << 8) >> 24)) + ((x >>> 24) * (w >> 24));

    /// <inheritdoc cref="AddQuads(Vector256{int}, Vector256{int}, Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddQuads(Vector128<int> sum, Vector128<int> x, Vector128<int> w) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum, x.AsByte(), w.AsSByte())
        : sum + ((x & Vector128.Create(255)) * ((w << 24) >> 24)) + (((x >>> 8) & Vector128.Create(255)) * ((w << 16) >> 24))
            + (((x >>> 16) & Vector128.Create(255)) * ((w << 8) >> 24)) + ((x >>> 24) * (w >> 24));

    /// <inheritdoc cref="AddQuads(Vector256{int}, Vector256{int}, Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddQuads(Vector512<int> sum, Vector512<int> x, Vector512<int> w) => Vector512.Create(
        AddQuads(sum.GetLower(), x.GetLower(), w.GetLower()), AddQuads(sum.GetUpper(), x.GetUpper(), w.GetUpper()));

    /// <summary>sum + x₀·w₀ + x₁·w₁ in each lane.</summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="x">Two numbers of 16 bits in each lane, with signs.</param>
    /// <param name="w">Two numbers of 16 bits in each lane, with signs.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPairs(Vector256<int> sum, Vector256<int> x, Vector256<int> w) => sum + (Avx2.IsSupported
        ? Avx2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16())
        : (((x << 16) >> 16) * ((w << 16) >> 16)) + ((x >> 16) * (w >> 16)));

    /// <inheritdoc cref="AddPairs(Vector256{int}, Vector256{int}, Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddPairs(Vector128<int> sum, Vector128<int> x, Vector128<int> w) => sum + (Sse2.IsSupported
        ? Sse2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16())
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(
            AdvSimd.MultiplyWideningLower(x.AsInt16().GetLower(), w.AsInt16().GetLower()),
            AdvSimd.MultiplyWideningUpper(x.AsInt16(), w.AsInt16()))
        : (((x << 16) >> 16) * ((w << 16) >> 16)) + ((x >> 16) * (w >> 16)));

    /// <inheritdoc cref="AddPairs(Vector256{int}, Vector256{int}, Vector256{int})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> AddPairs(Vector512<int> sum, Vector512<int> x, Vector512<int> w) => sum + (Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16())
        : (((x << 16) >> 16) * ((w << 16) >> 16)) + ((x >> 16) * (w >> 16)));

    /// <summary>Writes integers as bytes, four to an <c>int</c>.</summary>
    /// <param name="target">The first of two integers.</param>
    /// <param name="x">Integers of 8 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(ref int target, Vector256<float> x)
    {
        Vector256<int> integers = ToIntegers(x) & Vector256.Create(255);
        Vector128<ushort> halves = Vector128.Narrow(integers.GetLower(), integers.GetUpper()).AsUInt16();
        Unsafe.As<int, long>(ref target) = Vector128.Narrow(halves, halves).AsInt64().ToScalar();
    }

    /// <summary>Writes integers as bytes, four to an <c>int</c>.</summary>
    /// <param name="target">The integer.</param>
    /// <param name="x">Integers of 8 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(ref int target, Vector128<float> x)
    {
        Vector128<int> integers = ToIntegers(x) & Vector128.Create(255);
        Vector128<ushort> halves = Vector128.Narrow(integers, integers).AsUInt16();
        target = Vector128.Narrow(halves, halves).AsInt32().ToScalar();
    }

    /// <summary>Writes integers as bytes, four to an <c>int</c>.</summary>
    /// <param name="target">The first of four integers.</param>
    /// <param name="x">Integers of 8 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(ref int target, Vector512<float> x)
    {
        Vector512<int> integers = ToIntegers(x);
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(integers).AsInt32().StoreUnsafe(ref target);
            return;
        }

        Vector256<ushort> halves = Vector256.Narrow(integers.GetLower(), integers.GetUpper()).AsUInt16() & Vector256.Create((ushort)255);
        Vector128.Narrow(halves.GetLower(), halves.GetUpper()).AsInt32().StoreUnsafe(ref target);
    }

    /// <summary>Writes integers as numbers of 16 bits, two to an <c>int</c>.</summary>
    /// <param name="target">The first of four integers.</param>
    /// <param name="x">Integers of 16 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(ref int target, Vector256<float> x)
    {
        Vector256<int> integers = ToIntegers(x);
        Vector128.Narrow(integers.GetLower(), integers.GetUpper()).AsInt32().StoreUnsafe(ref target);
    }

    /// <summary>Writes integers as numbers of 16 bits, two to an <c>int</c>.</summary>
    /// <param name="target">The first of two integers.</param>
    /// <param name="x">Integers of 16 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(ref int target, Vector128<float> x)
    {
        Vector128<int> integers = ToIntegers(x);
        Unsafe.As<int, long>(ref target) = Vector128.Narrow(integers, integers).AsInt64().ToScalar();
    }

    /// <summary>Writes integers as numbers of 16 bits, two to an <c>int</c>.</summary>
    /// <param name="target">The first of eight integers.</param>
    /// <param name="x">Integers of 16 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(ref int target, Vector512<float> x)
    {
        Vector512<int> integers = ToIntegers(x);
        Vector256.Narrow(integers.GetLower(), integers.GetUpper()).AsInt32().StoreUnsafe(ref target);
    }

    /// <summary>Sets all bytes of some memory.</summary>
    /// <param name="target">Its first integer.</param>
    /// <param name="length">How many integers it has.</param>
    /// <param name="value">The byte as a number.</param>
    public static void FillQuads(ref int target, int length, float value) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref target, length)).Fill((byte)value);
}
