using System;

namespace Strata.Numerics.Tests.Oracle;

// Errors of the functions themselves are stated in units of u: half a unit in the last place, and rounded up.
internal sealed record LeakyReLU(double Slope = 0.01) : ActivationLayer
{
    public override string Attribute => Slope == 0.01 ? "LeakyReLU" : FormattableString.Invariant($"LeakyReLU({Slope:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double slope = IsNear(x, 0, variance) ? Math.Max(1, Math.Abs(Slope)) : x > 0 ? 1 : Slope;
        return x > 0
            ? (x, Square(slope) * variance)
            : (Slope * x, (Square(slope) * variance) + Square(2 * Numbers.U * Slope * x));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x > 0 ? 1 : Slope, IsNear(x, 0, varianceOfX) ? Numbers.EitherWay(1 - Slope) : x > 0 ? 0 : Square(2 * Numbers.U * Slope));
}

internal sealed record ELU(double Alpha = 1) : ActivationLayer
{
    public override string Attribute => Alpha == 1 ? "ELU" : FormattableString.Invariant($"ELU({Alpha:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x > 0 ? x : Alpha * Expm1(x);
        double slope = IsNear(x, 0, variance) ? Math.Max(1, Math.Abs(Alpha)) : x > 0 ? 1 : Alpha * Math.Exp(x);
        return (y, (Square(slope) * variance) + (x > 0 ? 0 : Square(6 * Numbers.U * y)));
    }

    /// <summary>As y + alpha: errors are those of numbers as large as alpha.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = x > 0 ? 1 : Alpha * Math.Exp(x);
        double variance = x > 0 ? 0 : varianceOfY + (Square(slope) * varianceOfX) + Square(4 * Numbers.U * Alpha);
        return (slope, variance + (IsNear(x, 0, varianceOfX) ? Numbers.EitherWay(1 - Alpha) : 0));
    }
}

internal sealed record Softplus(double Beta = 1, double Threshold = 20) : ActivationLayer
{
    public override string Attribute => (Beta, Threshold) switch
    {
        (1, 20) => "Softplus",
        (_, 20) => FormattableString.Invariant($"Softplus(Beta = {Beta:R})"),
        _ => FormattableString.Invariant($"Softplus(Beta = {Beta:R}, Threshold = {Threshold:R})"),
    };

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double z = Beta * x, s = Logistic(z);
        double jump = IsNear(z, Threshold, VarianceOfProduct(z, variance)) ? Log1p(Math.Exp(-Threshold)) / Beta : 0;
        if (z > Threshold)
        {
            return (x, variance + Numbers.EitherWay(jump));
        }

        double y = z > 40 ? x : Log1p(Math.Exp(z)) / Beta;
        return (y, (Square(s / Beta) * VarianceOfProduct(z, variance)) + Square(8 * Numbers.U * y) + Numbers.EitherWay(jump));
    }

    /// <summary>From the input by the sigmoid of beta·x, or from the output as 1 − e^(−beta·y).</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double z = Beta * x, s = Logistic(z);
        double variance = (Square(s * (1 - s)) * VarianceOfProduct(z, varianceOfX)) + (Square((1 - s) * Beta) * varianceOfY)
            + Square(8 * Numbers.U * s);
        double jump = IsNear(z, Threshold, VarianceOfProduct(z, varianceOfX)) ? 1 - s : 0;
        return (z > Threshold ? 1 : s, variance + Numbers.EitherWay(jump));
    }

    private double VarianceOfProduct(double z, double variance) => (Square(Beta) * variance) + (Beta == 1 ? 0 : Square(2 * Numbers.U * z));
}

/// <summary>x·s(x) for a sigmoid s.</summary>
internal abstract record Gated : ActivationLayer
{
    protected override (double Value, double Variance) Function(double x, double variance)
    {
        (double s, double first, double _) = Gate(x);
        double y = x < -1e3 ? 0 : x * s;
        return (y, (Square(Slope(x, s, first)) * variance) + Square(14 * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        (double s, double first, double second) = Gate(x);
        double curvature = Math.Abs(x) > 1e3 ? 0 : (2 * first) + (x * second);
        double largest = Math.Abs(x) > 1e3 ? s : Math.Max(s, Math.Abs(x * first));
        return (Slope(x, s, first), (Square(curvature) * varianceOfX) + Square(14 * Numbers.U * largest));
    }

    /// <summary>The sigmoid and its first two derivatives.</summary>
    protected abstract (double Value, double First, double Second) Gate(double x);

    private static double Slope(double x, double s, double first) => Math.Abs(x) > 1e3 ? s : s + (x * first);
}

internal sealed record SiLU : Gated
{
    public override string Attribute => "SiLU";

    protected override (double Value, double First, double Second) Gate(double x)
    {
        double s = Logistic(x), first = s * Logistic(-x);
        return (s, first, first * (Logistic(-x) - s));
    }
}

internal sealed record GELU(bool Approximate = false) : Gated
{
    public override string Attribute => Approximate ? "GELU(Approximate = true)" : "GELU";

    protected override (double Value, double First, double Second) Gate(double x)
    {
        if (!Approximate)
        {
            double density = NormalDistribution.Density(x);
            return (NormalDistribution.Cumulative(x), density, -x * density);
        }

        // ½·(1 + tanh(v/2)) is the logistic function of v.
        double scale = Math.Sqrt(8 / Math.PI), v = scale * (x + (0.044715 * x * x * x));
        double slope = scale * (1 + (3 * 0.044715 * x * x)), curvature = scale * 6 * 0.044715 * x;
        double s = Logistic(v), first = s * Logistic(-v);
        return (s, first * slope, first * (((Logistic(-v) - s) * slope * slope) + curvature));
    }
}

internal sealed record ReLU6 : ActivationLayer
{
    public override string Attribute => "ReLU6";

    protected override (double Value, double Variance) Function(double x, double variance) =>
        (Math.Clamp(x, 0, 6), x is > 0 and < 6 || IsNear(x, 0, variance) || IsNear(x, 6, variance) ? variance : 0);

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x is > 0 and < 6 ? 1 : 0, IsNear(x, 0, varianceOfX) || IsNear(x, 6, varianceOfX) ? Numbers.EitherWay(1) : 0);
}

internal sealed record HardSigmoid : ActivationLayer
{
    public override string Attribute => "HardSigmoid";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Clamp(x + 3, 0, 6) / 6;
        return (y, (IsInside(x, variance) ? variance / 36 : 0) + Square(3 * Numbers.U * y));
    }

