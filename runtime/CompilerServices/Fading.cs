using System.Numerics;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// Keeps numbers that shrink by a factor at each step from fading through the denormal numbers, on which processors are many times slower,
/// and where rounding (0.9·ε is ε) would hold them for good.
/// </summary>
internal static class Fading
{
    /// <summary>
    /// 2⁻¹²⁴: what is smaller counts as 0. A number that is kept may shrink to a quarter and still be no denormal number,
    /// which begin below 2⁻¹²⁶.
    /// </summary>
    public const float Least = 4.70197740328915e-38f;

    /// <summary>The numbers, 0 where they are smaller than <see cref="Least"/>. What is not a number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Flush(Vector<float> values) => Flush(values, new Vector<float>(Least));

    /// <summary>The numbers, 0 where they are smaller than a limit. What is not a number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Flush(Vector<float> values, Vector<float> limit) =>
        Vector.AndNot(values, Vector.AsVectorSingle(Vector.LessThan(Vector.Abs(values), limit)));

    /// <summary>The number, or 0 where it is smaller than <see cref="Least"/>.</summary>
    public static float Flush(double value) => value is > -Least and < Least ? 0 : (float)value;
}
