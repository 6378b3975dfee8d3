using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// Shifts and scales each channel by constants, such as the mean and deviation of a data set: torchvision's
/// <c>transforms.Normalize</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y[c, i, j] = (x[c, i, j] − mean[c])/deviation[c].</para>
/// <para>
/// Directly after the network's only input, it also gives the network a <c>Forward</c> for images of bytes. That method divides
/// the bytes by 255 first, as torchvision's <c>ToTensor</c> does.
/// </para>
/// <code>
/// [Input(3, 224, 224)]
/// [Normalize(new[] { 0.485, 0.456, 0.406 }, new[] { 0.229, 0.224, 0.225 })]
/// </code>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class NormalizeAttribute : LayerAttribute
{
    /// <summary>Normalises each channel.</summary>
    /// <param name="means">The number that is subtracted from each channel; finite.</param>
    /// <param name="deviations">The number by which each channel is divided; greater than 0.</param>
    public NormalizeAttribute(double[] means, double[] deviations)
    {
        Means = means;
        Deviations = deviations;
    }

    /// <summary>The number that is subtracted from each channel.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The number by which each channel is divided.</summary>
    public IReadOnlyList<double> Deviations { get; }
}
