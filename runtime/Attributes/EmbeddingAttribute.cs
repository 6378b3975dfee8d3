using System;

namespace Strata;

/// <summary>A learned row of numbers for each index: PyTorch's <c>nn.Embedding</c>, Keras' <c>Embedding</c>.</summary>
/// <remarks>
/// <para>
/// Shape: a flat tensor of L indices, or 1×L → features×L, the tokens of a sequence; 1×H×W → features×H×W, and volumes alike. A tensor of
/// several channels does not fit.
/// </para>
/// <para>
/// Formula: y[f, i] = W[index[i], f]. An index is a float, whose fraction is ignored; below 0 it counts from the end. Where there is no
/// such row, the result is NaN (PyTorch throws). The gradient goes to the rows, and adds up where one is taken several times, in floats as
/// in PyTorch: a sum over a million tokens may be off by a hundredth. None goes to the indices. The row of PyTorch's <c>padding_idx</c> is
/// trained like the others.
/// </para>
/// <para>Parameters: <c>weight</c> (count, features).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class EmbeddingAttribute : LayerAttribute
{
    /// <summary>A table of <paramref name="count"/> rows of <paramref name="features"/> numbers.</summary>
    /// <param name="count">The number of rows, such as the words of a vocabulary: from 1 to 2²⁴, up to which each index is a float.</param>
    /// <param name="features">The numbers of a row, at least 1.</param>
    public EmbeddingAttribute(int count, int features) => (Count, Features) = (count, features);

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The numbers of a row.</summary>
    public int Features { get; }

    /// <summary>
    /// The standard deviation of initial values, which are normally distributed around 0: at least 0, and 1 by default, as in PyTorch.
    /// </summary>
    public double Deviation { get; set; } = 1;
}
