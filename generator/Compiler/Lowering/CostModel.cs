using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// The rule that compares algorithms, tiles and programs, and the formulas that all comparisons share. A formula computes cycles from the
/// figures of a CPU family and from what a kernel does. The user's machine is not known at compile time, so every formula is evaluated for
/// all families of the tier.
/// </summary>
/// <remarks>
/// <para> The choice is the candidate that is cheapest on the tier's first family, among those that cost no family more than
/// <see cref="Tolerance"/> times that family's own cheapest. If there is none, it is the candidate whose worst such ratio is least. So the
/// measured family decides as long as no other suffers from it. The figures of the others come from manuals; in a sum over families they
/// would overrule the measurement. </para>
/// <para> Algorithms for a convolution are compared by measured cycles on the first family if the <see cref="MeasuredTable"/> has its
/// shape. The formulas serve for other shapes, for other families, and for the expected time of a program's steps. </para>
/// <list type="table">
/// <listheader><term>Class</term><description>Duty</description></listheader>
/// <item><term><see cref="TileCosts"/></term><description>tiles of convolutions and dense layers</description></item>
/// <item><term><see cref="WeightTileCosts"/></term><description>tiles of weight gradients</description></item>
/// <item><term><see cref="WinogradCosts"/></term><description>Winograd's algorithm</description></item>
/// <item><term><see cref="StepCosts"/></term><description>moves, elementwise steps and others</description></item>
/// <item><term><see cref="ThreadCosts"/></term><description>blocks of samples, threads, caches</description></item>
/// </list>
/// </remarks>
internal static class CostModel
{
    /// <summary>
    /// A choice may cost a family at most this many times as much as that family's own cheapest candidate. At 1.5, errors in figures and
    /// formulas begin to decide.
    /// </summary>
    private const double Tolerance = 2;

    /// <summary>
    /// A smaller candidate is preferred if it costs at most this many times the cheapest: half the code takes the JIT half the time.
    /// </summary>
    private const double NearlyCheapest = 1.1;

    /// <summary>
    /// How many times as long a multiply-add takes if its input is shuffled. On Zen 5 with AVX-512, a training step of two convolutions
    /// takes 1.2 times as long as with samples in lanes and a batch that fills all lanes. The convolutions are 28 × 28 × 256 in groups of
    /// 8, and 56 × 56 × 64 in groups of 2.
    /// </summary>
    public const double ShuffledOperations = 1.15;

    /// <summary>
    /// Instruction counts: to move one element, with its address and its share of the loops; for the end of a loop; and for one element in
    /// loops that an operator writes itself.
    /// </summary>
    public const double MoveInstructions = 12, LoopInstructions = 4, WrittenInstructions = 32;

    /// <summary>Cycles per cache line of a stream through this much memory, in addition to those of a load.</summary>
    public static double LineCycles(CpuFamily f, long bytes) =>
        bytes <= f.SecondLevelWeights ? 0 : bytes <= f.LastLevelBytes ? f.BeyondLine : f.MemoryLine;

    /// <summary>
    /// Cycles of one step of a tile. The limit is the multiply-adds, the loads, or the latency of the accumulators, each of which waits for
    /// its previous multiply-add.
    /// </summary>
    public static double StepCycles(CpuFamily f, double multiplyAdds, double loads) =>
        Math.Max(Math.Max(multiplyAdds / f.MultiplyAdds, loads / f.Loads), f.MultiplyAddLatency);

    public static double LoopEnd(CpuFamily f) => LoopInstructions / f.Instructions;

    /// <summary>How many cache lines a vector fills.</summary>
    public static double LinesOf(Tier tier, CpuFamily f) => tier.Lanes * sizeof(float) / (double)f.LineBytes;

    /// <summary>Chooses among candidates by the rule of <see cref="CostModel"/>. If several are equal, the first is chosen.</summary>
    /// <param name="size">The size of a candidate's code. If it is given, the smallest of the nearly cheapest candidates is chosen.</param>
    public static (T Candidate, Cost Cost) Cheapest<T>(Tier tier, IEnumerable<T> candidates, Func<T, Cost> cost, Func<T, int>? size = null)
    {
        List<(T Candidate, Cost Cost)> all = [.. candidates.WithCancellation().Select(candidate => (candidate, cost(candidate)))];
        return all[Cheapest(tier, all.Count, (i, family) => all[i].Cost[family], size is null ? null : i => size(all[i].Candidate))];
    }

    /// <inheritdoc cref="Cheapest{T}(Tier, IEnumerable{T}, Func{T, Cost}, Func{T, int})"/>
    /// <param name="count">Number of candidates.</param>
    /// <param name="cycles">
    /// The cycles of a candidate on a family. Since there are many tiles, this overload does not make a <see cref="Cost"/> for each.
    /// </param>
    public static int Cheapest(Tier tier, int count, Func<int, int, double> cycles, Func<int, int>? size = null)
    {
        int families = tier.Families.Count;
        var costs = new double[families * count];
        var least = new double[families];
        for (int family = 0; family < families; family++)
        {
            least[family] = double.PositiveInfinity;
            for (int i = 0; i < count; i++)
            {
                Cancellation.ThrowIfRequested();
                double cost = cycles(i, family);
                costs[(i * families) + family] = cost;
                least[family] = Math.Min(least[family], cost);
            }
        }

        int Size(int i) => size is null || costs[i * families] > NearlyCheapest * least[0] ? int.MaxValue : size(i);
        bool IsBefore(int i, int other) => size is null ? costs[i * families] < costs[other * families]
            : (Size(i), costs[i * families]).CompareTo((Size(other), costs[other * families])) < 0;
        int best = -1, mildest = 0;
        double leastRatio = double.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            Cancellation.ThrowIfRequested();
            // The worst ratio of a family's cost to the cost of its own cheapest candidate.
            double ratio = 1;
            for (int family = 0; family < families; family++)
            {
                ratio = Math.Max(ratio, least[family] > 0 ? costs[(i * families) + family] / least[family] : 1);
            }

            if (ratio < leastRatio)
            {
                (mildest, leastRatio) = (i, ratio);
            }

            if (ratio <= Tolerance && (best < 0 || IsBefore(i, best)))
            {
                best = i;
            }
        }

        return best < 0 ? mildest : best;
    }
}
