using System;
using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering.Algorithms;
using Strata.Generator.Operators;

namespace Strata.Generator.Lowering;

/// <summary>
/// Which algorithms there are for which operations: the only place that asks for a concrete operation. Everything else that lowering needs
/// to know of operations are their traits.
/// </summary>
internal static class AlgorithmTable
{
    /// <summary>The algorithms that can compute a group; of those that cost the same, the first is taken.</summary>
    /// <param name="winograd">Whether convolutions may be computed by Winograd's transforms.</param>
    /// <param name="table">What was measured of algorithms.</param>
    /// <param name="weightBlock">The block in which the weights of its filters are packed already; 0 where that may still be
    /// chosen.</param>
    public static IReadOnlyList<Algorithm> For(LayerGroup group, ProgramKind kind, Tier tier, bool winograd, MeasuredTable table,
        int weightBlock = 0) => group.Operation switch
        {
            Convolution =>
                [.. DirectConvolution.For(group, kind, tier, table, weightBlock),
                .. winograd && (kind == ProgramKind.OneSample || (kind.Mixes && weightBlock == tier.Lanes))
                    ? WinogradConvolution.CandidatesFor(group, tier, table) : [],
                .. winograd && kind == ProgramKind.OneSample ? WinogradInStrips.CandidatesFor(group, tier) : []],
            DenseOperation => [kind.SamplesInLanes || kind.Trains ? new LaneDenseProduct() : new VectorTimesPanels()],
            Pooling => [new SlidingPooling()],
            Activation activation => [new ElementwiseFunction(activation)],
            AddOperation => [new SumOfTensors()],
            Concatenation => [new CopiesIntoConcatenation()],
            SoftmaxOperation => [new SoftmaxOfChannels()],
            DropoutOperation { IsView: false } dropout when kind.Trains =>
                [new RandomMask(dropout.Rate, dropout.ElementsOf(group.Head.Shape))],
            LoopOperation loops => [new WrittenLoops(loops)],
            { IsView: true } or { IsForTraining: true } => [new SameMemory()],
            _ => throw new NotSupportedException($"No algorithm for {group.Operation}."),
        };

    /// <summary>
    /// The algorithms that can compute a group in the layouts that were planned for another one: what they cost, or whether they can do it,
    /// depends on strides. The first of those that cost nearly the same is taken.
    /// </summary>
    /// <param name="planned">The planned algorithm, which also computes the gradients.</param>
    public static IReadOnlyList<Algorithm> InLayouts(Algorithm planned, ForwardPass at) => planned switch
    {
        DirectConvolution tiles => [.. ConvolutionOverPixels.For(tiles, at), tiles],
        SlidingPooling when MaximaOfRows.Takes(at) => [new MaximaOfRows()],
        _ => [planned],
    };
}
