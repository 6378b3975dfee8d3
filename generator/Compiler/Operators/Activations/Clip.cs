using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Clip : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Clip";

    public override string Stem => "clip";

    public override OperatorDocumentation Documentation => new(
        "[Clip(Min = 0, Max = 1)]", "unchanged", "y = min(max(x, Min), Max); either may be left out", "torch.clamp", "ops.clip");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Clip(Min = -1)", "Clip(Min = 0)", "Clip(Max = 0.5)", "Clip(Min = -1, Max = 2)", "Clip(Min = -0.5)", "Clip(Min = -0.5, Max = 1)",
        "Clip(Min = -10)",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Min", double.NegativeInfinity), Property("Max", double.PositiveInfinity), (min, max) => new ClipDefinition(min, max));
}

/// <summary>The input, clamped to a range that may be open on one side.</summary>
internal sealed record ClipDefinition(Argument<double> Min, Argument<double> Max) : ActivationDefinition("Clip")
{
    private bool HasMin => !double.IsNegativeInfinity(Min.Value);

    private bool HasMax => !double.IsPositiveInfinity(Max.Value);

    protected override Activation Activation(LayerContext layer)
    {
        double min = HasMin ? layer.Finite(Min) : Min.Value, max = HasMax ? layer.Finite(Max) : Max.Value;
        if (!HasMin && !HasMax)
        {
            layer.Report(ArgumentProblems.OutOfRange(layer.Here, "Min", "−∞ without a Max", "Min = 0, for example, or Max"));
        }
        else if (!layer.HasErrors && HasMin && HasMax && !((float)min < (float)max))
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Max.IsSet ? Max.Name : Min.Name), "Max", max, $"more than Min, {Arithmetic.Number(min)}"));
        }

        string name = Kind + (HasMin ? $"_from{Number(min)}" : "") + (HasMax ? $"_to{Number(max)}" : "");
        return Graph.Activation.Part(name, Value, derivative: Derivative);
    }

    /// <summary>The constants are the first operands, so that NaN stays NaN.</summary>
    private Expression Value(Expression x)
    {
        Expression above = HasMin ? Functions.MaxNative(Min.Value, x) : x;
        return HasMax ? Functions.MinNative(Max.Value, above) : above;
    }

    /// <summary>1 at the bounds, too, as in PyTorch. So the output alone does not determine it.</summary>
    private Expression Derivative(Expression x)
    {
        Expression? below = HasMin ? x >= Min.Value : null, above = HasMax ? x <= Max.Value : null;
        Expression? inside = below is null ? above : above is null ? below : below & above;
        return inside is null ? 1 : inside & 1;
    }

    private string Number(double value) => NameOf(value, double.NaN).Substring(Kind.Length);
}
