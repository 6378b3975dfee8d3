using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>
/// Numbers that become integers of few bits: (x/s rounded) + z, clamped. Back again by the same scale and zero point, they are a layer;
/// alone, they are a function, in which x is divided by s: times 1/s, some would become another integer.
/// </summary>
internal static class QuantizationPattern
{
    public static OnnxNode? Find(OnnxNode last)
    {
        if (last.Domain.Length > 0)
        {
            return null;
        }

        if (last.Output.Type == ElementType.Quantized && Of(last.Output) is { } alone)
        {
            return Patterns.Node(
                last, alone.Scale.Count == 1 && alone.Zero is null or { Count: 1 }
                    ? Activations.OfFormula(ElementFormulas.Of(last.Output, alone.X))
                    : Quantizations.IntegersOf(alone.Scale, alone.Zero, alone.Least, alone.Most), alone.X);
        }

        if (last is not { Operator: "Mul", Inputs: [{ Constant: null } numbers, { Constant: { } scale }] })
        {
            return null;
        }

        (OnnxValue integers, OnnxConstant? zero) = Moved(numbers, "Sub");
        return Of(integers) is { } own && Same(own.Scale, scale) && Same(own.Zero, zero)
            ? Patterns.Node(last, Quantizations.Of(own.Scale, own.Zero, own.Least, own.Most), own.X) : null;
    }

    private static Integers? Of(OnnxValue integers)
    {
        if (integers.Producer is not { Operator: "Clip", Output.Type: ElementType.Quantized, Domain: "" } clip)
        {
            return null;
        }

        (OnnxValue rounded, OnnxConstant? zero) = Moved(clip.Input, "Add");
        return rounded.Producer is { Operator: "Round", Domain: "", Input.Producer: { Operator: "Div", Domain: "" } ratio }
            && ratio.Inputs is [{ Constant: null } x, { Constant: { } scale }]
                ? new Integers(x, scale, zero, clip.Float("min"), clip.Float("max")) : null;
    }

    /// <summary>A tensor, and the constant that is added to it or subtracted.</summary>
    private static (OnnxValue Before, OnnxConstant? Constant) Moved(OnnxValue value, string @operator) =>
        value.Producer is { Domain: "", Inputs: [{ Constant: null } before, { Constant: { } constant }] } node
            && node.Operator == @operator ? (before, constant) : (value, null);

    private static bool Same(OnnxConstant? one, OnnxConstant? other) => ReferenceEquals(one, other)
        || (one is not null && other is not null && one.Shape.SequenceEqual(other.Shape) && one.Floats.SequenceEqual(other.Floats));

    /// <summary>Integers that stand for numbers.</summary>
    private sealed record Integers(OnnxValue X, OnnxConstant Scale, OnnxConstant? Zero, float Least, float Most);
}
