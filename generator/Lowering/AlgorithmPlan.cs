using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>The algorithm of each group. For one sample it is the cheapest; other programs read weights as they are packed for that.</summary>
/// <param name="winograd">Whether convolutions may be computed by Winograd's transforms.</param>
internal sealed class AlgorithmPlan(Tier tier, bool winograd)
{
    private readonly Dictionary<int, Algorithm> _algorithms = [];

    public Tier Tier => tier;

    public Algorithm this[LayerGroup group] => _algorithms[group.Head.Index];

    /// <summary>How many output channels lie side by side in the packed weights of each layer of filters.</summary>
    public IReadOnlyDictionary<int, int> WeightBlocks => _algorithms
        .Where(a => a.Value.WeightBlock > 0).ToDictionary(a => a.Key, a => a.Value.WeightBlock);

    /// <summary>What the algorithms derive from the parameters of each layer.</summary>
    public ILookup<int, (string Name, int Length)> Derived => _algorithms
        .SelectMany(a => a.Value.Derived.Select(derived => (a.Key, Derived: derived))).ToLookup(d => d.Key, d => d.Derived);

    /// <summary>Whether some algorithm adds in another order than direct sums, so that all samples have to be computed with it.</summary>
    public bool IsForSamples => _algorithms.Any(a => a.Value.Derived.Any());

    /// <summary>Adds the steps that compute what the algorithms derive.</summary>
    public void Prepare(ProgramBuilder builder)
    {
        foreach (Algorithm algorithm in _algorithms.OrderBy(a => a.Key).Select(a => a.Value))
        {
            algorithm.Prepare(builder);
        }
    }

    /// <param name="fusion">That of a single sample.</param>
    /// <param name="training">That of training, where auxiliary heads exist whose weights are packed, too.</param>
    /// <param name="winograd">Whether convolutions may be computed by Winograd's transforms.</param>
    public static AlgorithmPlan ForOneSample(
        FusionPlan fusion, FusionPlan training, Tier tier, bool winograd, CancellationToken cancellationToken)
    {
        var plan = new AlgorithmPlan(tier, winograd);
        var blocked = new HashSet<int>();
        HashSet<int> inferred = [.. fusion.All.Select(group => group.Head.Index)];
        foreach (LayerGroup group in fusion.All.Concat(training.All))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!plan._algorithms.TryGetValue(group.Head.Index, out Algorithm algorithm))
            {
                // What exists in training only never runs for one sample: just how its weights are packed is chosen.
                bool transforms = winograd && inferred.Contains(group.Head.Index);
                IReadOnlyList<Algorithm> candidates = AlgorithmTable.For(group, fusion.Kind, tier, transforms);
                algorithm = candidates.Count == 1 ? candidates[0] : Cheapest(candidates, group, fusion, blocked, tier);
                plan._algorithms.Add(group.Head.Index, algorithm);
            }

            bool isBlocked = group.Operation.ResultLayout switch
            {
                ResultLayout.Channels => true,
                ResultLayout.OfInput => blocked.Contains(group.Input.Index),
                ResultLayout.OfAllInputs => group.Inputs.All(input => blocked.Contains(input.Index)),
                _ => false,
            };
            if (algorithm.GivesBlocks ?? isBlocked)
            {
                blocked.Add(group.Last.Index);
            }
        }

        return plan;
    }

    /// <summary>The algorithms of another program of the same network.</summary>
    public AlgorithmPlan For(FusionPlan fusion)
    {
        var plan = new AlgorithmPlan(tier, winograd);
        foreach (LayerGroup group in fusion.All)
        {
            bool isKnown = _algorithms.TryGetValue(group.Head.Index, out Algorithm known);
            plan._algorithms.Add(
                group.Head.Index,
                isKnown && !fusion.Kind.SamplesInLanes ? known.For(group, tier)
                    : AlgorithmTable.For(group, fusion.Kind, tier, winograd, isKnown ? known.WeightBlock : 0)[0]);
        }

        return plan;
    }

    /// <summary>The cheapest, conversions counted: of the inputs to the layouts that an algorithm reads, and of its result to those of its readers.</summary>
    private static Algorithm Cheapest(IReadOnlyList<Algorithm> candidates, LayerGroup group, FusionPlan fusion, HashSet<int> blocked, Tier tier)
    {
        bool IsReadInBlocks(LayerGroup reader) => reader.Operation.ResultLayout == ResultLayout.Channels
            || (reader.Filters is { IsDepthwise: true } && reader.Input.Shape.Channels >= tier.Lanes);
        Cost conversions = (blocked.Contains(group.Input.Index) ? CostModel.Move(tier, group.Input.Shape.Length) : 0)
            + (fusion.ReadersOf(group.Last).Any(IsReadInBlocks) ? CostModel.Move(tier, group.Last.Shape.Length) : 0);
        bool? addend = group.Addend is null ? null : blocked.Contains(group.Addend.Index);
        Cost toBlocks = blocked.Contains(group.Input.Index) ? 0 : CostModel.Move(tier, group.Input.Shape.Length);
        Cost OfAddend(Algorithm a) => addend is null || addend == a.GivesBlocks ? 0 : CostModel.Move(tier, group.Addend!.Shape.Length);
        return CostModel.Cheapest(
            tier, candidates, a => a.Cycles + OfAddend(a) + (a.GivesBlocks == false ? conversions : 0) + (a.ReadsBlocks ? toBlocks : 0)).Candidate;
    }
}
