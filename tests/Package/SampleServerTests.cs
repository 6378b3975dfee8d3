using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>Paths on the command line of <c>dotnet run --project …</c> begin where it is typed, also for projects of the web.</summary>
public sealed class SampleServerTests
{
    [Theory]
    [InlineData("samples/Serve", "--Weights", "There are no weights at ")]
    [InlineData("samples/Web", "--PhotoWeights", "Could not find a part of the path '")]
    public async Task A_servers_file_is_looked_for_in_the_folder_of_the_shell(string project, string option, string message)
    {
        // The test run has built everything.
        (int code, string output) = await Cli.RunAsync(
            Repository.Path, "dotnet", "run", "-c", Repository.Configuration, "--no-build", "--project", project, "--", option,
            "none/at-all.safetensors");
        Assert.NotEqual(0, code);
        Assert.Contains(
            message + Path.GetFullPath(Path.Combine(Repository.Path, "none", "at-all.safetensors")), output, StringComparison.Ordinal);
    }
}
