using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace Strata.Benchmarks.Workers;

/// <summary>
/// The worker's side of the line protocol; peer_training.py speaks it too. A request is one line, and so is its reply:
/// <c>check FILE</c> → <c>ok</c>; <c>run CALLS</c> → <c>time SECONDS</c>; <c>peak</c> → <c>peak MEGABYTES</c>; <c>exit</c>.
/// The first line is <c>ready VERSION</c>, or <c>ready VERSION; SETTINGS</c>. A line <c>error MESSAGE</c> ends the worker.
/// </summary>
internal static class WorkerServer
{
    /// <summary>An eighth of the calls comes first, untimed: it brings code and data back into the caches. A single call is so long that
    /// this does not show.</summary>
    private const int WarmShare = 8;

    /// <summary>Stands between the version and the settings.</summary>
    public const string SettingsMark = "; ";

    public static int Serve(Func<IWorkload> create)
    {
        TextReader requests = Console.In;
        using var replies = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
        try
        {
            using IWorkload workload = create();
            replies.WriteLine("ready " + workload.Version + (workload.Settings is string settings ? SettingsMark + settings : ""));
            while (requests.ReadLine() is string request && request != "exit")
            {
                replies.WriteLine(Reply(workload, request));
            }

            return 0;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            replies.WriteLine("error " + exception.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static string Reply(IWorkload workload, string request)
    {
        string[] words = request.Split(' ', 2);
        switch (words[0])
        {
            case "check":
                File.WriteAllBytes(words[1], MemoryMarshal.AsBytes<float>(workload.Check()));
                return "ok";
            case "run":
                int calls = int.Parse(words[1], CultureInfo.InvariantCulture);
                workload.Run((calls / WarmShare) + (calls > 1 ? 1 : 0));
                long start = Stopwatch.GetTimestamp();
                workload.Run(calls);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                return string.Create(CultureInfo.InvariantCulture, $"time {seconds:R}");
            case "peak":
                using (Process process = Process.GetCurrentProcess())
                {
                    return string.Create(CultureInfo.InvariantCulture, $"peak {process.PeakWorkingSet64 / 1048576.0:F1}");
                }

            default:
                throw new InvalidOperationException($"Unknown request '{request}'.");
        }
    }
}
