using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Strata.Distributed.Tests.Mpi;

/// <summary>Jobs of MPI use all processors of the machine. They run one by one, after the other tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MpiJobs
{
    public const string Name = "MPI";
}

/// <summary>Runs the app beside the tests as a job of several ranks, with Debian's launchers.</summary>
internal sealed partial class MpiJob
{
    /// <summary>What the page promises: after a fault, all ranks are gone within this time.</summary>
    public static readonly TimeSpan FaultLimit = TimeSpan.FromSeconds(30);

    private readonly List<string> _lines = [];

    private MpiJob()
    {
    }

    public int ExitCode { get; private set; }

    /// <summary>All that the ranks and the launcher wrote.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Where the app was built.</summary>
    public static string App => Metadata("App");

    /// <summary>Where the sources of the tests are.</summary>
    public static string Project => Metadata("ProjectDirectory");

    /// <summary>Skips the test where a launcher is missing; in CI, the test fails.</summary>
    /// <returns>The launcher and its options.</returns>
    public static string[] Need(string mpi)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "MPI is tested on Linux");
        (string launcher, string package) = mpi == "openmpi" ? ("mpirun.openmpi", "openmpi-bin") : ("mpirun.mpich", "mpich");
        bool isFound = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, launcher)));
        Assert.False(!isFound && Environment.GetEnvironmentVariable("CI") == "true", $".ci/run has to install {package}");
        Assert.SkipUnless(isFound, $"install {package}");
        return mpi == "openmpi" ? [launcher, "--oversubscribe", "--allow-run-as-root"] : [launcher];
    }

    /// <summary>Runs a job to its end.</summary>
    /// <param name="mpi">"openmpi", "mpich", or "" for a single process without a launcher.</param>
    /// <param name="ranks">The number of processes.</param>
    /// <param name="arguments">The app's arguments.</param>
    /// <param name="variables">Environment variables.</param>
    /// <param name="app">The program, or null for the app beside the tests.</param>
    /// <param name="atLine">What to do when a line was written.</param>
    /// <param name="limit">How long the job may take.</param>
    public static async Task<MpiJob> RunAsync(
        string mpi, int ranks, string[] arguments, Dictionary<string, string>? variables = null, string[]? app = null,
        Action<string>? atLine = null, TimeSpan? limit = null)
    {
        string[] launcher = mpi == "" ? [] : [.. Need(mpi), "-n", ranks.ToString(CultureInfo.InvariantCulture)];
        string[] command = [.. launcher, .. app ?? ["dotnet", App], .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables ?? [])
        {
            start.Environment[name] = value;
        }

        // Open MPI gives the ranks a terminal, and .NET would write its control characters.
        start.Environment["TERM"] = "dumb";
        var job = new MpiJob();
        using var process = new Process { StartInfo = start };
        void Add(string? line)
        {
            if (line is not null)
            {
                lock (job._lines)
                {
                    job._lines.Add(line);
                }

                atLine?.Invoke(line);
            }
        }

        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(
                limit ?? TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{string.Join(' ', command)} does not end. It wrote:\n{job.Output}");
        }

        job.ExitCode = process.ExitCode;
        return job;
    }

    /// <summary>What each rank wrote after a word, in the order of the ranks: lines "[rank] word value".</summary>
    public string[] Values(string word) =>
        [.. Said().Matches(Output).Where(match => match.Groups[2].Value == word)
            .OrderBy(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Select(match => match.Groups[3].Value)];

    private static string Metadata(string key) => typeof(MpiJob).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;

    [GeneratedRegex(@"^\[(\d+)\] (\w+) ?(.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Said();
}
