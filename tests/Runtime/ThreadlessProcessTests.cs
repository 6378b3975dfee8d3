using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>A process that may start no more threads, as under <c>prlimit --nproc</c>, gives the same results as one that may.</summary>
public class ThreadlessProcessTests
{
    [Fact]
    public async Task Load_Forward_Fit_and_FitAsync_need_no_thread_that_could_start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is one of Linux.");
        string program = typeof(ThreadlessProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Soak").Value!;

        // Nothing limits the threads of root: neither the user, nor what may exceed limits. The rest of root's rights is needed for its
        // files.
        string[] limited = Environment.IsPrivilegedProcess ? ["setpriv", "--ruid", "65534", "--bounding-set", "-sys_resource,-sys_admin"] : [];
        string[] command = [.. limited, Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", program, "threadless"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // What .NET itself begins in the background, and cannot do without.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {await output}{await error}");
        Assert.Equal(5, (await output).Split(": the same").Length - 1);
    }
}
