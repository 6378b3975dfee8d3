using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>Adaptive max pooling that was exported as maxima of gathered elements.</summary>
internal static class AdaptivePoolPattern
{
    /// <summary>The maxima of gathered elements as one node.</summary>
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Operator != "ReduceMax" || last.Integer("keepdims", 1) != 0 || last.Integers("axes") is not [var reduced]
            || Patterns.Before(last.Input, "Gather") is not { } gather || gather.Integer("axis") != reduced - 1
            || gather.Inputs[1] is not { Constant: { } indices, Shape: [var after, _] })
        {
            return null;
        }

        int axis = reduced - 1, before = gather.Input.Shape[axis];
        return after > 0 && indices.Integers.SequenceEqual(AdaptivePools.Indices(before, after))
            ? Patterns.Node(last, AdaptivePools.Maximum(axis), gather.Input) : null;
    }
}
