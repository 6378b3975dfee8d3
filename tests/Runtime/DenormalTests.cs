using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Kernels take denormal numbers for 0. All other code, on whatever thread, computes with them as before.</summary>
public class DenormalTests
{
    private const float Tiny = 1e-40f;

    [Fact]
    public void This_host_can_flush_denormal_numbers() =>
        Assert.Equal(!OperatingSystem.IsBrowser(), Denormals.CanFlush);

    [Fact]
    public void A_scope_flushes_what_is_read_and_written_and_ends_with_an_exception_too()
    {
        Assert.SkipUnless(Denormals.CanFlush, "This host cannot.");
        using (Denormals.Flush())
        {
            Assert.Equal(0, BitsOfTwice(Tiny));
            Assert.Equal(0, BitConverter.SingleToInt32Bits(Half(1.5e-38f)));
            using (Denormals.Flush())
            {
                Assert.Equal(0, BitsOfTwice(Tiny));
            }

            Assert.Equal(0, BitsOfTwice(Tiny));
            using (Denormals.Keep())
            {
                AssertCounts();
            }

            Assert.Equal(0, BitsOfTwice(Tiny));
        }

        AssertCounts();
        Assert.Throws<InvalidOperationException>(ThrowInScope);
        AssertCounts();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Kernels_take_denormal_numbers_for_zero_and_callers_do_not(int threads)
    {
        Assert.SkipUnless(Denormals.CanFlush, "This host cannot.");
        var inKernels = new ConcurrentBag<int>();
        using var network = new HeldNetwork(
            new NetworkOptions { Threads = threads }, () => inKernels.Add(BitsOfTwice(Tiny)), typeof(RegressionTrainer));
        float[] inputs = new float[40], outputs = new float[80];
        network.Forward(inputs.AsSpan(0, 1), outputs.AsSpan(0, 2));
        AssertCounts();
        network.Forward(inputs, outputs);
        AssertCounts();
        using var trainer = new RegressionTrainer(network, 40, new Sgd(0.1));
        trainer.Step(inputs, outputs);
        AssertCounts();
        trainer.Evaluate(inputs, outputs);
        AssertCounts();
        Assert.NotEmpty(inKernels);
        Assert.All(inKernels, bits => Assert.Equal(0, bits));
        using var observed = new HeldNetwork(
            new NetworkOptions { Threads = threads, Observe = ["dense1"] }, () => inKernels.Add(BitsOfTwice(Tiny)));
        inKernels.Clear();
        observed.Forward(inputs, outputs);
        AssertCounts();
        Assert.NotEmpty(inKernels);
        Assert.All(inKernels, bits => Assert.Equal(0, bits));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void After_a_call_that_fails_denormal_numbers_count(int threads)
    {
        using var network = new HeldNetwork(new NetworkOptions { Threads = threads }, () => throw new TimeoutException());
        Assert.Throws<TimeoutException>(() => network.Forward(new float[40], new float[80]));
        AssertCounts();
        Assert.Throws<TimeoutException>(() => network.Forward([1], new float[2]));
        AssertCounts();
    }

    [Fact]
    public void Optimizers_and_callbacks_of_ones_own_compute_with_denormal_numbers_on_every_thread()
    {
        using var network = new HeldNetwork(new NetworkOptions { Threads = 3 }, trainer: typeof(RegressionTrainer));
        var seen = new ConcurrentBag<int>();
        using var trainer = new RegressionTrainer(network, 4, new Witness(seen));
        float[] inputs = new float[12], targets = new float[24];
        trainer.Fit(inputs, targets, new FitOptions { Epochs = 2 }, new Witness.OfProgress(seen));
        Assert.True(seen.Count > 4);
        Assert.All(seen, bits => Assert.NotEqual(0, bits));
    }

    [Fact]
    public async Task Threads_of_the_pool_keep_their_mode()
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 2 });
        float[] inputs = new float[40 * LinearNetwork.Inputs];
        int[] bits = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() =>
        {
            network.Forward(inputs, new float[40 * LinearNetwork.Outputs]);
            return BitsOfTwice(Tiny);
        })));
        Assert.All(bits, value => Assert.NotEqual(0, value));
    }

    /// <summary>The JIT's own thread inherits the mode of the thread that starts it, and computes constants of all code.</summary>
    [Fact]
    public async Task The_JIT_computes_constants_with_denormal_numbers()
    {
        string program = typeof(DenormalTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Soak").Value!;
        var start = new ProcessStartInfo("dotnet", [program, "constants"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TC_BackgroundWorkerTimeoutMs"] = "64";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {await output}{await error}");
    }

    private static void ThrowInScope()
    {
        using Denormals.Scope scope = Denormals.Flush();
        throw new InvalidOperationException();
    }

    private static void AssertCounts() => Assert.NotEqual(0, BitsOfTwice(Tiny));

    // Neither is inlined: the JIT would compute them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int BitsOfTwice(float x) => BitConverter.SingleToInt32Bits(x + x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Half(float x) => 0.5f * x;

    private sealed class Witness(ConcurrentBag<int> seen) : Optimizer(0.1)
    {
        protected override void Update(UpdateContext context) => seen.Add(BitsOfTwice(Tiny));

        public sealed class OfProgress(ConcurrentBag<int> seen) : IProgress<FitProgress>
        {
            public void Report(FitProgress value) => seen.Add(BitsOfTwice(Tiny));
        }
    }
}
