using System;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>PReLU as max(x, 0) + w·min(x, 0) with a slope for each channel, in any form of the minimum.</summary>
internal static class SlopePattern
{
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Operator != "Add" || last.Inputs is not [{ } left, { } right])
        {
            return null;
        }

        return Match(last, left, right) ?? Match(last, right, left);
    }

    private static OnnxNode? Match(OnnxNode last, OnnxValue positive, OnnxValue negative)
    {
        if (Patterns.Before(positive, "Relu") is not { } relu || Patterns.Before(negative, "Mul") is not { } product
            || Patterns.Constant(product) is not var (slopes, minimum) || minimum.Producer is not { } last2)
        {
            return null;
        }

        OnnxValue x = relu.Input;
        if (FunctionPatterns.Between(x, last2) is not { } nodes || !FunctionPatterns.IsClosed(last2, nodes)
            || !last.Output.Shape.SequenceEqual(x.Shape))
        {
            return null;
        }

        // The minimum may have a factor: −max(−x, 0), or (x − |x|)/2.
        if (FunctionPatterns.FunctionOf(minimum, x) is not { Kinks: [{ X.Sign: 0 }], Pieces: [var below, { IsZero: true }] } function
            || below.Line is not ({ Sign: not 0 } slope, { Sign: 0 }) || !function.IsSound)
        {
            return null;
        }

        float factor = slope.ToFloat();
        OnnxConstant constant = slopes.Constant!;
        var scaled = new OnnxConstant(
            constant.Shape, new Lazy<float[]>(() => [.. constant.Floats.Select(one => factor * one)]), constant.Key);
        return Patterns.Node(last, "PRelu", [x, new OnnxValue(slopes.Name, slopes.Shape) { Constant = scaled }]);
    }
}
