using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989) in integers, with the roundings and the 16-bit overflows of
/// libjpeg-turbo's vectors (its "slow" method, which Pillow uses).
/// </summary>
internal static unsafe class InverseDct
{
    // Constants have 13 bits behind the point, numbers between the passes 2.
    private const int ConstantBits = 13, ExtraBits = 2, FirstShift = ConstantBits - ExtraBits, SecondShift = ConstantBits + ExtraBits + 3;

    // √2·cos or sums of these, times 2¹³: C6 is √2·cos(6π/16), and so on.
    private const short C6 = 4433, C2 = 10703, C3 = 9633, C3MinusC5 = -6436, C5 = 6437;

    private const short T0 = -4927, T1 = -4176, T2 = 4177, T3 = 4926, C7MinusC3 = -7373, MinusC1MinusC3 = -20995;

    private const ulong Centre = 0x8080808080808080;

    /// <summary>Computes 8×8 samples.</summary>
    /// <param name="block">Coefficients in natural order.</param>
    /// <param name="quantization">What they are multiplied by.</param>
    /// <param name="samples">Receives the samples.</param>
    /// <param name="stride">Bytes from row to row.</param>
    [SkipLocalsInit]
    public static void Transform(short* block, short* quantization, byte* samples, nint stride)
    {
        Vector128<short> r0 = Vector128.Load(block) * Vector128.Load(quantization);
        Vector128<short> r1 = Vector128.Load(block + 8), r2 = Vector128.Load(block + 16), r3 = Vector128.Load(block + 24);
        Vector128<short> r4 = Vector128.Load(block + 32), r5 = Vector128.Load(block + 40), r6 = Vector128.Load(block + 48);
        Vector128<short> r7 = Vector128.Load(block + 56);
        if ((r1 | r2 | r3 | r4 | r5 | r6 | r7) == Vector128<short>.Zero)
        {
            // All samples of a column are equal.
            r0 <<= ExtraBits;
            (r1, r2, r3) = (Vector128.Create(r0[1]), Vector128.Create(r0[2]), Vector128.Create(r0[3]));
            (r4, r5, r6) = (Vector128.Create(r0[4]), Vector128.Create(r0[5]), Vector128.Create(r0[6]));
            (r7, r0) = (Vector128.Create(r0[7]), Vector128.Create(r0[0]));
        }
        else
        {
            r1 *= Vector128.Load(quantization + 8);
            r2 *= Vector128.Load(quantization + 16);
            r3 *= Vector128.Load(quantization + 24);
            r4 *= Vector128.Load(quantization + 32);
            r5 *= Vector128.Load(quantization + 40);
            r6 *= Vector128.Load(quantization + 48);
            r7 *= Vector128.Load(quantization + 56);
            Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, FirstShift);
            Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        }

