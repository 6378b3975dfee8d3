using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Generator.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The options of <c>[Network]</c>, on their way to the graph.</summary>
public sealed class NetworkOptionTests
{
    public static readonly TheoryData<string, bool> Options = new() { { "InputGradient", false }, { "Observable", false },
        { "BFloat16", false }, { "Winograd", true } };

    [Theory]
    [MemberData(nameof(Options))]
    public void A_switch_reaches_the_graph_and_is_part_of_its_value(string option, bool byDefault)
    {
        NetworkGraph usual = GraphOf(""), on = GraphOf($"({option} = true)"), off = GraphOf($"({option} = !true)");
        Assert.Equal((byDefault, true, false), (Of(usual), Of(on), Of(off)));
        Assert.Equal(usual, byDefault ? on : off);
        Assert.NotEqual(usual, byDefault ? off : on);

        bool Of(NetworkGraph graph) => (bool)typeof(NetworkGraph).GetProperty(option)!.GetValue(graph)!;
    }

    /// <summary>
    /// The compiler says what is wrong, and we say what to write; it alone where the value may be one that only it knows.
    /// </summary>
    [Theory]
    [InlineData("1", "true")]
    [InlineData("\"yes\"", "true or false")]
    [InlineData("null", "true or false")]
    [InlineData("System.DateTime.Now.Year > 2000", null)]
    public async Task What_is_no_truth_value_is_refused(string value, string? right)
    {
        foreach (string option in Options.Select(row => row.Data.Item1))
        {
            string source = Source($"({option} = {value})");
            Assert.Contains(new Harness().Compile(source).GetDiagnostics(TestContext.Current.CancellationToken),
                diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Assert.Equal(
                right is null ? [] : [$"[Network]: {option} takes true or false, not {value}. Write {right}."],
                (await new Harness().AnalyzeAsync(source)).Select(problem => problem.GetMessage(CultureInfo.InvariantCulture)));
        }
    }

    private static NetworkGraph GraphOf(string options) => Graphs.ModelOf(Source(options)).Graph!;

    private static string Source(string options) =>
        $"using Strata;\n[Network{options}, Input(3, 8, 8), Conv2D(4, 3), ReLU, Flatten, Dense(2), "
        + "CrossEntropy]\npublic partial class Net;";
}
