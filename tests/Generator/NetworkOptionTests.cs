using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The options of <c>[Network]</c>, on their way to the graph.</summary>
public sealed class NetworkOptionTests
{
    private static readonly PropertyInfo[] Properties = [.. typeof(NetworkAttribute).GetProperties().Where(property => property.CanWrite)];

    public static TheoryData<string> Options() => [.. Properties.Select(property => property.Name)];

    public static TheoryData<string> Switches() =>
        [.. Properties.Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name)];

    [Fact]
    public void The_settings_are_the_properties_of_the_attribute_with_the_same_defaults()
    {
        var attribute = new NetworkAttribute();
        Assert.Equal(
            Properties.Select(property => (property.Name, Text(property.GetValue(attribute)))).Order(),
            typeof(NetworkSettings).GetProperties().Select(property => (property.Name, Text(property.GetValue(new NetworkSettings()))))
                .Order());

        static string Text(object? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void An_option_reaches_the_graph_and_is_part_of_its_value(string option)
    {
        PropertyInfo setting = typeof(NetworkSettings).GetProperty(option)!;
        object? usual = setting.GetValue(new NetworkSettings());
        (string text, object value) = usual switch
        {
            bool on => (on ? "!true" : "true", (object)!on),
            Compiler.Graph.WeightStorage => ("WeightStorage.BFloat16", Compiler.Graph.WeightStorage.BFloat16),
            Compiler.Graph.TrainingLayout => ("TrainingLayout.Blocked", Compiler.Graph.TrainingLayout.Blocked),
            _ => ("\"dense1\"", "dense1"),
        };
        NetworkGraph changed = GraphOf($"({option} = {text})");
        Assert.Equal(value, setting.GetValue(changed.Settings));
        Assert.NotEqual(GraphOf(""), changed);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_switch_that_is_set_to_its_default_changes_nothing(string option) => Assert.Equal(
        GraphOf(""), GraphOf(typeof(NetworkSettings).GetProperty(option)!.GetValue(new NetworkSettings()) is true
            ? $"({option} = true)" : $"({option} = !true)"));

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
        foreach (string option in Switches().Select(row => row.Data))
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
