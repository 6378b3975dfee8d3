using System;

namespace Strata.Numerics.Tests.Oracle;

// Errors of the functions themselves are stated in units of u: half a unit in the last place, and rounded up.
internal sealed record Exp : ActivationLayer
{
    public override string Attribute => "Exp";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Exp(x);
        return (y, (Square(y) * variance) + Square(3 * Numbers.U * y));
    }

    /// <summary>The output.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (y, (Square(y) * varianceOfX) + varianceOfY);
}

internal sealed record Log : ActivationLayer
{
    public override string Attribute => "Log";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Log(x);
        return (y, (variance / Square(x)) + Square(5 * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (1 / x, (varianceOfX / Square(x * x)) + Square(2 * Numbers.U / x));
}

internal sealed record Sqrt : ActivationLayer
{
    public override string Attribute => "Sqrt";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Sqrt(x);
        return (y, (variance / (4 * x)) + Square(Numbers.U * y));
    }

    /// <summary>From the output, as 1/(2y).</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = 0.5 / y;
        return (slope, (varianceOfY * Square(slope / y)) + (varianceOfX * Square(slope / (2 * x))) + Square(2 * Numbers.U * slope));
    }
}

internal sealed record Abs : ActivationLayer
{
    public override string Attribute => "Abs";

    protected override (double Value, double Variance) Function(double x, double variance) => (Math.Abs(x), variance);

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (Math.Sign(x), IsNear(x, 0, varianceOfX) ? Numbers.EitherWay(2) : 0);
}

/// <summary>A wave. Its argument is reduced by multiples of π, so near a zero its error is absolute.</summary>
internal abstract record Wave(Func<double, double> Value, Func<double, double> Slope) : ActivationLayer
{
    private const double Error = 4 * Numbers.U;

    public override string Attribute => GetType().Name;

    protected override (double Value, double Variance) Function(double x, double variance) =>
        (Value(x), (Square(Slope(x)) * variance) + Square(Error));

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (Slope(x), (Square(Value(x)) * varianceOfX) + Square(Error));
}

internal sealed record Sin() : Wave(Math.Sin, Math.Cos)
{
    public static ActivationLayer[] Cases => [new Sin()];
}

internal sealed record Cos() : Wave(Math.Cos, x => -Math.Sin(x))
{
    public static ActivationLayer[] Cases => [new Cos()];
}

internal sealed record Erf : ActivationLayer
{
    public static ActivationLayer[] Cases => [new Erf()];

    public override string Attribute => "Erf";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Value(x);
        return (y, (Square(Slope(x)) * variance) + Square(4 * Numbers.U * y));
    }

    /// <summary>The square of x is rounded before the exponential is computed of it.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (Slope(x), Square(Slope(x)) * ((4 * x * x * varianceOfX) + Square((4 + (x * x)) * Numbers.U)));

    private static double Slope(double x) => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);

    /// <summary>Near 0 by its series, 2/√π·(x − x³/3 + x⁵/(2!·5) − …); elsewhere by the normal distribution.</summary>
    private static double Value(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return (2 * NormalDistribution.Cumulative(x * Math.Sqrt(2))) - 1;
        }

        double power = x, sum = x;
        for (int n = 1; n < 20; n++)
        {
            power *= -x * x / n;
            sum += power / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}

/// <summary>A function that jumps from one whole number to another. Its derivative is 0.</summary>
internal abstract record Steps(Func<double, double> Value) : ActivationLayer
{
    public override string Attribute => GetType().Name;

    /// <summary>Where it jumps, near a number.</summary>
    protected abstract double Edge(double x);

    /// <summary>How far.</summary>
    protected virtual double Jump => 1;

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        x = Numbers.Normal(x);
        return (Value(x), IsNear(x, Edge(x), variance) ? Numbers.EitherWay(Jump) : 0);
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) => (0, 0);
}

internal sealed record Floor() : Steps(Math.Floor)
{
    public static ActivationLayer[] Cases => [new Floor()];

    protected override double Edge(double x) => Math.Round(x);
}

internal sealed record Ceil() : Steps(Math.Ceiling)
{
    public static ActivationLayer[] Cases => [new Ceil()];

    protected override double Edge(double x) => Math.Round(x);
}

