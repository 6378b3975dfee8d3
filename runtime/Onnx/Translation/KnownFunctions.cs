using System;
using System.Linq;

namespace Strata.Onnx.Translation;

/// <summary>The functions of one number that have a layer, recognised by their values.</summary>
internal static class KnownFunctions
{
    /// <summary>
    /// By how much values may differ, relative to 1 + |y|: the file's constants are floats. GELU's two forms differ by 4·10⁻⁴.
    /// </summary>
    private const double Tolerance = 1e-5;

    private static readonly double[] Points =
    [
        .. Enumerable.Range(-160, 321).Select(i => i * 0.0503), .. new[] { 20d, 97, 1013, 1e5 }, .. new[] { -20d, -97, -1013, -1e5 }, 0,
            1, -1,
    ];

    private static readonly (string Operator, Func<double, double> Function, (string, object)[] Attributes)[] Fixed =
    [
        ("Relu", x => Math.Max(x, 0), []),
        ("ReLU6", x => Math.Clamp(x, 0, 6), []),
        ("Sigmoid", Sigmoid, []),
        ("Tanh", Math.Tanh, []),
        ("Softplus", Softplus, []),
        ("Softsign", x => x / (1 + Math.Abs(x)), []),
        ("HardSwish", x => x * Math.Clamp((x + 3) / 6, 0, 1), []),
        ("SiLU", x => x * Sigmoid(x), []),
        ("Mish", x => x * Math.Tanh(Softplus(x)), []),
        ("Gelu", x => x / 2 * (1 + Erf(x / Math.Sqrt(2))), [("approximate", "none")]),
        ("Gelu", x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), [("approximate", "tanh")]),
        ("LogSigmoid", x => -Softplus(-x), []),
        ("Tanhshrink", x => x - Math.Tanh(x), []),
        ("Abs", Math.Abs, []),
    ];

    /// <summary>A node's operator and attributes for a function; null if no layer computes it.</summary>
    public static (string Operator, (string Name, object Value)[] Attributes)? Find(Func<double, double> function)
    {
        double[] values = [.. Points.Select(function)];
        double atZero = function(0), atOne = function(1), atMinusOne = function(-1);
        bool Is(Func<double, double> other) => Points.Zip(values, (x, y) => AreClose(other(x), y)).All(agrees => agrees);

        double slope = atOne - atZero;
        if (Is(x => (slope * x) + atZero))
        {
            return ("Affine", [("alpha", (float)slope), ("beta", (float)atZero)]);
        }

        foreach ((string @operator, Func<double, double> known, (string, object)[] attributes) in Fixed)
        {
            if (Is(known))
            {
                return (@operator, attributes);
            }
        }

        return WithNumbers(function, Is, atZero, atOne, atMinusOne);
    }

    /// <summary>The same for a·f(x) + b; null if no layer computes f.</summary>
    public static (string Operator, (string Name, object Value)[] Attributes, float Factor, float Shift)? FindScaled(
        Func<double, double> function)
    {
        const double One = 1.25, Other = -0.75;
        double[] values = [.. Points.Select(function)];
        foreach ((string @operator, Func<double, double> known, (string, object)[] attributes) in Fixed)
        {
            double factor = (function(One) - function(Other)) / (known(One) - known(Other)), shift = function(One) - (factor * known(One));
            if (double.IsFinite(factor) && factor != 0
                && Points.Zip(values, (x, y) => AreClose((factor * known(x)) + shift, y)).All(agrees => agrees))
            {
                return (@operator, attributes, (float)factor, (float)shift);
            }
        }

        return null;
    }

    /// <summary>Functions with numbers of their own, which follow from a few values.</summary>
    private static (string Operator, (string Name, object Value)[] Attributes)? WithNumbers(
        Func<double, double> function, Func<Func<double, double>, bool> isIt, double atZero, double atOne, double atMinusOne)
    {
        double least = function(-1e6), most = function(1e6), leaky = -atMinusOne, elu = -function(-60);
        double rise = (function(1e-3) - atZero) * 1e3, gate = Math.Log(atOne / (1 - atOne)), exponent = Math.Log2(function(2));
        if (isIt(x => x > 0 ? x : leaky * x))
        {
            return ("LeakyRelu", [("alpha", (float)leaky)]);
        }

        if (isIt(x => Math.Min(Math.Max(x, least), most)))
        {
            return ("Clip", [.. least > -1e6 ? [("min", (object)(float)least)] : Array.Empty<(string, object)>(),
                .. most < 1e6 ? [("max", (object)(float)most)] : Array.Empty<(string, object)>()]);
        }

        if (isIt(x => Math.Clamp((rise * x) + atZero, 0, 1)))
        {
            return ("HardSigmoid", [("alpha", (float)rise), ("beta", (float)atZero)]);
        }

        if (isIt(x => x > 0 ? x : elu * (Math.Exp(x) - 1)))
        {
            return ("Elu", [("alpha", (float)elu)]);
        }

        if (isIt(x => x * Sigmoid(gate * x)))
        {
            return ("Swish", [("alpha", (float)gate)]);
        }

        double low = function(-1e6), bound = Edge(x => function(x) != low), shrink = Edge(x => x >= 0 && function(x) != 0);
        double lost = 1e4 - function(1e4);
        if (isIt(x => Math.Abs(x) > shrink ? x : 0))
        {
            return ("Shrink", [("lambd", (float)shrink), ("bias", 0f)]);
        }

        if (lost > 0 && isIt(x => Math.Sign(x) * Math.Max(Math.Abs(x) - lost, 0)))
        {
            return ("Shrink", [("lambd", (float)lost), ("bias", (float)lost)]);
        }

        if (isIt(x => x > bound ? x : low))
        {
            return ("Threshold", [("threshold", (float)bound), ("value", (float)low)]);
        }

        double whole = Math.Round(2 * exponent) / 2;
        return AreClose(atOne, 1) && isIt(x => Math.Pow(x, whole)) ? ("Power", [("exponent", (float)whole)]) : null;
    }

    /// <summary>The largest number for which something does not hold that holds for all larger ones.</summary>
    private static float Edge(Predicate<double> holds)
    {
        double below = -1e6, above = 1e6;
        for (int i = 0; i < 80; i++)
        {
            double middle = (below + above) / 2;
            (below, above) = holds(middle) ? (below, middle) : (middle, above);
        }

        return (float)below;
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <summary>The error function to 1.5·10⁻⁷ (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26).</summary>
    public static double Erf(double x)
    {
        double t = 1 / (1 + (0.3275911 * Math.Abs(x)));
        double sum = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        return Math.Sign(x) * (1 - (sum * Math.Exp(-x * x)));
    }

    private static bool AreClose(double one, double other) =>
        one.Equals(other) || Math.Abs(one - other) <= Tolerance * (1 + Math.Abs(other)) || (double.IsNaN(one) && double.IsNaN(other));
}
