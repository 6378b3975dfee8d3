using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Simd = System.Runtime.Intrinsics.Vector512;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Strata.CompilerServices;

/// <summary>Long sums side by side, one in each lane, each like a <see cref="BlockSum"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct BlockSum512
{
    private Doubles _lower, _upper;

    /// <summary>The sums so far, each rounded.</summary>
    public readonly Vector Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Simd.Narrow(_lower, _upper);
    }

    /// <summary>Adds a block to each.</summary>
    /// <param name="block">The blocks' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector block)
    {
        _lower += Simd.WidenLower(block);
        _upper += Simd.WidenUpper(block);
    }

    /// <summary>
    /// Adds to sums in memory with what was rounded off them so far (Kahan 1965), for those that come together in no order: the error is at
    /// most 2·2⁻²⁴·Σ|terms| (and n·2⁻⁴⁸ of it for n terms). An infinity stays one.
    /// </summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="lost">What they are too large by; 0 at first.</param>
    /// <param name="term">Is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float sum, ref float lost, Vector term)
    {
        var before = Simd.LoadUnsafe(ref sum);
        term -= Simd.LoadUnsafe(ref lost);
        Vector after = before + term, excess = after - before - term;
        after.StoreUnsafe(ref sum);
        (excess & Simd.LessThan(Simd.Abs(excess), Simd.Create(float.PositiveInfinity))).StoreUnsafe(ref lost);
    }

    /// <summary>The sum of all lanes, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Sum() => (float)(Simd.Sum(_lower) + Simd.Sum(_upper));
}
