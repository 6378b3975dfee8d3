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
        "[Attention(heads)]", "C×L → C×L, L tokens of C features; with Context, k and v are of its tokens, C×M",
        "y = Wₒ·(v·softmax(qᵀk/√d)ᵀ) + bₒ for each head; q, k, v = W·x + b",
        "nn.MultiheadAttention(C, heads, batch_first=True)", "MultiHeadAttention(heads, C/heads)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("6, 7", "Attention(2)", "Attention(3, Bias = false)", "Attention(2, Causal = true)",
            "Branch, Branch, LayerNorm(OverChannels = true), Attention(1), Add",
            "Conv1D(6, 4, Name = \"c\"), Tanh(From = \"input\"), Attention(2, Context = \"c\")",
            "Conv1D(16, 4, Name = \"c\"), Conv1D(16, 1, From = \"input\"), Attention(4, Context = \"c\", Bias = false, Causal = true)"),
    ];

    public override string SecondArgument => "Context";

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("heads"), Property("Bias", true), Property("Causal", false),
        Property("Context", "") with { DescribedAs = new DescribedPart(DescribedPartKind.Inputs) },
        (heads, bias, causal, context) => new AttentionDefinition(heads, bias, causal, context));
}

/// <summary>Attention: products with weights, the heads, and another product.</summary>
internal sealed record AttentionDefinition(Argument<int> Heads, Argument<bool> Bias, Argument<bool> Causal, Argument<string> Context)
    : LayerDefinition
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

        if (layer.Inputs!.Count > 1)
        {
            return Cross(layer, input, layer.Inputs[1].Shape);
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

    /// <summary>
    /// Attention to the tokens of another tensor. Queries, keys and values have products of their own, each with a slice of the weights.
    /// </summary>
    private LayerResult? Cross(LayerContext layer, Shape input, Shape context)
    {
        int features = input.Channels;
        if (context.Rank != 2 || context.Channels != features)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Context.Name), $"tokens of {Arithmetic.Count(features, "feature")} meet a context of {context}",
                $"It is {Arithmetic.Number(features)}×M, M tokens of as many features; [Dense(…, OverChannels = true)] gives them"));
            return null;
        }

        Convolution product = Product(features, In, Bias.Value, Initializer.GlorotUniform, Initializer.Zeros);
        ImplicitLayer Part(string name, int index, int tensor, Shape shape) =>
            new(name, product with { Slice = new(index, AttentionHeads.Parts) }, shape) { Reads = [tensor] };
        const int Inputs = 2;
        return new LayerResult(Product(features, Out, Bias.Value, Initializer.PyTorchUniform, Initializer.Zeros), input)
        {
            Before =
            [
                Part("q", 0, 0, input), Part("k", 1, 1, context), Part("v", 2, 1, context),
                new ImplicitLayer("heads", new AttentionHeads(Heads.Value, IsPacked: false, Causal.Value), input)
                {
                    Reads = [Inputs, Inputs + 1, Inputs + 2],
                },
            ],
            Reads = [Inputs + AttentionHeads.Parts],
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
