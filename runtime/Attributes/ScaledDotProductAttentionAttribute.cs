using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Attention of queries, keys and values that are tensors of their own (Vaswani et al. 2017, section 3.2.1): PyTorch's
/// <c>nn.functional.scaled_dot_product_attention</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: queries of C×L, keys of C×M and values of D×M → D×L. The number of heads must divide C and D. A fourth tensor is a mask, which is
/// added to the products of queries and keys: L×M, 1×L×M, or heads×L×M with one for each head. With 1 in the place of L, its row is for
/// all queries. It may be a <c>[Buffer]</c>, or a <c>[Param]</c> such as a table of relative positions, or computed.
/// </para>
/// <para>
/// Formula: for each head, softmax(qᵀk/√d + mask) along the keys weights the values, with d = C/heads. A mask of −∞ leaves a pair out. A
/// query for which all pairs are left out is NaN; PyTorch gives 0 since its version 2.5. A mask of truth values, such as those of
/// <c>[Greater]</c>, is added as 0 and 1, and leaves nothing out.
/// </para>
/// <para>
/// With <see cref="Causal"/>, a key behind a query counts for nothing if its value is finite. Of a value that is NaN or infinite, tokens
/// shortly before it become NaN, too: 0·∞ is NaN. How many do depends on the vectors of the processor.
/// </para>
/// <para>
/// It has no parameters. <c>[Dense(…, OverChannels = true)]</c> makes queries, keys and values of tokens. Self-attention with the
/// parameters of <c>nn.MultiheadAttention</c> is <see cref="AttentionAttribute"/>.
/// </para>
/// </remarks>
/// <example>
/// A decoder's queries attend to what an encoder found, <c>memory</c>:
/// <code>
/// [Dense(64, OverChannels = true, Name = "q")]
/// [Dense(64, OverChannels = true, From = "memory", Name = "k"), Dense(64, OverChannels = true, From = "memory", Name = "v")]
/// [ScaledDotProductAttention("q", "k", "v", Heads = 4), Dense(64, OverChannels = true, Name = "proj")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ScaledDotProductAttentionAttribute : LayerAttribute
{
    /// <summary>
    /// Attention of the tensors with these names, or of the branches before it: queries, keys, values, and a mask or none.
    /// </summary>
    /// <param name="names">Three or four names of earlier layers, inputs or parameters. Empty: the branches.</param>
    public ScaledDotProductAttentionAttribute(params string[] names) => Names = names;

    /// <summary>The names of the tensors; empty for the branches.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of heads; 1 by default.</summary>
    public int Heads { get; set; } = 1;

    /// <summary>Whether query i weights the keys 0 to i only; false by default.</summary>
    public bool Causal { get; set; }
}