        Pass(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7, SecondShift);
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Store(r0, r1, samples, stride);
        Store(r2, r3, samples + (2 * stride), stride);
        Store(r4, r5, samples + (4 * stride), stride);
        Store(r6, r7, samples + (6 * stride), stride);
    }

    /// <summary>Computes 8×8 samples of a block that has its first coefficient only: all are equal.</summary>
    public static void Fill(int coefficient, short* quantization, byte* samples, nint stride)
    {
        short scaled = (short)((short)(coefficient * quantization[0]) << ExtraBits);
        int sample = int.Clamp((scaled + 16) >> 5, sbyte.MinValue, sbyte.MaxValue) + 128;
        ulong row = (uint)sample * 0x0101010101010101UL;
        for (int i = 0; i < Frame.BlockSize; i++)
        {
            Unsafe.WriteUnaligned(samples + (i * stride), row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<short> first, Vector128<short> second, byte* samples, nint stride)
    {
        Vector128<ulong> rows = Lanes.Narrow(first, second).AsUInt64() ^ Vector128.Create(Centre);
        Unsafe.WriteUnaligned(samples, rows[0]);
        Unsafe.WriteUnaligned(samples + stride, rows[1]);
    }

    /// <summary>Transforms the eight columns, whose rows are the vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3,
        ref Vector128<short> r4, ref Vector128<short> r5, ref Vector128<short> r6, ref Vector128<short> r7, int shift)
    {
        (Vector128<int> e3l, Vector128<int> e3u) = Lanes.Rotate(r2, r6, C2, C6);
        (Vector128<int> e2l, Vector128<int> e2u) = Lanes.Rotate(r2, r6, C6, C6 - 15137);
        Vector128<short> sum = r0 + r4, difference = r0 - r4;
        Vector128<int> round = Vector128.Create(1 << (shift - 1));
        Vector128<int> e0l = (Vector128.WidenLower(sum) << ConstantBits) + round, e0u = (Vector128.WidenUpper(sum) << ConstantBits) + round;
        Vector128<int> e1l = (Vector128.WidenLower(difference) << ConstantBits) + round;
        Vector128<int> e1u = (Vector128.WidenUpper(difference) << ConstantBits) + round;

        Vector128<short> z3 = r7 + r3, z4 = r5 + r1;
        (Vector128<int> z3l, Vector128<int> z3u) = Lanes.Rotate(z3, z4, C3MinusC5, C3);
        (Vector128<int> z4l, Vector128<int> z4u) = Lanes.Rotate(z3, z4, C3, C5);
        (Vector128<int> o0l, Vector128<int> o0u) = Lanes.Rotate(r7, r1, T0, C7MinusC3);
        (Vector128<int> o1l, Vector128<int> o1u) = Lanes.Rotate(r5, r3, T1, MinusC1MinusC3);
        (Vector128<int> o2l, Vector128<int> o2u) = Lanes.Rotate(r5, r3, MinusC1MinusC3, T2);
        (Vector128<int> o3l, Vector128<int> o3u) = Lanes.Rotate(r7, r1, C7MinusC3, T3);
        (r0, r7) = Butterfly(e0l + e3l, e0u + e3u, o3l + z4l, o3u + z4u, shift);
        (r1, r6) = Butterfly(e1l + e2l, e1u + e2u, o2l + z3l, o2u + z3u, shift);
        (r2, r5) = Butterfly(e1l - e2l, e1u - e2u, o1l + z4l, o1u + z4u, shift);
        (r3, r4) = Butterfly(e0l - e3l, e0u - e3u, o0l + z3l, o0u + z3u, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Sum, Vector128<short> Difference) Butterfly(
        Vector128<int> evenLower, Vector128<int> evenUpper, Vector128<int> oddLower, Vector128<int> oddUpper, int shift) =>
        (Lanes.Narrow((evenLower + oddLower) >> shift, (evenUpper + oddUpper) >> shift),
            Lanes.Narrow((evenLower - oddLower) >> shift, (evenUpper - oddUpper) >> shift));

    /// <summary>Three times, each row is zipped with the one four rows below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3,
        ref Vector128<short> r4, ref Vector128<short> r5, ref Vector128<short> r6, ref Vector128<short> r7)
    {
        Zip(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Zip(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        Zip(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zip(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3,
        ref Vector128<short> r4, ref Vector128<short> r5, ref Vector128<short> r6, ref Vector128<short> r7)
    {
        Vector128<short> z0 = Lanes.ZipLower(r0, r4), z1 = Lanes.ZipUpper(r0, r4), z2 = Lanes.ZipLower(r1, r5), z3 = Lanes.ZipUpper(r1, r5);
        (r4, r5) = (Lanes.ZipLower(r2, r6), Lanes.ZipUpper(r2, r6));
        (r6, r7) = (Lanes.ZipLower(r3, r7), Lanes.ZipUpper(r3, r7));
        (r0, r1, r2, r3) = (z0, z1, z2, z3);
    }
}
