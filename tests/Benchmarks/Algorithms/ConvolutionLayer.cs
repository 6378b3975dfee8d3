using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Compiler.Operators;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Benchmarks.Algorithms;

/// <summary>A network of one convolution with ReLU, and pooling where its shape has it, whose input lies as its algorithm reads it.</summary>
internal static class ConvolutionLayer
{
    private const string Name = "conv";

    /// <summary>What a candidate may be expected to take of the cheapest to be measured: nothing slower will ever be chosen.</summary>
    private const double Hopeless = 3;

    private static readonly Activation ReLU = Activation.Create("ReLU", isIncreasing: true, x => MaxNative(0, x));

    /// <summary>The algorithms that might be chosen for a shape, each with the steps of the convolution alone.</summary>
    public static IReadOnlyList<(string Algorithm, TierPrograms Programs)> Candidates(ConvolutionShape shape, Tier tier)
    {
        List<(string Algorithm, TierPrograms Programs)> all =
        [
            .. AlgorithmName.For(shape).Where(algorithm => algorithm != AlgorithmName.Rows || shape.Stride.Columns == 1)
                .Select(algorithm => (algorithm, Programs: Lower(shape, tier, algorithm))).Where(candidate => AlgorithmOf(candidate.Programs) == candidate.algorithm),
        ];
        double least = all.Select(candidate => candidate.Programs.Sample.Cycles[0]).DefaultIfEmpty().Min();
        return [.. all.Where(candidate => candidate.Programs.Sample.Cycles[0] <= Hopeless * least)];
    }

    /// <summary>A convolution with what is chosen for it behind a layer in blocks of channels, and an activation; null for none.</summary>
    public static TierPrograms Activated(ConvolutionShape shape, Tier tier, Activation? activation) =>
        Lower(GraphOf(shape, readsRows: false, activation), tier, MeasuredTable.Of(tier));

    /// <summary>Whether an algorithm can compute a shape.</summary>
    public static bool Computes(ConvolutionShape shape, Tier tier, string algorithm) => AlgorithmOf(Lower(shape, tier, algorithm)) == algorithm;

    /// <summary>What is chosen behind a layer in blocks of channels.</summary>
    public static string Choice(ConvolutionShape shape, Tier tier, MeasuredTable table) => AlgorithmOf(Lower(shape, tier, readsRows: false, table));

    private static string AlgorithmOf(TierPrograms programs) => programs.Sample.Steps.Select(step => AlgorithmName.Of(step.Kernel)).First(name => name is not null)!;

    private static TierPrograms Lower(ConvolutionShape shape, Tier tier, string algorithm) =>
        Lower(shape, tier, algorithm == AlgorithmName.Rows, MeasuredTable.Only(shape, algorithm));

    private static TierPrograms Lower(ConvolutionShape shape, Tier tier, bool readsRows, MeasuredTable table) =>
        Lower(GraphOf(shape, readsRows, ReLU), tier, table);

    private static TierPrograms Lower(NetworkGraph graph, Tier tier, MeasuredTable table)
    {
        TierPrograms programs = TierPrograms.Lower(graph, tier, CancellationToken.None, table: table);
        string layers = FusionPlan.Create(graph, ProgramKind.OneSample).All.Single(group => group.Head.Name == Name).Label;
        return programs with
        {
            Derive = EquatableArray<Step>.Empty,
            Prepare = EquatableArray<Step>.Empty,
            Sample = programs.Sample with { Steps = programs.Sample.Steps.Where(step => step.Layer == layers).ToEquatableArray(), Stages = null },
            Block = null,
        };
    }

    private static NetworkGraph GraphOf(ConvolutionShape shape, bool readsRows, Activation? activation)
    {
        static WindowAxis Axis(int kernel, int stride, int dilation)
        {
            int padding = ((kernel - 1) * dilation) / 2;
            return new WindowAxis(kernel, stride, dilation, padding, padding);
        }

        static int InputExtent(WindowAxis axis, int outputs) => ((outputs - 1) * axis.Stride) + axis.Span - axis.PadBefore - axis.PadAfter;
        WindowAxis rows = Axis(shape.Kernel.Rows, shape.Stride.Rows, shape.Dilation.Rows), columns = Axis(shape.Kernel.Columns, shape.Stride.Columns, shape.Dilation.Columns);
        var nodes = new List<Node>();
        void Add(string kind, Operation operation, Shape result) => nodes.Add(new Node(
            nodes.Count, kind, kind, kind, operation, nodes.Count == 0 ? EquatableArray<int>.Empty : EquatableArray.Of(nodes.Count - 1), result, ""));
        var input = Shape.Image(shape.Inputs, InputExtent(rows, shape.Image.Rows), InputExtent(columns, shape.Image.Columns));
        var image = Shape.Image(shape.Outputs, shape.Image.Rows, shape.Image.Columns);
        Add("input", Input.Operation, input);

        // A result in blocks of channels, or one that lies as the input does, in rows.
        Add("before", readsRows ? ReLU : PReLU.Function(input, slope: 0, perChannel: true), input);
        Add(Name, new Convolution(shape.Outputs, rows, columns, 1, Bias: true), image);
        if (activation is not null)
        {
            Add("activation", activation, image);
        }

        if (shape.Pool != RowsAndColumns.One)
        {
            var pool = new Pooling(PoolingKind.Max, Window(shape.Pool.Rows), Window(shape.Pool.Columns), CountIncludePad: false);
            Add("pool", pool, Shape.Image(shape.Outputs, shape.Image.Rows / shape.Pool.Rows, shape.Image.Columns / shape.Pool.Columns));
        }

        return new NetworkGraph(
            nodes.ToEquatableArray(), EquatableArray.Of(new NetworkOutput("", nodes.Count - 1)), EquatableArray<NetworkLoss>.Empty,
            new NetworkSettings { Profile = true });

        static WindowAxis Window(int extent) => new(extent, extent, 1, 0, 0);
    }
}
