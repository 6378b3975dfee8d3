using System;
using System.Collections.Generic;
using System.Globalization;

namespace Strata.Distributed.Launching;

/// <summary>The program that started this process as one of several: what its environment variables say.</summary>
/// <param name="Variable">The variable that it was recognised by.</param>
/// <param name="Ranks">The number of processes; 0 if no variable tells.</param>
/// <param name="Libraries">The names of MPI libraries to try, one after the other.</param>
internal sealed record Launcher(string Variable, int Ranks, IReadOnlyList<string> Libraries)
{
    /// <summary>Names a library by its path or file name, instead of those that are tried otherwise.</summary>
    public const string LibraryVariable = "STRATA_MPI";

    private static readonly string[] OpenMpi = ["libmpi.so.40", "libmpi.so"];

    /// <summary>Debian calls it libmpich.so.12. MPICH itself, Intel MPI and MVAPICH call it libmpi.so.12.</summary>
    private static readonly string[] Mpich = ["libmpich.so.12", "libmpi.so.12", "libmpich.so"];

    /// <summary>The launcher of this process, or null if there was none.</summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    public static Launcher? Find(Func<string, string?> variable)
    {
        (string Rank, string? Size, string[] Libraries)[] known =
        [
            // Open MPI's mpirun.
            ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", OpenMpi),
            // MPICH's mpiexec, Intel's, and srun --mpi=pmi2.
            ("PMI_RANK", "PMI_SIZE", [.. Mpich, .. OpenMpi]),
            // srun --mpi=pmix.
            ("PMIX_RANK", "SLURM_STEP_NUM_TASKS", [.. OpenMpi, .. Mpich]),
        ];
        foreach ((string rank, string? size, string[] libraries) in known)
        {
            if (!string.IsNullOrEmpty(variable(rank)))
            {
                return new(rank, Count(size is null ? null : variable(size)), Choose(variable, libraries));
            }
        }

        // srun sets these whether or not it was told of MPI. In a batch script outside of srun, the number of the step's tasks is missing.
        return !string.IsNullOrEmpty(variable("SLURM_PROCID")) && Count(variable("SLURM_STEP_NUM_TASKS")) is > 1 and int ranks
            ? new("SLURM_PROCID", ranks, Choose(variable, [.. OpenMpi, .. Mpich]))
            : null;
    }

    private static string[] Choose(Func<string, string?> variable, string[] libraries) =>
        variable(LibraryVariable) is { Length: > 0 } named ? [named] : libraries;

    private static int Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;
}
