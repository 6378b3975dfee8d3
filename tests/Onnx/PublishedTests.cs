using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>The tests that ONNX publishes for backends. The soak command <c>published</c> runs all of them.</summary>
public sealed class PublishedTests(ITestOutputHelper log)
{
    private const int InSlice = 200;

    [Fact]
    public void A_fixed_slice_of_the_tests_that_ONNX_publishes_agrees_or_is_refused()
    {
        IReadOnlyList<PublishedTest> all = PublishedTest.All();
        Assert.SkipWhen(all.Count == 0, $"No tests in {PublishedTest.Root}: apt-get install libonnx-testdata.");
        var random = new Random(7);
        PublishedTest[] tests = [.. all.OrderBy(_ => random.Next()).Take(InSlice)];
        var outcomes = new PublishedCheck.Outcome[tests.Length];
        Parallel.For(0, tests.Length, i => outcomes[i] = PublishedCheck.Run(tests[i]));
        log.WriteLine(string.Join('\n', outcomes.Where(one => !one.Agrees)));
        PublishedCheck.Outcome[] failed = [.. outcomes.Where(one => one.Fails)];
        Assert.True(failed.Length == 0, $"{failed.Length} are wrong:\n{string.Join<PublishedCheck.Outcome>('\n', failed)}");
        Assert.True(outcomes.Count(one => one.Agrees) > InSlice * 2 / 5, "Many tests are refused.");
    }
}
