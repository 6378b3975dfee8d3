using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>One rank fails while the others wait for it: all of them end, soon, and the reason can be read.</summary>
[Collection(MpiJobs.Name)]
public sealed partial class MpiFaultTests
{
    [Theory]
    [InlineData("openmpi", "abort", 1, "the loss is not finite")]
    [InlineData("openmpi", "busy", 1, "the loss is not finite")]
    [InlineData(
        "openmpi", "throw", 1, "unhandled exception", "System.InvalidOperationException: thrown by a test", "at Strata.Distributed")]
    [InlineData("openmpi", "thread", 1, "unhandled exception", "System.InvalidOperationException: thrown by a test")]
    [InlineData("openmpi", "caught", 1, "an exception ended the work", "System.InvalidOperationException: thrown by a test")]
    [InlineData("openmpi", "async", 1, "an exception ended the work", "System.InvalidOperationException: thrown by a test")]
    [InlineData("openmpi", "exit", 7, "the process ends with code 7, but its MpiWorld was not disposed")]
    [InlineData("mpich", "abort", 1, "the loss is not finite")]
    [InlineData("mpich", "busy", 1, "the loss is not finite")]
    [InlineData("mpich", "throw", 1, "unhandled exception", "System.InvalidOperationException: thrown by a test", "at Strata.Distributed")]
    [InlineData("mpich", "async", 1, "an exception ended the work", "System.InvalidOperationException: thrown by a test")]
    [InlineData("mpich", "exit", 7, "the process ends with code 7, but its MpiWorld was not disposed")]
    public async Task A_rank_that_fails_says_why_and_ends_the_job(string mpi, string fault, int code, params string[] message)
    {
        MpiJob job = await MpiJob.RunAsync(mpi, 2, [fault, "1"], limit: MpiJob.FaultLimit);
        Assert.Equal(code, job.ExitCode);
        Assert.Contains($"Rank 1 of 2 on {Environment.MachineName}: {message[0]}", job.Output, StringComparison.Ordinal);
        Assert.All(message, part => Assert.Contains(part, job.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Rank 0 of 2", job.Output, StringComparison.Ordinal);
        await EndAsync(job.Values("process"));
    }

    /// <summary>The other ranks would wait for it without a word.</summary>
    [Theory]
    [InlineData("openmpi", 1)]
    [InlineData("openmpi", 0)]
    [InlineData("mpich", 1)]
    public async Task A_rank_that_never_calls_Distribute_is_named_and_the_job_ends(string mpi, int missing)
    {
        MpiJob job = await MpiJob.RunAsync(mpi, 3, ["absent", $"{missing}"], limit: MpiJob.FaultLimit);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Matches(
            $"Rank [012] of 3 on .*: Trainer.Distribute has waited 2 s for rank {missing} of 3. All ranks must call it", job.Output);
        await EndAsync(job.Values("process"));
    }

    /// <summary>Ranks that wait long say so, and go on when the others come.</summary>
    [Theory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public async Task A_rank_that_waits_long_says_so(string mpi)
    {
        MpiJob job = await MpiJob.RunAsync(mpi, 2, ["late", "1"], new() { ["STRATA_MPI_PATIENCE"] = "1" }, limit: MpiJob.FaultLimit);
        Assert.Equal(0, job.ExitCode);
        Assert.Contains("has waited 1 s for other ranks in operation 1 (a barrier). If that goes on, a rank does not do what the others do",
            job.Output, StringComparison.Ordinal);
        Assert.Equal(2, job.Output.Split('\n').Count(line => line.EndsWith("] done", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("openmpi", 0, "exited on signal 9")]
    [InlineData("openmpi", 1, "exited on signal 9")]
    [InlineData("mpich", 0, "Killed (signal 9)")]
    [InlineData("mpich", 1, "Killed (signal 9)")]
    public async Task A_rank_that_is_killed_ends_the_job(string mpi, int rank, string message)
    {
        int ready = 0;
        int victim = 0;
        MpiJob job = await MpiJob.RunAsync(mpi, 2, ["wait", "9"], limit: MpiJob.FaultLimit, atLine: line =>
        {
            if (ProcessLine().Match(line) is { Success: true } match)
            {
                victim = match.Groups[1].Value == $"{rank}" ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : victim;
            }

            // All ranks are in the world, behind their first barrier.
            if (line.Contains("] ready", StringComparison.Ordinal) && ++ready == 2)
            {
                using Process process = Process.GetProcessById(victim);
                process.Kill();
            }
        });
        Assert.NotEqual(0, job.ExitCode);
        Assert.Contains(message, job.Output, StringComparison.Ordinal);
        await EndAsync(job.Values("process"));
    }

    [Theory]
    [InlineData("openmpi", "OMPI_COMM_WORLD_RANK")]
    [InlineData("mpich", "PMI_RANK")]
    public async Task A_missing_library_is_named(string mpi, string variable)
    {
        MpiJob job = await MpiJob.RunAsync(mpi, 2, ["sums"], new() { ["STRATA_MPI"] = "libnothing.so" }, limit: MpiJob.FaultLimit);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Contains(
            $"Strata.Distributed.MpiException: The variable {variable} says that this process is one of several that MPI's launcher has "
            + "started, but there is no usable MPI library:", job.Output, StringComparison.Ordinal);
        Assert.Contains("  libnothing.so: cannot open shared object file", job.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_without_MPI_is_refused()
    {
        MpiJob job = await MpiJob.RunAsync("openmpi", 1, ["sums"], new() { ["STRATA_MPI"] = "libc.so.6" }, limit: MpiJob.FaultLimit);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Contains("libc.so.6: it has no function MPI_Init_thread", job.Output, StringComparison.Ordinal);
    }

    /// <summary>Open MPI's library knows nothing of MPICH's launcher: each process would train alone, as rank 0 of 1.</summary>
    [Fact]
    public async Task A_library_of_another_launcher_is_refused()
    {
        MpiJob.Need("openmpi");
        MpiJob job = await MpiJob.RunAsync("mpich", 2, ["sums"], new() { ["STRATA_MPI"] = "libmpi.so.40" }, limit: MpiJob.FaultLimit);
        Assert.NotEqual(0, job.ExitCode);
        Assert.Matches(@"The launcher started 2 processes \(by PMI_RANK\), but Open MPI v\S+ sees 1\.", job.Output);
    }

    /// <summary>Nothing is left of the ranks.</summary>
    private static async Task EndAsync(string[] processes)
    {
        foreach (int id in processes.Select(id => int.Parse(id, CultureInfo.InvariantCulture)))
        {
            var time = Stopwatch.StartNew();
            while (IsRunning(id))
            {
                Assert.True(time.Elapsed < MpiJob.FaultLimit, $"process {id} is still there");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\[(\d)\] process (\d+)")]
    private static partial Regex ProcessLine();
}
