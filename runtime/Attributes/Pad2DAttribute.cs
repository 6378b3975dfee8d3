using System;

namespace Strata;

/// <summary>
/// Adds a margin to an image: PyTorch's <c>nn.ZeroPad2d</c>, <c>nn.ReflectionPad2d</c>, <c>nn.ReplicationPad2d</c> and
/// <c>nn.CircularPad2d</c>, Keras' <c>ZeroPadding2D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → C×(H + 2P)×(W + 2P); each side by itself where its own argument says so.</para>
/// <para>Formula: y[c, i, j] = x[c, i − P, j − P]; outside the input x is 0, or what <see cref="PaddingAttribute.Mode"/> says.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Pad2DAttribute : PaddingAttribute
{
    /// <summary>Adds <paramref name="padding"/> elements on each side.</summary>
    /// <param name="padding">At least 0.</param>
    public Pad2DAttribute(int padding)
        : base(padding)
    {
    }

    /// <summary>Rows added above and below, each; at least 0.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Columns added on the left and on the right, each; at least 0.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Rows added above, at least 0.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Rows added below, at least 0.</summary>
    public int PaddingBottom { get; set; }
}
