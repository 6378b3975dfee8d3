using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>Draws networks from the whole language; the same seed gives the same network on every machine.</summary>
internal sealed class RandomArchitecture
{
    /// <summary>Keeps the oracle's double-precision loops short.</summary>
    private const long MostMultiplyAdds = 60_000;

    private const int LargestTensor = 3_000;

    private readonly ulong _seed;
    private ulong _counter;

    private RandomArchitecture(int seed) => _seed = (ulong)seed;

    public static OracleNetwork Draw(int seed)
    {
        var random = new RandomArchitecture(seed);
        while (true)
        {
            // What does not fit is drawn again.
            OracleNetwork? network = random.TryDraw();
            if (network is { IsValid: true, MultiplyAdds: <= MostMultiplyAdds, LargestTensor: <= LargestTensor })
            {
                return network;
            }
        }
    }

    private OracleNetwork? TryDraw()
    {
        Extents input = Below(20) switch
        {
            < 3 => Extents.Vector(Between(1, 40)),
            < 6 => Extents.Sequence(Chance(5) ? Pick(8, 16, 17) : Between(1, 6), Chance(3) ? Between(20, 50) : Between(1, 19)),
            < 10 => Extents.Volume(Chance(8) ? Pick(16, 17) : Between(1, 3), Between(1, 5), Between(1, 6), Between(1, 7)),
            _ => Extents.Image(Chance(5) ? Pick(8, 16, 17) : Between(1, 5), Side(), Side()),
        };

        var layers = new List<Layer>();
        Extents extents = input;
        if (input.Rank > 1)
        {
            int count = Between(1, 6);
            for (int i = 0; i < count; i++)
            {
                if (!Add(Chance(5) ? Group(extents) : extents.Rank > 1 ? Spatial(extents) : Elementwise()))
                {
                    return null;
                }
            }

            if (!Chance(4))
            {
                Add(new Flatten());
                while (Chance(3))
                {
                    Add(Chance(6) ? new Flatten() : Elementwise());
                }
            }
        }

        if (extents.Rank == 1)
        {
            int count = Between(layers.Count == 0 ? 1 : 0, 3);
            for (int i = 0; i < count; i++)
            {
                Add(Chance(6) ? Group(extents) : Dense());
                if (Chance(2))
                {
                    Add(Elementwise());
                }
            }
        }

        if (layers.Count == 0)
        {
            return null;
        }

        Objective objective = Below(20) switch
        {
            < 3 => Objective.None,
            < 11 when extents.Rank == 1 => Objective.CrossEntropy,
            < 6 when extents is { Rank: > 1, Channels: > 1 } => MapObjective(extents.Channels),
            < 13 => Objective.MeanSquaredError,
            _ => ElementObjective(),
        };
        if (objective is BinaryCrossEntropyObjective && (layers[^1] is ActivationLayer or Dropout or Softmax || Chance(2)))
        {
            Add(new Sigmoid());
        }

        if (objective.TakesClasses && extents.Rank > 1)
        {
            if (layers[^1] is ActivationLayer or Dropout or Softmax || Chance(2))
            {
                Add(new Softmax());
            }
        }
        else if (objective.TakesClasses)
        {
            if (layers[^1] is ActivationLayer or Dropout or Softmax || extents.Channels == 1)
            {
                Add(new Dense(Between(2, 12)));
            }

            objective = ClassObjective(extents.Channels);
            if (objective is CrossEntropyObjective && Chance(2))
            {
                Add(new Softmax());
            }
        }

        return new OracleNetwork(input, layers, objective, objective != Objective.None && Chance(4));

        bool Add(Layer layer)
        {
            layers.Add(layer);
            extents = layer.Output(extents);
            return IsValid(extents);
        }
    }

