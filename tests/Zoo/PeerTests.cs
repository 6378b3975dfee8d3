using System;
using System.Collections.Generic;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Tables;
using Strata.Benchmarks.Workers;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>What the benchmarks let their peers use of the processor, and what they tell of it.</summary>
public sealed class PeerTests
{
    [Theory]
    [InlineData(true, true, "SkylakeX", "avx512")]
    [InlineData(false, true, "Haswell", "avx2")]
    [InlineData(false, false, null, null)]
    public void PyTorch_is_told_to_take_the_best_kernels_of_the_processor(bool avx512, bool avx2, string? openBlas, string? aten) =>
        Assert.Equal((openBlas, aten), Peers.KernelsOf(avx512, avx2));

    [Fact]
    public void A_worker_tells_which_kernels_it_takes()
    {
        using WorkerProcess worker = Shell("echo 'ready PyTorch 1.13.0; OpenBLAS SkylakeX, ATen AVX512'; read line");
        Assert.Equal(("PyTorch 1.13.0", "OpenBLAS SkylakeX, ATen AVX512"), (worker.Version, worker.Settings));
        using WorkerProcess silent = Shell("echo 'ready PyTorch 1.13.0'; read line");
        Assert.Equal(("PyTorch 1.13.0", null), (silent.Version, silent.Settings));
    }

    [Fact]
    public void A_variable_of_the_environment_can_be_set_and_taken_away()
    {
        Environment.SetEnvironmentVariable("STRATA_TEST_GONE", "here");
        using WorkerProcess worker = Shell("echo \"ready 1; $STRATA_TEST_SET/${STRATA_TEST_GONE:-gone}\"; read line");
        Assert.Equal("set/gone", worker.Settings);
    }

    [Fact]
    public void Rows_with_other_kernels_of_the_peer_stand_in_tables_of_their_own()
    {
        var row = new Result
        {
            Net = "lenet5",
            Mode = Result.Training,
            Batch = 64,
            Threads = 1,
            Tier = "avx512",
            Weights = "float32",
            StrataMs = 1,
            PeerMs = 2,
            Ratio = 2,
            Peer = "pytorch",
            PeerVersion = "PyTorch 1.13.0",
            PeerSettings = "OpenBLAS SkylakeX, ATen AVX512",
            Cpu = "Zen 5 (family 26)",
            Runtime = ".NET 10.0.12",
            Date = new DateOnly(2026, 11, 26),
        };
        string page = FamilyPage.Of(new ResultFile(row.Cpu, "Two cores.", [], [row, row with { Net = "net", PeerSettings = null }]));
        Assert.Contains("## Training steps, AVX-512, against PyTorch 1.13.0 (OpenBLAS SkylakeX, ATen AVX512), .NET 10.0.12\n", page);
        Assert.Contains("## Training steps, AVX-512, against PyTorch 1.13.0, .NET 10.0.12\n", page);
    }

    private static WorkerProcess Shell(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /bin/sh.");
        return WorkerProcess.Start("/bin/sh", ["-c", script],
            new Dictionary<string, string?> { ["STRATA_TEST_SET"] = "set", ["STRATA_TEST_GONE"] = null });
    }
}
