using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <summary>The random bits of dropout. The lanes are samples, or elements of one sample.</summary>
/// <remarks>
/// The bits depend only on the seed, the pass, the sample's place in the batch, the layer and the element. They do not depend on the tier,
/// the number of threads or the order of computation. They are the first word of Threefry-2x32 (see <see cref="Threefry"/>) with a key of
/// seed, pass and layer, and the counter (element, sample).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class RandomLanes
{
    // Two passes or layers with one seed never have the same key, since the mixing (the finaliser of SplitMix64; Steele, Lea and Flood
    // 2014) is a bijection.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Key(in StepContext step, int layer)
    {
        ulong z = ((ulong)step.Pass << 16) + (uint)layer + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return step.Seed ^ z ^ (z >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> RotateLeft(Vector512<uint> x, [ConstantExpected] byte count) =>
        Avx512F.IsSupported ? Avx512F.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateLeft(Vector128<uint> x, [ConstantExpected] byte count) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >>> (32 - count));
}
