using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Programs that are emitted as IL compute the bits of those that are compiled as C#: 12 random networks, and more by
/// <c>STRATA_EMITTED_NETWORKS=300</c>.
/// </summary>
public sealed class EmissionTests(ITestOutputHelper log)
{
    /// <summary>One sample, a partly filled block, a full one at 16 lanes, several and one more.</summary>
    private static readonly int[] Batches = [1, 3, 16, 33];

    /// <summary>A network with a program that was made at run time.</summary>
    private sealed class EmittedNetwork(NetworkInfo info, Func<Isa, CompilerServices.NetworkProgram> program, NetworkOptions options)
        : CompiledNetwork(info, program, options);

    [Fact]
    public void Emitted_programs_compute_the_bits_of_compiled_ones_in_every_tier()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("STRATA_EMITTED_NETWORKS"), CultureInfo.InvariantCulture, out int many)
            ? many : 12;
        var failures = new List<string>();
        int compared = 0;
        foreach (int[] seeds in Enumerable.Range(1, count).Chunk(25))
        {
            Dictionary<string, OracleNetwork> networks = seeds.ToDictionary(seed => $"Random{seed}", RandomArchitecture.Draw);
            Dictionary<string, string> declarations = networks.ToDictionary(one => one.Key, one => one.Value.Declaration(one.Key))
                .Where(one => !OwnOperators.AreUsedIn(one.Value)).ToDictionary();
            CompiledNetworks compiled = NetworkCompiler.Compile([.. declarations.Values], $"Emitted{seeds[0]}");
            foreach ((string name, NetworkGraph graph) in GraphsOf(declarations.Values).Where(one => declarations.ContainsKey(one.Name)))
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    compared++;
                    if (Difference(compiled[name], networks[name], graph, isa) is { } difference)
                    {
                        failures.Add($"{name}, {isa}: {difference}\n{declarations[name]}");
                    }
                }
            }
        }

        log.WriteLine($"{compared} programs compared.");
        Assert.True(failures.Count == 0, $"{failures.Count} of {compared}:\n{string.Join("\n\n", failures.Take(5))}");
    }

    private static string? Difference(CompiledType type, OracleNetwork oracle, NetworkGraph graph, Isa isa)
    {
        try
        {
            using CompiledNetwork expected = type.Create(oracle, isa);
            Tier tier = Tier.All.Single(one => one.Name == isa.ToString());
            EmittedProgram program = EmittedProgram.Of(TierPrograms.Lower(graph, tier, CancellationToken.None));
            using var emitted = new EmittedNetwork(expected.Info, _ => program, new NetworkOptions { Isa = isa, Threads = 1 });
            CompiledType.CopyWeights(oracle, emitted);
            foreach (int batch in Batches)
            {
                float[] inputs = [.. Enumerable.Range(0, batch * expected.InputLength).Select(i => MathF.Sin(i * 0.37f) * 2)];
                float[] one = new float[batch * expected.OutputLength], other = new float[one.Length];
                expected.Forward(inputs, one);
                emitted.Forward(inputs, other);
                int at = MemoryMarshal.Cast<float, int>(one).CommonPrefixLength(MemoryMarshal.Cast<float, int>(other));
                if (at < one.Length)
                {
                    return $"batch {batch}, output {at}: {one[at]:R} and {other[at]:R}";
                }
            }

            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }

    /// <summary>The graphs of declarations, by the generator's own first steps.</summary>
    private static IEnumerable<(string Name, NetworkGraph Graph)> GraphsOf(IEnumerable<string> declarations)
    {
        CSharpCompilation compilation = SourceCompiler.CompilationOf(declarations.Select((text, i) => CSharpSyntaxTree.ParseText(
            "using Strata;\n\nnamespace Declared;\n\n" + text, SourceCompiler.Parsing, $"Declared{i}.cs", Encoding.UTF8)), "Graphs");
        foreach (ClassDeclarationSyntax network in compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes())
            .OfType<ClassDeclarationSyntax>()
            .Where(type => type.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString() == "Network")))
        {
            INamedTypeSymbol symbol = compilation.GetSemanticModel(network.SyntaxTree).GetDeclaredSymbol(network)!;
            NetworkModel model = GraphBuilder.Build(
                DeclarationReader.Read(symbol, compilation, out _, CancellationToken.None)!, CancellationToken.None);
            yield return (network.Identifier.Text, model.Graph!);
        }
    }
}
