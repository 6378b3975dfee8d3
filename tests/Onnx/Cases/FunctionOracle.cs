using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>
/// The nodes of a function of single numbers in double precision, where numbers that are denormal as floats count as 0. ONNX Runtime
/// rounds within a function (e⁻⁵⁰ is 0 in its sigmoid, eˣ − 1 has few digits near 0), and so cannot tell alone who is right there.
/// </summary>
internal sealed class FunctionOracle(ModelProto model)
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    private readonly Dictionary<string, double> _constants =
        model.Graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => (double)ValueOf(tensor));

    public double Value(float x)
    {
        var values = new Dictionary<string, double>(_constants) { ["x"] = Flush(x) };
        foreach (NodeProto node in model.Graph.Node)
        {
            values[node.Output[0]] = Flush(Value(node, [.. node.Input.Select(name => values[name])]));
        }

        return values[model.Graph.Output[0].Name];
    }

    private static double Value(NodeProto node, double[] x)
    {
        double a = x[0], b = x.Length > 1 ? x[1] : 0;
        return node.OpType switch
        {
            "Identity" or "Cast" => a,
            "Add" => a + b,
            "Sub" => a - b,
            "Mul" => a * b,
            "Div" => a / b,
            "Min" => Math.Min(a, b),
            "Max" => Math.Max(a, b),
            "Pow" => Math.Pow(a, b),
            "Where" => a != 0 ? b : x[2],
            "Clip" => Math.Min(Math.Max(a, b), x[2]),
            "Greater" => Truth(a > b),
            "GreaterOrEqual" => Truth(a >= b),
            "Less" => Truth(a < b),
            "LessOrEqual" => Truth(a <= b),
            "Equal" => Truth(a == b),
            "And" => Truth(a != 0 && b != 0),
            "Or" => Truth(a != 0 || b != 0),
            "Xor" => Truth(a != b),
            "Not" => Truth(a == 0),
            "Neg" => -a,
            "Abs" => Math.Abs(a),
            "Sign" => double.IsNaN(a) ? a : Math.Sign(a),
            "Exp" => Math.Exp(a),
            "Sqrt" => Math.Sqrt(a),
            "Reciprocal" => 1 / a,
            "Sin" => Math.Sin(a),
            "Erf" => Erf(a),
            "Tanh" => Math.Tanh(a),
            "Floor" => Math.Floor(a),
            "Ceil" => Math.Ceiling(a),
            "Round" => Math.Round(a, MidpointRounding.ToEven),
            _ => Activation(node, a),
        };
    }

    private static double Activation(NodeProto node, double x)
    {
        return node.OpType switch
        {
            "Relu" => Math.Max(x, 0),
            "LeakyRelu" => x > 0 ? x : Attribute("alpha", 0.01) * x,
            "ThresholdedRelu" => x > Attribute("alpha", 1) ? x : 0,
            "Elu" => x > 0 ? x : Attribute("alpha", 1) * (Math.Exp(x) - 1),
            "Celu" => Math.Max(x, 0) + Math.Min(0, Attribute("alpha", 1) * (Math.Exp(x / Attribute("alpha", 1)) - 1)),
            "Selu" => Attribute("gamma", 1.050701) * (x > 0 ? x : Attribute("alpha", 1.6732632) * (Math.Exp(x) - 1)),
            "Sigmoid" => 1 / (1 + Math.Exp(-x)),
            "Softplus" => Softplus(x),
            "Softsign" => x / (1 + Math.Abs(x)),
            "HardSigmoid" => Math.Clamp((Attribute("alpha", 0.2) * x) + Attribute("beta", 0.5), 0, 1),
            "HardSwish" => x * Math.Clamp(x + 3, 0, 6) / 6,
            "Mish" => x * Math.Tanh(Softplus(x)),
            "Shrink" => x < -Attribute("lambd", 0.5) ? x + Attribute("bias", 0)
                : x > Attribute("lambd", 0.5) ? x - Attribute("bias", 0) : 0,
            _ => throw new NotSupportedException($"The oracle does not know {node.OpType}."),
        };

        double Attribute(string name, double value) => node.Attribute.FirstOrDefault(one => one.Name == name)?.F ?? value;
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Flush(Math.Log(1 + Math.Exp(-Math.Abs(x))));

    /// <summary>A series near 0, and Laplace's continued fraction (Abramowitz and Stegun, 7.1.5 and 7.1.14).</summary>
    private static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = magnitude;
        for (int n = 60; n > 0; n--)
        {
            fraction = magnitude + (n / 2.0 / fraction);
        }

        return Math.CopySign(1 - (Math.Exp(-x * x) / (fraction * Math.Sqrt(Math.PI))), x);
    }

    private static double Truth(bool value) => value ? 1 : 0;

    private static double Flush(double value) => Math.Abs(value) < SmallestNormal ? 0 * value : value;

    private static float ValueOf(TensorProto tensor) =>
        tensor.FloatData.Count > 0 ? tensor.FloatData[0] : MemoryMarshal.Read<float>(tensor.RawData.Span);
}
