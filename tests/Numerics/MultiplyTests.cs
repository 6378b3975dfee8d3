using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The join of squeeze-and-excite blocks: by hand, and against the oracle.</summary>
public class MultiplyTests
{
    internal static readonly OracleNetwork[] Networks =
    [
        // The factors of the channels come first, in the middle and last; 20 channels fill no vector.
        Over(Extents.Image(3, 5, 7), new Conv2D(20, 3), new Multiply([], [.. Squeeze(3, 5, 20)]), new Conv2D(4, 2)),
        Over(Extents.Image(3, 5, 7), new Conv2D(16, 3), new Multiply([.. Squeeze(3, 5, 16)], [new ReLU()], [new Tanh()]), new MaxPool2D(2)),
        Over(Extents.Image(4, 3, 4), new Multiply([], [.. Squeeze(3, 4, 4)], [new Conv2D(4, 3, padding: 1), new Sigmoid()]), new ReLU()),
        Over(Extents.Image(5, 1, 1), new Multiply([], [new Conv2D(5, 1)]), new Flatten(), new Multiply([new Dense(6)], [new Dense(6)])),
        Over(Extents.Image(2, 6, 5), new Multiply([], [], []), new Conv2D(17, 3, padding: 1), new Multiply([], [])),

        // Five factors and more, of pixels, of channels and of one tensor several times.
        Over(Extents.Image(3, 5, 4), new Multiply([], [new Tanh()], [new Conv2D(3, 1)], [new Sigmoid()], [new SiLU()]), new Conv2D(4, 2)),
        Over(Extents.Image(3, 5, 7), new Conv2D(20, 3), new Multiply([], [.. Squeeze(3, 5, 20)], [new Tanh()], [.. Squeeze(3, 5, 20)], [new Sigmoid()], [])),
        Over(Extents.Vector(9), new Multiply([], [], [], [], [], [])),
        Over(Extents.Vector(21), new Multiply([new Dense(7)], [new Dense(7)], [new Dense(7)], [new Dense(7)], [new Dense(7)], [new Dense(7)], [new Dense(7)], [new Dense(7)])),
        Over(Extents.Sequence(3, 11), new Multiply([], [new Tanh()]), new Flatten(), new Multiply([new Dense(33)], [])),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. Networks.Select((network, i) => network.Declaration($"Product{i}"))], "Products"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public static TheoryData<int, Isa> AllInAllTiers
    {
        get
        {
            var data = new TheoryData<int, Isa>();
            for (int i = 0; i < Networks.Length; i++)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(i, isa);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Products_of_branches_agree_with_the_oracle(int number, Isa isa)
    {
        var comparison = new Comparison(Networks[number], number, [1, 5, 19]);
        string? difference = comparison.Run(Compiled.Value[$"Product{number}"], isa);
        Assert.True(difference is null, $"{difference}\n{Networks[number].Declaration("Product")}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_factor_of_zero_does_not_disturb_the_gradients(Isa isa)
    {
        // y = x·max(x, 0)·max(x, 0): at 2 and −1 and 0.
        var oracle = new OracleNetwork(
            Extents.Image(1, 1, 3), [new Multiply([], [new ReLU()], [new ReLU()])], Objective.MeanSquaredError, inputGradient: true);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0.1));
        float[] outputs = new float[3], gradient = new float[3];
        trainer.Forward([2, -1, 0], outputs);
        trainer.Backward([1, 1, 1], gradient);
        Assert.Equal([8, 0, 0], outputs.Select(y => y == 0 ? 0 : y));
        Assert.Equal([12, 0, 0], gradient.Select(g => g == 0 ? 0 : g));
    }

    private static Layer[] Squeeze(int rows, int columns, int channels) =>
        [new AveragePool2D(new Axis(rows), new Axis(columns)), new Conv2D(3, 1), new Tanh(), new Conv2D(channels, 1), new Sigmoid()];

    private static OracleNetwork Over(Extents input, params Layer[] layers) =>
        new(input, layers, Objective.MeanSquaredError, inputGradient: true);
}
