using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <summary>The random bits of dropout, one sample in each lane.</summary>
/// <remarks>
/// A sample's bits depend on the seed, the pass, its place in the batch, the layer and the element, and on nothing else: not on the
/// tier, the number of threads or the order of computation. They are the first word of Threefry-2x32 (see <see cref="Threefry"/>)
/// with a key of seed, pass and layer, and the counter (element, sample).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RandomLanes
{
    /// <summary>32 random bits for each of the 16 samples from <see cref="StepContext.FirstSample"/> on.</summary>
    /// <param name="step">The pass and the block's first sample.</param>
    /// <param name="layer">Number of the layer, 0 to 65535.</param>
    /// <param name="element">Index of the element in the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Bits512(in StepContext step, int layer, int element)
    {
        ulong key = Key(step, layer);
        return Encrypt(
            Vector512.Create((uint)element),
            Vector512.Create((uint)step.FirstSample) + Vector512<uint>.Indices,
            (uint)key,
            (uint)(key >> 32));
    }

    /// <summary>32 random bits for each of the 8 samples from <see cref="StepContext.FirstSample"/> on.</summary>
    /// <param name="step">The pass and the block's first sample.</param>
    /// <param name="layer">Number of the layer, 0 to 65535.</param>
    /// <param name="element">Index of the element in the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Bits256(in StepContext step, int layer, int element)
    {
        ulong key = Key(step, layer);
        return Encrypt(
            Vector256.Create((uint)element),
            Vector256.Create((uint)step.FirstSample) + Vector256<uint>.Indices,
            (uint)key,
            (uint)(key >> 32));
    }

    /// <summary>32 random bits for each of the 4 samples from <see cref="StepContext.FirstSample"/> on.</summary>
    /// <param name="step">The pass and the block's first sample.</param>
    /// <param name="layer">Number of the layer, 0 to 65535.</param>
    /// <param name="element">Index of the element in the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Bits128(in StepContext step, int layer, int element)
    {
        ulong key = Key(step, layer);
        return Encrypt(
            Vector128.Create((uint)element),
            Vector128.Create((uint)step.FirstSample) + Vector128<uint>.Indices,
            (uint)key,
            (uint)(key >> 32));
    }

    // Passes and layers of one seed never share a key: the mixing (the finaliser of SplitMix64; Steele, Lea and Flood 2014) is a bijection.
    private static ulong Key(in StepContext step, int layer)
    {
        ulong z = ((ulong)step.Pass << 16) + (uint)layer + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return step.Seed ^ z ^ (z >> 31);
    }

    private static Vector512<uint> Encrypt(Vector512<uint> x0, Vector512<uint> x1, uint key0, uint key1)
    {
        Vector512<uint> k0 = Vector512.Create(key0), k1 = Vector512.Create(key1), k2 = Vector512.Create(Threefry.Parity ^ key0 ^ key1);
        x0 += k0;
        x1 += k1;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k1;
        x1 += k2 + Vector512.Create(1u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k2;
        x1 += k0 + Vector512.Create(2u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k0;
        x1 += k1 + Vector512.Create(3u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k1;
        x1 += k2 + Vector512.Create(4u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        return x0 + k2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref Vector512<uint> x0,
        ref Vector512<uint> x1,
        [ConstantExpected] byte r0,
        [ConstantExpected] byte r1,
        [ConstantExpected] byte r2,
        [ConstantExpected] byte r3)
    {
        x0 += x1;
        x1 = RotateLeft(x1, r0) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r1) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r2) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r3) ^ x0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> RotateLeft(Vector512<uint> x, [ConstantExpected] byte count) =>
        Avx512F.IsSupported ? Avx512F.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));

    private static Vector256<uint> Encrypt(Vector256<uint> x0, Vector256<uint> x1, uint key0, uint key1)
    {
        Vector256<uint> k0 = Vector256.Create(key0), k1 = Vector256.Create(key1), k2 = Vector256.Create(Threefry.Parity ^ key0 ^ key1);
        x0 += k0;
        x1 += k1;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k1;
        x1 += k2 + Vector256.Create(1u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k2;
        x1 += k0 + Vector256.Create(2u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k0;
        x1 += k1 + Vector256.Create(3u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k1;
        x1 += k2 + Vector256.Create(4u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        return x0 + k2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref Vector256<uint> x0,
        ref Vector256<uint> x1,
        [ConstantExpected] byte r0,
        [ConstantExpected] byte r1,
        [ConstantExpected] byte r2,
        [ConstantExpected] byte r3)
    {
        x0 += x1;
        x1 = RotateLeft(x1, r0) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r1) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r2) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r3) ^ x0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));

    private static Vector128<uint> Encrypt(Vector128<uint> x0, Vector128<uint> x1, uint key0, uint key1)
    {
        Vector128<uint> k0 = Vector128.Create(key0), k1 = Vector128.Create(key1), k2 = Vector128.Create(Threefry.Parity ^ key0 ^ key1);
        x0 += k0;
        x1 += k1;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k1;
        x1 += k2 + Vector128.Create(1u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k2;
        x1 += k0 + Vector128.Create(2u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k0;
        x1 += k1 + Vector128.Create(3u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k1;
        x1 += k2 + Vector128.Create(4u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        return x0 + k2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref Vector128<uint> x0,
        ref Vector128<uint> x1,
        [ConstantExpected] byte r0,
        [ConstantExpected] byte r1,
        [ConstantExpected] byte r2,
        [ConstantExpected] byte r3)
    {
        x0 += x1;
        x1 = RotateLeft(x1, r0) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r1) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r2) ^ x0;
        x0 += x1;
        x1 = RotateLeft(x1, r3) ^ x0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateLeft(Vector128<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));
}
