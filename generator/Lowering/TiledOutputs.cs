using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>The outputs of a convolution that tiles divide among themselves, per group.</summary>
/// <param name="Channels">Channels, or blocks of them.</param>
/// <param name="ChannelBlock">Channels that lie side by side in the packed weights.</param>
/// <param name="Rows">Rows, before pooling.</param>
/// <param name="Columns">Columns, or vectors of them; before pooling.</param>
/// <param name="Steps">Steps that each takes: input channels × taps.</param>
internal readonly record struct TiledOutputs(int Channels, int ChannelBlock, int Rows, int Columns, long Steps)
{
    /// <summary>Rows of the windows that are pooled in registers.</summary>
    public int PoolRows { get; init; } = 1;

    public int PoolColumns { get; init; } = 1;

    /// <summary>Inputs of a group, where several groups share a vector, whose lanes are shuffled for each input.</summary>
    public int Shuffles { get; init; } = 1;

    /// <summary>Pages of memory that the inputs of a tile are in.</summary>
    public int Pages { get; init; }

    /// <summary>The taps in a row of a depthwise filter; null for others.</summary>
    public RowOfTaps? RowOfTaps { get; init; }
}
