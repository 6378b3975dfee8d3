using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class PReLU : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "PReLU";

    public override string Stem => "prelu";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("the number of channels is known, and PerChannel = true gives each a slope"), "Slope"];

    public override OperatorDocumentation Documentation => new(
        "[PReLU]", "unchanged", "y = x above 0, else w·x with a learned w, or w[c] PerChannel", "nn.PReLU", "PReLU(shared_axes)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "PReLU", "PReLU(Slope = 0.1)", "PReLU(PerChannel = true)",
        .. In(Flat, "PReLU(PerChannel = true)"),
        .. In(Sequence, "PReLU(PerChannel = true)"),
        .. In(Volume, "PReLU(PerChannel = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Initial("Slope", 0.25), Property("PerChannel", false), (slope, perChannel) => new PReLUDefinition(slope, perChannel));

    /// <summary>ReLU with a trained slope below 0.</summary>
    /// <param name="slope">The initial slope.</param>
    public static ElementFunction Function(Shape input, double slope, bool perChannel)
    {
        (Variable x, Variable w) = (new("x"), new("w"));
        return new(
            Expression.Select(x > 0, x, x * w), EquatableArray.Of(new ElementInput(x, input)),
            EquatableArray.Of(new ElementParameter(w, "weight", slope, perChannel)));
    }
}

/// <summary>ReLU with a trained slope below 0.</summary>
/// <param name="Slope">The initial slope.</param>
internal sealed record PReLUDefinition(Argument<double> Slope, Argument<bool> PerChannel) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => ["weight"];

    public override LayerResult? Build(LayerContext layer)
    {
        double slope = layer.Finite(Slope);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(PReLU.Function(input, slope, PerChannel.Value), input);
    }
}
