using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Distributed.App;

/// <summary>All-reduce of two ranks, by <see cref="MpiWorld"/> and by a program in C without Strata, in turn.</summary>
internal static class Comparison
{
    private static readonly (string Name, string Compiler, string[] Launcher)[] Libraries =
    [
        ("Open MPI", "mpicc.openmpi", ["mpirun.openmpi", "--allow-run-as-root", "-n", "2"]),
        ("MPICH", "mpicc.mpich", ["mpirun.mpich", "-n", "2"]),
    ];

    /// <summary>Prints a table for each MPI: the best of some rounds, since other work only makes a round slower.</summary>
    public static int Run(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("allreduce").FullName;
        string program = Path.Combine(AppContext.BaseDirectory, "Strata.Distributed.App.dll");
        string source = Path.Combine(typeof(Comparison).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!, "allreduce.c");
        try
        {
            foreach ((string name, string compiler, string[] launcher) in Libraries)
            {
                string raw = Path.Combine(folder, compiler);
                Output([compiler, "-O2", source, "-o", raw]);
                var best = new Dictionary<(string Kind, long Bytes), double>();
                for (int round = 0; round < rounds; round++)
                {
                    Take(best, Output([.. launcher, raw]));
                    Take(best, Output([.. launcher, "dotnet", program, "benchmark"]));
                }

                Console.WriteLine($"{name}: µs of an all-reduce of two ranks, best of {rounds} rounds in turn");
                Console.WriteLine("     bytes         raw      queued   ratio       alone   ratio");
                foreach (long bytes in best.Keys.Select(key => key.Bytes).Distinct().Order())
                {
                    (double c, double queued, double alone) = (best[("raw", bytes)], best[("queued", bytes)], best[("alone", bytes)]);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{bytes,10}{c,12:F1}{queued,12:F1}{queued / c,8:F2}{alone,12:F1}{alone / c,8:F2}"));
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lines "KIND BYTES MICROSECONDS".</summary>
    private static void Take(Dictionary<(string Kind, long Bytes), double> best, string output)
    {
        foreach (string[] words in output.Split('\n').Select(line => line.Trim().Split(' ')).Where(words => words.Length == 3))
        {
            (string, long) key = (words[0], long.Parse(words[1], CultureInfo.InvariantCulture));
            double time = double.Parse(words[2], CultureInfo.InvariantCulture);
            best[key] = Math.Min(best.GetValueOrDefault(key, double.MaxValue), time);
        }
    }

    private static string Output(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} failed: {output}");
    }
}
