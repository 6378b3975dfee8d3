using System.Numerics;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// Sets numbers that shrink at each step to 0 before they become denormal. Processors are many times slower with denormal numbers. Besides,
/// rounding stops the decay there: with the smallest denormal number ε, 0.9·ε is rounded to ε. Where the processor flushes denormal numbers
/// (<see cref="Denormals"/>), neither happens; browsers have no such mode, and results must not depend on it.
/// </summary>
internal static class Fading
{
    /// <summary>
    /// 2⁻¹²⁴. Smaller numbers become 0. Denormal numbers begin below 2⁻¹²⁶, so a number that is kept may still shrink to a quarter.
    /// </summary>
    public const float Least = 4.70197740328915e-38f;

    /// <summary>The numbers, or 0 if their magnitude is below <see cref="Least"/>. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Flush(Vector<float> values) => Flush(values, new Vector<float>(Least));

    /// <summary>The numbers, or 0 if their magnitude is below a limit. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Flush(Vector<float> values, Vector<float> limit) =>
        Vector.AndNot(values, Vector.AsVectorSingle(Vector.LessThan(Vector.Abs(values), limit)));

    /// <summary>The number, or 0 if its magnitude is below <see cref="Least"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Flush(double value) => value is > -Least and < Least ? 0 : (float)value;
}
