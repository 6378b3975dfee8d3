using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Attention : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Attention;

    public override string Kind => "Attention";

    public override string Stem => "attention";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("the number of features is known"), "heads", PyTorchPlace.Known("[Dropout] is a layer of its own"), "Bias"];

    public override OperatorDocumentation Documentation => new(
        "[Attention(heads)]", "C×L → C×L, L tokens of C features", "y = Wₒ·(v·softmax(qᵀk/√d)ᵀ) + bₒ for each head; q, k, v = W·x + b",
        "nn.MultiheadAttention(C, heads, batch_first=True)", "MultiHeadAttention(heads, C/heads)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("6, 7", "Attention(2)", "Attention(3, Bias = false)", "Attention(2, Causal = true)",
            "Branch, Branch, LayerNorm(OverChannels = true), Attention(1), Add"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("heads"), Property("Bias", true), Property("Causal", false),
        (heads, bias, causal) => new AttentionDefinition(heads, bias, causal));
}

/// <summary>Self-attention: products with weights, the heads, and another product.</summary>
internal sealed record AttentionDefinition(Argument<int> Heads, Argument<bool> Bias, Argument<bool> Causal) : LayerDefinition
{
    private const string In = "in_proj_", Out = "out_proj.";

    public override IEnumerable<string> ParameterSuffixes => Bias.Value
        ? [In + "weight", In + "bias", Out + "weight", Out + "bias"] : [In + "weight", Out + "weight"];

    public override LayerResult? Build(LayerContext layer)
    {
        int heads = layer.AtLeast(1, Heads);
        if (layer.HasErrors || !layer.HasDimensions(1) || layer.Input is not { } input)
        {
            return null;
        }

        int features = input.Channels;
        if (!Divide(layer, Heads, features, $"Input is {input}: tokens of {Arithmetic.Number(features)} features"))
        {
            return null;
        }

        Shape all = input with { Channels = AttentionHeads.Parts * features };
        return new LayerResult(Product(features, Out, Bias.Value, Initializer.PyTorchUniform, Initializer.Zeros), input)
        {
            Before =
            [
                new ImplicitLayer("in_proj", Product(all.Channels, In, Bias.Value, Initializer.GlorotUniform, Initializer.Zeros), all),
                new ImplicitLayer("heads", new AttentionHeads(heads, IsCausal: Causal.Value), input),
            ],
        };
    }

    /// <summary>Whether a number of heads divides the features. If it does not, this is reported.</summary>
    public static bool Divide(LayerContext layer, Argument<int> heads, int features, string found)
    {
        if (features % heads.Value == 0)
        {
            return true;
        }

        layer.Report(ArgumentProblems.Unsupported(
            layer.At(heads.Name),
            $"{Arithmetic.Count(heads.Value, "head")} do not divide the features: {Arithmetic.Division(features, heads.Value)}", found));
        return false;
    }

    /// <summary>A matrix times the features of each token.</summary>
    /// <param name="prefix">What stands before <c>weight</c> and <c>bias</c> in the keys.</param>
    public static Convolution Product(int features, string prefix, bool bias, Initializer ofWeight, Initializer ofBias) =>
        new(features, WindowAxis.One, WindowAxis.One, 1, bias, ofWeight)
        {
            WeightIsMatrix = true,
            KeyPrefix = prefix,
            BiasInitializer = ofBias,
        };
}
