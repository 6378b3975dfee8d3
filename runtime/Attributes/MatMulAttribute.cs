using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>The product of two tensors of matrices: PyTorch's <c>torch.matmul</c>, and its <c>bmm</c>.</summary>
/// <remarks>
/// <para>
/// Shape: C×M×K, C×K×N → C×M×N. The last two axes are the matrices; sequences (C×L) are one matrix each, and volumes have two axes before
/// the matrices. Along an axis before the matrices, one of the tensors may have an extent of 1: its matrix is then used for all.
/// </para>
/// <para>Formula: y[c, i, j] = Σ a[c, i, k]·b[c, k, j].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MatMulAttribute : LayerAttribute
{
    /// <summary>Multiplies the two branches of the group above, or the two tensors with these names.</summary>
    /// <param name="names">Two names. Without names, the branches are multiplied.</param>
    public MatMulAttribute(params string[] names) => Names = names;

    /// <summary>Whether rows and columns of the first tensor's matrices are exchanged; false by default.</summary>
    public bool TransposeA { get; set; }

    /// <summary>Whether rows and columns of the second tensor's matrices are exchanged; false by default.</summary>
    public bool TransposeB { get; set; }

    /// <summary>Names of the tensors; empty if the branches are multiplied.</summary>
    public IReadOnlyList<string> Names { get; }
}
