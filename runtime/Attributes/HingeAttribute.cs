using System;

namespace Strata;

/// <summary>
/// Multi-class hinge loss (Crammer and Singer) against class indices: PyTorch's <c>nn.MultiMarginLoss</c>.
/// </summary>
/// <remarks>
/// <para>Shape: a flat tensor with one score for each class, two classes or more. It takes scores as they are: no softmax.</para>
/// <para>Formula: Σ max(0, margin + x[k] − x[t]) / classes over all classes k other than the target class t, mean over the samples.
/// Textbooks often leave out the division by the number of classes.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HingeAttribute : LossAttribute
{
    /// <summary>By how much the right class's score should exceed the others, 0 or more; 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>
    /// A weight for each class, at least 0, by which the losses of its samples are multiplied; all 1 by default. As in PyTorch, the mean
    /// divides by the number of samples all the same.
    /// </summary>
    public double[]? ClassWeights { get; set; }

    /// <summary>Whether the loss is the mean over the samples (the default) or their sum.</summary>
    public Reduction Reduction { get; set; }
}
