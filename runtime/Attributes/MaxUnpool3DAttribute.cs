using System;

namespace Strata;

/// <summary>
/// Puts each element where the maximum of its window stood in an earlier max pooling: PyTorch's <c>nn.MaxUnpool3d</c>, with the
/// indices of that pooling (Zeiler and Fergus 2014; ENet, SegNet).
/// </summary>
/// <remarks>
/// <para>Shape: C×D′×H′×W′ → C×D×H×W, from the named pooling's output to its input.</para>
/// <para>Formula: y is 0, but for the first maximum of each window of the pooling's input, which is x of that window.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxUnpool3DAttribute : LayerAttribute
{
    /// <summary>Undoes <paramref name="pool"/>.</summary>
    /// <param name="pool">The name of a <see cref="MaxPool3DAttribute"/> above.</param>
    public MaxUnpool3DAttribute(string pool) => Pool = pool;

    /// <summary>The pooling's name.</summary>
    public string Pool { get; }
}
