using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Layer norm and group norm, as exporters write them.</summary>
internal static class NormalizationPatterns
{
    public static OnnxNode? Find(OnnxNode last)
    {
        (OnnxNode core, OnnxValue? weight, OnnxValue? bias) = Peel(last);
        OnnxNode? norm = Match(last, core, weight, bias);
        return norm ?? (ReferenceEquals(core, last) ? null : Match(last, last, null, null));
    }

    private static OnnxNode? Match(OnnxNode last, OnnxNode core, OnnxValue? weight, OnnxValue? bias) =>
        LayerNorm(last, core, weight, bias) ?? GroupNorm(last, core, weight, bias);

    /// <summary>A multiplication by constants and an addition of constants at the end, and what stands before them.</summary>
    private static (OnnxNode Core, OnnxValue? Weight, OnnxValue? Bias) Peel(OnnxNode last)
    {
        if (last.Operator == "Add" && Patterns.Constant(last) is var (bias, sum)
            && Patterns.Before(sum, "Mul") is { } product && Patterns.Constant(product) is var (weight, factor)
            && factor is { Readers.Count: 1, Producer: { } core })
        {
            return (core, weight, bias);
        }

        return last.Operator == "Mul" && Patterns.Constant(last) is var (scale, other)
            && other is { Readers.Count: 1, Producer: { } before }
            ? (before, scale, null) : (last, null, null);
    }

    /// <summary>(x − mean)/√(variance + ε), with the mean of squares as the variance.</summary>
    private static OnnxNode? LayerNorm(OnnxNode last, OnnxNode core, OnnxValue? weight, OnnxValue? bias)
    {
        if (Quotient(core) is not var (deviation, root) || Deviation(deviation) is not var (x, axes)
            || root.Producer is not { Operator: "Sqrt" } sqrt || sqrt.Input.Producer is not { Operator: "Add" } sum
            || Patterns.Constant(sum) is not var (epsilon, variance) || Patterns.Number(epsilon) is not { } small
            || variance.Producer is not { Operator: "ReduceMean" } mean || !mean.Integers("axes").SequenceEqual(axes)
            || Squared(mean.Input) is not { } squared || Deviation(squared) is not var (same, sameAxes)
            || !ReferenceEquals(x, same) || !axes.SequenceEqual(sameAxes))
        {
            return null;
        }

        return Fits(weight, x, axes) && Fits(bias, x, axes)
            ? Patterns.Node(last, "LayerNormalization", With(x, weight, bias), ("axes", axes.Select(axis => (long)axis).ToArray()),
                ("epsilon", small))
            : null;
    }

    /// <summary>A division, also as a product with a reciprocal.</summary>
    private static (OnnxValue Dividend, OnnxValue Divisor)? Quotient(OnnxNode node)
    {
        if (node.Operator == "Div")
        {
            return (node.Inputs[0]!, node.Inputs[1]!);
        }

        return node.Operator == "Mul" && node.Inputs is [{ } one, { } other]
            ? other.Producer is { Operator: "Reciprocal" } inverse ? (one, inverse.Input)
                : one.Producer is { Operator: "Reciprocal" } first ? (other, first.Input) : null
            : null;
    }

    /// <summary>x − mean(x).</summary>
    private static (OnnxValue X, int[] Axes)? Deviation(OnnxValue value) =>
        value.Producer is { Operator: "Sub" } difference && difference.Inputs[1]?.Producer is { Operator: "ReduceMean" } mean
        && ReferenceEquals(mean.Input, difference.Inputs[0]) && mean.Integer("keepdims", 1) != 0
            ? (mean.Input, mean.Integers("axes")) : null;

    private static OnnxValue? Squared(OnnxValue value) => value.Producer switch
    {
        { Operator: "Pow" } power when Patterns.Number(power.Inputs[1]) is 2 => power.Input,
        { Operator: "Mul" } product when ReferenceEquals(product.Inputs[0], product.Inputs[1]) => product.Input,
        _ => null,
    };

    /// <summary>PyTorch's group norm: an instance norm of groups that were reshaped to channels.</summary>
    private static OnnxNode? GroupNorm(OnnxNode last, OnnxNode core, OnnxValue? weight, OnnxValue? bias)
    {
        if (core.Operator != "Reshape" || Patterns.Before(core.Input, "InstanceNormalization") is not { } norm
            || Patterns.Before(norm.Input, "Reshape") is not { } groups)
        {
            return null;
        }

        OnnxValue x = groups.Input;
        int count = norm.Input.Shape[1];
        bool isPlain = IsAll(norm.Inputs[1], 1) && IsAll(norm.Inputs[2], 0);
        if (!isPlain || !x.Shape.SequenceEqual(core.Output.Shape) || x.Shape.Count < 2 || x.Shape[1] % count != 0
            || norm.Input.Shape.Count < 3 || !Fits(weight, x, [1]) || !Fits(bias, x, [1]))
        {
            return null;
        }

        return Patterns.Node(
            last, "GroupNormalization", weight is null && bias is null ? [x] : [x, weight, bias], ("num_groups", (long)count),
            ("epsilon", norm.Float("epsilon")));
    }

    private static IReadOnlyList<OnnxValue?> With(OnnxValue x, OnnxValue? weight, OnnxValue? bias) =>
        weight is null ? [x] : bias is null ? [x, weight] : [x, weight, bias];

    /// <summary>Whether a parameter has a number for each element along the axes, and the same ones along all others.</summary>
    private static bool Fits(OnnxValue? parameter, OnnxValue x, int[] axes)
    {
        if (parameter is null)
        {
            return true;
        }

        int missing = x.Shape.Count - parameter.Shape.Count;
        return missing >= 0 && Enumerable.Range(0, x.Shape.Count).All(axis =>
            (axis < missing ? 1 : parameter.Shape[axis - missing]) == (axes.Contains(axis) ? x.Shape[axis] : 1));
    }

    private static bool IsAll(OnnxValue? value, float number) =>
        value?.Constant is { } constant && Array.TrueForAll(constant.Floats, one => one.Equals(number));
}
