using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Constants of a data set in front of a network.</summary>
public class NormalizeTests
{
    internal static readonly OracleNetwork[] Networks =
    [
        // Zeros around what is shifted: nothing may be left of the shift outside the image.
        Over(Extents.Image(3, 6, 7), Of(3), new Conv2D(4, 3, padding: 1), new ReLU()),
        Over(Extents.Image(1, 17, 19), Of(1), new Conv2D(2, 5, padding: 2), new MaxPool2D(2)),
        Over(Extents.Image(18, 3, 5), Of(18), new Tanh()),
        Over(Extents.Sequence(4, 21), Of(4), new Flatten(), new Dense(3)),
        Over(Extents.Image(2, 4, 4), new Conv2D(3, 3, padding: 1), Of(3), new Conv2D(2, 3, padding: 1)),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. Networks.Select((network, i) => network.Declaration($"Normalized{i}"))], "Normalized"));

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
    public void Channels_are_shifted_and_scaled_by_constants(int number, Isa isa)
    {
        var comparison = new Comparison(Networks[number], number, [1, 5, 19]);
        string? difference = comparison.Run(Compiled.Value[$"Normalized{number}"], isa);
        Assert.True(difference is null, $"{difference}\n{Networks[number].Declaration("Normalized")}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Byte_images_are_scaled_as_ToTensor_does(int samples)
    {
        CompiledType type = NetworkCompiler.CompileClasses(
            [
                """
                [Network, Input(3, 5, 7), Normalize(new[] { 0.485, 0.456, 0.406 }, new[] { 0.229, 0.224, 0.225 }), Conv2D(2, 3)]
                public partial class Bytes { public static void Run(Bytes net, byte[] images, float[] outputs) => net.Forward(images, outputs); }
                """,
            ],
            "Bytes")["Bytes"];
        using CompiledNetwork network = type.Create();
        byte[] images = [.. Enumerable.Range(0, samples * 105).Select(i => (byte)(i * 37))];
        float[] outputs = new float[samples * 30], expected = new float[samples * 30];
        type.Type.GetMethod("Run")!.Invoke(null, [network, images, outputs]);
        network.Forward([.. images.Select(value => value / 255f)], expected);
        Assert.Equal(expected, outputs);
    }

    private static Normalize Of(int channels) => new(
        [.. Enumerable.Range(0, channels).Select(c => 0.485 - (0.04 * c))],
        [.. Enumerable.Range(0, channels).Select(c => 0.229 + (0.1 * c))]);

    private static OracleNetwork Over(Extents input, params Layer[] layers) =>
        new(input, layers, Objective.MeanSquaredError, inputGradient: true);
}
