using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Soak;

/// <summary>65,536 weights: they, their gradients and what an optimizer remembers of them fit into a second-level cache.</summary>
[Network, Input(256), Dense(256), ExternalLoss]
public partial class Layer;

/// <summary>Running statistics of 64 channels.</summary>
[Network, Input(64, 4, 4), BatchNorm, ExternalLoss]
public partial class Channels;

/// <summary>
/// What an optimizer remembers shrinks by a factor at each step once the gradients are 0, and so do averages and running statistics. On
/// their way to 0 they must not stay among the denormal numbers, on which processors are many times slower.
/// </summary>
internal static class Fading
{
    /// <summary>Steps that are measured together, such stretches before, and the batch.</summary>
    private const int Stretch = 500, Ordinary = 20, Batch = 2;

    /// <summary>How many times longer than ordinary steps others may take.</summary>
    private const double Limit = 1.1;

    private static readonly Case[] Cases =
    [
        new("SGD, momentum 0.9", () => new Sgd(1e-4) { Momentum = 0.9 }),
        new("SGD, Nesterov 0.99", () => new Sgd(1e-4) { Momentum = 0.99, Nesterov = true }),
        new("SGD, weight decay", () => new Sgd(0.1) { Momentum = 0.9, WeightDecay = 0.1 }),
        new("Adam", () => new Adam(1e-4)),
        new("Adam, β 0.5 and 0.99", () => new Adam(1e-4) { Beta1 = 0.5, Beta2 = 0.99 }),
        new("AdamW, weight decay", () => new AdamW(0.1) { WeightDecay = 0.5 }),
        new("RMSProp", () => new RMSProp(1e-4)),
        new("RMSProp, centred, momentum", () => new RMSProp(1e-4) { Centered = true, Momentum = 0.9, Alpha = 0.9 }),
        new("averages of parameters", () => new Sgd(1e-4)) { HasAverages = true },
        new("running statistics", () => new Sgd(1e-4)) { IsNormalized = true },
    ];

    /// <summary>Prints a row for each case; false where one breaks the limit.</summary>
    /// <param name="steps">With gradients of 0.</param>
    /// <param name="rounds">Runs of a case at most: another one is made as long as a stretch was too slow in all of those before.</param>
    public static bool Run(int steps, int rounds)
    {
        Console.WriteLine($"{"CPU time of a step",-28}{"ordinary",12}{"slowest after",16}{"ratio",8}   at step");
        return Cases.Aggregate(true, (all, one) => IsWithin(one, int.Max(1, steps / Stretch), rounds) && all);
    }

    private static bool IsWithin(Case one, int stretches, int rounds)
    {
        (double Ratio, double Ordinary, double Time)[] least = [.. Enumerable.Repeat((double.MaxValue, 0.0, 0.0), stretches)];
        for (int round = 0; round < rounds && least.Any(l => l.Ratio > Limit); round++)
        {
            int at = 0;
            foreach ((double ordinary, double time) in one.Measure(stretches))
            {
                least[at] = time / ordinary < least[at].Ratio ? (time / ordinary, ordinary, time) : least[at];
                at++;
            }
        }

        int slowest = Enumerable.Range(0, stretches).MaxBy(i => least[i].Ratio);
        (double ratio, double before, double after) = least[slowest];
        string verdict = ratio <= Limit ? "" : "   too slow";
        Console.WriteLine($"{one.Name,-28}{before,9:F2} µs{after,13:F2} µs{ratio,8:F2}   {slowest * Stretch:N0}{verdict}");
        return ratio <= Limit;
    }

    private sealed record Case(string Name, Func<Optimizer> Make)
    {
        public bool HasAverages { get; init; }

        public bool IsNormalized { get; init; }

        /// <summary>
        /// Microseconds of CPU time for each step, averages of a stretch: of a network with ordinary gradients, and of one whose
        /// gradients became 0. They take turns, so that what slows the machine down slows both.
        /// </summary>
        public IEnumerable<(double Ordinary, double Time)> Measure(int stretches)
        {
            using Training ordinary = new(this), fading = new(this);
            ordinary.Steps(Ordinary * Stretch);
            fading.Steps(Ordinary * Stretch);
            fading.Silence();
            for (int i = 0; i < stretches; i++)
            {
                yield return (ordinary.Timed(), fading.Timed());
            }
        }
    }

    private sealed class Training : IDisposable
    {
        private readonly Case _case;
        private readonly CompiledNetwork _network;
        private readonly Trainer _trainer;
        private readonly ExponentialMovingAverage _average;
        private readonly float[] _x, _dy, _y;

        public Training(Case one)
        {
            _case = one;
            var options = new NetworkOptions { Threads = 1, Seed = 1 };
            _network = one.IsNormalized ? new Channels(options) : new Layer(options);
            _trainer = Trainer.For(_network, Batch, one.Make());
            _average = new ExponentialMovingAverage(_network, 0.99);
            _x = Noise(Batch * (one.IsNormalized ? Channels.InputLength : Layer.InputLength));
            _dy = Noise(Batch * (one.IsNormalized ? Channels.OutputLength : Layer.OutputLength));
            _y = new float[_dy.Length];
        }

        /// <summary>The gradients become 0, and with them what is averaged.</summary>
        public void Silence()
        {
            Array.Clear(_dy);
            if (_case.IsNormalized)
            {
                Array.Clear(_x);
            }

            if (_case.HasAverages)
            {
                foreach (Parameter parameter in _network.Parameters)
                {
                    parameter.CopyFrom(new float[parameter.Length]);
                }
            }
        }

        public double Timed()
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            Steps(Stretch);
            return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / Stretch;
        }

        public void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _trainer.Forward(_x, _y);
                _trainer.Backward(_dy);
                _trainer.Update();
                if (_case.HasAverages)
                {
                    _average.Update();
                }
            }
        }

        public void Dispose()
        {
            _average.Dispose();
            _trainer.Dispose();
            _network.Dispose();
        }

        private static float[] Noise(int count)
        {
            var random = new Random(7);
            return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
        }
    }
}
