using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// The algorithm of each group. For one sample it is the cheapest. Other programs of the network read the weights as the algorithm for one
/// sample packs them.
/// </summary>
/// <param name="winograd">Whether convolutions may use Winograd's algorithm.</param>
/// <param name="table">Measured cycles of algorithms.</param>
/// <param name="integers">Whether layers may multiply integers, where they read rounded tensors.</param>
internal sealed class AlgorithmPlan(Tier tier, bool winograd, MeasuredTable table, bool integers = false)
{
    private readonly Dictionary<int, Algorithm> _algorithms = [];

    public Tier Tier => tier;

    private bool UsesWinograd => winograd;

    private bool UsesIntegers => integers;

    private MeasuredTable Table => table;

    public Algorithm this[LayerGroup group]
    {
        get
        {
            Cancellation.ThrowIfRequested();
            return _algorithms[group.Head.Index];
        }
    }

    /// <summary>How many output channels are adjacent in the packed weights, for each layer that has filters.</summary>
    public IReadOnlyDictionary<int, int> WeightBlocks => _algorithms
        .Where(a => a.Value.WeightBlock > 0).ToDictionary(a => a.Key, a => a.Value.WeightBlock);

    /// <summary>The values that the algorithms derive from the parameters of each layer.</summary>
    public ILookup<int, (string Name, int Length)> Derived => _algorithms
        .SelectMany(a => a.Value.Derived.Select(derived => (a.Key, Derived: derived))).ToLookup(d => d.Key, d => d.Derived);

    /// <summary>Whether some algorithm sums in another order than direct sums. All samples must then be computed with it.</summary>
    public bool IsForSamples => _algorithms.Values.Any(a => a.ReordersSums);

    /// <summary>The expected cycles of forward for a full block, for the groups that have a choice of algorithms.</summary>
    public Cost CyclesOfBlock =>
        Cost.Sum(_algorithms.Values.Select(a => a.IsOfLanes ? a.Cycles : (a.Cycles * tier.Lanes) + a.PreparationCycles));

    /// <summary>Adds the steps that compute the derived values.</summary>
    public void Prepare(ProgramBuilder builder)
    {
        foreach (Algorithm algorithm in _algorithms.OrderBy(a => Cancellation.Checked(a.Key)).Select(a => a.Value))
        {
            algorithm.Prepare(builder);
        }
    }

    /// <param name="fusion">The groups of the program for one sample.</param>
    /// <param name="training">The groups of training. Auxiliary heads exist only there, and their weights are packed, too.</param>
    /// <param name="winograd">Whether convolutions may use Winograd's algorithm.</param>
    /// <param name="table">Measured cycles of algorithms.</param>
    /// <param name="integers">Whether layers may multiply integers, where they read rounded tensors.</param>
    public static AlgorithmPlan ForOneSample(
        FusionPlan fusion, FusionPlan training, Tier tier, bool winograd, MeasuredTable table, CancellationToken cancellationToken,
        bool integers = false)
    {
        var plan = new AlgorithmPlan(tier, winograd, table, integers);
        var blocked = new HashSet<int>();
        var candidates = new Candidates(fusion, plan);
        foreach (LayerGroup group in fusion.All.Concat(training.All))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!plan._algorithms.TryGetValue(group.Head.Index, out Algorithm algorithm))
            {
                algorithm = candidates.Of(group) is { Count: 1 } single ? single[0] : Cheapest(candidates.Of, group, fusion, blocked, tier);
                plan._algorithms.Add(group.Head.Index, algorithm);
                candidates.Decide(group, algorithm);
            }

