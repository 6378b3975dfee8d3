using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>What the lanes of a convolution's accumulators are.</summary>
internal enum LaneUse
{
    /// <summary>One output of v samples: inputs are vectors, weights are broadcast.</summary>
    SampleLanes,

    /// <summary>v output channels of one pixel: weights are vectors, inputs are broadcast.</summary>
    ChannelLanes,

    /// <summary>
    /// v channels of one pixel, each with filters of its own: weights and inputs are vectors. Groups are blocks of channels.
    /// </summary>
    Depthwise,

    /// <summary>
    /// v channels of one pixel, which belong to several groups. A group has as many inputs as outputs. Weights and inputs are vectors, and
    /// shuffles give each lane the inputs of its group, one after the other. Groups of the kernel are blocks of channels.
    /// </summary>
    GroupsInLanes,

    /// <summary>v neighbours of one row: inputs are vectors at any column, weights are broadcast.</summary>
    RowLanes,
}

/// <summary>The loops of a convolution around its taps.</summary>
/// <param name="Channels">Output channels of a group, or blocks of them with channel lanes.</param>
/// <param name="Rows">Rows of outputs, before pooling.</param>
/// <param name="Columns">Columns of outputs, or vectors of them with row lanes; before pooling.</param>
/// <param name="InputChannels">Channels of a group that are summed over.</param>
/// <param name="Planes">Planes of outputs.</param>
internal readonly record struct ConvolutionExtents(int Channels, int Rows, int Columns, int InputChannels, int Groups = 1, int Planes = 1);

/// <summary>The taps of a filter along one axis, and the distances in input and weights from one tap to the next, in floats.</summary>
internal readonly record struct Taps(int Count, int InputStep, int WeightStep)
{
    /// <summary>An axis along which the filter has one tap.</summary>
    public static readonly Taps One = new(1, 0, 0);
}

/// <summary>The taps of a filter along its axes.</summary>
internal readonly record struct FilterTaps(Taps Depth, Taps Vertical, Taps Horizontal)
{
    public long Count => (long)Depth.Count * Vertical.Count * Horizontal.Count;
}

/// <summary>The taps in a row of a depthwise filter, and the outputs of a tile's row, in steps of the input.</summary>
/// <param name="Taps">Taps of a row.</param>
/// <param name="TapStep">The distance from one tap to the next.</param>
/// <param name="Stride">The distance from one output to the next.</param>
internal readonly record struct RowOfTaps(int Taps, int TapStep, int Stride)
{
    /// <summary>
    /// The inputs that some neighbouring outputs read, each with its products. A product belongs to an output and a tap. The products of an
    /// output are in the order of its taps.
    /// </summary>
    public IEnumerable<IGrouping<int, (int Column, int Tap)>> Inputs(int columns)
    {
        RowOfTaps row = this;
        return from tap in Enumerable.Range(0, row.Taps)
               from column in Enumerable.Range(0, columns)
               group (column, tap) by (column * row.Stride) + (tap * row.TapStep) into input
               orderby row.TapStep < 0 ? -input.Key : input.Key
               select input;
    }

    /// <summary>
    /// The number of these inputs. Let d be the greatest common divisor of TapStep and Stride. If an input is in a product with one output
    /// and a tap, it is also in the product with the output TapStep/d before it and the tap Stride/d after that tap.
    /// </summary>
    public int CountInputs(int columns)
    {
        int step = Math.Abs(TapStep), divisor = Arithmetic.GreatestCommonDivisor(Stride, step);
        return (Taps * columns) - (Math.Max(0, columns - (step / divisor)) * Math.Max(0, Taps - (Stride / divisor)));
    }

    /// <summary>
    /// Whether an input is loaded once for all its products in a tile's row. This requires that it has several products, and that the
    /// registers hold the tile's sums, the weights of the taps, and two inputs. Otherwise each multiply-add loads an input, and the load
    /// ports have no cycle left for what comes from the second-level cache.
    /// </summary>
    public bool IsShared(Tier tier, Tile tile) =>
        Taps + tile.Accumulators + 2 <= tier.Registers && CountInputs(tile.Columns) < Taps * tile.Columns;
}

/// <summary>
/// An address that depends on a channel: channel × stride. If channels are in blocks, it is block × stride + lane × step.
/// </summary>
internal readonly record struct ChannelAddress(int Stride, int Block = 0, int LaneStep = 1)
{
    public Index Of(Index channel) => Block == 0
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

/// <summary>The addresses of a convolution's input.</summary>
/// <param name="Strides">The distances from one output row or column to the next.</param>
/// <param name="Channel">The address of a channel.</param>
/// <param name="Group">The distance from one group to the next.</param>
internal readonly record struct ConvolutionInput(Strides Strides, ChannelAddress Channel, int Group = 0);

/// <summary>The addresses of a convolution's weights.</summary>
/// <param name="Output">The address of the weights of an output channel.</param>
/// <param name="Input">The address of the weights of an input channel.</param>
/// <param name="Group">The address of the weights of a group.</param>
internal readonly record struct ConvolutionWeights(ChannelAddress Output, ChannelAddress Input, ChannelAddress Group = default);

/// <summary>The addresses of a convolution's operands.</summary>
/// <param name="Output">Strides of the output, after pooling.</param>
internal sealed record ConvolutionOperands(ConvolutionInput Input, ConvolutionWeights Weights, Strides Output);