    /// <summary>x + 3 is rounded, so that the last number before 3 counts as 3.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double variance = varianceOfX + Square(4 * Numbers.U);
        return x is > -3 and < 3
            ? (1.0 / 6, IsNear(x, -3, varianceOfX) || IsNear(x, 3, variance) ? Numbers.EitherWay(1.0 / 6) : Square(Numbers.U / 3))
            : (0, IsInside(x, varianceOfX) ? Numbers.EitherWay(1.0 / 6) : 0);
    }

    private static bool IsInside(double x, double variance) => x is > -3 and < 3 || IsNear(x, -3, variance) || IsNear(x, 3, variance);
}

internal sealed record HardSwish : ActivationLayer
{
    public override string Attribute => "HardSwish";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x <= -3 ? 0 : x * Math.Clamp(x + 3, 0, 6) / 6;
        double slope = IsNear(x, -3, variance) ? 0.5 : IsNear(x, 3, variance) ? 1.5 : Slope(x);
        return (y, (Square(slope) * variance) + (x >= 3 ? 0 : Square(5 * Numbers.U * y)));
    }

    /// <summary>0 at −3 and 1 at 3, as in recent versions of PyTorch.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double jump = IsNear(x, -3, varianceOfX) || IsNear(x, 3, varianceOfX) ? 0.5 : 0;
        double variance = x is > -3 and < 3 ? (varianceOfX / 9) + Square(2 * Numbers.U) : 0;
        return (Slope(x), variance + Numbers.EitherWay(jump));
    }

    private static double Slope(double x) => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5;
}

internal sealed record Hardtanh(double Min = -1, double Max = 1) : ActivationLayer
{
    public override string Attribute => (Min, Max) == (-1, 1) ? "Hardtanh" : Min == -1
        ? FormattableString.Invariant($"Hardtanh(Max = {Max:R})") : FormattableString.Invariant($"Hardtanh(Min = {Min:R}, Max = {Max:R})");

    protected override (double Value, double Variance) Function(double x, double variance) =>
        (Math.Clamp(x, Min, Max), (x > Min && x < Max) || IsNear(x, Min, variance) || IsNear(x, Max, variance) ? variance : 0);

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x > Min && x < Max ? 1 : 0, IsNear(x, Min, varianceOfX) || IsNear(x, Max, varianceOfX) ? Numbers.EitherWay(1) : 0);
}

internal sealed record SELU : ActivationLayer
{
    private const double Alpha = 1.6732632423543772, Scale = 1.0507009873554805;

    public override string Attribute => "SELU";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Scale * (x > 0 ? x : Alpha * Expm1(x));
        double slope = IsNear(x, 0, variance) ? Scale * Alpha : Scale * (x > 0 ? 1 : Alpha * Math.Exp(x));
        return (y, (Square(slope) * variance) + Square(9 * Numbers.U * y));
    }

    /// <summary>As y + scale·alpha: errors are those of numbers as large as that.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = Scale * (x > 0 ? 1 : Alpha * Math.Exp(x));
        double variance = (x > 0 ? 0 : varianceOfY + (Square(slope) * varianceOfX)) + Square(6 * Numbers.U * Scale * Alpha);
        return (slope, variance + (IsNear(x, 0, varianceOfX) ? Numbers.EitherWay(Scale * (1 - Alpha)) : 0));
    }
}

internal sealed record LogSigmoid : ActivationLayer
{
    public override string Attribute => "LogSigmoid";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x < -40 ? x : -Log1p(Math.Exp(-x));
        return (y, (Square(Logistic(-x)) * variance) + Square(6 * Numbers.U * y));
    }

    /// <summary>1 − e^y.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double s = Logistic(-x);
        return (s, (Square(s * (1 - s)) * varianceOfX) + (Square(1 - s) * varianceOfY) + Square(8 * Numbers.U * s));
    }
}

