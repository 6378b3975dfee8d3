using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Distributed.Tests.Mpi;

namespace Strata.Soak;

/// <summary>Ranks of a training by MPI are killed, again and again.</summary>
internal static class Kills
{
    public static bool Run(int count, int seed)
    {
        string app = typeof(Kills).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "App").Value!;
        string folder = Directory.CreateTempSubdirectory("kills").FullName;
        try
        {
            string[] launcher = ["mpirun.openmpi", "--oversubscribe", "--allow-run-as-root"];
            new KilledTraining(launcher, app, folder, Console.WriteLine).Run(count, seed);
            return true;
        }
        catch (InvalidDataException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return false;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
