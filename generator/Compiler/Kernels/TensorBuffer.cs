using System;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The order of a tensor's elements in memory. v is the number of lanes of the tier.</summary>
internal enum Layout
{
    /// <summary>Contiguous features, for tensors of rank 1.</summary>
    Flat,

    /// <summary>[C][D][H][W]: a vector holds v neighbours in a row. Rows are padded to whole vectors.</summary>
    Planar,

    /// <summary>
    /// [C/v][D][H][W][v]: a vector holds v channels of one pixel. Lanes after the last channel may hold any numbers, in inference also
    /// channels of another tensor. They only affect the same lanes of results.
    /// </summary>
    Blocked,

    /// <summary>[C][D][H][W][v]: a vector holds one element of v samples.</summary>
    SampleLanes,
}

/// <summary>Rows and columns of zeros around each channel, so that kernels need no code for edges.</summary>
/// <remarks>
/// 3-D tensors carry no halo, so that kernels without windows treat the rows of all planes as one image. A convolution that reads zeros
/// around a 3-D tensor makes a wider copy of it.
/// </remarks>
internal readonly record struct Halo(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Planes before the first.</summary>
    public int Front { get; init; }

    /// <summary>Planes after the last.</summary>
    public int Back { get; init; }

    public bool IsEmpty => Top == 0 && Bottom == 0 && Left == 0 && Right == 0 && Front == 0 && Back == 0;

    public Halo Union(Halo other) => new(
        Math.Max(Top, other.Top), Math.Max(Bottom, other.Bottom), Math.Max(Left, other.Left), Math.Max(Right, other.Right));
}

/// <summary>The memory that a buffer is in.</summary>
internal enum MemorySpace
{
    /// <summary>Memory of one call, shared by buffers whose lifetimes do not overlap.</summary>
    Arena,

    /// <summary>Memory of each sample of a block, if samples are apart.</summary>
    Sample,

    /// <summary>The slot of each block of samples. It outlives the block's pass, since the weight gradients are computed from it.</summary>
    Slot,

    /// <summary>Statistics of the whole batch, which all blocks read.</summary>
    Shared,

    /// <summary>
    /// Scratch memory, which belongs to a thread during one call of a kernel. It is used if lanes do not hold samples: threads that share a
    /// sample share its arena, too.
    /// </summary>
    Scratch,
}

