using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests.Exports;

/// <summary>Files of PyTorch's exporter become classes that compute what PyTorch computes.</summary>
public sealed class ExportTests
{
    /// <summary>PyTorch adds up in another order than Strata.</summary>
    private const double Tolerance = 1e-5;

    private static string Folder => Path.Combine(SourceFolder.Path, "Exports");

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.onnx").Select(path => Path.GetFileNameWithoutExtension(path)).Order(System.StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_computes_what_pytorch_computes(string name)
    {
        ExportCheck.Report report = ExportCheck.Run(Path.Combine(Folder, name + ".onnx"));
        Assert.True(report.Error <= Tolerance, $"The error is {report.Error:E1}.\n{report.Network.Source}");
    }
}
