using System;

namespace Strata;

/// <summary>
/// Multiplies each element by a number and adds another one: PyTorch's <c>a * x + b</c>, Keras' <c>Rescaling</c>. For numbers that are
/// learned, see <see cref="ScaleAttribute"/>; for one of each channel, <see cref="NormalizeAttribute"/>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = a·x + b.</para>
/// <para>Behind a convolution or a dense layer, it is computed with that layer, and so is an activation behind it.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class AffineAttribute : LayerAttribute
{
    /// <summary>A line.</summary>
    /// <param name="a">The factor, a finite number.</param>
    /// <param name="b">What is added, a finite number.</param>
    public AffineAttribute(double a, double b)
    {
        A = a;
        B = b;
    }

    /// <summary>The factor.</summary>
    public double A { get; }

    /// <summary>What is added.</summary>
    public double B { get; }
}