    private Objective ElementObjective() => Below(9) switch
    {
        0 => new SquaredError("MeanSquaredError") { Sum = true },
        1 => new AbsoluteError("MeanAbsoluteError") { Sum = Chance(3) },
        2 => new AbsoluteError("L1") { Sum = !Chance(3) },
        3 => new SquaredError("L2") { Sum = !Chance(3) },
        4 => new SmoothError("SmoothL1", Pick(0, 0.25, 1, 2)) { Sum = Chance(3) },
        5 => new SmoothError("Huber", Pick(0.25, 1, 3)) { Sum = Chance(3) },
        _ => new BinaryCrossEntropyObjective { Sum = Chance(4) },
    };

    private Objective ClassObjective(int classes) => Chance(3)
        ? new HingeObjective(Pick(0.5, 1, 1), ClassWeights(classes)) { Sum = Chance(4) }
        : new CrossEntropyObjective(Pick(0, 0, 0.1, 0.3), ClassWeights(classes)) { Sum = Chance(4) };

    private CrossEntropyObjective MapObjective(int classes) =>
        new(Pick(0, 0, 0.1, 0.3), ClassWeights(classes)) { Sum = Chance(4), IgnoreIndex = Pick(-100, -1, 0, 255) };

    private double[] ClassWeights(int classes) => Chance(3) ? [.. Enumerable.Range(0, classes).Select(_ => Pick(0, 0.25, 1, 1.5))] : [];

    /// <summary>Branches that fit together: strided ones all begin with the same stride and Same padding.</summary>
    private Branches Group(Extents input)
    {
        bool add = Chance(2), flat = input.Rank > 1 && !add && Chance(5);
        int stride = input.Rank > 1 && !flat && Chance(4) ? 2 : 1;
        int channels = Chance(2) ? input.Channels : Chance(3) ? Pick(13, 16, 17) : Between(1, 8);
        var paths = new IReadOnlyList<Layer>[Chance(3) ? Between(3, 4) : 2];
        for (int p = 0; p < paths.Length; p++)
        {
            var path = new List<Layer>();
            Extents extents = input;
            int count = stride > 1 ? Between(1, 3) : Chance(3) ? 0 : Between(1, 3);
            for (int i = 0; i < count && IsValid(extents); i++)
            {
                Add(input.Rank switch
                {
                    > 1 when flat => Spatial(extents),
                    > 1 => Resizing(input.Rank - 1, i == 0 ? stride : 1),
                    _ when Chance(2) => Dense(),
                    _ => Elementwise(),
                });
            }

            if (flat)
            {
                Add(new Flatten());
            }
            else if (add && extents.Channels != channels)
            {
                Add(input.Rank == 1 ? new Dense(channels) : Convolution(channels, [.. Enumerable.Repeat(new Axis(1), input.Rank - 1)]));
            }

            paths[p] = path;

            void Add(Layer layer)
            {
                path.Add(layer);
                extents = layer.Output(extents);
            }
        }

        return !add ? new Concat(paths) : Chance(4) ? new Multiply(paths) : new Add(paths);
    }

    /// <summary>A layer whose output has ⌈extent/stride⌉ planes, rows and columns.</summary>
    private Layer Resizing(int dimensions, int stride)
    {
        Axis[] axes = Axes(dimensions, () => new Axis(Between(1, LargestKernel(dimensions)), stride));
        return Below(20) switch
        {
            < 9 => Convolution(Chance(6) ? Pick(13, 16, 17) : Between(1, 6), axes, Auto.Same, bias: !Chance(4)),
            < 12 => MaxPooling(axes, false, Auto.Same),
            < 14 => AveragePooling(axes, false, true, Auto.Same),
            _ when stride > 1 => Convolution(Between(1, 6), [.. axes.Select(axis => axis with { Kernel = 1 })]),
            _ => Elementwise(),
        };
    }

    /// <summary>Windows of volumes are small: large ones would be too much for the oracle, and strides of 3 have 27 kernels backward.</summary>
    private static int LargestKernel(int dimensions) => dimensions == 3 ? 3 : 5;