            bool isBlocked = group.Operation.ResultLayout switch
            {
                ResultLayout.Channels => true,
                ResultLayout.OfInput => blocked.Contains(group.Input.Index),
                ResultLayout.OfSomeInput => group.Inputs.Any(input => blocked.Contains(input.Index)),
                _ => false,
            };
            if (algorithm.GivesBlocks ?? isBlocked)
            {
                blocked.Add(group.Last.Index);
            }
        }

        return plan;
    }

    /// <summary>The algorithms for another program of the same network.</summary>
    public AlgorithmPlan For(FusionPlan fusion)
    {
        var plan = new AlgorithmPlan(tier, winograd, table, integers);
        foreach (LayerGroup group in fusion.All)
        {
            bool isKnown = _algorithms.TryGetValue(group.Head.Index, out Algorithm known);
            plan._algorithms.Add(
                group.Head.Index,
                isKnown && fusion.Kind is { SamplesInLanes: false, Trains: false } ? known.For(group, tier)
                    : CostModel.Cheapest(
                        tier, AlgorithmTable.For(group, fusion.Kind, tier, winograd, table, isKnown ? known.WeightBlock : 0),
                        a => ThreadCosts.OfBatch(a.ComparedCycles, a.PreparationCycles)).Candidate);
        }

        return plan;
    }

    /// <summary>
    /// The cheapest algorithm of a group, including conversions of layouts: from the layout of its input to the one that it reads, and from
    /// the layout of its result to those of its readers. If a reader is a convolution, it is assumed to use its own cheapest algorithm for
    /// each layout.
    /// </summary>
    private static Algorithm Cheapest(
        Func<LayerGroup, IReadOnlyList<Algorithm>> candidatesOf, LayerGroup group, FusionPlan fusion, HashSet<int> blocked, Tier tier)
    {
        Cost OfMove(Node node) => StepCosts.Move(tier, node.Shape.Length);
        Cost WithInput(Algorithm a, Node input, bool isBlocked) =>
            a.ComparedCycles + ((isBlocked ? a.GivesBlocks == false || a.ReadsRows : a.ReadsBlocks) ? OfMove(input) : 0);
        Cost OfJoin(Algorithm a) =>
            group.Join is not { Other: var other } || blocked.Contains(other.Index) == a.GivesBlocks ? 0 : OfMove(other);
        bool IsReadInBlocks(LayerGroup reader) => reader.Operation.ResultLayout == ResultLayout.Channels
            || (reader.Filters is { IsDepthwise: true } && reader.Input.Shape.Channels >= tier.Lanes);

        List<LayerGroup> readers = [.. fusion.ReadersOf(group.Last)];
        List<IReadOnlyList<Algorithm>> choices = [.. readers
            .Where(reader => reader.Filters is not null && !IsReadInBlocks(reader) && reader.Input.Index == group.Last.Index)
            .Select(candidatesOf).Where(candidates => candidates.Count > 1 && candidates.All(a => a.GivesBlocks is not null))];
        Cost OfReaders(bool inBlocks) => choices.Aggregate(
            !inBlocks && readers.Exists(IsReadInBlocks) ? OfMove(group.Last) : (Cost)0,
            (sum, candidates) => sum + CostModel.Cheapest(tier, candidates, a => WithInput(a, group.Last, inBlocks)).Cost);

        (Cost blocks, Cost rows) = (OfReaders(inBlocks: true), OfReaders(inBlocks: false));
        return CostModel.Cheapest(
            tier, candidatesOf(group),
            a => WithInput(a, group.Input, blocked.Contains(group.Input.Index)) + OfJoin(a)
                + (a.GivesBlocks == false ? rows : blocks)).Candidate;
    }

    /// <summary>The algorithms that a group can have for one sample, as far as others have not decided it.</summary>
    private sealed class Candidates(FusionPlan fusion, AlgorithmPlan plan)
    {
        private readonly HashSet<int> _inferred = [.. fusion.All.Select(group => group.Head.Index)];
        private readonly Dictionary<int, IReadOnlyList<Algorithm>> _known = [];

        /// <summary>How weights are packed, by the layer that has them. The first algorithm that reads them decides it.</summary>
        private readonly Dictionary<int, int> _blocks = [];

        public IReadOnlyList<Algorithm> Of(LayerGroup group)
        {
            if (!_known.TryGetValue(group.Head.Index, out IReadOnlyList<Algorithm> candidates))
            {
                // A group that exists in training only is never computed for one sample. For it, this only chooses how its weights are
                // packed.
                candidates = AlgorithmTable.For(
                    group, fusion.Kind, plan.Tier, plan.UsesWinograd && _inferred.Contains(group.Head.Index), plan.Table,
                    integers: plan.UsesIntegers && _inferred.Contains(group.Head.Index));
                if (group.HasSlices)
                {
                    // The next slice begins behind the last row of one.
                    candidates = [.. candidates.Where(candidate => group.Filters!.Filters % candidate.WeightBlock == 0)];
                }

                _known.Add(group.Head.Index, candidates);
            }

            return _blocks.TryGetValue(OwnerOf(group), out int block)
                ? [.. candidates.Where(candidate => candidate.WeightBlock == block)] : candidates;
        }

        public void Decide(LayerGroup group, Algorithm algorithm)
        {
            if (algorithm.WeightBlock > 0)
            {
                _blocks[OwnerOf(group)] = algorithm.WeightBlock;
            }
        }

        private static int OwnerOf(LayerGroup group) => group.Head.Owner ?? group.Head.Index;
    }
}
