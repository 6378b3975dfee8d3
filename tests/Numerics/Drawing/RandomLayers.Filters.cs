using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Convolutions of all kinds and dense layers.</summary>
internal sealed partial class RandomLayers
{
    private static readonly (string Name, int Divisor, int[] Kernel)[] Filters =
    [
        ("Edge", 1, [-1, -1, -1, -1, 8, -1, -1, -1, -1]), ("SobelX", 1, [-1, 0, 1, -2, 0, 2, -1, 0, 1]),
        ("SobelY", 1, [-1, -2, -1, 0, 0, 0, 1, 2, 1]),
        ("BoxBlur", 9, [1, 1, 1, 1, 1, 1, 1, 1, 1]), ("GaussianBlur", 16, [1, 2, 1, 2, 4, 2, 1, 2, 1]),
        ("Sharpen", 1, [0, -1, 0, -1, 5, -1, 0, -1, 0]),
        ("Emboss", 1, [-2, -1, 0, -1, 1, 1, 0, 1, 2]),
    ];

    public static Convolution Convolution(int filters, Axis[] axes, Auto auto = Auto.None, int groups = 1, bool bias = true) => axes switch
    {
        [Axis x] => new Conv1D(filters, x, auto, groups, bias),
        [Axis y, Axis x] => new Conv2D(filters, y, x, auto, groups, bias),
        _ => new Conv3D(filters, axes[0], axes[1], axes[2], auto, groups, bias),
    };

    /// <summary>A layer that only changes the channels.</summary>
    public static Layer Projection(int channels, int rank) =>
        rank == 1 ? new Dense(channels) : Convolution(channels, [.. Enumerable.Repeat(new Axis(1), rank - 1)]);

    public Dense Dense() =>
        new(random.Chance(8) ? random.Pick(16, 32, 33, 48, 100, 130, 200) : random.Between(1, 20), Bias: !random.Chance(4));

    /// <summary>A dense layer over the channels of each pixel.</summary>
    private Dense DenseOverChannels() =>
        new(random.Chance(6) ? random.Pick(8, 16, 17, 32) : random.Between(1, 8), Bias: !random.Chance(4), OverChannels: true);

    public Convolution Convolution(Extents input)
    {
        int dimensions = input.Rank - 1;
        Axis[] axes = random.Axes(dimensions, () => FilterAxis(LargestKernel(dimensions), dimensions == 3 ? 2 : 3));
        Auto auto = random.Chance(2) ? random.Pick(Auto.Same, Auto.Valid, Auto.Full) : Auto.None;
        if (auto != Auto.None)
        {
            // The paddings are then the rule's, and must not be spelled.
            axes = Array.ConvertAll(axes, axis => axis with { Before = 0, After = 0 });
        }

        int groups = random.Chance(3) ? random.Divisor(input.Channels) : 1;
        int filters = random.Chance(6) ? random.Pick(8, 16, 17, 32) : random.Between(1, 8);
        return Convolution(Math.Max(filters / groups, 1) * groups, axes, auto, groups, bias: !random.Chance(4));
    }

    /// <summary>One that pads with copies.</summary>
    private PaddedConvolution PaddedConvolution(Extents input)
    {
        Axis[] axes = random.Axes(input.Rank - 1, () => Axis.Of(random.Between(1, 3), random.Between(1, 2), random.Below(3)));
        int filters = random.Between(1, 6);
        return new PaddedConvolution(
            Convolution(filters, axes),
            new Pad(axes.Length, random.Pick("Reflect", "Replicate", "Circular"),
                [.. axes.SelectMany(axis => new[] { axis.Before, axis.After })]),
            Convolution(filters, Array.ConvertAll(axes, axis => axis with { Before = 0, After = 0 })));
    }

    private ConvTranspose Transposed(Extents input)
    {
        int dimensions = input.Rank - 1;
        bool isSame = random.Chance(4);
        Axis[] axes = random.Axes(dimensions, () =>
        {
            var axis = new Axis(random.Between(1, 3), random.Between(1, dimensions == 3 ? 2 : 3), Dilation: random.Chance(5) ? 2 : 1);
            return isSame ? axis : axis with { Before = random.Below(axis.Span + 1), After = random.Below(axis.Span + 1) };
        });
        int[]? outputPadding = !isSame && random.Chance(3)
            ? [.. axes.Select(axis => random.Below(Math.Max(axis.Stride, axis.Dilation)))] : null;
        int groups = random.Chance(3) ? random.Divisor(input.Channels) : 1;
        return new ConvTranspose(
            Math.Max(random.Between(1, 6) / groups, 1) * groups, axes, outputPadding, isSame ? Auto.Same : Auto.None, groups,
            Bias: !random.Chance(4));
    }

    private Filter2D Fixed()
    {
        (string name, int divisor, int[] kernel) = random.Pick(Filters);
        return new Filter2D(name, divisor, random.Below(3), kernel);
    }

    /// <summary>
    /// Windows of volumes are small: large ones would be too much for the oracle, and strides of 3 have 27 kernels backward.
    /// </summary>
    private static int LargestKernel(int dimensions) => dimensions == 3 ? 3 : 5;

    private Axis FilterAxis(int largestKernel, int largestStride)
    {
        var axis = new Axis(
            random.Chance(4) ? 1 : random.Between(2, largestKernel), random.Chance(3) ? random.Between(2, largestStride) : 1,
            Dilation: random.Chance(5) ? random.Between(2, 3) : 1);
        if (random.Chance(2))
        {
            // Up to a window that sees nothing but padding.
            int padding = random.Chance(8) ? axis.Span : random.Below(axis.Span);
            axis = axis with { Before = padding, After = random.Chance(4) ? random.Below(axis.Span) : padding };
        }

        return axis;
    }
}