internal sealed record Mish : ActivationLayer
{
    public override string Attribute => "Mish";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double t = Math.Tanh(Log1p(Math.Exp(Math.Min(x, 40))));
        return (x * t, (Square(Slope(x)) * variance) + Square(12 * Numbers.U * x * t));
    }

    /// <summary>As t + x·(1 − t²)·σ(x), with t = tanh(softplus(x)): errors are those of both terms, and of 1 in the brackets.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double s = Logistic(x), t = Math.Tanh(Log1p(Math.Exp(Math.Min(x, 40))));
        double curvature = s * (1 - (t * t)) * (2 + (Math.Abs(x) * ((1 - s) + (2 * t * s))));
        return (Slope(x),
            (Square(curvature) * varianceOfX) + Square(12 * Numbers.U * t) + Square(12 * Numbers.U * x * s * ((1 - (t * t)) + (t * t))));
    }

    private static double Slope(double x)
    {
        double s = Logistic(x), t = Math.Tanh(Log1p(Math.Exp(Math.Min(x, 40))));
        return t + (x * (1 - (t * t)) * s);
    }
}

internal sealed record Softsign : ActivationLayer
{
    public override string Attribute => "Softsign";

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x / (1 + Math.Abs(x)), slope = 1 / Square(1 + Math.Abs(x));
        return (y, (Square(slope) * variance) + Square(4 * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = 1 / Square(1 + Math.Abs(x));
        return (slope, (Square(2 * slope / (1 + Math.Abs(x))) * varianceOfX) + Square(6 * Numbers.U * slope));
    }
}

internal sealed record Tanhshrink : ActivationLayer
{
    public override string Attribute => "Tanhshrink";

    /// <summary>A difference of two numbers that are nearly equal near 0: the error is that of the hyperbolic tangent.</summary>
    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double t = Math.Tanh(x), y = Math.Abs(x) < 1e-3 ? x * x * x * ((1 / 3.0) - (2 * x * x / 15)) : x - t;
        return (y, (Square(t * t) * variance) + Square(4 * Numbers.U * t) + Square(2 * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double t = Math.Tanh(x), slope = t * t;
        return (slope, (Square(2 * t * (1 - slope)) * varianceOfX) + Square(8 * Numbers.U * slope));
    }
}

internal sealed record CELU(double Alpha = 1) : ActivationLayer
{
    public override string Attribute => Alpha == 1 ? "CELU" : FormattableString.Invariant($"CELU({Alpha:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = x > 0 ? x : Alpha * Expm1(x / Alpha), slope = x > 0 ? 1 : Math.Exp(x / Alpha);
        return (y, (Square(slope) * variance) + (x > 0 ? 0 : Square(6 * Numbers.U * y) + Square(2 * Numbers.U * x * slope)));
    }

    /// <summary>As y/alpha + 1: errors are those of numbers as large as 1.</summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY)
    {
        double slope = x > 0 ? 1 : Math.Exp(x / Alpha);
        return (slope,
            x > 0 ? 0 : (varianceOfY / Square(Alpha)) + (Square(slope / Alpha) * varianceOfX) + Square(4 * Numbers.U * Math.Max(1, slope)));
    }
}

/// <summary>0 on both sides of 0.</summary>
internal abstract record Shrink(double Lambda) : ActivationLayer
{
    public override string Attribute => Lambda == 0.5 ? GetType().Name : FormattableString.Invariant($"{GetType().Name}({Lambda:R})");

    protected abstract double Shift { get; }

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        bool isNear = IsNear(Math.Abs(x), Lambda, variance);
        double y = Math.Abs(x) <= Lambda ? 0 : x - (Math.Sign(x) * Shift);
        return (y, (Math.Abs(x) <= Lambda && !isNear ? 0 : variance + Square(2 * Numbers.U * x))
            + (isNear ? Numbers.EitherWay(Lambda - Shift) : 0));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (Math.Abs(x) <= Lambda ? 0 : 1, IsNear(Math.Abs(x), Lambda, varianceOfX) ? Numbers.EitherWay(1) : 0);
}

internal sealed record Hardshrink(double Lambda = 0.5) : Shrink(Lambda)
{
    protected override double Shift => 0;
}

internal sealed record Softshrink(double Lambda = 0.5) : Shrink(Lambda)
{
    protected override double Shift => Lambda;
}

internal sealed record Threshold(double Limit, double Other) : ActivationLayer
{
    public override string Attribute => FormattableString.Invariant($"Threshold({Limit:R}, {Other:R})");

    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double jump = IsNear(x, Limit, variance) ? Numbers.EitherWay(Other - Limit) : 0;
        return x > Limit ? (x, variance + jump) : (Other, jump + Square(Numbers.U * Other) + (jump > 0 ? variance : 0));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x > Limit ? 1 : 0, IsNear(x, Limit, varianceOfX) ? Numbers.EitherWay(1) : 0);
}
