using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests.Exports;

/// <summary>Files of PyTorch's exporter become classes that compute what PyTorch computes.</summary>
public sealed class ExportTests
{
    /// <summary>PyTorch adds up in another order than Strata.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>The environment variable that names the folder of large exports.</summary>
    private const string LargeFolder = "STRATA_EXPORTS";

    private static string Folder => Path.Combine(SourceFolder.Path, "Exports");

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.onnx").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_computes_what_pytorch_computes(string name)
    {
        ExportCheck.Report report = ExportCheck.Run(Path.Combine(Folder, name + ".onnx"));
        Assert.True(report.Error <= Tolerance, $"The error is {report.Error:E1}.\n{report.Network.Source}");
    }

    /// <summary>Files that keep batch norms keep PyTorch's keys, also of parameters that are equal to others.</summary>
    [Theory]
    [InlineData("plain-13-plain")]
    [InlineData("residual-17-plain")]
    [InlineData("mobile-13-plain")]
    [InlineData("fresh-13-plain")]
    [InlineData("joined-13-plain")]
    [InlineData("windows-17-plain")]
    public void The_keys_are_those_of_pytorch(string name)
    {
        string path = Path.Combine(Folder, name + ".onnx");
        string[] keys = ExportCheck.KeysOf(path), own = [.. OnnxFile.Import(path).Parameters.Select(parameter => parameter.Key)];
        Assert.Equal(keys.Order(StringComparer.Ordinal), own.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The same for networks of torchvision, which are too large to be checked in: <c>export.py --all FOLDER</c> writes them, and
    /// <c>STRATA_EXPORTS=FOLDER dotnet run -c Release --project tests/Onnx -- -class "*.ExportTests" -explicit only -showLiveOutput</c>
    /// compares them.
    /// </summary>
    [Fact(Explicit = true)]
    public void Large_networks_compute_what_pytorch_computes()
    {
        string folder = Environment.GetEnvironmentVariable(LargeFolder)
            ?? throw new InvalidOperationException($"{LargeFolder} is not set.");
        string[] paths = [.. Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(paths);
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        double worst = 0;
        output.WriteLine("| file | error | lines | import (s) | build (s) |\n|---|---|---|---|---|");
        foreach (string path in paths)
        {
            try
            {
                ExportCheck.Report report = ExportCheck.Run(path);
                worst = Math.Max(worst, report.Error);
                (double import, double build) = (report.Import.TotalSeconds, report.Build.TotalSeconds);
                output.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(path)} | {report.Error:E1} | {report.Lines} | {import:F2} | {build:F2} |"));
            }
            catch (Exception exception)
            {
                worst = double.PositiveInfinity;
                output.WriteLine($"| {Path.GetFileName(path)} | {exception.Message.Split('\n')[0]} | | | |");
            }
        }

        Assert.InRange(worst, 0, Tolerance);
    }
}
