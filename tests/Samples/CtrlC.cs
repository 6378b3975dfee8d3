using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Samples.Tests;

/// <summary>A sample as its user sees it who presses Ctrl-C.</summary>
internal static class CtrlC
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether a process can be sent Ctrl-C: not on Windows.</summary>
    public static bool IsPossible => !OperatingSystem.IsWindows();

    /// <summary>Starts a program, interrupts it when it prints a line that begins so, and waits for its end.</summary>
    /// <returns>Its exit code, and what it printed after that line.</returns>
    public static async Task<(int Code, string Output)> PressAsync(string beginning, string program, params string[] arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);

        // A test run in the background of a shell ignores Ctrl-C, and so would what it starts.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet", program] : ["dotnet", program];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync(patience.Token);
                Assert.NotNull(line);
            }
            while (!line.StartsWith(beginning, StringComparison.Ordinal));

            using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            string rest = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, rest);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
