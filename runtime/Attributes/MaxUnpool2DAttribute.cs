using System;

namespace Strata;

/// <summary>
/// Puts each element where the maximum of its window stood in an earlier max pooling: PyTorch's <c>nn.MaxUnpool2d</c>, with the
/// indices of that pooling (Zeiler and Fergus 2014; ENet, SegNet).
/// </summary>
/// <remarks>
/// <para>Shape: C×H′×W′ → C×H×W, from the named pooling's output to its input.</para>
/// <para>Formula: y is 0, but for the first maximum of each window of the pooling's input, which is x of that window.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool2DAttribute : LayerAttribute
{
    /// <summary>Undoes <paramref name="pool"/>.</summary>
    /// <param name="pool">The name of a <see cref="MaxPool2DAttribute"/> above.</param>
    public MaxUnpool2DAttribute(string pool) => Pool = pool;

    /// <summary>The pooling's name.</summary>
    public string Pool { get; }
}
