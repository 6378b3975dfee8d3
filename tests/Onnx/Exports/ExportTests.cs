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

    /// <summary>
    /// The same for networks of torchvision, which are too large to be checked in: <c>export.py --all FOLDER</c> writes them, and
    /// <c>STRATA_EXPORTS=FOLDER dotnet run -c Release --project tests/Onnx -- -class "*.ExportTests" -explicit only -showLiveOutput</c>
    /// compares them.
    /// </summary>
    [Fact(Explicit = true)]
    public void Large_networks_compute_what_pytorch_computes()
    {
        string folder = Environment.GetEnvironmentVariable(LargeFolder) ?? throw new InvalidOperationException($"{LargeFolder} is not set.");
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
                output.WriteLine(FormattableString.Invariant(
                    $"| {Path.GetFileName(path)} | {report.Error:E1} | {report.Lines} | {report.Import.TotalSeconds:F2} | {report.Build.TotalSeconds:F2} |"));
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
