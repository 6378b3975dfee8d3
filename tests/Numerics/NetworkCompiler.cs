using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.CompilerServices;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Declarations become running networks: the compiler with the generator, in memory.</summary>
internal static class NetworkCompiler
{
    private static readonly ConcurrentDictionary<string, Lazy<CompiledNetworks>> Cache = new();

    /// <summary>Compiles one network; the same declaration only once.</summary>
    public static CompiledType Compile(OracleNetwork network)
    {
        const string Name = "Tested";
        return Cache.GetOrAdd(network.Declaration(Name), text => new(() => Compile([text], "Tested"))).Value[Name];
    }

    /// <summary>Compiles declarations together, each a file of its own; no error and no warning is accepted.</summary>
    /// <param name="declarations">The classes.</param>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <param name="generated">Is shown what the generator wrote, file by file.</param>
    public static CompiledNetworks Compile(IReadOnlyList<string> declarations, string assemblyName,
        Action<GeneratedSourceResult>? generated = null)
    {
        IEnumerable<string> texts = declarations.Any(OwnOperators.AreUsedIn)
            ? declarations.Append(OwnOperators.Declarations) : declarations;
        IEnumerable<SyntaxTree> trees = texts.Select((text, i) =>
            CSharpSyntaxTree.ParseText("using Strata;\n\nnamespace Declared;\n\n" + text, SourceCompiler.Parsing,
                $"Declared{i}.cs", Encoding.UTF8));
        return new CompiledNetworks(SourceCompiler.Compile(
            trees, assemblyName, DiagnosticSeverity.Warning,
            (diagnostics, thrown) => Describe(diagnostics, thrown, declarations), generated));
    }

    private static string Describe(Diagnostic[] diagnostics, Exception? thrown, IReadOnlyList<string> declarations)
    {
        var text = new StringBuilder("The declarations do not compile cleanly.\n").Append(thrown).Append('\n');
        foreach (Diagnostic diagnostic in diagnostics.Take(10))
        {
            text.Append(diagnostic).Append('\n');
            if (diagnostic.Location.SourceTree is { } tree)
            {
                text.Append("    ").Append(tree.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]).Append('\n');
            }
        }

        // Those whose files are complained about; all of them where that is not to be seen.
        string[] files = [.. diagnostics.Select(d => Path.GetFileName(d.Location.SourceTree?.FilePath ?? ""))];
        bool IsMeant(string declaration)
        {
            string name = declaration[(declaration.LastIndexOf(' ') + 1)..].TrimEnd(';', '\n');
            return files.Any(f => f.Split('.').Contains(name));
        }

        return text.Append(string.Join('\n', declarations.Any(IsMeant) ? declarations.Where(IsMeant) : declarations)).ToString();
    }
}

/// <summary>An assembly of compiled networks, loaded where it can be unloaded again.</summary>
internal sealed class CompiledNetworks
{
    private readonly Assembly _assembly;

    public CompiledNetworks(byte[] image)
    {
        Image = image;
        var context = new AssemblyLoadContext("Strata.Tested", isCollectible: true);
        _assembly = context.LoadFromStream(new MemoryStream(image));
    }

    public byte[] Image { get; }

    public CompiledType this[string name] => new(_assembly.GetType("Declared." + name, throwOnError: true)!, this);
}

/// <summary>A compiled network class.</summary>
internal sealed record CompiledType(Type Type, CompiledNetworks Origin)
{
    public CompiledNetwork Create(Isa? isa = null, int threads = 1, ulong seed = 0) =>
        Create(new NetworkOptions { Isa = isa, Threads = threads, Seed = seed });

    public CompiledNetwork Create(NetworkOptions options) => (CompiledNetwork)Activator.CreateInstance(Type, options)!;

    /// <summary>An instance with the oracle's weights.</summary>
    public CompiledNetwork Create(OracleNetwork oracle, Isa isa, int threads = 1, ulong seed = 0)
    {
        CompiledNetwork network = Create(isa, threads, seed);
        CopyWeights(oracle, network);
        return network;
    }

    public static void CopyWeights(OracleNetwork oracle, CompiledNetwork network)
    {
        Assert.Equal(oracle.Parameters.Select(p => p.Key), network.Parameters.Select(p => p.Key));
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            Assert.Equal(oracle.Parameters[k].Shape, network.Parameters[k].Shape);
            network.Parameters[k].CopyFrom([.. oracle.Weights[k].Value.Select(v => (float)v)]);
        }
    }

    public static Trainer CreateTrainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
    {
        MethodInfo create = network.GetType().GetMethod("CreateTrainer", [typeof(int), typeof(Optimizer)])!;
        return (Trainer)create.Invoke(network, [batchSize, optimizer])!;
    }

    /// <summary>
    /// The kernels of a tier for floats, as the runtime gets them: the generator gives each network a namespace of its own.
    /// </summary>
    public NetworkProgram Program(Isa isa) => Type.Assembly.GetTypes()
        .Where(t => !t.IsAbstract && typeof(NetworkProgram).IsAssignableFrom(t) && t.Namespace == $"Strata.Generated.Declared_{Type.Name}")
        .Select(t => (NetworkProgram)Activator.CreateInstance(t, nonPublic: true)!)
        .Single(program => program.Isa == isa && program.Packing.All(parameter => parameter.Element == WeightStorage.Float32));

    /// <summary>How many steps of training threads share the items of, where a batch has fewer blocks than there are threads.</summary>
    public int SharedTrainingSteps(Isa isa) => Program(isa).TrainingSteps.Count(step => step.Items > 1);
}

/// <summary>The tiers of this machine.</summary>
public static class Tiers
{
    public static Isa[] Supported { get; } = [.. IsaSelection.All.Where(IsaSelection.IsSupported)];

    public static TheoryData<Isa> All => [.. Supported];
}