/// <summary>A tensor in memory: shape, layout and halo give every address; the memory plan adds the offset.</summary>
/// <param name="Lanes">The number of elements of a vector, in the layouts with lanes.</param>
internal sealed record TensorBuffer(TensorName Name, Shape Shape, Layout Layout, Halo Halo, int Lanes,
    MemorySpace Space = MemorySpace.Arena)
{
    /// <summary>The type of an element. All pitches and lengths count elements.</summary>
    public ElementType Element { get; init; } = ElementType.Float;

    /// <summary>Elements between horizontal neighbours.</summary>
    public int ColumnPitch => Layout is Layout.Blocked or Layout.SampleLanes ? Lanes : 1;

    /// <summary>Elements between vertical neighbours.</summary>
    public int RowPitch => Layout switch
    {
        Layout.Flat => 1,
        // A row's last vector may reach into the padding on its right, never into the next row's halo.
        Layout.Planar => Halo.Left + Arithmetic.RoundUp(Shape.Width + Halo.Right, Lanes),
        _ => (Halo.Left + Shape.Width + Halo.Right) * Lanes,
    };

    /// <summary>Elements between the planes of a volume. A volume has no halo, so the rows of a channel are contiguous.</summary>
    public int PlanePitch => Layout == Layout.Flat ? 1 : Count((long)(Halo.Top + Shape.Height + Halo.Bottom) * RowPitch);

    /// <summary>Elements between channels, or between blocks of channels.</summary>
    public int ChannelPitch => Layout switch
    {
        Layout.Flat => 1,
        Layout.Blocked => Count(Apart((long)(Halo.Front + Shape.Depth + Halo.Back) * PlanePitch)),
        _ => Count((long)(Halo.Front + Shape.Depth + Halo.Back) * PlanePitch),
    };

    /// <summary>Channels, or blocks of channels.</summary>
    public int ChannelUnits => Layout == Layout.Blocked ? Arithmetic.CeilingDivide(Shape.Channels, Lanes) : Shape.Channels;

    /// <summary>The offset of element (0, 0, 0), after the halo.</summary>
    public int Origin => Layout == Layout.Flat ? 0 : (Halo.Front * PlanePitch) + (Halo.Top * RowPitch) + (Halo.Left * ColumnPitch);

    /// <summary>
    /// The number of elements. Planar rows are read at any column, so the last row may be read up to three vectors beyond its end.
    /// </summary>
    public int Length => Layout switch
    {
        Layout.Flat => Math.Max(PaddedLength, Arithmetic.RoundUp(Shape.Length, Lanes)),
        Layout.Planar => Count(Arithmetic.RoundUp(((long)ChannelUnits * ChannelPitch) + (3 * Lanes), Lanes)),
        _ => Count((long)ChannelUnits * ChannelPitch),
    };

    /// <summary>
    /// Its memory in floats, of which arenas consist. If elements are narrower than floats, the memory is rounded up to whole vectors.
    /// </summary>
    public int Floats => Element.Bits == ElementType.Float.Bits ? Length
        : Count(Arithmetic.RoundUp(Arithmetic.CeilingDivide((long)Length * Element.Bits, ElementType.Float.Bits), Lanes));

    /// <summary>Elements that the producer of a flat tensor writes: a dense layer's panels may end beyond its last feature.</summary>
    public int PaddedLength { get; init; }

    /// <summary>The buffer that has the memory: itself, unless it is a view or a part of another buffer.</summary>
    public TensorBuffer Root => Viewed ?? this;

    /// <summary>Elements of <see cref="Root"/> before this tensor's first one. If it is a part, these are the channels before it.</summary>
    public int Start { get; private init; }

    /// <summary>Elements of <see cref="Root"/> up to the end of this tensor's last channel.</summary>
    public int End => Start + (Layout == Layout.Flat ? Length : ChannelUnits * ChannelPitch);

    private TensorBuffer? Viewed { get; init; }

    /// <summary>The same memory under another shape; only for tensors without gaps.</summary>
    public TensorBuffer Reshape(Shape shape) => shape == Shape ? this : this with { Shape = shape, Viewed = Root };

    /// <summary>Some of the channels, in the same memory. In blocks they begin with a block.</summary>
    public TensorBuffer Part(TensorName name, Shape shape, int channel) =>
        this with { Name = name, Shape = shape, Viewed = Root, Start = StartOf(channel) };

    /// <summary>The same part of another buffer, which has the layout of <see cref="Root"/>.</summary>
    public TensorBuffer In(TensorBuffer root) => Viewed is null ? root : this with { Viewed = root };

    /// <summary>Where a channel begins in <see cref="Root"/>, or a block of channels.</summary>
    public int StartOf(int channel) => Start + ((Layout == Layout.Blocked ? channel / Lanes : channel) * ChannelPitch);

    /// <summary>Whether the elements are contiguous, in the caller's order (C, H, W).</summary>
    public bool IsCompact => Layout switch
    {
        Layout.Flat => true,
        Layout.SampleLanes => Halo.IsEmpty,
        Layout.Planar => Halo.IsEmpty && RowPitch == Shape.Width,
        _ => Halo.IsEmpty && Shape.Rows * Shape.Width == 1,
    };

    /// <summary>
    /// Kernels go from one block of channels to the next at the same pixels. If the distance is a multiple of many cache lines, as with 56
    /// × 56 pixels, the blocks share a few of the 64 sets of the first-level cache, and evict one another. Then the distance is one cache
    /// line longer.
    /// </summary>
    private static long Apart(long pitch)
    {
        const int Line = 16, ManyLines = 16, Sets = 64;
        return pitch >= Sets * Line && pitch % (ManyLines * Line) == 0 ? pitch + Line : pitch;
    }

    private int Count(long length) => length <= int.MaxValue ? (int)length : NetworkTooLargeException.Check(length, $"memory for {Name}");
}
