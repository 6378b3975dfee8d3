using System;

namespace Strata;

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
