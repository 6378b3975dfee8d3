using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Shifts and scales the channels of the input by constants, as a data set's statistics say: torchvision's
/// <c>transforms.Normalize</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c, i, j] = (x[c, i, j] − mean[c])/deviation[c].</para>
/// <para>
/// Directly behind the only input it gives the network a Forward for byte images, which divides them by 255 first, as torchvision's
/// <c>ToTensor</c> does.
/// </para>
/// <code>
/// [Input(3, 224, 224)]
/// [Normalize(new[] { 0.485, 0.456, 0.406 }, new[] { 0.229, 0.224, 0.225 })]
/// </code>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class NormalizeAttribute : LayerAttribute
{
    /// <summary>Normalises each channel.</summary>
    /// <param name="means">What is subtracted: a finite number for each channel.</param>
    /// <param name="deviations">By what is divided: a number greater than 0 for each channel.</param>
    public NormalizeAttribute(double[] means, double[] deviations)
    {
        Means = means;
        Deviations = deviations;
    }

    /// <summary>What is subtracted from each channel.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>By what each channel is divided.</summary>
    public IReadOnlyList<double> Deviations { get; }
}
