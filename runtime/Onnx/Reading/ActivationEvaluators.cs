using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>Computes activations, by ONNX's formulas in double precision.</summary>
internal static class ActivationEvaluators
{
    private static readonly (string Operator, Func<double, double> Function)[] Plain =
    [
        ("Erf", Erf), ("Softplus", Softplus), ("Softsign", x => x / (1 + Math.Abs(x))),
        ("HardSwish", x => x * Math.Clamp((x / 6) + 0.5, 0, 1)), ("Mish", x => x * Math.Tanh(Softplus(x))),
        ("Asinh", Math.Asinh), ("Acosh", Math.Acosh), ("Atanh", Math.Atanh),
    ];

    /// <summary>With an attribute <c>alpha</c>.</summary>
    private static readonly (string Operator, Func<double, double, double> Function)[] OfAlpha =
    [
        ("LeakyRelu", (x, alpha) => x < 0 ? alpha * x : x),
        ("Elu", (x, alpha) => x < 0 ? alpha * Expm1(x) : x),
        ("Celu", (x, alpha) => x < 0 ? alpha * Expm1(x / alpha) : x),
        ("ThresholdedRelu", (x, alpha) => x > alpha ? x : 0),
        ("Swish", (x, alpha) => x / (1 + Math.Exp(-alpha * x))),
    ];

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        .. Plain.Select(one => Make(one.Operator, (_, x) => one.Function(x))),
        .. OfAlpha.Select(one => Make(one.Operator, (e, x) => one.Function(x, Number(e, "alpha")))),
        Make("Selu", (e, x) => Number(e, "gamma") * (x > 0 ? x : Number(e, "alpha") * Expm1(x))),
        Make("HardSigmoid", (e, x) => Math.Clamp((Number(e, "alpha") * x) + Number(e, "beta"), 0, 1)),
        Make("Shrink", (e, x) => x < -Number(e, "lambd") ? x + Number(e, "bias") : x > Number(e, "lambd") ? x - Number(e, "bias") : 0),
        Make("Gelu", (e, x) => x / 2 * (1 + ((string)e.Attributes["approximate"] == "tanh"
            ? Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))) : Erf(x / Math.Sqrt(2))))),
        KeyValuePair.Create("PRelu", new Evaluator(
            e => e.Floats(0).With(e.Floats(1), (x, slope) => x < 0 ? slope * x : x).Values, null)),
    ];

    private static KeyValuePair<string, Evaluator> Make(string @operator, Func<Evaluation, double, double> function) =>
        KeyValuePair.Create(@operator, new Evaluator(e => Array.ConvertAll(e.X.Floats, x => (float)function(e, x)), null));

    private static double Number(Evaluation e, string attribute) => (float)e.Attributes[attribute];

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;

    /// <summary>The error function as e^(−x²)·2/√π·Σ 2ⁿx^(2n+1)/(1·3·…·(2n+1)). From 6 on it is 1 in double precision.</summary>
    private static double Erf(double x)
    {
        if (!(Math.Abs(x) < 6))
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
