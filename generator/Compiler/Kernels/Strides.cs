using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// An address that depends on a channel: channel × stride. If channels are in blocks, it is block × stride + lane × step.
/// </summary>
internal readonly record struct ChannelAddress(int Stride, int Block = 0, int LaneStep = 1)
{
    public Index At(Index channel) => Block == 0
        ? Index.Sum((channel, Stride))
        : (channel / Block * Number.Named(Stride, "blockStride")) + (channel % Block * Number.Named(LaneStep, "laneStride"));

    /// <summary>The distance from one channel to the next inside a block.</summary>
    public int Step => Block == 0 ? Stride : LaneStep;
}

/// <summary>The distances in a tensor from one output to the next, in floats.</summary>
internal readonly record struct Strides(int Channel, int Row, int Column)
{
    /// <summary>The distance from one plane to the next, for kernels that do not treat the rows of all planes as one image.</summary>
    public int Plane { get; init; }
}