internal sealed record Round() : Steps(Math.Round)
{
    public static ActivationLayer[] Cases => [new Round()];

    protected override double Edge(double x) => Math.Floor(x) + 0.5;
}

internal sealed record Sign() : Steps(x => Math.Sign(x))
{
    public static ActivationLayer[] Cases => [new Sign()];

    protected override double Jump => 2;

    protected override double Edge(double x) => 0;
}

internal sealed record Not() : Steps(x => x == 0 ? 1 : 0)
{
    public static ActivationLayer[] Cases => [new Not()];

    /// <summary>It is not 0.</summary>
    public override double OfNaN => 0;

    protected override double Edge(double x) => 0;
}

internal sealed record Pow(double Exponent) : ActivationLayer
{
    /// <summary>Products of up to eight factors and a division, or the function of the runtime.</summary>
    private const int Roundings = 6;

    public override string Attribute => FormattableString.Invariant($"Pow({Exponent:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Pow(x, Exponent);
        return (y, (Square(Exponent * Math.Pow(x, Exponent - 1)) * variance) + Square(Roundings * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = Exponent * Math.Pow(x, Exponent - 1), curvature = Exponent * (Exponent - 1) * Math.Pow(x, Exponent - 2);
        double ofOutput = y == 0 ? 0 : slope / y;
        return (slope, (Square(curvature) * varianceOfX) + (Square(ofOutput) * varianceOfY) + Square(2 * Roundings * Numbers.U * slope));
    }
}

internal sealed record Affine(double A, double B) : ActivationLayer
{
    public override string Attribute => FormattableString.Invariant($"Affine({A:R}, {B:R})");

    /// <summary>The numbers are rounded, too.</summary>
    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double product = A * x, y = product + B;
        return (y, (Square(A) * variance) + Square(2 * Numbers.U * product) + Square(Numbers.U * B) + Square(Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (A, Square(Numbers.U * A));
}

/// <summary>NaN for a bound that is left out.</summary>
internal sealed record Clip(double Min = double.NaN, double Max = double.NaN) : ActivationLayer
{
    public override string Attribute => (double.IsNaN(Min), double.IsNaN(Max)) switch
    {
        (true, _) => FormattableString.Invariant($"Clip(Max = {Max:R})"),
        (_, true) => FormattableString.Invariant($"Clip(Min = {Min:R})"),
        _ => FormattableString.Invariant($"Clip(Min = {Min:R}, Max = {Max:R})"),
    };

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x < Min ? Min : x > Max ? Max : x;
        bool isOutside = y != x;
        return (y, (isOutside ? Square(Numbers.U * y) : 0) + (isOutside && !IsAtBound(x, variance) ? 0 : variance));
    }

    /// <summary>1 at the bounds. The bounds are rounded.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x < Min || x > Max ? 0 : 1, IsAtBound(x, varianceOfX) ? Numbers.EitherWay(1) : 0);

    private bool IsAtBound(double x, double variance) => IsNear(x, Min, variance) || IsNear(x, Max, variance);
}

/// <summary>A line with any slope, clamped to [0, 1].</summary>
internal sealed record HardSigmoidOf(double Alpha, double Beta) : ActivationLayer
{
    public override string Attribute => FormattableString.Invariant($"HardSigmoid({Alpha:R}, {Beta:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        (double z, double ofZ) = Line(x, variance);
        double y = Math.Clamp(z, 0, 1);
        return (y, z is > 0 and < 1 || IsNear(z, 0, ofZ) || IsNear(z, 1, ofZ) ? ofZ + Square(Numbers.U * y) : 0);
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        (double z, double ofZ) = Line(x, varianceOfX);
        return (z is > 0 and < 1 ? Alpha : 0,
            IsNear(z, 0, ofZ) || IsNear(z, 1, ofZ) ? Numbers.EitherWay(Alpha) : Square(Numbers.U * Alpha));
    }

    private (double Value, double Variance) Line(double x, double variance)
    {
        double product = Alpha * x, z = product + Beta;
        return (z, (Square(Alpha) * variance) + Square(2 * Numbers.U * product) + Square(Numbers.U * Beta) + Square(Numbers.U * z));
    }
}
