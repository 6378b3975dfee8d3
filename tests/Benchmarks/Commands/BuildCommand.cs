using System;
using System.Diagnostics;
using System.IO;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>A clean clone of the last commit to its first prediction, as a newcomer goes there.</summary>
internal static class BuildCommand
{
    private const string Sample = "samples/Digits";

    public static int Run(CommandLine line)
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
