using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;
using static Strata.Onnx.Translation.KnownFunctions;
using static Strata.Onnx.Translation.PiecewiseFunction;

namespace Strata.Onnx.Translation;

/// <summary>
/// Activations that exporters take apart, such as x·min(max(x + 3, 0), 6)/6. Nodes of one tensor and constants compute a function of one
/// number. Its formula is compared with those of the layers, so the order and the form of the nodes do not matter. A function that no layer
/// computes, and that has nodes without a layer, becomes an operator of its own.
/// </summary>
internal static class FunctionPatterns
{
    private const int MostNodes = 24;

    /// <summary>The formulas of operators. A truth value is 1 or 0.</summary>
    private static readonly Dictionary<string, Func<OnnxNode, PiecewiseFunction[], PiecewiseFunction>> Exact = new(StringComparer.Ordinal)
    {
        ["Relu"] = (_, x) => Relu(x[0]),
        ["Sigmoid"] = Atom("Sigmoid"),
        ["Tanh"] = Atom("Tanh"),
        ["Exp"] = Atom("Exp"),
        ["Log"] = Atom("Log"),
        ["Sqrt"] = Atom("Sqrt"),
        ["Reciprocal"] = Atom("Reciprocal"),
        ["Erf"] = Atom("Erf"),
        ["Softplus"] = Atom("Softplus"),
        ["Abs"] = (_, x) => Abs(x[0]),
        ["Sign"] = (_, x) => Above(x[0], 0, Constant(1), Select(Compare(x[0], Constant(0), sign => sign < 0), Constant(-1), Constant(0))),
        ["Neg"] = (_, x) => -1 * x[0],
        ["Cast"] = (_, x) => x[0],
        ["Softsign"] = (_, x) => Softsign(x[0]),
        ["HardSwish"] = (_, x) => HardSwish(x[0]),
        ["Mish"] = (_, x) => Mish(x[0]),
        ["Swish"] = (node, x) => x[0] * Apply("Sigmoid", Number(node.Float("alpha", 1)) * x[0]),
        ["Gelu"] = (node, x) => node.Text("approximate") == "tanh" ? GeluTanh(x[0]) : Gelu(x[0]),
        ["HardSigmoid"] = (node, x) => HardSigmoid(x[0], node.Float("alpha"), node.Float("beta")),
        ["Clip"] = Clip,
        ["LeakyRelu"] = (node, x) => Above(x[0], 0, x[0], Number(node.Float("alpha")) * x[0]),
        ["Elu"] = (node, x) => Elu(x[0], node.Float("alpha")),
        ["Celu"] = (node, x) => Celu(x[0], node.Float("alpha")),
        ["Selu"] = (node, x) => Number(node.Float("gamma")) * Elu(x[0], node.Float("alpha")),
        ["ThresholdedRelu"] = (node, x) => Above(x[0], node.Float("alpha"), x[0], Constant(0)),
        ["Shrink"] = (node, x) => node.Float("lambd") >= 0
            ? Shrink(x[0], node.Float("lambd"), node.Float("bias")) : throw new UnprovenException(),
        ["Floor"] = Unproven,
        ["Ceil"] = Unproven,
        ["Round"] = Unproven,
        ["Sin"] = Unproven,
        ["Cos"] = Unproven,
        ["Add"] = (_, x) => x[0] + x[1],
        ["Sub"] = (_, x) => x[0] - x[1],
        ["Mul"] = (_, x) => x[0] * x[1],
        ["Div"] = (_, x) => x[0] / x[1],
        ["Pow"] = (_, x) => Power(x[0], x[1]),
        ["Min"] = (_, x) => Min(x[0], x[1]),
        ["Max"] = (_, x) => Max(x[0], x[1]),
        ["Equal"] = Comparison(sign => sign == 0),
        ["Greater"] = Comparison(sign => sign > 0),
        ["GreaterOrEqual"] = Comparison(sign => sign >= 0),
        ["Less"] = Comparison(sign => sign < 0),
        ["LessOrEqual"] = Comparison(sign => sign <= 0),
        ["And"] = (_, x) => Select(x[0], x[1], Constant(0)),
        ["Or"] = (_, x) => Select(x[0], Constant(1), x[1]),
        ["Xor"] = (_, x) => Select(x[0], Select(x[1], Constant(0), Constant(1)), x[1]),
        ["Not"] = (_, x) => Select(x[0], Constant(0), Constant(1)),
        ["Where"] = (_, x) => Select(x[0], x[1], x[2]),
    };

