using System.Collections.Generic;
using System.Linq;
using Strata.Distributed.Launching;

namespace Strata.Distributed.Tests.Mpi;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_RANK", 4, "libmpi.so.40")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2", "PMI_RANK", 2, "libmpich.so.12")]
    [InlineData("PMIX_RANK=0", "PMIX_RANK", 0, "libmpi.so.40")]
    [InlineData("PMIX_RANK=3 SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=8", "PMIX_RANK", 8, "libmpi.so.40")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_NUM_TASKS=2", "SLURM_PROCID", 2, "libmpi.so.40")]
    // Open MPI's mpirun inside of an allocation of Slurm.
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4 PMIX_RANK=1 SLURM_PROCID=0", "OMPI_COMM_WORLD_RANK", 4, "libmpi.so.40")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 STRATA_MPI=/opt/libmpi.so", "PMI_RANK", 2, "/opt/libmpi.so")]
    public void A_launcher_is_known_by_its_variables(string variables, string sign, int ranks, string firstLibrary)
    {
        Launcher launcher = Find(variables)!;
        Assert.Equal((sign, ranks, firstLibrary), (launcher.Variable, launcher.Ranks, launcher.Libraries[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("STRATA_MPI=libmpi.so.40")]
    [InlineData("OMPI_COMM_WORLD_RANK=")]
    // A batch script, before any srun: one process.
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_STEP_NUM_TASKS=1")]
    public void A_process_that_was_started_alone_has_no_launcher(string variables) => Assert.Null(Find(variables));

    private static Launcher? Find(string variables)
    {
        Dictionary<string, string> values = variables.Split(' ').Where(pair => pair != "").Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return Launcher.Find(values.GetValueOrDefault);
    }
}
