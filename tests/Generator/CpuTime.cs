using System;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Limits in time of the processor: a machine that is busy with other programs makes a test late, but fails none.</summary>
internal static class CpuTime
{
    /// <summary>What all threads of this process have taken so far.</summary>
    public static TimeSpan Taken => Environment.CpuUsage.TotalTime;

    /// <summary>
    /// Does some work, and fails if the process takes more time for it. Other tests in the process count, so the limit is generous.
    /// </summary>
    public static async Task<T> WithinAsync<T>(TimeSpan limit, Func<T> work)
    {
        TimeSpan before = Taken;
        Task<T> task = Task.Run(work, TestContext.Current.CancellationToken);
        while (await Task.WhenAny(task, Task.Delay(100, TestContext.Current.CancellationToken)) != task)
        {
            Assert.True(Taken - before < limit, $"The work has taken more than {limit.TotalSeconds} s of the processor, and goes on.");
        }

        return await task;
    }
}
