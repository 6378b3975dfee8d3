using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The outputs of a convolution that are divided into tiles, per group.</summary>
/// <param name="Channels">Output channels, or blocks of them.</param>
/// <param name="ChannelBlock">How many channels are adjacent in the packed weights.</param>
/// <param name="Rows">Rows, before pooling.</param>
/// <param name="Columns">Columns, or vectors of them; before pooling.</param>
/// <param name="Steps">How many steps each output takes: input channels × taps.</param>
internal readonly record struct TiledOutputs(int Channels, int ChannelBlock, int Rows, int Columns, long Steps)
{
    /// <summary>Rows of the windows that are pooled in registers.</summary>
    public int PoolRows { get; init; } = 1;

    public int PoolColumns { get; init; } = 1;

    /// <summary>How many inputs a group has if several groups share a vector. For each input the lanes are shuffled.</summary>
    public int Shuffles { get; init; } = 1;

    /// <summary>How many pages of memory the inputs of a tile are in.</summary>
    public int Pages { get; init; }

    /// <summary>How the kernel reads pixels and weights. With lanes along a row, it always counts.</summary>
    public TileReads Reads { get; init; }

    /// <summary>The taps in a row of a depthwise filter; null for other filters.</summary>
    public RowOfTaps? RowOfTaps { get; init; }
}

/// <summary>How a kernel of a pointwise convolution reads its operands.</summary>
internal enum TileReads
{
    /// <summary>Waiting is not counted.</summary>
    Any,

    /// <summary>The pixels of a tile follow each other.</summary>
    Together,

    /// <summary>The pixels of a tile are in many blocks of channels that lie apart, so that no prefetcher finds them.</summary>
    Apart,
}
