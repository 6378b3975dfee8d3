using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>Programs as a user starts them.</summary>
internal static class Cli
{
    /// <summary>Runs dotnet; fails with its output where it fails.</summary>
    public static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        (int code, string output) = await RunAsync(folder, "dotnet", arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)}: exit code {code}\n{output}");
        return output;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and what it printed, errors last.</returns>
    public static Task<(int Code, string Output)> RunAsync(string folder, string program, params string[] arguments) =>
        RunAsync(folder, [], program, arguments);

    /// <summary>Runs a program to its end, with variables in its environment.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string folder, Dictionary<string, string> environment, string program, params string[] arguments)
    {
        using Process process = Start(folder, environment, program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await error);
    }

    public static Process Start(string folder, string program, params IEnumerable<string> arguments) =>
        Start(folder, [], program, arguments);

    private static Process Start(string folder, Dictionary<string, string> environment, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A test run hands on its own build's settings; a user's shell has none of them.
        foreach (string name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new FileNotFoundException(program);
    }
}
