using System;

namespace Strata;

/// <summary>The base class of layers that pad their input with zeros or with copies of its elements.</summary>
/// <remarks>The more specific argument wins: <see cref="PaddingLeft"/> overrides <see cref="Padding"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class PaddingAttribute : LayerAttribute
{
    private protected PaddingAttribute(int padding) => Padding = padding;

    /// <summary>Elements added on each side of each axis, at least 0.</summary>
    public int Padding { get; }

    /// <summary>
    /// Elements added at the beginning of a sequence or of each row, at least 0; <see cref="Padding"/> by default.
    /// </summary>
    public int PaddingLeft { get; set; }

    /// <summary>Elements added at the end of a sequence or of each row, at least 0; <see cref="Padding"/> by default.</summary>
    public int PaddingRight { get; set; }

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode Mode { get; set; }
}

/// <summary>
/// Pads a sequence: PyTorch's <c>nn.ZeroPad1d</c>, <c>nn.ReflectionPad1d</c>, <c>nn.ReplicationPad1d</c> and
/// <c>nn.CircularPad1d</c>, Keras' <c>ZeroPadding1D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×(L + 2P). Arguments for one axis or one side replace P there.</para>
/// <para>Formula: y[c, i] = x[c, i − P]; outside the input, x is 0, or follows <see cref="PaddingAttribute.Mode"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Pad1DAttribute : PaddingAttribute
{
    /// <summary>Adds <paramref name="padding"/> elements on each side of each axis.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    public Pad1DAttribute(int padding)
        : base(padding)
    {
    }
}

/// <summary>
/// Pads an image: PyTorch's <c>nn.ZeroPad2d</c>, <c>nn.ReflectionPad2d</c>, <c>nn.ReplicationPad2d</c> and
/// <c>nn.CircularPad2d</c>, Keras' <c>ZeroPadding2D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×(H + 2P)×(W + 2P). Arguments for one axis or one side replace P there.</para>
/// <para>
/// Formula: y[c, i, j] = x[c, i − P, j − P]; outside the input, x is 0, or follows <see cref="PaddingAttribute.Mode"/>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Pad2DAttribute : PaddingAttribute
{
    /// <summary>Adds <paramref name="padding"/> elements on each side of each axis.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    public Pad2DAttribute(int padding)
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
}

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
