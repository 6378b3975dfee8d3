using System.Threading.Tasks;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Slices of the long runs, with fixed seeds. They measure the memory of the process.</summary>
[Collection(nameof(Alone))]
public sealed class LongRunTests(ITestOutputHelper log)
{
    [Fact]
    public async Task Many_calls_in_the_same_process_have_the_bits_of_one_alone() => Check(await LongRuns.InferenceAsync(200_000));

    [Fact]
    public async Task Many_calls_through_the_queue_get_their_own_outputs() => Check(await LongRuns.QueueAsync(100_000));

    [Fact]
    public async Task Many_requests_over_HTTP_have_the_bits_of_a_call_alone() => Check(await LongRuns.RequestsAsync(10_000));

    [Fact]
    public async Task No_request_is_lost_or_mixed_while_weights_are_exchanged() => Check(await LongRuns.ReloadsAsync(20));

    [Fact]
    public async Task Damaged_requests_are_answered_by_the_protocol() => Check(await LongRuns.MalformedAsync(1000, seed: 1));

    private void Check(LongRuns.Report report)
    {
        log.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
    }
}
