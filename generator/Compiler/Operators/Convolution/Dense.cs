using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Dense : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Convolution;

    public override string Kind => "Dense";

    public override string Stem => "dense";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("the number of input features is known"), "units", "Bias"];

    public override OperatorDocumentation Documentation => new(
        "[Dense(units)]", "F → units; C×H×W → units×H×W for OverChannels", "y[u] = b[u] + Σ w[u, f]·x[f], for each pixel OverChannels",
        "nn.Linear", "Dense");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4)", "Dense(4, Bias = false)", "Dense(4, OverChannels = true)",
            "Dense(7, Initializer = Initializer.GlorotNormal), Tanh, Dense(3)",
            "Dense(4), Dense(4, Name = \"a\"), Tanh, Dense(4, Weights = \"a\")", "Dense(4, Name = \"a\"), Tanh, Dense(10, Tied = \"a\")"),
        .. In(Sequence, "Dense(4, OverChannels = true)"),
        .. In(Image, "Flatten, Dense(3)", "Dense(4, OverChannels = true)", "Dense(4, Bias = false, OverChannels = true)",
            "LayerNorm(OverChannels = true), Dense(4, OverChannels = true), GELU"),
        .. In(Volume, "Dense(4, OverChannels = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("units"), Property("Bias", true), Initializers, Property("OverChannels", false), CommonArguments.Tied,
        (units, bias, initializer, overChannels, tied) => new DenseDefinition(units, bias, initializer, overChannels, tied));
}

/// <summary>A fully connected layer, of a flat tensor or of the channels of each pixel.</summary>
internal sealed record DenseDefinition(
    Argument<int> Units, Argument<bool> Bias, Argument<Initializer> Initializer, Argument<bool> OverChannels, Argument<string> Tied)
    : LayerDefinition
{
    private bool IsTied => Tied.Value.Length > 0;

    public override IEnumerable<string> ParameterSuffixes => WeightAnd(Bias, IsTied);

    public override LayerResult? Build(LayerContext layer)
    {
        int units = layer.AtLeast(1, Units);
        Initializer initializer = layer.OneOf(Initializer);
        if (layer.Input is { Rank: > 1 } pixels && OverChannels.Value)
        {
            // A convolution of one element. Only the shape of its weights differs.
            return layer.HasErrors ? null : new LayerResult(
                new Convolution(units, WindowAxis.One, WindowAxis.One, 1, Bias.Value, initializer)
                {
                    WeightIsMatrix = true,
                    IsTied = IsTied,
                },
                pixels with { Channels = units });
        }

        if (layer.Input is { } input && input.Rank != 1)
        {
            layer.Report(ShapeProblems.NotFlat(layer.Here, input));
        }

        return layer.HasErrors || layer.Input is null
            ? null
            : new LayerResult(new DenseOperation(units, Bias.Value, initializer) { IsTied = IsTied }, Shape.Vector(units));
    }
}

/// <summary>y = xWᵀ + b on a flat tensor.</summary>
internal sealed record DenseOperation(int Units, bool Bias, Initializer WeightInitializer = Initializer.PyTorchUniform) : Operation
{
    /// <summary>Whether the weight is that of another layer, transposed.</summary>
    public bool IsTied { get; init; }

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        ParameterSpec[] weight = IsTied ? [] : [Weight(input)];
        ParameterSpec[] bias =
            Bias ? [new ParameterSpec("bias", EquatableArray.Of(Units), Initializer.PyTorchUniform, input.Length, Units)] : [];
        return weight.Concat(bias).ToEquatableArray();
    }

    public override TiedWeight? TiedWeight(Shape input) => IsTied ? new TiedWeight(Weight(input), EquatableArray.Of(1, 0)) : null;

    public override WeightKind WeightKindOf(Shape input) => new MatrixWeight(Units, input.Length);

    public override bool TrainsOverWholeBatch => true;

    public override bool TakesActivation => true;

    public override bool ReadsInSequence(Shape input, bool training) => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Everything;

    public override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) => (long)inputs[0].Length * Units;

    private ParameterSpec Weight(Shape input) =>
        new("weight", EquatableArray.Of(Units, input.Length), WeightInitializer, input.Length, Units);
}
