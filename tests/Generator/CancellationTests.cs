using System;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Cancelling the generator ends it soon. These tests measure the processor time of the process, so no other test runs at the same time.
/// </summary>
[CollectionDefinition(nameof(CancellationTests), DisableParallelization = true)]
[Collection(nameof(CancellationTests))]
public sealed class CancellationTests
{
    private const int Milliseconds = 50;

    [Fact]
    public void A_generator_that_is_cancelled_at_any_moment_answers_within_50_milliseconds_of_the_processors_time()
    {
        NetworkModel model = Graphs.ModelOf(TorchvisionKeyTests.ResNet152.Replace("Repeat = 35", "Repeat = 5", StringComparison.Ordinal));
        TimeSpan whole = Cancel(model, TimeSpan.MaxValue)!.Value;
        const int Moments = 12;
        int answered = 0;
        for (int i = 0; i < Moments; i++)
        {
            // The best of several, since the runtime compiles and collects garbage in between: who does not look at
            // the token is late each time.
            TimeSpan? best = null;
            for (int attempt = 0; attempt < 6 && best is not { TotalMilliseconds: <= Milliseconds }; attempt++)
            {
                TimeSpan? answer = Cancel(model, whole * i / Moments);
                best = best is null || answer < best ? answer ?? best : best;
            }

            // Where it was faster than the first time, there was nothing left to cancel.
            answered += best is null ? 0 : 1;
            Assert.True(
                best is null or { TotalMilliseconds: <= Milliseconds },
                $"{best?.TotalMilliseconds:F0} ms after {whole.TotalMilliseconds * i / Moments:F0} of {whole.TotalMilliseconds:F0}");
        }

        Assert.True(answered >= Moments / 4, $"{answered} of {Moments}");
    }

    /// <summary>Compiles a network and cancels that after it has taken some time of the processor.</summary>
    /// <returns>What it took to answer, or to end where nothing was cancelled; null where it had ended before.</returns>
    private static TimeSpan? Cancel(NetworkModel model, TimeSpan after)
    {
        using var source = new CancellationTokenSource();
        bool isCancelled = false;
        var thread = new Thread(() =>
        {
            try
            {
                NetworkWriter.WritePrograms(model.Target!, model.Graph!, Tier.All, source.Token);
            }
            catch (OperationCanceledException)
            {
                isCancelled = true;
            }
        });
        TimeSpan before = CpuTime.Taken;
        thread.Start();
        while (CpuTime.Taken - before < after)
        {
            if (thread.Join(TimeSpan.FromMilliseconds(1)))
            {
                return after == TimeSpan.MaxValue ? CpuTime.Taken - before : null;
            }
        }

        before = CpuTime.Taken;
        source.Cancel();
        thread.Join();
        return isCancelled ? CpuTime.Taken - before : null;
    }
}
