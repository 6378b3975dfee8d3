using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// A clean clone of the last commit to its first prediction, as a newcomer goes there; or where the C# compiler spends its time on
/// networks.
/// </summary>
internal static class BuildCommand
{
    private const string Sample = "samples/Digits";
    private const int Runs = 5;

    public static int Run(CommandLine line) => line.Networks.Count == 0 ? Clone(line) : Phases(line);

    /// <summary>The phases of the compiler. The first run is the slowest: a build is cold.</summary>
    private static int Phases(CommandLine line)
    {
        if (!line.Json)
        {
            Console.WriteLine("Milliseconds of the processor on one thread: the first run, and the median of the others");
            Console.WriteLine($"{"net",-24}{"run",8}{"generator",11}{"parse",8}{"bind",8}{"emit",8}{"analyzers",11}");
        }

        foreach (string name in line.Networks)
        {
            string className = BenchmarkNetwork.Find(name).Describe().Name;
            var first = BuildPhases.Measure(className);
            BuildPhases[] others = [.. Enumerable.Range(0, Runs).Select(_ => BuildPhases.Measure(className))];
            Write(line, name, "first", first);
            Write(line, name, "median", BuildPhases.Median(others));
        }

        return 0;
    }

    private static void Write(CommandLine line, string net, string run, BuildPhases phases)
    {
        if (!line.Json)
        {
            double[] times = [phases.Parse, phases.Bind, phases.Emit];
            Console.WriteLine(FormattableString.Invariant(
                $"{net,-24}{run,8}{phases.Generator,11:F0}{string.Concat(times.Select(time => $"{time,8:F0}"))}{phases.Analyzers,11:F0}"));
            return;
        }

        JsonOutput.Write(json =>
        {
            json.WriteString("net", net);
            json.WriteString("run", run);
            json.WriteNumber("generator_ms", Rounding.Significant(phases.Generator));
            json.WriteNumber("parse_ms", Rounding.Significant(phases.Parse));
            json.WriteNumber("bind_ms", Rounding.Significant(phases.Bind));
            json.WriteNumber("emit_ms", Rounding.Significant(phases.Emit));
            json.WriteNumber("analyzers_ms", Rounding.Significant(phases.Analyzers));
        });
    }

    private static int Clone(CommandLine line)
    {
        string project = ProjectFolder.Find() ?? throw new UsageException("Run this in the repository.");
        string root = Path.GetFullPath(Path.Combine(project, "..", ".."));
        string clone = Directory.CreateTempSubdirectory("strata-clone-").FullName;
        try
        {
            double cloned = Time(root, "git", "clone", "--quiet", root, clone);
            double built = Time(clone, "dotnet", "build", "-c", "Release", Sample);
            double trained = Time(clone, "dotnet", "run", "-c", "Release", "--no-build", "--project", Sample);
            double predicted = Time(clone, "dotnet", "run", "-c", "Release", "--no-build", "--project", Sample, "--", "predict", "0");
            double total = cloned + built + trained + predicted;
            if (line.Json)
            {
                JsonOutput.Write(json =>
                {
                    json.WriteNumber("clone_s", Rounding.Significant(cloned));
                    json.WriteNumber("build_s", Rounding.Significant(built));
                    json.WriteNumber("train_s", Rounding.Significant(trained));
                    json.WriteNumber("predict_s", Rounding.Significant(predicted));
                    json.WriteNumber("total_s", Rounding.Significant(total));
                });
            }
            else
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"clone {cloned:F1} s, build {built:F1} s, training {trained:F1} s, prediction {predicted:F1} s; together {total:F1} s"));
            }

            return 0;
        }
        finally
        {
            DeleteClone(clone);
        }
    }

    private static double Time(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return process.ExitCode == 0
            ? seconds
            : throw new WorkerException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}:\n{output}");
    }

    /// <summary>Git writes its objects read-only, which stops their removal on Windows.</summary>
    private static void DeleteClone(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
