using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The compiler with the generator, in memory.</summary>
internal static class SourceCompiler
{
    public static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Parse);

    /// <summary>Where generated text is written, to be compared with that of another commit; null if it is not.</summary>
    private static readonly string? TextFolder = Environment.GetEnvironmentVariable("STRATA_TEXT_FOLDER");

    /// <summary>Whether the text that is generated for each network is wanted.</summary>
    public static bool WritesText => TextFolder is not null;

    private static readonly Lazy<MetadataReference[]> References = new(FindReferences);

    /// <summary>An assembly of the sources and of what is generated for them.</summary>
    /// <param name="trees">The sources.</param>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <param name="leastSeverity">From where on a message fails the test.</param>
    /// <param name="describe">What the failure says of these messages, and of the generator's exception.</param>
    /// <param name="generated">Is shown what the generator wrote, file by file.</param>
    /// <param name="references">Assemblies besides the framework and Strata.</param>
    public static byte[] Compile(
        IEnumerable<SyntaxTree> trees, string assemblyName, DiagnosticSeverity leastSeverity,
        Func<Diagnostic[], Exception?, string> describe,
        Action<GeneratedSourceResult>? generated = null,
        params IEnumerable<MetadataReference> references)
    {
        (Compilation output, GeneratorDriverRunResult result) = Run(trees, assemblyName, references);
        using var image = new MemoryStream();
        var emitted = output.Emit(image);
        Check(result, emitted.Diagnostics, leastSeverity, describe);
        Show(result, assemblyName, generated);
        return image.ToArray();
    }

    /// <summary>Writes what is generated for the sources into the folder. It is not compiled.</summary>
    /// <param name="trees">The sources.</param>
    /// <param name="assemblyName">The name of their assembly.</param>
    /// <param name="leastSeverity">From where on a message fails the test.</param>
    /// <param name="describe">What the failure says of these messages, and of the generator's exception.</param>
    public static void Generate(
        IEnumerable<SyntaxTree> trees, string assemblyName, DiagnosticSeverity leastSeverity,
        Func<Diagnostic[], Exception?, string> describe)
    {
        (_, GeneratorDriverRunResult result) = Run(trees, assemblyName, []);
        Check(result, [], leastSeverity, describe);
        Show(result, assemblyName, null);
    }

    private static (Compilation Output, GeneratorDriverRunResult Result) Run(
        IEnumerable<SyntaxTree> trees, string assemblyName, IEnumerable<MetadataReference> references)
    {
        CSharpCompilation compilation = CompilationOf(trees, assemblyName, references);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new StrataGenerator().AsSourceGenerator()], parseOptions: Parsing);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return (output, driver.GetRunResult());
    }

    /// <summary>Fails if the generator or the compiler has something to say.</summary>
    private static void Check(
        GeneratorDriverRunResult result, IEnumerable<Diagnostic> ofCompiler, DiagnosticSeverity leastSeverity,
        Func<Diagnostic[], Exception?, string> describe)
    {
        Diagnostic[] diagnostics = [.. result.Diagnostics.Concat(ofCompiler).Where(d => d.Severity >= leastSeverity)];
        Exception? thrown = result.Results.Select(r => r.Exception).FirstOrDefault(e => e is not null);
        if (diagnostics.Length > 0 || thrown is not null)
        {
            Assert.Fail(describe(diagnostics, thrown));
        }
    }

    private static void Show(GeneratorDriverRunResult result, string assemblyName, Action<GeneratedSourceResult>? generated)
    {
        foreach (GeneratedSourceResult file in result.Results.SelectMany(r => r.GeneratedSources))
        {
            generated?.Invoke(file);
            if (TextFolder is not null)
            {
                File.WriteAllText(Path.Combine(TextFolder, $"{assemblyName}.{file.HintName}"), file.SourceText.ToString());
            }
        }
    }

    /// <summary>Sources before anything is generated for them.</summary>
    public static CSharpCompilation CompilationOf(
        IEnumerable<SyntaxTree> trees, string assemblyName, params IEnumerable<MetadataReference> references) => CSharpCompilation.Create(
        assemblyName, trees, References.Value.Concat(references),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>An assembly of sources for which nothing is generated.</summary>
    public static byte[] Compile(IEnumerable<string> sources, string assemblyName)
    {
        CSharpCompilation compilation = CompilationOf(
            sources.Select(source => CSharpSyntaxTree.ParseText(source, Parsing)), assemblyName);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)));
        return image.ToArray();
    }

    private static MetadataReference[] FindReferences()
    {
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return
        [
            .. trusted.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(NetworkAttribute).Assembly.Location)
                .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
        ];
    }
}
