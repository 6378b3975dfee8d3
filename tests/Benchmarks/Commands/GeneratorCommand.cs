using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>The generator on LeNet-5 in a compiler that has run it before.</summary>
internal static class GeneratorCommand
{
    private const int WarmRuns = 20, Runs = 9;

    public static int Run(CommandLine line)
    {
        using Stream stream = typeof(GeneratorCommand).Assembly.GetManifestResourceStream("LeNet5.cs")!;
        string source = new StreamReader(stream).ReadToEnd();
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        CSharpCompilation references = CSharpCompilation.Create(
            "Generated",
            references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
            options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        IEnumerable<ISourceGenerator> generators = Assembly.Load("Strata.Generator").GetTypes()
            .Where(type => !type.IsAbstract && typeof(IIncrementalGenerator).IsAssignableFrom(type))
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator())
            .ToList();

        var whole = new List<double>();
        var first = new List<double>();
        GeneratorDriverRunResult result = null!;
        for (int run = 0; run < WarmRuns + Runs; run++)
        {
            // A class of another name each time, and a new driver: nothing is taken from an earlier run's cache.
            string name = FormattableString.Invariant($"LeNet{run + 5}");
            SyntaxTree tree = CSharpSyntaxTree.ParseText(source.Replace("LeNet5", name, StringComparison.Ordinal), options);
            CSharpCompilation compilation = references.AddSyntaxTrees(tree);
            GeneratorDriver driver = CSharpGeneratorDriver.Create(generators, parseOptions: options);
            long start = Stopwatch.GetTimestamp();
            driver = driver.RunGenerators(compilation);
            whole.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            first.Add(driver.GetTimingInfo().GeneratorTimes.Sum(time => time.ElapsedTime.TotalMilliseconds));
            result = driver.GetRunResult();
        }

        int bytes = result.Results.SelectMany(generator => generator.GeneratedSources)
            .Sum(generated => Encoding.UTF8.GetByteCount(generated.SourceText.ToString()));
        int files = result.GeneratedTrees.Length;
        if (files == 0)
        {
            throw new WorkerException("The generator wrote nothing. " + string.Join(" ", result.Diagnostics));
        }

        double driverTime = Statistics.Median(whole.Skip(WarmRuns)), generatorTime = Statistics.Median(first.Skip(WarmRuns));
        if (line.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteString("net", "lenet5");
                json.WriteNumber("generator_ms", Rounding.Significant(generatorTime));
                json.WriteNumber("driver_ms", Rounding.Significant(driverTime));
                json.WriteNumber("first_run_ms", Rounding.Significant(whole[0]));
                json.WriteNumber("files", files);
                json.WriteNumber("source_bytes", bytes);
            });
        }
        else
        {
            Console.WriteLine(FormattableString.Invariant(
                $"generator {generatorTime:F1} ms (with its driver {driverTime:F1} ms; in a cold process {whole[0]:F0} ms), {files} files, {bytes / 1024.0:F1} KiB"));
        }

        return 0;
    }
}