    /// <summary>Often all alike.</summary>
    private Axis[] Axes(int dimensions, Func<Axis> draw)
    {
        bool alike = Chance(2);
        Axis first = draw();
        return [first, .. Enumerable.Range(1, dimensions - 1).Select(_ => alike ? first : draw())];
    }

    private static Convolution Convolution(int filters, Axis[] axes, Auto auto = Auto.None, int groups = 1, bool bias = true) => axes switch
    {
        [Axis x] => new Conv1D(filters, x, auto, groups, bias),
        [Axis y, Axis x] => new Conv2D(filters, y, x, auto, groups, bias),
        _ => new Conv3D(filters, axes[0], axes[1], axes[2], auto, groups, bias),
    };

    private static MaxPool MaxPooling(Axis[] axes, bool ceil, Auto auto) => axes switch
    {
        [Axis x] => new MaxPool1D(x, ceil, auto),
        [Axis y, Axis x] => new MaxPool2D(y, x, ceil, auto),
        _ => new MaxPool3D(axes[0], axes[1], axes[2], ceil, auto),
    };

    private static AveragePool AveragePooling(Axis[] axes, bool ceil, bool countIncludePad, Auto auto) => axes switch
    {
        [Axis x] => new AveragePool1D(x, ceil, countIncludePad, auto),
        [Axis y, Axis x] => new AveragePool2D(y, x, ceil, countIncludePad, auto),
        _ => new AveragePool3D(axes[0], axes[1], axes[2], ceil, countIncludePad, auto),
    };

    private Dense Dense() => new(Chance(8) ? Pick(16, 32, 33, 48, 100, 130, 200) : Between(1, 20), Bias: !Chance(4));

    private static bool IsValid(Extents extents) => extents is { Channels: > 0, Depth: > 0, Height: > 0, Width: > 0 };

    private Layer Spatial(Extents extents) => Below(24) switch
    {
        < 9 => Convolution(extents),
        < 12 => MaxPooling(extents.Rank - 1),
        < 15 => AveragePooling(extents.Rank - 1),
        < 19 => Resampling(extents),
        _ => Elementwise(),
    };

    /// <summary>Layers of one node: dropout draws by the number of its node, which the oracle takes for that of its layer.</summary>
    private Layer Resampling(Extents extents)
    {
        int dimensions = extents.Rank - 1;
        int[] Sizes() => [.. Enumerable.Range(0, dimensions).Select(_ => Between(1, 7))];
        switch (Below(6))
        {
            case 0:
                return new Upsample(dimensions, Pick(1.5, 2, 3));

            case 1:
                bool sized = Chance(2);
                return new Upsample(dimensions, sized ? 0 : Pick(0.7, 1.5, 2), "Linear", Chance(2), sized ? Sizes() : []);

            case 2:
                string mode = Pick("Zeros", "Reflect", "Replicate", "Circular");
                return new Pad(dimensions, mode, [
                    .. extents.ToArray()[1..].SelectMany(e => new[] { e, e }).Select(extent => Below(mode == "Reflect" ? Math.Min(extent, 3) : Math.Min(extent + 1, 3))),
                ]);

            case 3:
                return new AdaptiveAveragePool(dimensions, Chance(3) ? [] : Sizes());

            case 4:
                int[] divisors = [.. Enumerable.Range(1, extents.Channels).Where(d => extents.Channels % d == 0)];
                return extents.Rank == 3 && extents.Channels % 4 == 0 ? new PixelShuffle(2) : new ChannelShuffle(divisors[Below(divisors.Length)]);

            default:
                Axis[] axes = Axes(dimensions, () => Axis.Of(Between(1, 3), 1, 0));
                return new ConvTranspose(Between(1, 6), axes, Bias: !Chance(4));
        }
    }

