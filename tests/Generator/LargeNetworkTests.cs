using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// A network of many kernels is written as data: its steps are a table, and kernels take extents and strides as parameters.
/// </summary>
public partial class LargeNetworkTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Files = new(Generate);

    private static string Text => Files.Value.First(f => f.Key.EndsWith(".Avx512.g.cs", StringComparison.Ordinal)).Value;

    [Theory]
    [InlineData("InferSample")]
    [InlineData("Train")]
    public void Every_step_is_a_line_of_as_many_numbers_as_its_call_reads(string program)
    {
        string table = Regex.Match(Text, program + @"Steps =\n    \{\n(.*?)\n    \};", RegexOptions.Singleline).Groups[1].Value;
        string loop =
            Regex.Match(Text, @"int\[\] steps = " + program + @"Steps;\n(.*?)\n    \}\n", RegexOptions.Singleline).Groups[1].Value;
        Dictionary<string, int> calls = Case().Matches(loop).ToDictionary(
            m => m.Groups[1].Value, m => Regex.Count(m.Groups[2].Value, Regex.Escape("steps[i++]")));
        string[] lines = table.Split('\n');

        Assert.True(lines.Length > calls.Count, "more steps than calls");
        Assert.All(lines, line =>
        {
            string[] numbers = line[..line.IndexOf("//", StringComparison.Ordinal)]
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(calls[numbers[0]], numbers.Length - 1);
        });
    }

    [Fact]
    public void Parts_begin_at_steps_and_end_with_the_table()
    {
        int[] starts = [.. Regex.Match(Text, @"TrainStarts = \{ (.*?) \};").Groups[1].Value.Split(", ")
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        string table = Regex.Match(Text, @"TrainSteps =\n    \{\n(.*?)\n    \};", RegexOptions.Singleline).Groups[1].Value;
        var beginnings = new HashSet<int>();
        int position = 0;
        foreach (string line in table.Split('\n'))
        {
            beginnings.Add(position);
            position += line[..line.IndexOf("//", StringComparison.Ordinal)].Count(c => c == ',');
        }

        Assert.Equal(0, starts[0]);
        Assert.Equal(position, starts[^1]);
        Assert.All(starts[..^1], start => Assert.Contains(start, beginnings));
    }

    [Fact]
    public void Kernels_of_several_extents_are_one_method_and_the_header_counts_them()
    {
        string[] kernels = [.. Files.Value.Where(f => f.Key.Contains(".Avx512.", StringComparison.Ordinal))
            .SelectMany(f => Kernel().Matches(f.Value).Select(m => m.Groups[1].Value))];
        int counted = int.Parse(Regex.Match(Text, @"in vectors of 512 bits, (\d+) kernels").Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.Equal(counted, kernels.Length);
        Assert.Contains(kernels, parameters => Regex.IsMatch(parameters, @", int \w+Count"));
        Assert.Contains(kernels, parameters => Regex.IsMatch(parameters, @", nint \w+Stride"));
    }

    [Fact]
    public void Places_are_numbers_without_constants_for_them()
    {
        Assert.DoesNotContain("public const int", Text, StringComparison.Ordinal);
        Assert.Contains("// conv3.weight", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Convolutions_whose_long_sums_go_through_blocks_share_a_method_whatever_their_channels()
    {
        IEnumerable<string> layers = new[] { 112, 128, 144, 160 }
            .Select(channels => $"[Conv2D({channels}, 1)] [Conv2D(32, 3, Padding = 1)] [ReLU]");
        string text = string.Concat(FilesOf($"[Input(3, 24, 24)] {string.Concat(layers)} [Flatten] [Dense(10)] [CrossEntropy]",
            "(TrainingLayout = TrainingLayout.SampleLanes)").Values);
        string[] limits = [.. BlockEnd().Matches(text).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(limits);
        Assert.All(limits, limit => Assert.DoesNotMatch(@"^\d", limit));
    }

    private static Dictionary<string, string> FilesOf(string stack, string arguments = "") =>
        new Harness().Generate($"using Strata;\nnamespace Demo;\n[Network{arguments}] {stack}\npublic partial class Large;")
            .Results.Single().GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());

    private static Dictionary<string, string> Generate()
    {
        IEnumerable<string> layers = Enumerable.Range(1, 12).Select(i =>
            $"[Conv2D({16 * (1 + (i / 3))}, {(i % 2 == 0 ? 3 : 1)}, Padding = "
            + $"{(i % 2 == 0 ? 1 : 0)}{(i % 5 == 0 ? ", Stride = 2" : "")})] [BatchNorm] [ReLU]");
        return FilesOf($"[Input(3, 40, 36)]\n{string.Join("\n", layers)}\n[Flatten] [Dense(10)] [CrossEntropy]");
    }

    [GeneratedRegex(@"Math\.Min\(first\w+ \+ 106, (\w+)\)")]
    private static partial Regex BlockEnd();

    [GeneratedRegex(@"case (\d+): (.*); break;\n")]
    private static partial Regex Case();

    // The transforms that kernels call are methods, too.
    [GeneratedRegex(@"\[MethodImpl\(Once\)\] public static \w+ (?!Transform)\w+\((.*)\)\n")]
    private static partial Regex Kernel();
}
