using System;

namespace Strata;

/// <summary>
/// Takes some channels of a tensor, some features of a flat one, or some elements along another axis: PyTorch's
/// <c>x[:, start:end]</c> and <c>x.narrow(1, start, n)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → (end − start)×H×W. Along another axis, that axis has end − start elements.
/// A number below 0 counts from the end: −1 is the last channel as a start, and leaves it out as an end.
/// </para>
/// <para>Formula: y[c, i, j] = x[start + c, i, j].</para>
/// <para>The result is a view of the input's memory where its layout allows that, and a copy elsewhere.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SliceAttribute : LayerAttribute
{
    /// <summary>Takes the channels from <paramref name="start"/> to the last, or the elements along <see cref="Axis"/>.</summary>
    /// <param name="start">The first channel, counted from 0; from the end if below 0.</param>
    public SliceAttribute(int start) => Start = start;

    /// <summary>Takes the channels from <paramref name="start"/> to <paramref name="end"/> − 1.</summary>
    /// <param name="start">The first channel, counted from 0; from the end if below 0.</param>
    /// <param name="end">The channel after the last one; from the end if below 0. It must be behind the start.</param>
    public SliceAttribute(int start, int end) => (Start, End) = (start, end);

    /// <summary>The axis of which some elements are taken: one of them. <see cref="Axes.Channels"/> by default.</summary>
    public Axes Axis { get; set; } = Axes.Channels;

    /// <summary>The first channel; from the end if below 0.</summary>
    public int Start { get; }

    /// <summary>The channel after the last one; null for all up to the end.</summary>
    public int? End { get; }
}
