using System;

namespace Strata;

/// <summary>
/// Pads a volume: PyTorch's <c>nn.ZeroPad3d</c>, <c>nn.ReflectionPad3d</c>, <c>nn.ReplicationPad3d</c> and
/// <c>nn.CircularPad3d</c>, Keras' <c>ZeroPadding3D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×D×H×W → C×(D + 2P)×(H + 2P)×(W + 2P). Arguments for one axis or one side replace P there.</para>
/// <para>
/// Formula: y[c, k, i, j] = x[c, k − P, i − P, j − P]; outside the input, x is 0, or follows
/// <see cref="PaddingAttribute.Mode"/>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Pad3DAttribute : PaddingAttribute
{
    /// <summary>Adds <paramref name="padding"/> elements on each side of each axis.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    public Pad3DAttribute(int padding)
        : base(padding)
    {
    }

    /// <summary>Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</summary>
    public int PaddingBottom { get; set; }

    /// <summary>Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingDepth { get; set; }

    /// <summary>Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</summary>
    public int PaddingFront { get; set; }

    /// <summary>Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</summary>
    public int PaddingBack { get; set; }
}
