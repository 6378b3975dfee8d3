using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering.Algorithms;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Lowering;

/// <summary>
/// The algorithms for each operation. This is the only class of lowering that asks for concrete operations. All other classes use the
/// operations' traits.
/// </summary>
internal static class AlgorithmTable
{
    /// <summary>The algorithms that can compute a group. If several cost the same, the first is used.</summary>
    /// <param name="winograd">Whether convolutions may use Winograd's algorithm.</param>
    /// <param name="table">Measured cycles of algorithms.</param>
    /// <param name="weightBlock">
    /// How many output channels are adjacent in the packed weights of its filters; 0 if that is not decided yet.
    /// </param>
    /// <param name="integers">Whether layers may multiply integers, where they read rounded tensors. For one sample only.</param>
    public static IReadOnlyList<Algorithm> For(LayerGroup group, ProgramKind kind, Tier tier, bool winograd, MeasuredTable table,
        int weightBlock = 0, bool integers = false) => group.Operation switch
        {
            Convolution =>
                [.. DirectConvolution.For(group, kind, tier, table, weightBlock),
                .. winograd && (kind == ProgramKind.OneSample || (kind.Mixes && weightBlock == tier.Lanes))
                    ? WinogradConvolution.CandidatesFor(group, tier, table) : [],
                .. winograd && kind == ProgramKind.OneSample ? WinogradInStrips.CandidatesFor(group, tier) : [],
                .. integers ? ProductsOfIntegers.CandidatesFor(group, tier) : []],
            DenseOperation when integers && ProductsOfIntegers.CandidatesFor(group, tier) is { Count: > 0 } products => products,
            DenseOperation => [kind.SamplesInLanes || kind.Trains ? new LaneDenseProduct() : new VectorTimesPanels()],
            Pooling => [new SlidingPooling()],
            Activation { IsFinite: false } activation when kind.Trains =>
                [new WrittenLoops(ElementFunction.From(activation, group.Head.Shape))],
            Activation activation => [new ElementwiseFunction(activation)],
            AddOperation => [new SumOfTensors()],
            Concatenation => [new CopiesIntoConcatenation()],
            SoftmaxOperation => [new SoftmaxOfChannels()],
            SoftmaxAlongAxes { Along: Axes.Width, IsLogarithm: false }
                when IsApart(kind) && SoftmaxOfRows.Pays(tier, group.Head.Shape, kind.Trains) => [new SoftmaxOfRows()],
            DropoutOperation { IsView: false } dropout when kind.Trains =>
                [new RandomMask(dropout.Rate, dropout.ElementsOf(group.Head.Shape))],
            AttentionHeads attention when kind == ProgramKind.OneSample => [Tiles(attention)],
            AttentionHeads attention
                when kind.Mixes && TrainedAttention.Takes(group, attention.Heads, attention.HasMask, attention.Grid) =>
                [new TrainedAttention(attention.Heads, attention.HasMask, attention.Grid, Tiles(attention))],
            MatrixProduct product
                when kind == ProgramKind.OneSample || (kind.Mixes && ProductsInTiles.PaysInTraining(tier, group)) =>
                [new ProductsInTiles(product.Terms(group.Input.Shape), product.TransposeA, product.TransposeB)],
            RecurrentOperation recurrent when kind == ProgramKind.OneSample => [new StepsOfGates(recurrent, group, tier)],
            _ when group.ChannelSources is { } sources => [new CopiesOfChannels(sources, tier)],
            AxisMove move => [new CopiesOfAxes(move)],
            LoopOperation { AsRounding.FitsByte: true } rounding when integers => [new RoundedTensor(rounding)],
            LoopOperation loops => [new WrittenLoops(loops)],
            { IsView: true } or { IsForTraining: true } => [new SameMemory()],
            _ => throw new NotSupportedException($"No algorithm for {group.Operation}."),
        };

    /// <summary>Whether lanes need not hold samples.</summary>
    private static bool IsApart(ProgramKind kind) => kind == ProgramKind.OneSample || kind.Mixes;

    private static AttentionInTiles Tiles(AttentionHeads attention) =>
        new(attention.Heads, attention.IsPacked ? AttentionHeads.Parts : 1, attention.IsCausal, attention.HasMask,
            attention.Grid);

    /// <summary>
    /// The algorithms that can compute a group in the layouts that were planned for another algorithm. Strides decide whether they can do
    /// it and what they cost, and these are known only once layouts are planned. If several cost nearly the same, the first is used.
    /// </summary>
    /// <param name="planned">The planned algorithm. It also computes the gradients.</param>
    public static IReadOnlyList<Algorithm> InLayouts(Algorithm planned, ForwardContext at) => planned switch
    {
        DirectConvolution tiles => [.. ConvolutionOverPixels.For(tiles, at), tiles],
        SlidingPooling when MaximaOfRows.Takes(at) => [new MaximaOfRows()],
        _ => [planned],
    };
}