    private Layer Elementwise() => Below(20) switch
    {
        < 5 => new ReLU(),
        < 7 => new Sigmoid(),
        < 9 => new Tanh(),
        < 12 => new Dropout(Pick(0, 0.1, 0.25, 0.5, 0.9)),
        < 13 => new Softmax(),
        _ => Activation(),
    };

    private ActivationLayer Activation() => Below(8) switch
    {
        0 => new LeakyReLU(Pick(0.01, 0.2, 1.5, 0, -0.3)),
        1 => new ELU(Pick(1, 0.5, 1.7, 0, -1)),
        2 => Chance(2) ? new Softplus() : new Softplus(Pick(0.5, 2, 3), Pick(20, 25, 2, 0)),
        3 => new GELU(Approximate: Chance(2)),
        4 => new SiLU(),
        5 => new ReLU6(),
        6 => new HardSigmoid(),
        _ => new HardSwish(),
    };

    private Convolution Convolution(Extents extents)
    {
        int dimensions = extents.Rank - 1;
        Axis[] axes = Axes(dimensions, () => ConvolutionAxis(LargestKernel(dimensions), dimensions == 3 ? 2 : 3));
        Auto auto = Chance(3) ? Pick(Auto.Same, Auto.Valid, Auto.Full) : Auto.None;
        if (auto != Auto.None)
        {
            // The paddings are then the rule's, and must not be spelled.
            axes = [.. axes.Select(axis => axis with { Before = 0, After = 0 })];
        }

        int groups = 1;
        if (Chance(3))
        {
            int[] divisors = [.. Enumerable.Range(1, extents.Channels).Where(d => extents.Channels % d == 0)];
            groups = divisors[Below(divisors.Length)];
        }

        int filters = Chance(6) ? Pick(8, 16, 17, 32) : Between(1, 8);
        filters = Math.Max(filters / groups, 1) * groups;
        return Convolution(filters, axes, auto, groups, bias: !Chance(4));
    }

    private Axis ConvolutionAxis(int largestKernel, int largestStride)
    {
        var axis = new Axis(Chance(4) ? 1 : Between(2, largestKernel), Chance(3) ? Between(2, largestStride) : 1, Dilation: Chance(5) ? Between(2, 3) : 1);
        if (Chance(2))
        {
            // Up to a window that sees nothing but padding.
            int padding = Chance(8) ? axis.Span : Below(axis.Span);
            axis = axis with { Before = padding, After = Chance(4) ? Below(axis.Span) : padding };
        }

        return axis;
    }

    private MaxPool MaxPooling(int dimensions)
    {
        (Axis[] axes, bool ceil, Auto auto) = PoolingAxes(dimensions);
        return MaxPooling(axes, ceil, auto);
    }

    private AveragePool AveragePooling(int dimensions)
    {
        (Axis[] axes, bool ceil, Auto auto) = PoolingAxes(dimensions);
        return AveragePooling(axes, ceil, Chance(2), auto);
    }

    private (Axis[] Axes, bool Ceil, Auto Auto) PoolingAxes(int dimensions)
    {
        bool padded = Chance(3);
        Axis[] axes = Axes(dimensions, () => PoolingAxis(padded));
        Auto auto = !padded && Chance(6) ? Auto.Same : Auto.None;
        return (axes, auto == Auto.None && Chance(3), auto);
    }

    private Axis PoolingAxis(bool padded)
    {
        int kernel = Chance(2) ? 2 : Between(1, 4);
        int padding = padded ? Below((kernel / 2) + 1) : 0;
        return new Axis(kernel, Chance(2) ? kernel : Between(1, 3), padding, padding);
    }

    private int Side() => Chance(3) ? Between(12, 24) : Between(1, 14);

    private int Below(int bound) => (int)((Formula.Bits(_seed, _counter++) >> 32) % (ulong)bound);

    private int Between(int low, int high) => low + Below(high - low + 1);

    private bool Chance(int oneIn) => Below(oneIn) == 0;

    private T Pick<T>(params T[] choices) => choices[Below(choices.Length)];
}
