using System;

namespace Strata;

/// <summary>
/// The shortcut of a residual block (He et al. 2016): the identity if the input already has the output's shape, otherwise a 1×1
/// convolution without bias, followed by batch norm.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → filters×H′×W′ with H′ = ⌊(H − 1)/S⌋ + 1, and W′ likewise. Sequences and volumes work alike.</para>
/// <para>
/// Parameters: none, or those of <c>downsample.0</c> (the convolution) and <c>downsample.1</c> (batch norm), as in torchvision.
/// <see cref="LayerAttribute.Name"/> replaces <c>downsample</c>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ShortcutAttribute : LayerAttribute
{
    /// <summary>A shortcut to <paramref name="filters"/> channels.</summary>
    /// <param name="filters">Number of channels of the output, at least 1.</param>
    public ShortcutAttribute(int filters) => Filters = filters;

    /// <summary>Number of channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Stride of the convolution along every axis, at least 1 (the default).</summary>
    public int Stride { get; set; } = 1;
}
