using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// A long sum of floats. Generated code adds blocks of a few terms in single precision, and this type adds the blocks in double precision.
/// With blocks of at most B terms the error is at most B·2⁻²⁴·Σ|terms|, however many terms there are (up to 2²⁹ blocks). An infinite sum
/// stays infinite.
/// </summary>
/// <remarks>
/// The bound adds B − 1 roundings in each block (Higham 2002, section 4.2) and the rounding of the result. The roundings in double
/// precision are 2²⁹ times smaller.
/// </remarks>
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

    /// <summary>The sum of all lanes. There is only one lane.</summary>
    public readonly float Sum() => (float)_sum;
}
