using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Wrong calls of a network, as newcomers write them. The C# compiler refuses them; our rules say what to write instead.</summary>
public sealed class CallRuleTests
{
    private const string Networks = """
        using System;
        using Strata;
        using Strata.Training;

        [Network, Input(1, 4, 4), Flatten, Dense(2), CrossEntropy]
        public partial class Floats;

        [Network, Input(1, 4, 4), Normalize([0.5], [0.5]), Flatten, Dense(2), CrossEntropy]
        public partial class Bytes;

        [Network, Input(4), Dense(2)]
        public partial class Lossless;

        """;

    private const string Dense = "[Strata.Network, Strata.Input(4), Strata.Dense(2)] ";

    private const string ByNormalize = "Put [Normalize(means, deviations)] behind [Input], so that it takes bytes, too, or divide each "
        + "by 255f.";

    [Theory]
    [InlineData(
        "new Floats().Forward({|STRATA080:new byte[16]|}, new float[2]);",
        "Floats.Forward takes floats, not bytes. " + ByNormalize)]
    [InlineData("Span<byte> b = stackalloc byte[16]; new Floats().Forward({|STRATA080:b|}, new float[2]);", "Floats.Forward takes "
        + "floats, not bytes. " + ByNormalize)]
    [InlineData("ReadOnlySpan<byte> b = new byte[16]; Floats? net = new(); net?.Forward({|STRATA080:b|}, new float[2]);",
        "Floats.Forward takes floats, not bytes. " + ByNormalize)]
    [InlineData("new Floats().Forward({|STRATA080:new double[16]|}, new float[2]);", "Floats.Forward takes floats, not doubles. "
        + "Convert each of them with (float).")]
    [InlineData("new Bytes().Forward({|STRATA080:new double[16]|}, new float[2]);", "Bytes.Forward takes floats, not doubles. Convert "
        + "each of them with (float).")]
    [InlineData("new Floats().Forward(new float[16], {|STRATA080:new double[2]|});", "Floats.Forward takes floats, not doubles. "
        + "Convert each of them with (float).")]
    [InlineData(
        "new Bytes().CreateTrainer(1, new Sgd(0.1)).Step({|STRATA080:new byte[16]|}, new[] { 1 });",
        "ClassificationTrainer.Step takes floats, not bytes. Divide each by 255f, as Forward behind [Normalize] does with bytes.")]
    [InlineData("new Bytes().Forward(new byte[16], new float[2]);")]
    [InlineData("new Floats().Forward(new float[16], new float[2]);")]
    [InlineData("new Other().Forward(new byte[16]);")]
    public Task Numbers_of_another_type_have_a_help(string statement, params string[] messages) =>
        new Harness().ReportsAsync(Networks + $"class Other {{ public void Forward(int x) {{ }} public static void Run() {{ {statement} }} }}", messages);

    /// <summary>The method is there to be refused: what it says is the compiler's error.</summary>
    [Theory]
    [InlineData("Lossless", "'Lossless.CreateTrainer(int, Optimizer)' is obsolete: 'Lossless has no loss, so that it cannot be "
        + "trained. Put [CrossEntropy], or another loss, behind its last layer.'")]
    [InlineData("Floats", null)]
    public void A_trainer_of_a_network_without_a_loss_names_one(string network, string? message)
    {
        var harness = new Harness();
        harness.Generate(
            harness.Compile(Networks + $"class Other {{ void Run() {{ using var trainer = new {network}().CreateTrainer(8, new Sgd(0.1)); trainer.Step(new float[4], new[] {{ 1 }}); }} }}"),
            out Compilation output);
        Assert.Equal(
            message is null ? [] : [("CS0619", message)],
            Errors(output)
                .Select(diagnostic => (diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture))));
        IMethodSymbol create = output.GetTypeByMetadataName(network)!.GetMembers("CreateTrainer").OfType<IMethodSymbol>().Single();
        Assert.Equal(
            message is null ? [] : ["ObsoleteAttribute", "EditorBrowsableAttribute"],
            create.GetAttributes().Select(attribute => attribute.AttributeClass!.Name));
    }

    /// <summary>What the user has under this name is theirs.</summary>
    [Theory]
    [InlineData("public partial class Own { public int CreateTrainer(int batchSize, Strata.Training.Optimizer optimizer) => batchSize; }")]
    [InlineData("public partial class Own { public int CreateTrainer(string text) => text.Length; }")]
    public void A_method_of_the_users_stands_alone(string part)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(Dense + "public partial class Own;\n" + part), out Compilation output);
        Assert.Single(output.GetTypeByMetadataName("Own")!.GetMembers("CreateTrainer"));
        Assert.Empty(Errors(output));
    }

    [Fact]
    public void A_network_of_that_name_has_no_such_method()
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(Dense + "public partial class CreateTrainer;"), out Compilation output);
        Assert.Empty(Errors(output));
    }

    private static System.Collections.Generic.IEnumerable<Diagnostic> Errors(Compilation compilation) =>
        compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
