using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.CompilerServices;
using Strata.Generator.Reading;

namespace Strata.Numerics.Tests;

/// <summary>A network with a program that was made at run time.</summary>
internal sealed class EmittedNetwork : CompiledNetwork
{
    /// <param name="info">What a compiled class says of the network.</param>
    /// <param name="program">The program of a tier, which may have several instances.</param>
    /// <param name="options">Among them the tier.</param>
    public EmittedNetwork(NetworkInfo info, Func<Isa, NetworkProgram> program, NetworkOptions options)
        : base(info, program, options)
    {
    }

    /// <param name="info">What a compiled class says of the network.</param>
    /// <param name="program">The program, which may have several instances.</param>
    /// <param name="options">All but the tier.</param>
    public EmittedNetwork(NetworkInfo info, NetworkProgram program, NetworkOptions options)
        : this(info, _ => program, options with { Isa = program.Isa })
    {
    }

    /// <summary>The compiler's tier.</summary>
    public static Tier TierOf(Isa isa) => Tier.All.Single(tier => tier.Name == isa.ToString());

    /// <summary>Makes the program of a tier.</summary>
    public static AssemblyProgram ProgramOf(NetworkGraph graph, Isa isa, bool trains = true) =>
        EmittedProgram.Create(graph, TierOf(isa), trains);

    /// <summary>Makes the program of a tier, writes it as an assembly and loads it.</summary>
    public static AssemblyProgram SavedProgramOf(NetworkGraph graph, Isa isa)
    {
        Assembly assembly = NetworkAssembly.Load(
            NetworkAssembly.Write("Saved", "Saved", graph, [TierOf(isa)], trains: true, CancellationToken.None));
        return SavedNetwork.Read(assembly, "a test").Program(isa, assembly.ManifestModule);
    }

    /// <summary>The graphs of declarations, by the generator's own first steps.</summary>
    /// <param name="declarations">Files with all that the networks use.</param>
    public static Dictionary<string, NetworkGraph> GraphsOf(IEnumerable<string> declarations)
    {
        CSharpCompilation compilation = SourceCompiler.CompilationOf(
            declarations.Select((text, i) => CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, $"Declared{i}.cs", Encoding.UTF8)),
            "Graphs");
        var graphs = new Dictionary<string, NetworkGraph>();
        foreach (ClassDeclarationSyntax network in compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes())
            .OfType<ClassDeclarationSyntax>()
            .Where(type => type.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString() == "Network")))
        {
            INamedTypeSymbol symbol = compilation.GetSemanticModel(network.SyntaxTree).GetDeclaredSymbol(network)!;
            graphs.Add(network.Identifier.Text, Strata.NetworkCompiler.GraphOf(
                DeclarationReader.Read(symbol, compilation, out _, CancellationToken.None)!, CancellationToken.None));
        }

        return graphs;
    }
}
