using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Algorithms;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Operators;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Pointwise convolutions with each activation, and without one. The numbers of channels make tiles of several sizes, so the table shows
/// where an activation takes registers from the sums.
/// </summary>
internal static class ActivationsCommand
{
    /// <summary>The name of the row without an activation.</summary>
    private const string None = "none";

    private static readonly TimeSpan LimitSlice = TimeSpan.FromMilliseconds(1);

    /// <summary>The number of output channels decides how many vectors a tile has; with AVX-512, 7×7 pixels have tiles of rows.</summary>
    private static readonly ConvolutionShape[] Shapes =
    [
        .. new[] { 256, 144, 160, 32, 16 }.Select(outputs => Pointwise(128, outputs, 14)), Pointwise(192, 1152, 7),
    ];

    public static int Run(CommandLine line)
    {
        Compiler.Kernels.Tier tier = Compiler.Kernels.Tier.All.Single(candidate => candidate.Name == line.Isa.ToString());
        (string Name, Activation? Activation)[] rows = [(None, null), .. Activations()];
        var limit = new Limit(line.Isa, threads: 1, LimitSlice);
        List<Column> columns = [.. Shapes.Select(shape => Measure(shape, tier, rows, line.Duration, limit))];
        if (line.Json)
        {
            foreach (Column column in columns)
            {
                Write(line, column, rows, limit.Best);
            }

            return 0;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{Tier.Name(line.Isa)}, {Processor.Family}, limit {limit.Best:F1} GFLOP/s."));
        Console.WriteLine("GFLOP/s of the products, the time of the activation included, for tiles of vectors × pixels:");
        Console.WriteLine();
        Console.WriteLine($"| activation | {string.Join(" | ", columns.Select(column => column.Tile))} |");
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
        for (int row = 0; row < rows.Length; row++)
        {
            IEnumerable<string> cells = columns.Select(column => FormattableString.Invariant($"{column.Gflops[row]:F0}"));
            Console.WriteLine($"| `{rows[row].Name}` | {string.Join(" | ", cells)} |");
        }

        return 0;
    }

    /// <summary>Each function once, with the numbers of the operator's first case. Some operators of the family are none.</summary>
    private static IEnumerable<(string Name, Activation? Activation)> Activations()
    {
        string[] layers =
        [
            .. OperatorSet.BuiltIn.All.Where(one => one.Family == OperatorFamily.Activations)
                .SelectMany(one => one.Cases.Where(example => example.Layers.StartsWith(one.Kind, StringComparison.Ordinal)))
                .Where(example => example.Others.Length == 0).Select(example => example.Layers).Distinct(),
        ];
        string source = "using Strata;\nnamespace Zoo.Networks;\n"
            + string.Join("\n", layers.Select((layer, i) => $"[Network, Input({OperatorCase.Image}), {layer}] public partial class A{i};"));
        CSharpCompilation compilation = ZooSources.CompilationOf([CSharpSyntaxTree.ParseText(source, ZooSources.Parsing)]);
        return
        [
            .. layers.Select((layer, i) => (layer, Last: ZooSources.GraphOf(compilation, $"A{i}").Nodes))
                .Where(one => one.Last.Count == 2 && one.Last[1].Operation is Activation)
                .Select(one => (one.layer, Activation: (Activation)one.Last[1].Operation))
                .DistinctBy(one => one.Activation.Identifier.Split('_')[0]).Select(one => (one.layer, (Activation?)one.Activation)),
        ];
    }

    private static Column Measure(
        ConvolutionShape shape, Compiler.Kernels.Tier tier, (string Name, Activation? Activation)[] rows, TimeSpan duration,
        Limit limit)
    {
        var context = new AssemblyLoadContext("activations", isCollectible: true);
        try
        {
            List<(string, TierPrograms Programs)> programs =
                [.. rows.Select(row => (row.Name, ConvolutionLayer.Activated(shape, tier, row.Activation)))];
            double[] seconds = MeasuredShape.Repeat(Candidate.Compile(programs, tier, context), weights: 0, duration * rows.Length, limit);
            return new Column(shape, TileOf(programs[0].Programs), [.. seconds.Select(time => 2 * shape.MultiplyAdds / time / 1e9)]);
        }
        finally
        {
            context.Unload();
        }
    }

    private static string TileOf(TierPrograms programs) => programs.Sample.Steps.Select(step => step.Kernel).ToList() switch
    {
        [FlatConvolution { Tile: var tile }] => $"{tile.Channels} × {tile.Columns}",
        [TiledConvolution { Tile: var tile }] => $"{tile.Channels} × ({tile.Rows} × {tile.Columns})",
        _ => throw new UnreachableException("A pointwise convolution is one step."),
    };

    private static void Write(CommandLine line, Column column, (string Name, Activation? Activation)[] rows, double limit)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int row = i;
            JsonOutput.Write(json =>
            {
                json.WriteString("activation", rows[row].Name);
                json.WriteString("tile", column.Tile);
                json.WriteString("shape", column.Shape.ToString());
                json.WriteNullable("gflops", column.Gflops[row]);
                json.WriteNullable("of_none", column.Gflops[row] / column.Gflops[0]);
                json.WriteNullable("fma_gflops", limit);
                json.WriteString("tier", Tier.Name(line.Isa));
                json.WriteString("cpu", Processor.Family);
            });
        }
    }

    private static ConvolutionShape Pointwise(int inputs, int outputs, int extent) => new(
        inputs, outputs, new RowsAndColumns(extent, extent), RowsAndColumns.One, RowsAndColumns.One,
        RowsAndColumns.One, RowsAndColumns.One);

    /// <summary>What was measured with one tile. Speeds are in the order of the rows.</summary>
    private sealed record Column(ConvolutionShape Shape, string Tile, double[] Gflops);
}
