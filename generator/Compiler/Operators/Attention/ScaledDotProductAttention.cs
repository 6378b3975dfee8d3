using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class ScaledDotProductAttention : Join
{
    public override OperatorFamily Family => OperatorFamily.Attention;

    public override string Kind => "ScaledDotProductAttention";

    public override string Stem => "dotproductattention";

    public override OperatorDocumentation Documentation => new(
        "[ScaledDotProductAttention]", "q: C×L, k: C×M, v: D×M → D×L; a mask of L×M, 1×L×M or heads×L×M, or with 1 for L",
        "y = v·softmax(qᵀk/√d + mask)ᵀ for each head, with d = C/heads", "nn.functional.scaled_dot_product_attention", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("6, 7",
            "Conv1D(4, 3, Name = \"k\"), Conv1D(8, 1, Name = \"v\"), Conv1D(4, 1, From = \"input\", Name = \"q\"), "
                + "ScaledDotProductAttention(\"q\", \"k\", \"v\", Heads = 2)",
            "Branch, Branch, Tanh, Branch, Conv1D(2, 1), ScaledDotProductAttention(Causal = true)",
            "Branch, Branch, Tanh, Branch, Conv1D(6, 1), Branch, Param(3, 7, 7, Deviation = 1), ScaledDotProductAttention(Heads = 3)",
            "Branch, Branch, Tanh, Branch, Conv1D(6, 1), Branch, Buffer(7, 7, Initial = 1), "
                + "ScaledDotProductAttention(Heads = 2, Causal = true)",
            "Branch, Branch, Tanh, Branch, Conv1D(6, 1), Branch, Conv1D(1, 1), ScaledDotProductAttention(Heads = 2)",
            "Branch, Branch, Tanh, Branch, Conv1D(6, 1), Branch, Param(2, 1, 7, Deviation = 1), "
                + "ScaledDotProductAttention(Heads = 2, Causal = true)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Heads", 1), Property("Causal", false), (heads, causal) => new ScaledDotProductAttentionDefinition(heads, causal));
}

/// <summary>Attention of queries, keys and values that are tensors of their own, with or without a mask.</summary>
internal sealed record ScaledDotProductAttentionDefinition(Argument<int> Heads, Argument<bool> Causal) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int heads = layer.AtLeast(1, Heads);
        if (layer.Inputs is not { } inputs || layer.HasErrors)
        {
            return null;
        }

        bool hasMask = inputs.Count == AttentionHeads.Parts + 1;
        if (inputs.Count != AttentionHeads.Parts && !hasMask)
        {
            layer.Report(BranchProblems.TooFew(
                layer.Here, $"{Arithmetic.Number(inputs.Count)} tensors",
                "It takes three: queries, keys and values; a mask may be the fourth"));
            return null;
        }

        (Shape queries, Shape keys, Shape values) = (inputs[0].Shape, inputs[1].Shape, inputs[2].Shape);
        if (queries.Rank != 2 || keys.Rank != 2 || values.Rank != 2)
        {
            return Refuse(
                layer, $"attention of {queries}, {keys} and {values} is not defined: all three are sequences, C×L",
                "[Reshape] makes them such");
        }

        if (queries.Channels != keys.Channels)
        {
            return Refuse(
                layer, $"queries of {Count(queries)} meet keys of {Count(keys)}",
                "[Dense(…, OverChannels = true)] gives both the same number");
        }

        if (keys.Width != values.Width)
        {
            return Refuse(layer, $"{Meeting(keys.Width)} {Arithmetic.Count(values.Width, "value")}", "Each key has one value");
        }

        if (queries.Channels % heads != 0 || values.Channels % heads != 0)
        {
            int features = queries.Channels % heads != 0 ? queries.Channels : values.Channels;
            AttentionDefinition.Divide(
                layer, Heads, features, $"Queries are {queries} and values {values}: choose a number that divides both");
            return null;
        }

        if (hasMask && !AttentionDefinition.TakesMask(layer, layer.Here, inputs[Parts].Shape, heads, queries.Width, keys.Width))
        {
            return null;
        }

        return new LayerResult(
            new AttentionHeads(heads, IsPacked: false, Causal.Value, hasMask), queries with { Channels = values.Channels });
    }

    private const int Parts = AttentionHeads.Parts;

    private static string Meeting(int keys) => $"{Arithmetic.Count(keys, "key")} {(keys == 1 ? "meets" : "meet")}";

    private static string Count(Shape tokens) => Arithmetic.Count(tokens.Channels, "feature");

    private static LayerResult? Refuse(LayerContext layer, string reason, string remedy)
    {
        layer.Report(ArgumentProblems.Unsupported(layer.Here, reason, remedy));
        return null;
    }
}