    public static OnnxNode? Find(OnnxNode last)
    {
        if (!IsElementwise(last) || last.Output.Type != ElementType.Float)
        {
            return null;
        }

        // The tensor that is the function's argument may stand anywhere before. The longest function that has a layer wins.
        (OnnxValue Argument, HashSet<OnnxNode> Nodes)[] all = [.. Arguments(last).OrderByDescending(pair => pair.Nodes.Count)];
        foreach ((OnnxValue argument, HashSet<OnnxNode> nodes) in all.Where(pair => IsClosed(last, pair.Nodes)))
        {
            if ((nodes.Count == 1 && Families.Find(last) is not null) || FunctionOf(last.Output, argument) is not { } function)
            {
                continue;
            }

            if (Proven(() => KnownFunctions.Find(function)) is { } known)
            {
                return known.For(last, argument);
            }

            if (Proven(() => FindScaled(function)) is var (inner, factor, shift))
            {
                return Patterns.Then(
                    inner.For(last, argument), between => Patterns.Node(last, Arithmetic.Affine(factor, shift), between));
            }
        }

        // Where no layer computes a part, the formula is said, with as few nodes as have all such parts.
        bool needsFormula = Families.Find(last) is null || last.Inputs.OfType<OnnxValue>().Count(input => input.Constant is null) > 1;
        return needsFormula && all.Select(pair => (pair.Argument, pair.Nodes, Lacking: pair.Nodes.Count(node =>
            Families.Find(node) is null)))
            .Where(one => one.Lacking > 0).OrderByDescending(one => one.Lacking).ThenBy(one => one.Nodes.Count)
            .FirstOrDefault() is { Argument: { } from } && FormulaText.Write(last.Output, from) is { } text
                ? Patterns.Node(last, Activations.OfFormula(text), from) : null;
    }

    /// <summary>What a tensor is as a function of another one; null if its formula is not of the kind that can be compared.</summary>
    public static PiecewiseFunction? FunctionOf(OnnxValue result, OnnxValue argument)
    {
        var known = new Dictionary<OnnxValue, PiecewiseFunction> { [argument] = X };
        PiecewiseFunction Of(OnnxValue value)
        {
            if (value.Constant is not null)
            {
                return Number(value.Constant.Floats[0]);
            }

            if (!known.TryGetValue(value, out PiecewiseFunction? function))
            {
                OnnxNode node = value.Producer!;
                function = Exact[node.Operator](node, [.. node.Inputs.Select(input => Of(input!))]);
                known.Add(value, function);
            }

            return function;
        }

        return Proven(() => Of(result));
    }

    /// <summary>What a proof gives; nothing if there is none.</summary>
    private static T? Proven<T>(Func<T?> proof)
    {
        try
        {
            return proof();
        }
        catch (UnprovenException)
        {
            return default;
        }
    }

    private static Func<OnnxNode, PiecewiseFunction[], PiecewiseFunction> Atom(string name) => (_, x) => Apply(name, x[0]);

    private static Func<OnnxNode, PiecewiseFunction[], PiecewiseFunction> Comparison(Predicate<int> holds) =>
        (_, x) => Compare(x[0], x[1], holds);

    private static PiecewiseFunction Unproven(OnnxNode node, PiecewiseFunction[] x) => throw new UnprovenException();

    private static PiecewiseFunction Clip(OnnxNode node, PiecewiseFunction[] x)
    {
        PiecewiseFunction above = node.Has("min") ? Max(x[0], Number(node.Float("min"))) : x[0];
        return node.Has("max") ? Min(above, Number(node.Float("max"))) : above;
    }

    private static PiecewiseFunction Power(PiecewiseFunction x, PiecewiseFunction exponent) =>
        (exponent.Kinks.Count == 0 ? exponent.Pieces[0].Number?.ToFloat() : null) switch
        {
            1 => x,
            2 => x * x,
            3 => x * x * x,
            4 => x * x * x * x,
            0.5f => Apply("Sqrt", x),
            -1 => Apply("Reciprocal", x),
            _ => throw new UnprovenException(),
        };

    /// <summary>The tensors of which a node is a function, with the nodes between.</summary>
    private static IEnumerable<(OnnxValue Argument, HashSet<OnnxNode> Nodes)> Arguments(OnnxNode last)
    {
        var seen = new HashSet<OnnxValue>();
        var open = new Queue<OnnxNode>([last]);
        while (open.Count > 0 && seen.Count <= MostNodes)
        {
            foreach (OnnxValue input in open.Dequeue().Inputs.OfType<OnnxValue>().Where(input => input.Constant is null && seen.Add(input)))
            {
                if (input.Type == ElementType.Float && Between(input, last) is { } nodes)
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

    /// <summary>The nodes from an argument to the last one; null if they read another tensor.</summary>
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

        return argument.Shape.SequenceEqual(last.Output.Shape) ? nodes : null;
    }

    /// <summary>Whether only the nodes themselves read what they compute, except for the last one.</summary>
    public static bool IsClosed(OnnxNode last, HashSet<OnnxNode> nodes) =>
        nodes.All(node => node == last || node.Output.Readers.All(nodes.Contains));

    private static bool IsElementwise(OnnxNode node) => node.Domain.Length == 0 && !node.Output.IsUnknown && node.Outputs.Count == 1
        && Exact.ContainsKey(node.Operator) && node.Output.Type != ElementType.Integer
        && node.Inputs.All(input => input is { Type: not ElementType.Integer } && (input.Constant is null
            || (input.Constant.IsFloat && Patterns.Number(input) is not null)));
}
