using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Generator.Printing;

namespace Strata.Numerics.Tests;

/// <summary>Graphs become running networks without any declaration.</summary>
internal static class GraphCompiler
{
    /// <summary>A program of IL for each graph; the first is compiled as C#, too, and computes the same bits.</summary>
    public static CompiledNetworks Compile(IReadOnlyDictionary<string, NetworkGraph> graphs, string assemblyName) => new(
        graphs, [new CompiledNetworks(SourceCompiler.Compile(FilesOf(graphs.First().Key, graphs.First().Value), assemblyName))]);

    /// <summary>The class, and what the generator writes for it.</summary>
    public static IEnumerable<string> FilesOf(string name, NetworkGraph graph)
    {
        var target = new NetworkTarget("Declared", EquatableArray<string>.Empty, "public", name, IsSealed: false, HasSummary: false);
        var surface = new NetworkSurface(
            graph.Inputs.Select(input => new TensorSurface(input.Name, input.Shape, IsNamed: true, Site.Class)).ToEquatableArray(),
            graph.Outputs.Select(output => new TensorSurface(output.Name, graph.Nodes[output.Node].Shape, IsNamed: false, Site.Class))
                .ToEquatableArray(),
            null, EquatableArray<SurfaceMember>.Empty, graph.HasExternalLoss ? "Trainer" : "RegressionTrainer");
        return
        [
            $"namespace Declared; public partial class {name};",
            NetworkWriter.WriteSurface(target, graph, surface, Tier.All, CancellationToken.None).Text,
            .. NetworkWriter.WritePrograms(target, graph, Tier.All, CancellationToken.None)
                .SelectMany(program => program.Files(null, CancellationToken.None)).Select(file => file.Text),
        ];
    }

    /// <summary>Adds a layer, of the name of its kind in small letters with a number.</summary>
    public static Node Add(this List<Node> nodes, string kind, Operation operation, Shape shape, params Node[] inputs)
    {
        string number = (nodes.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var node = new Node(
            nodes.Count, kind.ToLowerInvariant() + number, kind + number, kind, operation,
            inputs.Select(input => input.Index).ToEquatableArray(), shape, "");
        nodes.Add(node);
        return node;
    }
}
