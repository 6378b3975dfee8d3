using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Simd = System.Runtime.Intrinsics.Vector512;
using Words = System.Runtime.Intrinsics.Vector512<uint>;

namespace Strata.CompilerServices;

/// <content>Random bits for one vector width.</content>
public static partial class RandomLanes
{
    /// <summary>32 random bits per lane. The lanes are samples, from <see cref="StepContext.FirstSample"/> on.</summary>
    /// <param name="step">The pass and the block's first sample.</param>
    /// <param name="layer">Number of the layer, 0 to 65535.</param>
    /// <param name="element">Index of the element in the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Bits512(in StepContext step, int layer, int element)
    {
        ulong key = Key(step, layer);
        return Encrypt(
            Simd.Create((uint)element),
            Simd.Create((uint)step.FirstSample) + Words.Indices,
            (uint)key,
            (uint)(key >> 32));
    }

    /// <summary>32 random bits per lane. The lanes are elements of one sample, <see cref="StepContext.FirstSample"/>.</summary>
    /// <param name="step">The pass and the sample.</param>
    /// <param name="layer">Number of the layer, 0 to 65535.</param>
    /// <param name="element">Index of the first lane's element in the sample.</param>
    /// <param name="stride">From one lane's element to the next one's; 0 if all lanes share one element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words ElementBits512(in StepContext step, int layer, int element, int stride)
    {
        ulong key = Key(step, layer);
        return Encrypt(
            Simd.Create((uint)element) + (Words.Indices * (uint)stride),
            Simd.Create((uint)step.FirstSample),
            (uint)key,
            (uint)(key >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Words Encrypt(Words x0, Words x1, uint key0, uint key1)
    {
        Words k0 = Simd.Create(key0), k1 = Simd.Create(key1), k2 = Simd.Create(Threefry.Parity ^ key0 ^ key1);
        x0 += k0;
        x1 += k1;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k1;
        x1 += k2 + Simd.Create(1u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k2;
        x1 += k0 + Simd.Create(2u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += k0;
        x1 += k1 + Simd.Create(3u);
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += k1;
        x1 += k2 + Simd.Create(4u);
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        return x0 + k2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(
        ref Words x0,
        ref Words x1,
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
}
