using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Tables;
using Strata.Onnx.Tests;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>The results of the benchmarks, and what is made of them: tables, pages and a chart.</summary>
public sealed class ResultTests
{
    private static readonly string Project = ProjectFolder.Find()!;

    private static readonly List<ResultFile> Files = [.. ResultFile.ReadAll(Project)];

    [Fact]
    public void Tables_are_those_that_the_command_makes_of_the_results() => AreAsMade(MadeFiles.Tables(Project));

    [Fact]
    public void The_chart_is_the_one_that_the_command_draws() => AreAsMade(MadeFiles.Charts(Project));

    [Fact]
    public void A_changed_result_changes_its_page_the_summary_the_readmes_table_and_the_chart()
    {
        ResultFile file = Files.Single(results => ResultFile.NameOf(results.Cpu) == Headline.Family);
        Result row = Headline.Of(file).First().Row;
        ResultFile changed = file.With(row with { StrataMs = 123.4, Ratio = 0.09876 });

        Assert.Equal(file.Rows.Count, changed.Rows.Count);
        Assert.Contains("123.4", FamilyPage.Of(changed), StringComparison.Ordinal);
        Assert.Contains("0.10", Summary.Ratios([changed]), StringComparison.Ordinal);
        Assert.Contains("123 ms", Headline.Table(changed, file), StringComparison.Ordinal);
        Assert.NotEqual(Chart.Light.Draw(file), Chart.Light.Draw(changed));
    }

    /// <summary>The page has all of them, and its sentences name no others.</summary>
    [Fact]
    public void A_row_that_is_slower_than_the_peer_is_named_on_the_page()
    {
        ResultFile file = Files.Single(results => ResultFile.NameOf(results.Cpu) == Headline.Family);
        Result row = Headline.Of(file).First().Row with { Net = "vit_b_16", Batch = 8 };
        const string Named = "| inference, AVX-512, ONNX Runtime | 1 | `vit_b_16` | 8 | 0.99 |\n";
        Assert.DoesNotContain("`vit_b_16`", Summary.Slower([file with { Rows = [row with { Ratio = 1 }] }]), StringComparison.Ordinal);
        Assert.Contains(Named, Summary.Slower([file with { Rows = [row with { Ratio = 0.99 }] }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_row_has_what_a_figure_needs() => Assert.All(Files, file =>
    {
        Assert.NotEmpty(file.Machine);
        Assert.All(file.Rows, row =>
        {
            Assert.Equal(file.Cpu, row.Cpu);
            Assert.Contains(row.Net, row.Mode == Result.File
                ? RealFile.All.Select(one => one.Name) : BenchmarkNetwork.All.Select(network => network.Name));
            Assert.StartsWith(".NET ", row.Runtime, StringComparison.Ordinal);
            Assert.Equal(row.Peer, row.PeerVersion is null ? null : Peers.KeyOf(row.PeerVersion));
            Assert.True(row.StrataMs > 0);

            if (row.Peer is not null)
            {
                // Times and the ratio are rounded to three digits or four.
                Assert.InRange(row.PeerMs!.Value / row.StrataMs / row.Ratio!.Value, 0.99, 1.01);
            }

            Assert.True(row.Mode == Result.Start ? row.FirstMs > 0 : row.LimitShare > 0, row.ToJson());
        });
        Assert.Distinct(file.Rows.Select(row => row.Subject));
    });

    [Fact]
    public void Files_stay_as_they_are_when_they_are_read_and_written() => Assert.All(Files, file =>
    {
        string path = Path.Combine(Project, ResultFile.Folder, ResultFile.NameOf(file.Cpu) + ResultFile.Extension);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), file.ToJson());
    });

    [Fact]
    public void A_saved_row_stands_in_the_file_of_its_family_once()
    {
        string project = Directory.CreateTempSubdirectory("strata-results-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(project, ResultFile.Folder));
            Result row = Files[0].Rows[0] with { Cpu = "Granite Rapids (family 6, model 173)", StrataMs = 1 };
            ResultFile.Save(project, row);
            ResultFile.Save(project, row with { Threads = 7 });
            string path = ResultFile.Save(project, row with { StrataMs = 2, PeerVersion = "ONNX Runtime 9.9.9" });

            Assert.Equal("granite-rapids.json", Path.GetFileName(path));
            Assert.Equal([(2, row.Threads), (1, 7)], ResultFile.Read(path).Rows.Select(saved => (saved.StrataMs, saved.Threads)));
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    [Theory]
    [InlineData("Zen 5 (family 26)", "zen5")]
    [InlineData("Emerald Rapids (family 6, model 207)", "emerald-rapids")]
    [InlineData("Skylake-SP or Cascade Lake (family 6, model 85)", "skylake-sp-or-cascade-lake")]
    [InlineData("Arm64", "arm64")]
    public void A_file_is_named_after_its_family(string cpu, string name) => Assert.Equal(name, ResultFile.NameOf(cpu));

    [Fact]
    public void Times_are_written_with_four_digits_and_what_is_no_number_as_null()
    {
        string json = (Files[0].Rows[0] with { StrataMs = 1.23456789, MaxError = double.PositiveInfinity }).ToJson();
        Assert.Contains("\"strata_ms\":1.235,", json, StringComparison.Ordinal);
        Assert.Contains("\"max_error\":null,", json, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => Result.Parse(json.Replace("\"net\"", "\"network\"", StringComparison.Ordinal)));
    }

    private static void AreAsMade(IEnumerable<(string Path, string Text)> files) => Assert.All(files, file => Assert.True(
        file.Text == File.ReadAllText(file.Path).ReplaceLineEndings("\n"),
        $"'{file.Path}' is not what 'dotnet run -c Release --project tests/Benchmarks -- tables' (or chart) makes of the results."));
}
