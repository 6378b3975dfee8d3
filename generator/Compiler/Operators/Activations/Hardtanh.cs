using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Hardtanh : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Hardtanh";

    public override string Stem => "hardtanh";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => ["Min", "Max"];

    public override OperatorDocumentation Documentation => new("[Hardtanh]", "unchanged", "y = min(max(x, Min), Max)", "nn.Hardtanh", "");

    public override IReadOnlyList<OperatorCase> Cases => ["Hardtanh", "Hardtanh(Min = -2, Max = 0.5)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property<double>("Min", -1), Property<double>("Max", 1), (min, max) => new HardtanhDefinition(min, max));
}

/// <summary>The input, clamped to a range.</summary>
internal sealed record HardtanhDefinition(Argument<double> Min, Argument<double> Max) : ActivationDefinition("Hardtanh")
{
    protected override Activation Activation(LayerContext layer)
    {
        double min = layer.Finite(Min), max = layer.Finite(Max);
        if (!layer.HasErrors && !((float)min < (float)max))
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Max.IsSet ? Max.Name : Min.Name), "Max", max, $"more than Min, {Arithmetic.Number(min)}"));
        }

        // The constants are the first operands, as in ReLU, so that NaN stays NaN.
        return Graph.Activation.Create(
            NameOf(min, -1) + NameOf(max, 1).Substring(Kind.Length), isIncreasing: true, x => MinNative(max, MaxNative(min, x)),
            derivativeOfOutput: y => y > min & y < max & 1);
    }
}
