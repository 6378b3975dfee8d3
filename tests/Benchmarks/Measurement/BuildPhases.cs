using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Workers;
using Strata.Generator;

namespace Strata.Benchmarks.Measurement;

/// <summary>Where the C# compiler spends its time on a network: milliseconds of the processor, on one thread.</summary>
/// <param name="Generator">Strata's generator, without what is parsed.</param>
/// <param name="Parse">Parsing what the generator wrote.</param>
/// <param name="Bind">What names and calls in methods mean, and checks of their flow.</param>
/// <param name="Emit">Lowering of methods, and their intermediate language.</param>
/// <param name="Analyzers">Strata's analyzers.</param>
internal sealed record BuildPhases(double Generator, double Parse, double Bind, double Emit, double Analyzers)
{
    /// <summary>Compiles a network once, as a build from nothing does.</summary>
    public static BuildPhases Measure(string className)
    {
        CSharpCompilation sources = ZooSources.Compilation(className);
        sources = sources.WithOptions(sources.Options.WithConcurrentBuild(false));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new StrataGenerator().AsSourceGenerator()], parseOptions: ZooSources.Parsing);
        double whole = Time(() => driver = driver.RunGenerators(sources));
        string[] texts = [.. driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString())];
        if (texts.Length == 0)
        {
            throw new WorkerException($"The generator wrote nothing for {className}.");
        }

        SyntaxTree[] trees = [];
        double parse = Time(() => trees = [.. texts.Select(text => CSharpSyntaxTree.ParseText(text, ZooSources.Parsing))]);

        // Emit binds anew, in a compilation that knows nothing of the one before.
        double bind = Time(() => Sure(sources.AddSyntaxTrees(trees).GetDiagnostics()));
        double emit = Time(() => ZooSources.Emit(sources.AddSyntaxTrees(trees), Stream.Null));
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new NetworkAnalyzer(), new CallAnalyzer(), new OperatorAnalyzer()];
        CompilationWithAnalyzers analyzed = sources.AddSyntaxTrees(trees)
            .WithAnalyzers(
                analyzers,
                new CompilationWithAnalyzersOptions(
                    new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true));

        // The compiler binds for analyzers, too: their own time is what it logs.
        AnalysisResult analysis = analyzed.GetAnalysisResultAsync(CancellationToken.None).GetAwaiter().GetResult();
        double own = analysis.AnalyzerTelemetryInfo.Values.Sum(telemetry => telemetry.ExecutionTime.TotalMilliseconds);
        return new BuildPhases(Math.Max(0, whole - parse), parse, bind, Math.Max(0, emit - bind), own);
    }

    /// <summary>The median of each.</summary>
    public static BuildPhases Median(IReadOnlyCollection<BuildPhases> runs)
    {
        double Of(Func<BuildPhases, double> phase) => Statistics.Median(runs.Select(phase));
        return new BuildPhases(
            Of(run => run.Generator), Of(run => run.Parse), Of(run => run.Bind), Of(run => run.Emit), Of(run => run.Analyzers));
    }

    private static void Sure(ImmutableArray<Diagnostic> diagnostics)
    {
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new WorkerException($"The network does not compile: {error}");
        }
    }

    private static double Time(Action work)
    {
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        TimeSpan start = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - start).TotalMilliseconds;
    }
}
