using System;

namespace Strata;

/// <summary>
/// Multi-head attention over a sequence of tokens (Vaswani et al. 2017, section 3.2): PyTorch's <c>nn.MultiheadAttention</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×L → C×L, where each of L tokens has C features. Each of the heads has C/heads features, so the number of heads must divide C.
/// </para>
/// <para>
/// Formula: q, k, v = W·x + b; for each head, softmax(qᵀk/√d + mask) along the tokens of k weights the tokens of v, with d = C/heads; then
/// y = Wₒ·(all heads) + bₒ. The parameters have PyTorch's keys: <c>in_proj_weight</c> (3·C, C), <c>in_proj_bias</c> (3·C),
/// <c>out_proj.weight</c> (C, C), <c>out_proj.bias</c> (C).
/// </para>
/// <para>
/// With <see cref="Context"/>, the queries are of the tensor that the layer reads, C×L, and keys and values of another one, C×M
/// (cross-attention). The parameters are the same. With <see cref="Mask"/>, another tensor is added to the products of queries and keys.
/// </para>
/// <para>PyTorch's modules take tokens as L×C. <c>[Transpose(2, 1)]</c> makes C×L of them.</para>
/// </remarks>
/// <example>
/// The first half of a transformer's block, before the multi-layer perceptron:
/// <code>
/// [Branch, Branch, LayerNorm(OverChannels = true), Attention(12), Add]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AttentionAttribute : LayerAttribute
{
    /// <summary>Attention with some heads.</summary>
    /// <param name="heads">The number of heads, at least 1. It must divide the features of a token.</param>
    public AttentionAttribute(int heads) => Heads = heads;

    /// <summary>The number of heads.</summary>
    public int Heads { get; }

    /// <summary>Whether biases are added to q, k, v and the result; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// Whether a token attends to those before it and to itself only; false by default. This is a mask of −∞ above the diagonal.
    /// </summary>
    public bool Causal { get; set; }

    /// <summary>
    /// The name of the tensor, C×M, whose tokens are the keys and the values; null by default: those of the tensor that the layer reads.
    /// </summary>
    public string? Context { get; set; }

    /// <summary>
    /// The name of the tensor that is added to the products of queries and keys before the softmax; null by default: none. Its shape is
    /// L×M, 1×L×M, or heads×L×M with one mask for each head. With 1 in the place of L, its row is for all queries, as PyTorch's
    /// <c>key_padding_mask</c>. −∞ leaves a pair out; a query without any pair left is NaN. It may be a <c>[Buffer]</c>, or a
    /// <c>[Param]</c> such as a table of relative positions, or computed.
    /// </summary>
    public string? Mask { get; set; }
}
