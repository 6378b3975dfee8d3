using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The compiler with the generator and the analyzer, in memory.</summary>
internal sealed record Harness
{
    public const string LeNet5 = """
        using Strata;

        namespace Demo;

        [Network]
        [Input(1, 28, 28)]
        [Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
        [Conv2D(16, 5), ReLU, MaxPool2D(2)]
        [Flatten]
        [Dense(120), ReLU]
        [Dense(84), ReLU]
        [Dense(10), Softmax]
        [CrossEntropy]
        public partial class LeNet5;

        """;

    /// <summary>A residual block and an inception module.</summary>
    public const string Branched = """
        using Strata;

        namespace Demo;

        [Network]
        [Input(2, 6, 6), Conv2D(4, 1)]
        [Branch, Conv2D(4, 3, Padding = 1), ReLU]
        [Branch]
        [Add, ReLU]
        [Branch, Conv2D(3, 1)]
        [Branch, Branch, MaxPool2D(3, Stride = 1, Padding = 1)]
        [Concat, Flatten, Dense(5), CrossEntropy]
        public partial class Branched;

        """;

    /// <summary>Blocks with parameters, names across scopes, several inputs, outputs and losses.</summary>
    public const string Blocks = """
        using Strata;

        [Network(FreezeUntil = "s.1")]
        [Input(2, 6, 6, Name = "a"), Sequential("s"), Conv2D(4, 1), Wide(2, mode: AutoPad.Same, Repeat = 2)]
        [Input(3, Name = "b"), Dense(4, Name = "x.y", Frozen = true), MeanSquaredError(Weight = 0.3, Target = "t")]
        [Flatten(From = "s.1"), Output("p"), Dense(4), Add("x.y", "s.5"), Output("q"), L1]
        public partial class Blocked;

        [Branch, Conv2D(2 * Filters, K - 1, AutoPad = Mode, Bias = K > 2 || false), BatchNorm]
        [Branch, Shortcut(Hidden, Stride = Mode == AutoPad.Same ? 1 : 2), Inner("in" + "put", Name = "i{1}", Repeat = 2)]
        [Add]
        public class WideAttribute : BlockAttribute
        {
            private const int Filters = 2, Hidden = (int)(2.0 * Filters), K = 4;
            private const AutoPad Mode = AutoPad.None;
            public WideAttribute(int filters, int k = K, AutoPad mode = Mode) { }
        }

        [ReLU(From = From), Concat(From, "relu1"), Conv2D(4, 1)]
        class InnerAttribute : BlockAttribute { const string From = ""; public InnerAttribute(string from) { } }

        """;

    /// <summary>Operators of one's own: with parameters, a trained number and helpers; of two tensors; a loss.</summary>
    public const string Operators = """
        using System;
        using Strata;

        /// <summary>x·tanh(softplus(βx)).</summary>
        public sealed class BetaMishAttribute : ElementwiseAttribute
        {
            private const double Beta = 1;
            [Trained(PerChannel = true, Key = "a")] private const double Slope = 0.25;
            public BetaMishAttribute(double beta = Beta) { }

            public static float Value(float x)
            {
                float y = (float)Beta * x, z = MathF.Tanh(Functions.Softplus(y));
                return x > 0 && !(y >= 20) ? x * z : Least(x * (float)Slope, -1f / 3);
            }

            private static float Least(float x, float y = 2) => MathF.Pow(MathF.Min(x, y), 2);
        }

        sealed class GateAttribute : ElementwiseAttribute { public static float Value(float a, float b) => a * Functions.Sigmoid(b); }

        sealed class OffAttribute : ElementwiseLossAttribute { public static float Value(float output, float target) => output - target; }

        """;

