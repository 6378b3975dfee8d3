using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <summary>
/// A long sum of floats: generated code adds up blocks of few terms in single precision and then the blocks here, in double precision. With
/// blocks of at most B terms the error is at most B·2⁻²⁴·Σ|terms|, however many terms there are (up to 2²⁹ blocks). An infinity stays one.
/// </summary>
/// <remarks>The bound: B − 1 roundings of each block, Higham 2002, section 4.2, and that of the result; those in between are 2²⁹ times smaller.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct BlockSum
{
    private double _sum;

    /// <summary>The sum so far, rounded.</summary>
    public readonly float Value => (float)_sum;

    /// <summary>Adds a block.</summary>
    /// <param name="block">Its sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float block) => _sum += block;

    /// <summary>The sum of all lanes: the only one.</summary>
    public readonly float Sum() => (float)_sum;
}

/// <summary>16 long sums side by side, each like a <see cref="BlockSum"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct BlockSum512
{
    private Vector512<double> _lower, _upper;

    /// <summary>The sums so far, each rounded.</summary>
    public readonly Vector512<float> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Narrow(_lower, _upper);
    }

    /// <summary>Adds a block to each.</summary>
    /// <param name="block">The blocks' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> block)
    {
        _lower += Vector512.WidenLower(block);
        _upper += Vector512.WidenUpper(block);
    }

    /// <summary>
    /// Adds to sums in memory with what was rounded off them so far (Kahan 1965), for those that come together in no order: the error is at
    /// most 2·2⁻²⁴·Σ|terms| (and n·2⁻⁴⁸ of it for n terms). An infinity stays one.
    /// </summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="lost">What they are too large by; 0 at first.</param>
    /// <param name="term">Is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float sum, ref float lost, Vector512<float> term)
    {
        var before = Vector512.LoadUnsafe(ref sum);
        term -= Vector512.LoadUnsafe(ref lost);
        Vector512<float> after = before + term, excess = after - before - term;
        after.StoreUnsafe(ref sum);
        (excess & Vector512.LessThan(Vector512.Abs(excess), Vector512.Create(float.PositiveInfinity))).StoreUnsafe(ref lost);
    }

    /// <summary>The sum of all lanes, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Sum() => (float)(Vector512.Sum(_lower) + Vector512.Sum(_upper));
}

/// <summary>8 long sums side by side, each like a <see cref="BlockSum"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct BlockSum256
{
    private Vector256<double> _lower, _upper;

    /// <summary>The sums so far, each rounded.</summary>
    public readonly Vector256<float> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Narrow(_lower, _upper);
    }

    /// <summary>Adds a block to each.</summary>
    /// <param name="block">The blocks' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<float> block)
    {
        _lower += Vector256.WidenLower(block);
        _upper += Vector256.WidenUpper(block);
    }

    /// <summary>
    /// Adds to sums in memory with what was rounded off them so far (Kahan 1965), for those that come together in no order: the error is at
    /// most 2·2⁻²⁴·Σ|terms| (and n·2⁻⁴⁸ of it for n terms). An infinity stays one.
    /// </summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="lost">What they are too large by; 0 at first.</param>
    /// <param name="term">Is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float sum, ref float lost, Vector256<float> term)
    {
        var before = Vector256.LoadUnsafe(ref sum);
        term -= Vector256.LoadUnsafe(ref lost);
        Vector256<float> after = before + term, excess = after - before - term;
        after.StoreUnsafe(ref sum);
        (excess & Vector256.LessThan(Vector256.Abs(excess), Vector256.Create(float.PositiveInfinity))).StoreUnsafe(ref lost);
    }

    /// <summary>The sum of all lanes, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Sum() => (float)(Vector256.Sum(_lower) + Vector256.Sum(_upper));
}

/// <summary>4 long sums side by side, each like a <see cref="BlockSum"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct BlockSum128
{
    private Vector128<double> _lower, _upper;

    /// <summary>The sums so far, each rounded.</summary>
    public readonly Vector128<float> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Narrow(_lower, _upper);
    }

    /// <summary>Adds a block to each.</summary>
    /// <param name="block">The blocks' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector128<float> block)
    {
        _lower += Vector128.WidenLower(block);
        _upper += Vector128.WidenUpper(block);
    }

    /// <summary>
    /// Adds to sums in memory with what was rounded off them so far (Kahan 1965), for those that come together in no order: the error is at
    /// most 2·2⁻²⁴·Σ|terms| (and n·2⁻⁴⁸ of it for n terms). An infinity stays one.
    /// </summary>
    /// <param name="sum">The sums so far.</param>
    /// <param name="lost">What they are too large by; 0 at first.</param>
    /// <param name="term">Is added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref float sum, ref float lost, Vector128<float> term)
    {
        var before = Vector128.LoadUnsafe(ref sum);
        term -= Vector128.LoadUnsafe(ref lost);
        Vector128<float> after = before + term, excess = after - before - term;
        after.StoreUnsafe(ref sum);
        (excess & Vector128.LessThan(Vector128.Abs(excess), Vector128.Create(float.PositiveInfinity))).StoreUnsafe(ref lost);
    }

    /// <summary>The sum of all lanes, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Sum() => (float)(Vector128.Sum(_lower) + Vector128.Sum(_upper));
}
