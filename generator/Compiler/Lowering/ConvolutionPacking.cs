using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// The packing of a convolution's weights: [O/b][I][kD][kH][kW][b]. A block b is the v output channels of a vector, or all output channels.
/// </summary>
internal sealed record ConvolutionPacking(int Block, int Blocks, int InputPitch, int DepthPitch, int VerticalPitch, int HorizontalPitch)
{
    public int BlockPitch { get; init; }

    public int Length => Blocks * BlockPitch;

    /// <summary>The place of the first tap that is computed.</summary>
    public int FirstTap { get; init; }

    /// <summary>The distance from the weights of this many adjacent output channels to those of the next.</summary>
    public int PitchOf(int lanes) => Block == lanes ? BlockPitch : lanes;

    public static ConvolutionPacking Create(FilterWeight weight, int block)
    {
        int blocks = Arithmetic.CeilingDivide(weight.Filters, block);
        int vertical = checked(weight.AllTaps.Horizontal.Kernel * block), depth = checked(weight.AllTaps.Vertical.Kernel * vertical);
        int input = checked(weight.AllTaps.Depth.Kernel * depth);
        return new ConvolutionPacking(block, blocks, input, depth, vertical, block)
        {
            BlockPitch = checked(weight.Inputs * input),
            FirstTap = (weight.TapsBefore.Planes * depth) + (weight.TapsBefore.Rows * vertical) + (weight.TapsBefore.Columns * block),
        };
    }

    /// <summary>The address of the weights of an output channel.</summary>
    public ChannelAddress Output => Blocks == 1 ? new ChannelAddress(1) : new ChannelAddress(BlockPitch, Block);

    /// <summary>The address of the weights of a group with this many output channels.</summary>
    public ChannelAddress Group(int outputs) => Blocks == 1 ? new ChannelAddress(outputs)
        : outputs % Block == 0 ? new ChannelAddress(outputs / Block * BlockPitch)
        : new ChannelAddress(BlockPitch, Block / outputs, outputs);

    /// <param name="rank">The rank of the input, which decides how many axes the window has.</param>
    public EquatableArray<EquatableArray<PackedDimension>> Axes(FilterWeight weight, int rank)
    {
        EquatableArray<PackedDimension>[] channels = weight.IsTransposed ? OfTransposed(weight) :
        [
            EquatableArray.Of(new PackedDimension(Blocks, BlockPitch), new PackedDimension(Block, 1)),
            EquatableArray.Of(new PackedDimension(weight.Inputs, InputPitch)),
        ];
        int sign = weight.IsTransposed ? -1 : 1;
        EquatableArray<PackedDimension>[] window =
        [
            EquatableArray.Of(new PackedDimension(weight.AllTaps.Depth.Kernel, sign * DepthPitch)),
            EquatableArray.Of(new PackedDimension(weight.AllTaps.Vertical.Kernel, sign * VerticalPitch)),
            EquatableArray.Of(new PackedDimension(weight.AllTaps.Horizontal.Kernel, sign * HorizontalPitch)),
        ];
        return channels.Concat(window.Skip(Shape.VolumeRank - rank)).ToEquatableArray();
    }

    /// <summary>The dimensions of the input channels, with their groups slowest, and of the output channels of a group.</summary>
    private EquatableArray<PackedDimension>[] OfTransposed(FilterWeight weight)
    {
        int outputs = weight.Outputs;
        ChannelAddress group = Group(outputs);
        var input = new PackedDimension(weight.Inputs, InputPitch);
        return
        [
            group.Block == 0
                ? EquatableArray.Of(new PackedDimension(weight.Groups, group.Stride), input)
                : EquatableArray.Of(new PackedDimension(Blocks, group.Stride), new PackedDimension(group.Block, group.LaneStep), input),
            outputs >= Block
                ? EquatableArray.Of(new PackedDimension(Arithmetic.CeilingDivide(outputs, Block), BlockPitch),
                    new PackedDimension(Block, 1))
                : EquatableArray.Of(new PackedDimension(outputs, 1)),
        ];
    }
}
