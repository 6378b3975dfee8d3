using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Simd = System.Runtime.Intrinsics.Vector512;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Strata.CompilerServices;

/// <summary>Several long sums side by side. Each lane is a sum like <see cref="BlockSum"/>.</summary>
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

    /// <summary>Adds a block to each sum.</summary>
    /// <param name="block">The blocks' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector block)
    {
        _lower += Simd.WidenLower(block);
        _upper += Simd.WidenUpper(block);
    }

    /// <summary>
    /// Compensated summation (Kahan 1965) in memory, for terms that come in any order. It adds a term, and keeps what was rounded off. The
    /// error is at most 2·2⁻²⁴·Σ|terms|, plus n·2⁻⁴⁸·Σ|terms| for n terms. An infinite sum stays infinite.
    /// </summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="lost">By how much the sums are too large; 0 at first.</param>
    /// <param name="term">The term.</param>
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
