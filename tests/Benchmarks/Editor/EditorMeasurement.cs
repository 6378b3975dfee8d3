using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator;

namespace Strata.Benchmarks.Editor;

/// <summary>Keystrokes in a project of networks: each is an edit of the workspace, and the question for the file's diagnostics.</summary>
/// <param name="zoo">The files that are not edited, by their names.</param>
/// <param name="references">What they are compiled against.</param>
internal sealed class EditorMeasurement(
    IReadOnlyCollection<KeyValuePair<string, string>> zoo, IReadOnlyCollection<MetadataReference> references)
{
    private const int Cancellations = 40, Warm = 40;

    private int _edit;

    private IEnumerable<KeyValuePair<string, string>> Files => zoo.Concat(EditorSources.All.Select(
        file => KeyValuePair.Create(file.Name, file.Text(0))));

    /// <summary>The times of all kinds of keystrokes.</summary>
    /// <param name="edits">How many keystrokes of each kind; there are a quarter as many where code is generated.</param>
    public IEnumerable<(string What, EditTimes Times)> Keystrokes(int edits)
    {
        using (var alone = new EditorProject(Files, references, withStrata: false))
        {
            yield return ("in a method, without Strata", Keystrokes(alone, EditorSources.Unrelated, edits, diagnose: true));
        }

        using var project = new EditorProject(Files, references);
        if (project.Compile().GetDiagnostics().FirstOrDefault(found => found.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new InvalidOperationException($"The project does not compile: {error}");
        }

        yield return ("in a method, generator alone", Keystrokes(project, EditorSources.Unrelated, edits, diagnose: false));
        yield return ("in a method", Keystrokes(project, EditorSources.Unrelated, edits, diagnose: true));
        yield return ("in a network", Keystrokes(project, EditorSources.Network, edits / 4, diagnose: true));
        yield return ("in a formula", Keystrokes(project, EditorSources.Operator, edits / 4, diagnose: true));
        yield return ("each character of a network", HalfTyped(project));
    }

    /// <summary>Milliseconds from the cancellation of the generator to its end, in the middle of a keystroke in a network.</summary>
    public IReadOnlyList<double> Cancel()
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "App", Files.Select(file => CSharpSyntaxTree.ParseText(file.Value, parsing, file.Key)), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new StrataGenerator().AsSourceGenerator()], parseOptions: parsing)
            .RunGenerators(compilation);
        List<double> whole = [], answers = [];
        for (int i = 0; i < 2 * Cancellations; i++)
        {
            SyntaxTree tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == EditorSources.Network.Name);
            SourceText text = SourceText.From(EditorSources.Network.Text(++_edit));
            CSharpCompilation edited = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(text));
            if (i < Cancellations)
            {
                long start = Stopwatch.GetTimestamp();
                driver.RunGenerators(edited);
                whole.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            else if (Cancel(driver, edited, EditTimes.Percentile(whole, 0.5) * (i - Cancellations) / Cancellations) is { } answer)
            {
                answers.Add(answer);
            }
        }

        return answers;
    }

    /// <summary>The memory of the process before edits, after half of them, and at their end. Each tenth is in a network.</summary>
    public IEnumerable<(int Edits, double Managed, double Resident)> Memory(int edits)
    {
        using var project = new EditorProject(Files, references);
        project.Compile();

        // What is made once comes before the first reading.
        foreach (EditedFile file in EditorSources.All)
        {
            Keystroke(project, file, diagnose: true);
        }

        for (int done = 0; done <= edits; done++)
        {
            if (done == 0 || done == edits / 2 || done == edits)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
                double managed = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
                using Process process = Process.GetCurrentProcess();
                yield return (done, managed, process.WorkingSet64 / 1048576.0);
            }

            Keystroke(project, done % 10 == 9 ? EditorSources.Network : EditorSources.Unrelated, diagnose: true);
        }
    }

    private EditTimes Keystrokes(EditorProject project, EditedFile file, int edits, bool diagnose)
    {
        // The runtime compiles its methods again while they are warm.
        EditTimes.Measure(Math.Max(edits / 2, Warm), _ => Keystroke(project, file, diagnose));
        return EditTimes.Measure(Math.Max(edits, 1), _ => Keystroke(project, file, diagnose));
    }

    private void Keystroke(EditorProject project, EditedFile file, bool diagnose)
    {
        project.Edit(file.Name, file.Text(++_edit));
        if (!diagnose)
        {
            project.Compile();
        }
        else if (project.Diagnose(file.Name) is [var found, ..])
        {
            throw new InvalidOperationException($"The project has a problem: {found}");
        }
    }

    /// <summary>Types a network from the first character to the last. Nothing that is half-typed may stop the generator.</summary>
    private static EditTimes HalfTyped(EditorProject project)
    {
        string name = EditorSources.Network.Name, text = EditorSources.Network.Text(0);
        project.Edit(name, "");
        int others = Generated(project);
        EditTimes times = EditTimes.Measure(text.Length, length =>
        {
            project.Edit(name, text[..Math.Min(length + 1, text.Length)]);
            bool isBug = project.Diagnose(name).Any(found => found.Id is "STRATA099" or "AD0001");
            if (isBug || project.Thrown.Count > 0 || Generated(project) < others)
            {
                throw new InvalidOperationException($"The generator or an analyzer fails at character {length}.");
            }
        });
        return Generated(project) > others ? times : throw new InvalidOperationException("Nothing is generated for the whole text.");
    }

    private static int Generated(EditorProject project) =>
        project.Compile().SyntaxTrees.Count(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <returns>Null if there was nothing left to cancel.</returns>
    private static double? Cancel(GeneratorDriver driver, CSharpCompilation edited, double milliseconds)
    {
        using var source = new CancellationTokenSource();
        var run = Task.Run(() => driver.RunGenerators(edited, source.Token), CancellationToken.None);
        Thread.Sleep(TimeSpan.FromMilliseconds(milliseconds));
        long start = Stopwatch.GetTimestamp();
        source.Cancel();
        try
        {
            run.GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException)
        {
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
