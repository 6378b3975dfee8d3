using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Finds what exporters take apart: several nodes that are one layer.</summary>
internal static class Patterns
{
    private static readonly Func<OnnxNode, OnnxNode?>[] All =
    [
        QuantizationPattern.Find, NormalizationPatterns.Find, ShufflePatterns.Find, FocusPattern.Find, FunctionPatterns.Find,
        SlopePattern.Find, AdaptivePoolPattern.Find, TruthPattern.Find,
    ];

    /// <summary>
    /// A node that stands for <paramref name="last"/> and nodes before it; null if there is no such pattern. It may read another node that
    /// the pattern made.
    /// </summary>
    public static OnnxNode? Find(OnnxNode last) =>
        last.Output.IsUnknown ? null : All.Select(find => find(last)).FirstOrDefault(node => node is not null);

    /// <summary>The node that computes a tensor, if it has this operator and nothing else reads the tensor.</summary>
    public static OnnxNode? Before(OnnxValue? value, string @operator) =>
        value is { Producer: { } producer, Readers.Count: 1 } && producer.Operator == @operator && producer.Domain.Length == 0
            ? producer : null;

    /// <summary>The constant operand of a node with two, and the other one; null if there is no such constant.</summary>
    public static (OnnxValue Constant, OnnxValue Other)? Constant(OnnxNode node) =>
        node.Inputs is not [{ } left, { } right] ? null
            : right.Constant is not null ? (right, left) : left.Constant is not null ? (left, right) : null;

    /// <summary>The only number of a constant; null if it has others, or is a parameter.</summary>
    public static float? Number(OnnxValue? value) =>
        value?.Constant is { } constant && constant.Shape.All(extent => extent == 1) && !ModulePath.IsGiven(constant.Key)
            ? constant.Floats[0] : null;

    public static OnnxNode Node(
        OnnxNode last, string @operator, IReadOnlyList<OnnxValue?> inputs, params (string Name, object Value)[] attributes) =>
        new(@operator, last.Name)
        {
            Inputs = inputs,
            Outputs = last.Outputs,
            Attributes = attributes.ToDictionary(pair => pair.Name, pair => pair.Value),
        };

    public static OnnxNode Node(OnnxNode last, NodeForm form, OnnxValue input) =>
        new PatternNode(last, form) { Inputs = [input], Outputs = last.Outputs };

    /// <summary>A node whose result only <paramref name="next"/> makes a node of.</summary>
    public static OnnxNode Then(OnnxNode first, Func<OnnxValue, OnnxNode> next)
    {
        var between = new OnnxValue(first.Output.Name, first.Output.Shape);
        OnnxNode producer = first.WithOutputs(between);
        between.Producer = producer;
        OnnxNode last = next(between);
        between.Readers.Add(last);
        return last;
    }
}
