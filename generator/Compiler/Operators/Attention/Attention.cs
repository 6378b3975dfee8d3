using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
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
        "[Attention(heads)]", "C×L → C×L, L tokens of C features; with Context, k and v are of its tokens, C×M; "
            + "a Mask is L×M, 1×L×M or heads×L×M, or has 1 for L",
        "y = Wₒ·(v·softmax(qᵀk/√d + mask)ᵀ) + bₒ for each head; q, k, v = W·x + b",
        "nn.MultiheadAttention(C, heads, batch_first=True)", "MultiHeadAttention(heads, C/heads)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("6, 7", "Attention(2)", "Attention(3, Bias = false)", "Attention(2, Causal = true)",
            "Branch, Branch, LayerNorm(OverChannels = true), Attention(1), Add",
            "Conv1D(6, 4, Name = \"c\"), Tanh(From = \"input\"), Attention(2, Context = \"c\")",
            "Buffer(7, 7, Initial = 1, Name = \"m\"), Tanh(From = \"input\"), Attention(2, Mask = \"m\")",
            "Param(1, 7, Deviation = 1, Name = \"m\"), Tanh(From = \"input\"), Attention(2, Mask = \"m\")",
            "Conv1D(6, 4, Name = \"c\"), Param(3, 7, 4, Deviation = 1, Name = \"m\"), Tanh(From = \"input\"), "
                + "Attention(3, Context = \"c\", Mask = \"m\", Causal = true)",
            "Conv1D(16, 4, Name = \"c\"), Conv1D(16, 1, From = \"input\"), Attention(4, Context = \"c\", Bias = false, Causal = true)"),
    ];

    public override IReadOnlyList<string> TensorArguments => ["Context", "Mask"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("heads"), Property("Bias", true), Property("Causal", false),
        Property("Context", "") with { DescribedAs = new DescribedPart(DescribedPartKind.Inputs) },
        Property("Mask", "") with { DescribedAs = new DescribedPart(DescribedPartKind.Inputs) },
        (heads, bias, causal, context, mask) => new AttentionDefinition(heads, bias, causal, context, mask));
}

/// <summary>Attention: products with weights, the heads, and another product.</summary>
internal sealed record AttentionDefinition(
    Argument<int> Heads, Argument<bool> Bias, Argument<bool> Causal, Argument<string> Context, Argument<string> Mask) : LayerDefinition
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
            return Apart(layer, input, layer.Inputs[1].Shape, [.. layer.Inputs.Skip(2).Select(mask => mask.Shape)]);
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
    /// Attention to the tokens of another tensor, or with a mask. Queries, keys and values have products of their own, each with a slice of
    /// the weights.
    /// </summary>
    /// <param name="masks">The shape of the mask, if there is one.</param>
    private LayerResult? Apart(LayerContext layer, Shape input, Shape context, Shape[] masks)
    {
        int features = input.Channels;
        if (context.Rank != 2 || context.Channels != features)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Context.Name), $"tokens of {Arithmetic.Count(features, "feature")} meet a context of {context}",
                $"It is {Arithmetic.Number(features)}×M, M tokens of as many features; [Dense(…, OverChannels = true)] gives them"));
            return null;
        }

        if (masks.Any(mask => !TakesMask(layer, layer.At(Mask.Name), mask, Heads.Value, input.Width, context.Width)))
        {
            return null;
        }

        Convolution product = Product(features, In, Bias.Value, Initializer.GlorotUniform, Initializer.Zeros);
        ImplicitLayer Part(string name, int index, int tensor, Shape shape) =>
            new(name, product with { Slice = new(index, AttentionHeads.Parts) }, shape) { Reads = [tensor] };
        int inputs = layer.Inputs!.Count;
        return new LayerResult(Product(features, Out, Bias.Value, Initializer.PyTorchUniform, Initializer.Zeros), input)
        {
            Before =
            [
                Part("q", 0, 0, input), Part("k", 1, 1, context), Part("v", 2, 1, context),
                new ImplicitLayer("heads", new AttentionHeads(Heads.Value, IsPacked: false, Causal.Value, masks.Length > 0), input)
                {
                    Reads = [inputs, inputs + 1, inputs + 2, .. masks.Select((_, i) => i + 2)],
                },
            ],
            Reads = [inputs + AttentionHeads.Parts],
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

    /// <summary>Whether a mask has the shape of the pairs of queries and keys. If it does not, this is reported.</summary>
    /// <param name="place">What names the mask.</param>
    public static bool TakesMask(LayerContext layer, Subject place, Shape mask, int heads, int queries, int keys)
    {
        bool isMatrix = mask.Rank == 2, areMatrices = mask.Rank == 3 && (mask.Channels == 1 || mask.Channels == heads);
        if (mask.Width == keys && (mask.MatrixRows == queries || mask.MatrixRows == 1) && (isMatrix || areMatrices))
        {
            return true;
        }

        string pairs = Shape.Sequence(queries, keys).ToString();
        layer.Report(ArgumentProblems.Unsupported(
            place, $"the mask, {mask}, does not have the shape of the pairs of queries and keys",
            (heads == 1 ? $"It is {pairs} or 1×{pairs}"
                : $"It is {pairs}, 1×{pairs}, or {Arithmetic.Number(heads)}×{pairs} for the heads")
                + "; one row, 1 in the place of the queries, is for all of them"));
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
