using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Truth values that are made of numbers, by a cast or by x ≠ 0. Layers of truth values take numbers as they are: all but 0 is true.
/// </summary>
internal static class TruthPattern
{
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Domain.Length > 0)
        {
            return null;
        }

        if (IsZero(last) is { } number)
        {
            return Patterns.Node(last, "Not", [number]);
        }

        int truths = last.Operator switch { "And" or "Or" or "Xor" => 2, "Not" or "Where" => 1, _ => 0 };
        OnnxValue?[] inputs = [.. last.Inputs.Select((input, i) => i < truths ? Number(input!) : input)];
        return inputs.SequenceEqual(last.Inputs) ? null : Patterns.Node(last, last.Operator, inputs);
    }

    /// <summary>The number whose truth a tensor is; the tensor itself if it is no such truth.</summary>
    private static OnnxValue Number(OnnxValue truth) =>
        truth is { Constant: null, Producer: { Operator: "Not", Domain: "", Input.Producer: { } before } } && IsZero(before) is { } number
            ? number : truth;

    /// <summary>The tensor that a node compares with 0; null if it does something else.</summary>
    private static OnnxValue? IsZero(OnnxNode node) =>
        node is { Operator: "Equal", Domain: "" } && Patterns.Constant(node) is var (constant, other) && Patterns.Number(constant) == 0
            && other.Shape.SequenceEqual(node.Output.Shape) ? other : null;
}
