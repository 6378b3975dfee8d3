using System;

namespace Strata;

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