    /// <summary>What every compilation derives from, so that references are bound once.</summary>
    private static readonly Lazy<CSharpCompilation> Empty = new(() =>
    {
        var empty = CSharpCompilation.Create(
            "Tested",
            references: FindReferences(),
            options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));

        // Binds the references now; what derives from an unbound compilation would bind them anew each time.
        Assert.NotNull(empty.GetTypeByMetadataName("Strata.NetworkAttribute"));
        return empty;
    });

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.Release;

    /// <summary>Other assemblies, besides the framework and Strata.</summary>
    public ImmutableArray<MetadataReference> References { get; init; } = [];

    /// <summary>Whether the project imports Strata.props.</summary>
    public bool ImportsProperties { get; init; } = true;

    /// <summary>Properties of the project, without their prefix; those that are not here are empty.</summary>
    public ImmutableDictionary<string, string> Properties { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>NoWarn and ruleset files.</summary>
    public ImmutableDictionary<string, ReportDiagnostic> Severities { get; init; } = ImmutableDictionary<string, ReportDiagnostic>.Empty;

    /// <summary>.editorconfig.</summary>
    public ImmutableDictionary<string, ReportDiagnostic> EditorConfig { get; init; } = ImmutableDictionary<string, ReportDiagnostic>.Empty;

    public CSharpParseOptions Parsing => new(Language, DocumentationMode.Diagnose);

    public CSharpCompilation Compile(params string[] sources) => Empty.Value
        .AddReferences(References)
        .AddSyntaxTrees(
            [.. sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, Parsing, i == 0 ? "Source.cs" : $"Source{i}.cs"))])
        .WithOptions(Empty.Value.Options
            .WithOptimizationLevel(Optimization)
            .WithSpecificDiagnosticOptions(Severities)
            .WithSyntaxTreeOptionsProvider(new TreeOptions(EditorConfig)));

    public GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new StrataGenerator().AsSourceGenerator()],
        parseOptions: Parsing,
        optionsProvider: OptionsProviderOf(),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The project's properties, as the compiler hands them on.</summary>
    public AnalyzerConfigOptionsProvider OptionsProviderOf() => new OptionsProvider(ImportsProperties ? Properties : null);

    public GeneratorDriverRunResult Generate(params string[] sources) => Generate(Compile(sources), out _);

    public GeneratorDriverRunResult Generate(CSharpCompilation compilation, out Compilation output)
    {
        GeneratorDriverRunResult result = Driver()
            .RunGeneratorsAndUpdateCompilation(compilation, out output, out _, CancellationToken.None)
            .GetRunResult();
        foreach (GeneratorRunResult run in result.Results)
        {
            Assert.Null(run.Exception);
        }

        return result;
    }

    /// <summary>What the generator reports, and the analyzer of the compilation with the generated files, in source order.</summary>
    public async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(params string[] sources)
    {
        ImmutableArray<Diagnostic> reported = Generate(Compile(sources), out Compilation output).Diagnostics;
        return Sorted(reported.Concat(await AnalyzeAsync(output)));
    }

    public async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var thrown = new List<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([], OptionsProviderOf()),
            (exception, _, _) => thrown.Add(exception),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        ImmutableArray<Diagnostic> diagnostics = await compilation
            .WithAnalyzers([new NetworkAnalyzer(), new CallAnalyzer(), new OperatorAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(CancellationToken.None);
        Assert.Empty(thrown);
        return Sorted(diagnostics);
    }

    /// <summary>The generator's locations have no tree.</summary>
    private static ImmutableArray<Diagnostic> Sorted(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)];

    /// <summary>
    /// Asserts that the analyzer reports exactly what is marked in the source as <c>{|ID:span|}</c>, with these messages in
    /// source order.
    /// </summary>
    public async Task ReportsAsync(string marked, params string[] messages)
    {
        (string source, List<MarkedSpan> expected) = Markup.Parse(marked);
        ImmutableArray<Diagnostic> diagnostics = await AnalyzeAsync(source);
        Assert.Equal(
            expected.Zip(messages, (span, message) => $"{span.Id} at {span.Start}+{span.Length}: {message}"),
            diagnostics.Select(d =>
                $"{d.Id} at {d.Location.SourceSpan.Start}+{d.Location.SourceSpan.Length}: "
                + $"{d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"));
        Assert.Equal(expected.Count, messages.Length);
        Assert.All(diagnostics, diagnostic => Assert.Equal("Source.cs", diagnostic.Location.GetLineSpan().Path));
    }

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(NetworkAttribute).Assembly.Location)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }

    private sealed class OptionsProvider(ImmutableDictionary<string, string>? properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Options(ImmutableDictionary<string, string>? properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            const string Prefix = "build_property.";
            value = key.StartsWith(Prefix, StringComparison.Ordinal) ? properties?.GetValueOrDefault(key[Prefix.Length..], "") : null;
            return value is not null;
        }
    }

    private sealed class TreeOptions(ImmutableDictionary<string, ReportDiagnostic> severities) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(
            SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            severities.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(
            string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            severities.TryGetValue(diagnosticId, out severity);
    }
}
