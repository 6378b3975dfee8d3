using System;

namespace Strata;

/// <summary>Multi-class hinge loss (Crammer and Singer) against class indices: PyTorch's <c>nn.MultiMarginLoss</c>.</summary>
/// <remarks>
/// <para>
/// Shape: a flat tensor with one score for each class, and at least two classes. Put no softmax before it: the loss takes plain
/// scores.
/// </para>
/// <para>
/// Formula: Σ max(0, margin + x[k] − x[t]) / classes over all classes k except the target class t, mean over the samples.
/// Textbooks often omit the division by the number of classes.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HingeAttribute : LossAttribute
{
    /// <summary>The margin by which the target class's score should exceed all others; at least 0, 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>
    /// One weight for each class, at least 0; all 1 by default. It multiplies the losses of the class's samples. As in PyTorch,
    /// the mean still divides by the number of samples.
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>Whether the loss is the mean over the samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
