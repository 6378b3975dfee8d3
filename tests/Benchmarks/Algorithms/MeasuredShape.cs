using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Loader;
using Strata.Benchmarks.Measurement;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Benchmarks.Algorithms;

/// <summary>What was measured of an algorithm for a shape.</summary>
/// <param name="Algorithm">Its name in tables.</param>
/// <param name="Seconds">The median of the repetitions' medians.</param>
/// <param name="Predicted">The cycles that the formulas expect.</param>
internal sealed record MeasuredCandidate(string Algorithm, double Seconds, double Predicted);

/// <summary>The algorithms for a shape, measured in turn.</summary>
/// <param name="Shape">Of the convolution.</param>
/// <param name="Candidates">The fastest first.</param>
/// <param name="Spread">How many times as large the largest share of a candidate's time is as its smallest, over the repetitions, less 1.</param>
internal sealed record MeasuredShape(ConvolutionShape Shape, IReadOnlyList<MeasuredCandidate> Candidates, double Spread)
{
    private const int Repetitions = 3, LeastRounds = 5;

    /// <summary>What takes so many times as long as the fastest will not be chosen, however inexact its time is.</summary>
    private const double Close = 1.5;

    /// <summary>Whether there is a choice.</summary>
    public bool HasChoice => Candidates.Count > 1;

    /// <summary>How many times as long as the fastest an algorithm takes; NaN where it is not among them.</summary>
    public double Regret(string algorithm) => (Candidates.FirstOrDefault(c => c.Algorithm == algorithm)?.Seconds ?? double.NaN) / Candidates[0].Seconds;

    /// <summary>
    /// Measures the candidates in turn, each once in a round: so a slow moment of the machine is one of all of them, and each finds the caches as another layer of its
    /// size has left them. Each repetition has memory of its own.
    /// </summary>
    public static MeasuredShape Of(ConvolutionShape shape, Tier tier, TimeSpan duration, Limit limit)
    {
        var context = new AssemblyLoadContext("candidates", isCollectible: true);
        try
        {
            IReadOnlyList<Candidate> candidates = Candidate.Compile(shape, tier, context);
            double[][] medians = [.. Enumerable.Range(0, Repetitions).Select(_ => Medians(candidates, duration / Repetitions, limit))];
            double[] seconds = [.. candidates.Select((_, i) => Statistics.Median(medians.Select(repetition => repetition[i])))];
            double Share(double[] repetition, int i) => repetition[i] / Math.Exp(repetition.Average(Math.Log));
            double spread = candidates.Select((_, i) => seconds[i] > Close * seconds.Min() ? 0 : medians.Max(m => Share(m, i)) / medians.Min(m => Share(m, i)) - 1).DefaultIfEmpty().Max();
            IEnumerable<MeasuredCandidate> measured = candidates.Select((candidate, i) => new MeasuredCandidate(candidate.Algorithm, seconds[i], candidate.Predicted));
            return new MeasuredShape(shape, [.. measured.OrderBy(candidate => candidate.Seconds)], spread);
        }
        finally
        {
            context.Unload();
        }
    }

    private static double[] Medians(IReadOnlyList<Candidate> candidates, TimeSpan duration, Limit limit)
    {
        List<CandidateRun> runs = [.. candidates.Select(candidate => new CandidateRun(candidate))];
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

            return [.. times.Select(Statistics.Median)];
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }
}
