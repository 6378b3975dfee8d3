using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Activations that exporters take apart, such as x·min(max(x + 3, 0), 6)/6. Nodes of one tensor and constants compute a function of one
/// number. It is compared by its values with the functions that have a layer, so the order and the form of the nodes do not matter.
/// </summary>
internal static class FunctionPatterns
{
    private const int MostNodes = 24;

    private static readonly Dictionary<string, Func<OnnxNode, double, double>> Unary = new(StringComparer.Ordinal)
    {
        ["Relu"] = (_, x) => Math.Max(x, 0),
        ["Sigmoid"] = (_, x) => 1 / (1 + Math.Exp(-x)),
        ["Tanh"] = (_, x) => Math.Tanh(x),
        ["Exp"] = (_, x) => Math.Exp(x),
        ["Log"] = (_, x) => Math.Log(x),
        ["Sqrt"] = (_, x) => Math.Sqrt(x),
        ["Abs"] = (_, x) => Math.Abs(x),
        ["Sign"] = (_, x) => double.IsNaN(x) ? x : Math.Sign(x),
        ["Neg"] = (_, x) => -x,
        ["Reciprocal"] = (_, x) => 1 / x,
        ["Cast"] = (_, x) => x,
        ["Erf"] = (_, x) => KnownFunctions.Erf(x),
        ["Softplus"] = (_, x) => KnownFunctions.Softplus(x),
        ["Softsign"] = (_, x) => x / (1 + Math.Abs(x)),
        ["HardSigmoid"] = (node, x) => Math.Clamp((node.Float("alpha") * x) + node.Float("beta"), 0, 1),
        ["Clip"] = (node, x) => Math.Min(
            Math.Max(x, node.Float("min", float.NegativeInfinity)), node.Float("max", float.PositiveInfinity)),
        ["LeakyRelu"] = (node, x) => x > 0 ? x : node.Float("alpha") * x,
        ["Elu"] = (node, x) => x > 0 ? x : node.Float("alpha") * (Math.Exp(x) - 1),
    };

    /// <summary>Operators on several numbers. A truth value is 1 or 0.</summary>
    private static readonly Dictionary<string, Func<double[], double>> Several = new(StringComparer.Ordinal)
    {
        ["Add"] = x => x[0] + x[1],
        ["Sub"] = x => x[0] - x[1],
        ["Mul"] = x => x[0] * x[1],
        ["Div"] = x => x[0] / x[1],
        ["Pow"] = x => Math.Pow(x[0], x[1]),
        ["Min"] = x => Math.Min(x[0], x[1]),
        ["Max"] = x => Math.Max(x[0], x[1]),
        ["Greater"] = x => x[0] > x[1] ? 1 : 0,
        ["GreaterOrEqual"] = x => x[0] >= x[1] ? 1 : 0,
        ["Less"] = x => x[0] < x[1] ? 1 : 0,
        ["LessOrEqual"] = x => x[0] <= x[1] ? 1 : 0,
        ["And"] = x => x[0] * x[1],
        ["Or"] = x => Math.Max(x[0], x[1]),
        ["Not"] = x => 1 - x[0],
        ["Where"] = x => x[0] != 0 ? x[1] : x[2],
    };

    public static OnnxNode? Find(OnnxNode last)
    {
        if (!IsElementwise(last) || last.Output.Type != ElementType.Float)
        {
            return null;
        }

        // The tensor that is the function's argument may stand anywhere before. The longest function that has a layer wins.
        foreach ((OnnxValue argument, HashSet<OnnxNode> nodes) in Arguments(last).OrderByDescending(pair => pair.Nodes.Count))
        {
            if (nodes.Count == 1 && Translator.HasLayer(last))
            {
                continue;
            }

            double Function(double x) => Value(last.Output, argument, x);
            if (KnownFunctions.Find(Function) is var (@operator, attributes))
            {
                return Patterns.Node(last, @operator, [argument], attributes);
            }

            if (KnownFunctions.FindScaled(Function) is var (inner, innerAttributes, factor, shift))
            {
                return Patterns.Then(
                    Patterns.Node(last, inner, [argument], innerAttributes),
                    between => Patterns.Node(last, "Affine", [between], ("alpha", factor), ("beta", shift)));
            }
        }

        return null;
    }

    /// <summary>What a tensor is at an argument; every tensor is computed once.</summary>
    public static double Value(OnnxValue result, OnnxValue argument, double x)
    {
        var known = new Dictionary<OnnxValue, double> { [argument] = x };
        double Of(OnnxValue value)
        {
            if (value.Constant is not null)
            {
                return value.Constant.Floats[0];
            }

            if (!known.TryGetValue(value, out double number))
            {
                OnnxNode node = value.Producer!;
                number = Unary.TryGetValue(node.Operator, out Func<OnnxNode, double, double>? function)
                    ? function(node, Of(node.Input)) : Several[node.Operator]([.. node.Inputs.Select(input => Of(input!))]);
                known.Add(value, number);
            }

            return number;
        }

        return Of(result);
    }

    /// <summary>The tensors of which a node is a function, with the nodes between.</summary>
    private static IEnumerable<(OnnxValue Argument, HashSet<OnnxNode> Nodes)> Arguments(OnnxNode last)
    {
        var seen = new HashSet<OnnxValue>();
        var open = new Queue<OnnxNode>([last]);
        while (open.Count > 0 && seen.Count <= MostNodes)
        {
            foreach (OnnxValue input in open.Dequeue().Inputs.OfType<OnnxValue>().Where(input => input.Constant is null && seen.Add(input)))
            {
                if (Between(input, last) is { } nodes)
                {
                    yield return (input, nodes);
                }

                if (input.Producer is { } producer && IsElementwise(producer))
                {
                    open.Enqueue(producer);
                }
            }
        }
    }

    /// <summary>The nodes from an argument to the last one; null if they read another tensor, or if others read theirs.</summary>
    public static HashSet<OnnxNode>? Between(OnnxValue argument, OnnxNode last)
    {
        var nodes = new HashSet<OnnxNode>();
        var open = new Stack<OnnxNode>([last]);
        while (open.Count > 0)
        {
            OnnxNode node = open.Pop();
            if (!nodes.Add(node))
            {
                continue;
            }

            if (!IsElementwise(node) || nodes.Count > MostNodes)
            {
                return null;
            }

            foreach (OnnxValue input in node.Inputs.OfType<OnnxValue>().Where(input => input.Constant is null && input != argument))
            {
                if (input.Producer is null)
                {
                    return null;
                }

                open.Push(input.Producer);
            }
        }

        bool isClosed = nodes.All(node => node == last || node.Output.Readers.All(nodes.Contains));
        return isClosed && argument.Shape.SequenceEqual(last.Output.Shape) ? nodes : null;
    }

    private static bool IsElementwise(OnnxNode node) => node.Domain.Length == 0 && !node.Output.IsUnknown
        && (Unary.ContainsKey(node.Operator)
            || (Several.ContainsKey(node.Operator) && node.Inputs.All(input => input!.Constant is null
                || Patterns.Number(input) is not null)));
}
