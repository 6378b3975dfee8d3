using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The time of the processor for an edit, compared with that of another edit in the same process. A machine that is busy makes both late.
/// No other test runs at the same time.
/// </summary>
[Collection(nameof(CancellationTests))]
public sealed class EditTimeTests
{
    private const int Networks = 40, Edits = 15;

    [Fact]
    public void An_unrelated_keystroke_takes_less_than_half_of_the_time_in_which_all_networks_are_read()
    {
        var harness = new Harness();
        string block = "using Strata;\n[Conv2D(F, 3, Padding = P), BatchNorm, ReLU, Conv2D(F, 3, Padding = P), BatchNorm, ReLU]\n"
            + "public class StageAttribute : BlockAttribute { const int F = 4, P = 1; public StageAttribute(int f) { } }";
        IEnumerable<string> networks = Enumerable.Range(1, Networks).Select(i => "using Strata;\n[Network]\n[Input(1, 8, 8)]\n"
            + string.Concat(Enumerable.Range(1, 5).Select(k => $"[Stage({k}, Name = \"s{k}\"), MaxPool2D(1), Dropout(0.{k})]\n"))
            + $"[Flatten, Dense({i}, Foo = 1)]\npartial class Net{i};");
        CSharpCompilation compilation = harness.Compile([block, .. networks, Text("", 0)]);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);

        List<TimeSpan> bodies = [], constants = [];
        for (int i = 1; i <= Edits; i++)
        {
            bodies.Add(Time(Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture), 0)));
            constants.Add(Time(Text("", i)));
        }

        // The best of each: the runtime compiles and collects garbage in between.
        Assert.True(bodies.Min() < constants.Min() / 2,
            $"{bodies.Min().TotalMilliseconds:F1} ms, and {constants.Min().TotalMilliseconds:F1} ms where all are read");

        TimeSpan Time(string text)
        {
            SyntaxTree before = compilation.SyntaxTrees[^1];
            compilation = compilation.ReplaceSyntaxTree(before, before.WithChangedText(SourceText.From(text, Encoding.UTF8)));
            TimeSpan start = CpuTime.Taken;
            driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
            return CpuTime.Taken - start;
        }
    }

    private static string Text(string statement, int constant) =>
        $"class Unrelated {{ const int C = {constant}; void M() {{ int x = 0{statement}; }} }}";
}
