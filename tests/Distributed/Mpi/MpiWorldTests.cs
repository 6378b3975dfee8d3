using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>Worlds of real MPI jobs: what each rank computes is checked there, in App/Checks.cs.</summary>
[Collection(MpiJobs.Name)]
public sealed class MpiWorldTests
{
    [Theory]
    [InlineData("openmpi", 1)]
    [InlineData("openmpi", 2)]
    [InlineData("openmpi", 3)]
    [InlineData("openmpi", 4)]
    [InlineData("mpich", 1)]
    [InlineData("mpich", 2)]
    [InlineData("mpich", 3)]
    [InlineData("mpich", 4)]
    public async Task Sums_broadcasts_and_the_order_of_operations_are_right(string mpi, int ranks)
    {
        MpiJob job = await MpiJob.RunAsync(mpi, ranks, ["check"]);
        Assert.True(job.ExitCode == 0, job.Output);
        Assert.All(job.Values("world").Index(), world => Assert.Matches(
            $"^{world.Index} of {ranks}, local {world.Index} of {ranks}, library {(mpi == "openmpi" ? "Open MPI" : "MPICH")} ", world.Item));
        void All(string word, string value) => Assert.Equal(Enumerable.Repeat(value, ranks), job.Values(word));
        All("broadcast", "right");
        All("order", "right");
        All("full", "right");
        All("allocated", "0");
        All("faults", "handled");
        All("done", "");

        // All ranks have the same bits.
        Assert.Equal(ranks, job.Values("floats").Length);
        Assert.Single(job.Values("floats").Distinct());
        Assert.Equal(ranks, job.Values("doubles").Length);
        Assert.Single(job.Values("doubles").Distinct());
    }

    /// <summary>The messages go by TCP, as between two machines. The bits must not change from run to run, either.</summary>
    [Theory]
    [InlineData("openmpi", 3, "OMPI_MCA_btl", "vader,self")]
    [InlineData("openmpi", 3, "OMPI_MCA_btl", "tcp,self")]
    [InlineData("mpich", 2, "UCX_TLS", "all")]
    [InlineData("mpich", 2, "UCX_TLS", "tcp,self")]
    public async Task The_sums_have_the_same_bits_run_after_run(string mpi, int ranks, string variable, string value)
    {
        var variables = new Dictionary<string, string> { [variable] = value };
        MpiJob first = await MpiJob.RunAsync(mpi, ranks, ["sums"], variables);
        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Single(first.Values("floats").Distinct());
        MpiJob second = await MpiJob.RunAsync(mpi, ranks, ["sums"], variables);
        Assert.Equal(first.Values("floats"), second.Values("floats"));
        Assert.Equal(first.Values("doubles"), second.Values("doubles"));
    }

    [Fact]
    public async Task Without_a_launcher_one_process_is_the_world_and_no_library_is_loaded()
    {
        // The name of a library alone is no launcher.
        MpiJob job = await MpiJob.RunAsync("", 1, ["check"], new() { ["STRATA_MPI"] = "libnothing.so" });
        Assert.True(job.ExitCode == 0, job.Output);
        Assert.Equal(["0 of 1, local 0 of 1, library "], job.Values("world"));
        Assert.Equal(["right"], job.Values("order"));
        Assert.Equal(["0"], job.Values("mapped"));
    }

    [Fact]
    public async Task Each_rank_has_the_processors_that_the_launcher_gives_it()
    {
        // A container may allow fewer processors than the machine has.
        int processors = System.Environment.ProcessorCount;
        Assert.SkipWhen(processors < 2, "the machine has one processor");
        MpiJob job = await MpiJob.RunAsync("openmpi", 2, ["sums"], new() { ["OMPI_MCA_hwloc_base_binding_policy"] = "core" });
        Assert.Equal(["1 1", "1 1"], job.Values("threads"));
        job = await MpiJob.RunAsync("openmpi", 2, ["sums"], new() { ["OMPI_MCA_hwloc_base_binding_policy"] = "none" });
        Assert.Equal(Enumerable.Repeat($"{processors} {processors / 2}", 2), job.Values("threads"));
    }
}
