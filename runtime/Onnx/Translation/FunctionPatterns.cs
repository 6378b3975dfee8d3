using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>
/// Activations that exporters take apart, such as x·min(max(x + 3, 0), 6)/6. Nodes of one tensor and constants compute a function of one
/// number. Its formula is compared with those of the layers, so the order and the form of the nodes do not matter. A function that no layer
/// computes, and that has nodes without a layer, becomes an operator of its own.
/// </summary>
internal static class FunctionPatterns
{
    private const int MostNodes = 24;

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
            if ((nodes.Count == 1 && HasLayer(last)) || FunctionOf(last.Output, argument) is not { } function)
            {
                continue;
            }

            if (Proven(() => KnownFunctions.Find(function)) is { } known)
            {
                return known.For(last, argument);
            }

            if (Proven(() => KnownFunctions.FindScaled(function)) is var (inner, factor, shift))
            {
                return Patterns.Then(
                    inner.For(last, argument), between => Patterns.Node(last, Arithmetic.Affine(factor, shift), between));
            }
        }

        // Where no layer computes a part, the formula is said, with as few nodes as have all such parts.
        bool needsFormula = !HasLayer(last) || last.Inputs.OfType<OnnxValue>().Count(input => input.Constant is null) > 1;
        return needsFormula && all.Select(pair => (pair.Argument, pair.Nodes, Lacking: pair.Nodes.Count(node => !HasLayer(node))))
            .Where(one => one.Lacking > 0).OrderByDescending(one => one.Lacking).ThenBy(one => one.Nodes.Count)
            .FirstOrDefault() is { Argument: { } from } && ElementFormulas.Of(last.Output, from) is var formula
            && FormulaText.Of(formula) is not null
                ? Patterns.Node(last, Activations.OfFormula(formula), from) : null;
    }

    /// <summary>Whether a node of one tensor is a layer. The layers that compare take several.</summary>
    private static bool HasLayer(OnnxNode node) => Families.Find(node) is not null && !Arithmetic.IsComparison(node);

    /// <summary>What a tensor is as a function of another one; null if its formula is not of the kind that can be compared.</summary>
    public static PiecewiseFunction? FunctionOf(OnnxValue result, OnnxValue argument) =>
        Proven(() => FormulaProof.Of(ElementFormulas.Of(result, argument)));

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
        && ElementFormulas.Has(node.Operator) && node.Output.Type != ElementType.Integer
        && node.Inputs.All(input => input is { Type: not ElementType.Integer } && (input.Constant is null
            || (input.Constant.IsFloat && Patterns.Number(input) is not null)));
}
