using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class NetworkTests
{
    public static TheoryData<Isa> Tiers => LinearNetwork.Tiers;

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Forward_computes_any_number_of_samples_in_every_tier(Isa isa)
    {
        foreach (bool blocks in (bool[])[true, false])
        {
            using var network = new LinearNetwork(new NetworkOptions { Isa = isa, Threads = 3, Seed = 4 }, blocks: blocks);
            foreach (int samples in (int[])[0, 1, 2, 3, 5, 9, 15, 16, 17, 31, 64, 100])
            {
                float[] inputs = LinearNetwork.Noise(samples * LinearNetwork.Inputs, samples);
                float[] outputs = new float[samples * LinearNetwork.Outputs];
                network.Forward(inputs, outputs);
                AssertClose(network.Expected(inputs), outputs);
            }
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        float[] inputs = LinearNetwork.Noise(1000 * LinearNetwork.Inputs, 1);
        float[][] results = [.. ((int[])[1, 2, 3, 8]).Select(threads =>
        {
            using var network = new LinearNetwork(new NetworkOptions { Threads = threads });
            float[] outputs = new float[1000 * LinearNetwork.Outputs];
            network.Forward(inputs, outputs);
            return outputs;
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Forward_may_be_called_from_many_threads_at_once()
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 2 });
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            for (int round = 0; round < 200; round++)
            {
                int samples = 1 + ((caller + round) % 40);
                float[] inputs = LinearNetwork.Noise(samples * LinearNetwork.Inputs, (caller * 1000) + round);
                float[] outputs = new float[samples * LinearNetwork.Outputs];
                network.Forward(inputs, outputs);
                AssertClose(network.Expected(inputs), outputs);
            }
        });
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_reported_with_the_numbers()
    {
        using var network = new LinearNetwork();
        var e = Assert.Throws<ArgumentException>("inputs", () => network.Forward(new float[8], new float[5]));
        Assert.Contains("Linear takes 7 floats per sample, which does not divide 8.", e.Message);
        e = Assert.Throws<ArgumentException>("outputs", () => network.Forward(new float[14], new float[5]));
        Assert.Contains("2 samples need 10, but there is room for 5.", e.Message);
        Assert.Throws<ArgumentException>("outputs", () => network.Forward(new float[7], new float[6]));
        float[] shared = new float[12];
        Assert.Throws<ArgumentException>("outputs", () => network.Forward(shared.AsSpan(0, 7), shared.AsSpan(6, 5)));
    }

    [Fact]
    public void A_disposed_network_says_so_and_may_be_disposed_of_again()
    {
        var network = new LinearNetwork();
        Parameter parameter = network.Weight;
        network.Forward(new float[7], new float[5]);
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Forward(new float[7], new float[5]));
        Assert.Throws<ObjectDisposedException>(() => network.Forward(new float[70], new float[50]));
        Assert.Throws<ObjectDisposedException>(() => parameter.CopyTo(new float[35]));
        Assert.Throws<ObjectDisposedException>(() => parameter.CopyFrom(new float[35]));
        Assert.Throws<ObjectDisposedException>(() => network.Initialize(1));
        Assert.Throws<ObjectDisposedException>(() => network.Save(new MemoryStream()));
        Assert.Throws<ObjectDisposedException>(() => network.Load(new MemoryStream()));
        Assert.Throws<ObjectDisposedException>(() => new RegressionTrainer(network, 1, new Sgd(0.1)));
    }

    [Fact]
    public async Task A_network_may_be_disposed_of_while_calls_are_in_flight()
    {
        for (int round = 0; round < 20; round++)
        {
            var network = new LinearNetwork(new NetworkOptions { Threads = 2, Seed = 3 });
            float[] inputs = LinearNetwork.Noise(40 * LinearNetwork.Inputs, 1);
            double[] expected = network.Expected(inputs);
            using var started = new CountdownEvent(3);
            Task[] callers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    float[] outputs = new float[40 * LinearNetwork.Outputs];
                    network.Forward(inputs, outputs);
                    started.Signal();
                    while (true)
                    {
                        try
                        {
                            network.Forward(inputs, outputs);
                            AssertClose(expected, outputs);
                        }
                        catch (ObjectDisposedException)
                        {
                            return;
                        }
                    }
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            started.Wait(TestContext.Current.CancellationToken);
            network.Dispose();
            await Task.WhenAll(callers);
        }
    }

    [Fact]
    public void A_failure_in_a_worker_reaches_the_caller_and_the_network_lives_on()
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 4 });
        float[] inputs = new float[200 * LinearNetwork.Inputs];
        for (int s = 0; s < 200; s++)
        {
            inputs[s * LinearNetwork.Inputs] = s;
        }

        float[] outputs = new float[200 * LinearNetwork.Outputs];
        for (int sample = 0; sample < 200; sample += 7)
        {
            network.Kernels.ThrowAtSample = sample;
            Assert.Throws<ArithmeticException>(() => network.Forward(inputs, outputs));
            network.Kernels.ThrowAtSample = -1;
            network.Forward(inputs, outputs);
            AssertClose(network.Expected(inputs), outputs);
        }
    }

    [Fact]
    public void Parameters_are_read_and_written_in_PyTorchs_order()
    {
        using var network = new LinearNetwork();
        Assert.Equal(["dense1.weight", "dense1.bias"], network.Parameters.Select(p => p.Key));
        Assert.Same(network.Weight, network.FindParameter("dense1.weight"));
        Assert.Null(network.FindParameter("dense2.weight"));
        Assert.Equal([5, 7], network.Weight.Shape);
        Assert.Equal("dense1.weight (5, 7)", network.Weight.ToString());
        float[] values = LinearNetwork.Noise(35, 3);
        network.Weight.CopyFrom(values);
        Assert.Equal(values, network.Values(0));
        Assert.Equal(values[8], Unsafe.Add(ref network.Memory.Reference, 16 + 16 + 1));
        Assert.Throws<ArgumentException>("source", () => network.Weight.CopyFrom(new float[34]));
        Assert.Throws<ArgumentException>("source", () => network.Weight.CopyFrom(new float[36]));
        Assert.Throws<ArgumentException>("destination", () => network.Weight.CopyTo(new float[34]));
    }

    [Fact]
    public void A_packing_with_several_digits_per_axis_is_followed_from_any_element()
    {
        // Blocked channels: (O, I, kH, kW) kept as [O/16][I/4][kH][kW][4][16] of a 35×10×3×2 kernel, once more with a table that
        // is too large for one axis.
        foreach ((int o, int i, int h, int w) in ((int, int, int, int)[])[(35, 10, 3, 2), (3, 20, 70, 90)])
        {
            int blocksI = (i + 3) / 4;
            var packing = new ParameterPacking(
                32,
                0,
                [
                    new PackedAxis(((o + 15) / 16, blocksI * h * w * 64), (16, 1)),
                    new PackedAxis((blocksI, h * w * 64), (4, 16)),
                    new PackedAxis((h, w * 64)),
                    new PackedAxis((w, 64)),
                ]);
            int packedLength = 32 + ((o + 15) / 16 * blocksI * h * w * 64), length = o * i * h * w;
            var layout = new ParameterLayout(new ParameterInfo("w", [o, i, h, w], Initializer.Zeros, 1, 1), packing);
            float[] packed = new float[packedLength], expected = new float[packedLength];
            float[] values = [.. Enumerable.Range(1, length).Select(v => (float)v)];
            for (int k = 0; k < length; k++)
            {
                int[] index = [k / (i * h * w), k / (h * w) % i, k / w % h, k % w];
                expected[32 + index.Select((x, axis) => packing.Axes[axis].Offset(x)).Sum()] = values[k];
            }

            float[] back = new float[length];
            unsafe
            {
                fixed (float* p = packed)
                {
                    for (int start = 0; start < length; start += 1001)
                    {
                        layout.Scatter(values.AsSpan(start, Math.Min(1001, length - start)), start, p);
                    }

                    for (int start = 0; start < length; start += 777)
                    {
                        layout.Gather(p, start, back.AsSpan(start, Math.Min(777, length - start)));
                    }
                }
            }

            Assert.Equal(expected, packed);
            Assert.Equal(values, back);
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(16, 16)]
    [InlineData(24, 8)]
    [InlineData(32, 16)]
    [InlineData(5, 1)]
    public void Rows_that_stand_side_by_side_are_written_together(int block, int rows)
    {
        // (G, O, I, k) kept as [G][O/block][I][k][block], the window backwards; the first is one table, the last
        // has too many inputs for one.
        foreach ((int g, int o, int i, int k) in ((int, int, int, int)[])[(1, 15, 6, 9), (1, 75, 60, 9), (2, 2 * block, 1500, 9),
            (3, 33, 250, 2), (1, 40, 2500, 9)])
        {
            int blocks = (o + block - 1) / block, pitch = i * k * block;
            var packing = new ParameterPacking(
                16,
                0,
                [new PackedAxis((g, blocks * pitch)), new PackedAxis((blocks, pitch), (block, 1)), new PackedAxis((i, k * block)),
                    new PackedAxis((k, -block))]);
            var layout = new ParameterLayout(new ParameterInfo("w", [g, o, i, k], Initializer.Zeros, 1, 1), packing);
            float[] values = [.. Enumerable.Range(1, g * o * i * k).Select(v => (float)v)], expected = new float[16 + (g * blocks * pitch)];
            for (int e = 0; e < values.Length; e++)
            {
                int[] index = [e / (o * i * k), e / (i * k) % o, e / k % i, e % k];
                expected[16 + index.Select((x, axis) => packing.Axes[axis].Offset(x)).Sum()] = values[e];
            }

            if (i == 1500)
            {
                Assert.Equal(rows * i * k, layout.Group);
            }

            foreach (int piece in (int[])[values.Length, layout.Group, 3 * layout.Group, layout.Group + 1, 4999])
            {
                float[] packed = new float[expected.Length];
                unsafe
                {
                    fixed (float* p = packed)
                    {
                        for (int start = 0; start < values.Length; start += piece)
                        {
                            layout.Scatter(values.AsSpan(start, Math.Min(piece, values.Length - start)), start, p);
                        }
                    }
                }

                Assert.Equal(expected, packed);
            }
        }
    }

    [Fact]
    public void Parameters_are_copied_from_one_tier_to_another()
    {
        using var source = new LinearNetwork(new NetworkOptions { Seed = 5, Isa = IsaSelection.Default });
        using var target = new LinearNetwork(new NetworkOptions { Seed = 6, Isa = Isa.Vector128 });
        Assert.NotEqual(source.Values(0), target.Values(0));
        target.CopyParametersFrom(source);
        Assert.Equal(source.Values(0), target.Values(0));
        Assert.Equal(source.Values(1), target.Values(1));
    }

    [Fact]
    public void The_summary_lists_layers_shapes_and_sums()
    {
        using var network = new LinearNetwork(new NetworkOptions { Isa = Isa.Vector128, Threads = 2 });
        string expected = """
            Linear
            layer   kind   output  formula  parameters  multiply-adds  bytes
            ----------------------------------------------------------------
            input   Input  7                                              28
            dense1  Dense  5       7 → 5            40     10,000,000     20
            parameters: 40 (160 bytes)
            multiply-adds: 10,000,000
            activations: 48 bytes
            loss: MeanSquaredError
            tier: Vector128, threads: 2

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), network.Summary());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearNetwork(new NetworkOptions { Threads = -1 }));
        Assert.Throws<PlatformNotSupportedException>(() => new LinearNetwork(new NetworkOptions { Isa = (Isa)3 }));
        using var network = new LinearNetwork();
        Assert.Equal(Environment.ProcessorCount, network.Threads);
        Assert.Equal(IsaSelection.Default, network.Isa);
    }

    internal static void AssertClose(IReadOnlyList<double> expected, ReadOnlySpan<float> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: expected {expected[i]}, found {actual[i]}");
        }
    }
}
