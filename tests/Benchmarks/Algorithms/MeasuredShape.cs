using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Loader;
using Strata.Benchmarks.Measurement;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Benchmarks.Algorithms;

/// <summary>What was measured of an algorithm for a shape.</summary>
/// <param name="Algorithm">Its name in tables.</param>
/// <param name="Seconds">The median of the repetitions.</param>
/// <param name="Predicted">The cycles that the formulas expect.</param>
internal sealed record MeasuredCandidate(string Algorithm, double Seconds, double Predicted);

/// <summary>The algorithms for a shape, measured in turn.</summary>
/// <param name="Shape">Of the convolution.</param>
/// <param name="Candidates">The fastest first; none where there is no choice.</param>
/// <param name="Spread">
/// How far the repetitions disagree: the largest share of a candidate's time in that of those that come near the fastest, or should, is so much more than its smallest.
/// </param>
internal sealed record MeasuredShape(ConvolutionShape Shape, IReadOnlyList<MeasuredCandidate> Candidates, double Spread)
{
    private const int Repetitions = 3, LeastRounds = 5, Attempts = 2;

    /// <summary>What takes so many times as long as the fastest, and was expected to, will not be chosen, however inexact its time is.</summary>
    private const double Close = 1.5;

    /// <summary>Bytes that leave the caches of all machines at hand.</summary>
    private const long MostWeights = 64 << 20;

    /// <summary>What disagrees more says little.</summary>
    private const double LargestSpread = 0.08;

    /// <summary>Whether the repetitions agree.</summary>
    public bool IsSteady => Spread <= LargestSpread;

    /// <summary>Whether there is a choice.</summary>
    public bool HasChoice => Candidates.Count > 0;

    /// <summary>How many times as long as the fastest an algorithm takes; NaN where it is not among them.</summary>
    public double Regret(string algorithm) => (Candidates.FirstOrDefault(c => c.Algorithm == algorithm)?.Seconds ?? double.NaN) / Candidates[0].Seconds;

    /// <summary>
    /// Measures the candidates in turn, each once in a round, so that a slow moment of the machine is one of all of them. Their weights are as many as those of a network,
    /// so that each call finds its own where a network's other layers leave them: in a cache, or in memory. Each repetition has memory of its own. Where they disagree,
    /// all is measured again, once.
    /// </summary>
    /// <param name="shape">Of the convolution.</param>
    /// <param name="weights">Bytes of the weights of the smallest network that has such a layer.</param>
    /// <param name="tier">Whose kernels are measured.</param>
    /// <param name="duration">Of all repetitions.</param>
    /// <param name="limit">Is measured once in each repetition.</param>
    public static MeasuredShape Of(ConvolutionShape shape, long weights, Tier tier, TimeSpan duration, Limit limit)
    {
        var context = new AssemblyLoadContext("candidates", isCollectible: true);
        try
        {
            IReadOnlyList<Candidate> candidates = Candidate.Compile(shape, tier, context);
            if (candidates.Count < 2)
            {
                return new MeasuredShape(shape, [], 0);
            }

            MeasuredShape measured;
            int attempt = 0;
            do
            {
                measured = Measure(shape, weights, candidates, duration, limit);
            }
            while (!measured.IsSteady && ++attempt < Attempts);
            return measured;
        }
        finally
        {
            context.Unload();
        }
    }

    private static MeasuredShape Measure(ConvolutionShape shape, long weights, IReadOnlyList<Candidate> candidates, TimeSpan duration, Limit limit)
    {
        double[][] repetitions = [.. Enumerable.Range(0, Repetitions).Select(_ => Repeat(candidates, weights, duration / Repetitions, limit))];
        double Least(int i) => repetitions.Min(repetition => repetition[i]);
        int[] all = [.. Enumerable.Range(0, candidates.Count)];
        int[] near = [.. all.Where(i => Least(i) <= Close * all.Min(Least) || candidates[i].Predicted <= Close * candidates.Min(candidate => candidate.Predicted))];
        double Share(double[] repetition, int i) => repetition[i] / near.Sum(other => repetition[other]);
        double spread = near.Max(i => (repetitions.Max(repetition => Share(repetition, i)) / repetitions.Min(repetition => Share(repetition, i))) - 1);
        IEnumerable<MeasuredCandidate> measured = candidates.Select((candidate, i) => new MeasuredCandidate(
            candidate.Algorithm, Statistics.Median(repetitions.Select(repetition => repetition[i])), candidate.Predicted));
        return new MeasuredShape(shape, [.. measured.OrderBy(candidate => candidate.Seconds)], spread);
    }

    /// <summary>
    /// Seconds of each candidate: the lower quartile of its times. They take turns. There are as many
    /// copies of the weights as these bytes hold, but one at least.
    /// </summary>
    public static double[] Repeat(IReadOnlyList<Candidate> candidates, long weights, TimeSpan duration, Limit limit)
    {
        long together = candidates.Sum(candidate => (long)candidate.Program.ParametersLength * sizeof(float));
        int copies = (int)Math.Max(1, Math.Min(weights, MostWeights) / together);
        using var tensors = new SharedTensors(candidates);
        List<CandidateRun> runs = [.. candidates.Select(candidate => new CandidateRun(candidate, tensors, copies))];
        try
        {
            runs.ForEach(run => run.WarmUp());
            limit.MeasureSlice();
            List<double>[] times = [.. runs.Select(_ => new List<double>())];
            long end = Environment.TickCount64 + (long)duration.TotalMilliseconds;
            for (int round = 0; round < LeastRounds || Environment.TickCount64 < end; round++)
            {
                for (int i = 0; i < runs.Count; i++)
                {
                    // Each follows each of the others in its turn.
                    int candidate = (round % 2 == 0 ? i : runs.Count - 1 - i) + round / 2;
                    times[candidate % runs.Count].Add(runs[candidate % runs.Count].Time());
                }
            }

            return [.. times.Select(Statistics.LowerQuartile)];
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }
}
