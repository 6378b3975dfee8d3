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

        return Of(last, left, right) ?? Of(last, right, left);
    }

    private static OnnxNode? Of(OnnxNode last, OnnxValue positive, OnnxValue negative)
    {
        if (Patterns.Before(positive, "Relu") is not { } relu || Patterns.Before(negative, "Mul") is not { } product
            || Patterns.Constant(product) is not var (slopes, minimum) || minimum.Producer is not { } last2)
        {
            return null;
        }

        OnnxValue x = relu.Input;
        if (FunctionPatterns.Between(x, last2) is null || !last.Output.Shape.SequenceEqual(x.Shape))
        {
            return null;
        }

        // The minimum may have a factor: −max(−x, 0), or (x − |x|)/2.
        double factor = -FunctionPatterns.Value(minimum, x, -1);
        bool isMinimum = new[] { -1000, -3.5, -0.25, 0, 0.5, 7, 1000 }.All(
            at => Math.Abs(FunctionPatterns.Value(minimum, x, at) - (factor * Math.Min(at, 0))) <= 1e-5 * (1 + Math.Abs(at)));
        if (!isMinimum || factor == 0)
        {
            return null;
        }

        OnnxConstant constant = slopes.Constant!;
        var scaled = new OnnxConstant(
            constant.Shape, new Lazy<float[]>(() => [.. constant.Floats.Select(slope => (float)(factor * slope))]), constant.Key);
        return Patterns.Node(last, "PRelu", [x, new OnnxValue(slopes.Name, slopes.Shape) { Constant = scaled }]);
    }
}
