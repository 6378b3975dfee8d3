using System;
using System.Numerics;

namespace Strata.Onnx.Translation;

/// <summary>A fraction. Every finite float is one, so that arithmetic on constants of a file is exact.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    /// <summary>More bits come from formulas that nobody writes.</summary>
    private const long MostBits = 4096;

    /// <summary>Numbers count as the same constant if they differ by less than 2⁻²¹ of it: four roundings to a float.</summary>
    private const int CloseBits = 21;

    private readonly BigInteger _denominatorLessOne;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        common = denominator.Sign < 0 ? -common : common;
        (Numerator, _denominatorLessOne) = (numerator / common, (denominator / common) - 1);
        if (Numerator.GetBitLength() > MostBits || Denominator.GetBitLength() > MostBits)
        {
            throw new UnprovenException();
        }
    }

    public static Rational Zero => default;

    public static Rational One => new(1, 1);

    private BigInteger Numerator { get; }

    private BigInteger Denominator => _denominatorLessOne + 1;

    public int Sign => Numerator.Sign;

    public static implicit operator Rational(int value) => new(value, 1);

    public static Rational operator +(Rational x, Rational y) =>
        new((x.Numerator * y.Denominator) + (y.Numerator * x.Denominator), x.Denominator * y.Denominator);

    public static Rational operator -(Rational x) => new(-x.Numerator, x.Denominator);

    public static Rational operator -(Rational x, Rational y) => x + -y;

    public static Rational operator *(Rational x, Rational y) => new(x.Numerator * y.Numerator, x.Denominator * y.Denominator);

    public static Rational operator /(Rational x, Rational y) =>
        y.Sign == 0 ? throw new UnprovenException() : new(x.Numerator * y.Denominator, x.Denominator * y.Numerator);

    /// <summary>The number that a double is, exactly; a float is one, too.</summary>
    public static Rational From(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new UnprovenException();
        }

        long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & ((1L << 52) - 1);
        int exponent = (int)(bits >> 52) & 2047, power = Math.Max(exponent, 1) - 1075;
        BigInteger numerator = (exponent == 0 ? mantissa : mantissa | (1L << 52)) * (bits < 0 ? -1 : 1);
        return power >= 0 ? new(numerator << power, 1) : new(numerator, BigInteger.One << -power);
    }

    /// <summary>The nearest float. It may be infinite, or 0 for a number that is not.</summary>
    public float ToFloat()
    {
        // 64 bits of the quotient are more than a double has.
        int shift = (int)(Numerator.GetBitLength() - Denominator.GetBitLength()) - 64;
        BigInteger quotient = shift >= 0 ? Numerator / (Denominator << shift) : (Numerator << -shift) / Denominator;
        return (float)Math.ScaleB((double)quotient, shift);
    }

    public double Magnitude() => Math.Abs((double)ToFloat());

    /// <summary>Whether it is ±2ⁿ, by which floats are multiplied without rounding.</summary>
    public bool IsPowerOfTwo() => BigInteger.Abs(Numerator).IsPowerOfTwo && Denominator.IsPowerOfTwo;

    public bool IsClose(Rational other) =>
        BigInteger.Abs((this - other).Numerator) * other.Denominator << CloseBits
            <= BigInteger.Abs(other.Numerator) * (this - other).Denominator;

    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    public int CompareTo(Rational other) => (this - other).Sign;

    public override string ToString() => $"{Numerator}/{Denominator}";
}

/// <summary>A function cannot be brought into a form in which it could be compared.</summary>
internal sealed class UnprovenException : Exception;
