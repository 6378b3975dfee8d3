using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Runs a test in a process of its own.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a test of this assembly, which knows by a variable that it is in the process of its own.</summary>
    /// <param name="tests">The test's class.</param>
    /// <param name="method">Its name.</param>
    /// <param name="variable">A variable of the environment.</param>
    /// <param name="value">What the test needs to know.</param>
    public static async Task Run(Type tests, string method, string variable, string value)
    {
        var start = new ProcessStartInfo("dotnet", [tests.Assembly.Location, "-method", $"{tests.FullName}.{method}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable] = value;

        // The test platform's own variables would make the child take part in this run.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using Process child = Process.Start(start)!;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> errors = child.StandardError.ReadToEndAsync(cancellation);
        string output = await child.StandardOutput.ReadToEndAsync(cancellation), error = await errors;
        await child.WaitForExitAsync(cancellation);
        Assert.True(child.ExitCode == 0, $"exit code {child.ExitCode}\n{Last(output, 3000)}\n{Last(error, 3000)}");
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
    }

    private static string Last(string text, int length) => text.Length <= length ? text : text[^length..];
}
