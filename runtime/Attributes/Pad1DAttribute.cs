using System;

namespace Strata;

/// <summary>
/// Adds a margin to a sequence: PyTorch's <c>nn.ZeroPad1d</c>, <c>nn.ReflectionPad1d</c>, <c>nn.ReplicationPad1d</c> and
/// <c>nn.CircularPad1d</c>, Keras' <c>ZeroPadding1D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → C×(L + 2P); each side by itself where its own argument says so.</para>
/// <para>Formula: y[c, i] = x[c, i − P]; outside the input x is 0, or what <see cref="PaddingAttribute.Mode"/> says.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Pad1DAttribute : PaddingAttribute
{
    /// <summary>Adds <paramref name="padding"/> elements on each side.</summary>
    /// <param name="padding">At least 0.</param>
    public Pad1DAttribute(int padding)
        : base(padding)
    {
    }
}
