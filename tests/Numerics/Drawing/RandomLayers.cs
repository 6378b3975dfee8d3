using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>
/// Draws single layers for what stands in front of them. A part for each family of operators; an argument that turns out not to fit is
/// drawn again by the caller.
/// </summary>
internal sealed partial class RandomLayers(RandomNumbers random)
{
    /// <summary>Any layer that suits a tensor of these extents, most of the time.</summary>
    public Layer Any(Extents input) => input.Rank == 1 ? Flat(input) : random.Below(58) switch
    {
        < 9 => random.Chance(6) ? DenseOverChannels() : Convolution(input),
        < 11 => PaddedConvolution(input),
        < 15 => Transposed(input),
        < 17 => random.Chance(4) ? DilatedMaxPooling(input.Rank - 1) : MaxPooling(input.Rank - 1),
        < 20 => AveragePooling(input.Rank - 1),
        < 25 => SmoothPooling(input.Rank - 1),
        < 30 => AdaptivePooling(input.Rank - 1),
        < 42 => Resampled(input),
        < 45 => Normalized(input),
        < 52 => AlongSome(input),
        _ => Elementwise(input),
    };

    /// <summary>A layer behind which there are ⌈extent/stride⌉ planes, rows and columns.</summary>
    public Layer Resizing(Extents input, int stride)
    {
        int dimensions = input.Rank - 1;
        Axis[] axes = random.Axes(dimensions, () => new Axis(random.Between(1, LargestKernel(dimensions)), stride));
        return random.Below(20) switch
        {
            < 8 => Convolution(random.Chance(6) ? random.Pick(13, 16, 17) : random.Between(1, 6), axes, Auto.Same, bias: !random.Chance(4)),
            < 11 => MaxPooling(axes, false, Auto.Same),
            < 13 => AveragePooling(axes, false, true, Auto.Same),
            _ when stride > 1 => Convolution(random.Between(1, 6), [.. System.Array.ConvertAll(axes, axis => axis with { Kernel = 1 })]),
            < 16 => Normalized(input),
            _ => Elementwise(input),
        };
    }

    /// <summary>A layer that changes no extent.</summary>
    public Layer Elementwise(Extents input) => random.Below(21) switch
    {
        < 4 => new ReLU(),
        < 7 => Dropped(),
        < 8 => random.Chance(4)
            ? new FakeQuantize(-128, 127, PerChannel: random.Chance(2), Learned: random.Chance(2)) : new Softmax(),
        < 9 => new LogSoftmax(),
        < 10 => new PReLU(PerChannel: random.Chance(2)),
        < 11 when input.Rank > 1 => new ChannelShuffle(random.Divisor(input.Channels)),
        < 13 => Own(),
        < 14 => Scaled(input),
        _ => Activation(),
    };

    /// <summary>A layer along a sequence.</summary>
    public Layer Recurrent()
    {
        (int hidden, int count, bool isBidirectional, bool bias) =
            (random.Pick(1, 2, 4, 17), random.Chance(3) ? 2 : 1, random.Chance(2), !random.Chance(3));
        return random.Chance(2) ? new LSTM(hidden, count, isBidirectional, bias) : new GRU(hidden, count, isBidirectional, bias);
    }

    private Layer Flat(Extents input) => random.Below(11) switch
    {
        < 5 => Dense(),
        < 6 => Normalized(input),
        < 7 => Reshaped(input),
        < 8 => Sliced(input),
        _ => Elementwise(input),
    };
}
