using System;

namespace Strata;

/// <summary>Removes both ends of a sequence: PyTorch's <c>x[:, :, a:b:s]</c>, Keras' <c>Cropping1D</c>.</summary>
/// <remarks>
/// <para>Shape: C×L → C×⌈(L − 2P)/S⌉, margin P and stride S. An argument for one side replaces P there.</para>
/// <para>Formula: y[c, i] = x[c, S·i + P].</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Crop1DAttribute : CropAttribute
{
    /// <summary>Removes <paramref name="crop"/> elements at each end.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    public Crop1DAttribute(int crop = 0)
        : base(crop)
    {
    }
}
