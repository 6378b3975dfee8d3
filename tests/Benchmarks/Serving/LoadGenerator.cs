using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Serving;

/// <summary>What a load generator saw.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="Median">Milliseconds of the middle request.</param>
/// <param name="P99">Milliseconds that one of a hundred requests took longer than.</param>
/// <param name="Errors">Requests that failed.</param>
internal sealed record Load(double PerSecond, double Median, double P99, int Errors);

/// <summary>Debian's <c>wrk</c>: some connections, each of which sends a request as soon as the last one is answered.</summary>
internal static class LoadGenerator
{
    private const double MicrosecondsInMillisecond = 1000;

    public static Load Run(string url, string body, int head, int connections, TimeSpan duration)
    {
        string[] arguments =
        [
            "-t1", $"-c{connections}", $"-d{duration.TotalSeconds:F0}s",
            "-s", Path.Combine(AppContext.BaseDirectory, "Serving", "load.lua"), url,
        ];
        var start = new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true };
        start.Environment["STRATA_BODY"] = body;
        start.Environment["STRATA_HEAD"] = head.ToString(CultureInfo.InvariantCulture);
        using Process process = Start(start);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string[]? figures = output.Split('\n').FirstOrDefault(line => line.StartsWith("figures ", StringComparison.Ordinal))?.Split(' ');
        if (process.ExitCode != 0 || figures is null)
        {
            throw new WorkerException($"wrk failed: {output}");
        }

        double[] numbers = [.. figures.Skip(1).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return new Load(
            numbers[0] / (numbers[1] / 1e6), numbers[2] / MicrosecondsInMillisecond, numbers[3] / MicrosecondsInMillisecond,
            (int)numbers[4]);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UsageException("There is no wrk, which makes the load: apt install wrk.");
        }
    }
}
