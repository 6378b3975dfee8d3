using System;

namespace Strata;

/// <summary>
/// Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
/// <c>nn.MaxUnpool1d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.
/// </summary>
/// <remarks>
/// <para>Shape: C×L′ → C×L, from the output of the named pooling to its input.</para>
/// <para>
/// Formula: at the first maximum of each window of the pooling's input, y is the element of x for that window. Everywhere else y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool1DAttribute : LayerAttribute
{
    /// <summary>Reverses the max pooling <paramref name="pool"/>.</summary>
    /// <param name="pool">The name of a <see cref="MaxPool1DAttribute"/> above.</param>
    public MaxUnpool1DAttribute(string pool) => Pool = pool;

    /// <summary>The name of the pooling.</summary>
    public string Pool { get; }
}

/// <summary>
/// Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
/// <c>nn.MaxUnpool2d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.
/// </summary>
/// <remarks>
/// <para>Shape: C×H′×W′ → C×H×W, from the output of the named pooling to its input.</para>
/// <para>
/// Formula: at the first maximum of each window of the pooling's input, y is the element of x for that window. Everywhere else y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool2DAttribute : LayerAttribute
{
    /// <summary>Reverses the max pooling <paramref name="pool"/>.</summary>
    /// <param name="pool">The name of a <see cref="MaxPool2DAttribute"/> above.</param>
    public MaxUnpool2DAttribute(string pool) => Pool = pool;

    /// <summary>The name of the pooling.</summary>
    public string Pool { get; }
}

/// <summary>
/// Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
/// <c>nn.MaxUnpool3d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.
/// </summary>
/// <remarks>
/// <para>Shape: C×D′×H′×W′ → C×D×H×W, from the output of the named pooling to its input.</para>
/// <para>
/// Formula: at the first maximum of each window of the pooling's input, y is the element of x for that window. Everywhere else y is 0.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool3DAttribute : LayerAttribute
{
    /// <summary>Reverses the max pooling <paramref name="pool"/>.</summary>
    /// <param name="pool">The name of a <see cref="MaxPool3DAttribute"/> above.</param>
    public MaxUnpool3DAttribute(string pool) => Pool = pool;

    /// <summary>The name of the pooling.</summary>
    public string Pool { get; }
}
