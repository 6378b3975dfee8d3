using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// The vector functions that generated loops call, but for single floats. They serve steps that have too few independent elements to fill
/// the lanes of a vector.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Scalar
{
    /// <summary>The value itself.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Create(float value) => value;

    /// <summary>The larger one; NaN if one of them is.</summary>
    /// <param name="left">Any number.</param>
    /// <param name="right">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float left, float right) => float.Max(left, right);

    /// <summary>The smaller one; NaN if one of them is.</summary>
    /// <param name="left">Any number.</param>
    /// <param name="right">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float left, float right) => float.Min(left, right);

    /// <summary>The absolute value.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float value) => float.Abs(value);

    /// <summary>The square root; NaN below 0.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float value) => float.Sqrt(value);

    /// <summary>The largest whole number that is not above the value.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Floor(float value) => float.Floor(value);

    /// <summary>The nearest whole number; of two, the even one.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float value) => float.Round(value);

    /// <summary>The sum of all lanes: the value itself.</summary>
    /// <param name="value">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float value) => value;

    /// <summary>left · right + addend, rounded once or twice, whichever is faster on the processor.</summary>
    /// <param name="left">Any number.</param>
    /// <param name="right">Any number.</param>
    /// <param name="addend">Any number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAddEstimate(float left, float right, float addend) => float.MultiplyAddEstimate(left, right, addend);
}
