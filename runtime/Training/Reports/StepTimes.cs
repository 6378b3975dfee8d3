using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Measures the steps of training, for a profiled network. Each thread has its own counters, so that no thread waits for another.
/// </summary>
internal sealed class StepTimes
{
    // The other counters. They come after those of the program's steps.
    private const int Gathering = 0, Loss = 1, Sums = 2, Update = 3, Others = 4;

    private readonly IReadOnlyList<ProfiledStep> _steps;

    // The counter of the first step that is done once for the whole batch: the weight gradients of dense layers.
    private readonly int _firstOfBatch;
    private long[][] _ticks = [];

    /// <param name="program">A program that is profiled.</param>
    public StepTimes(NetworkProgram program)
    {
        _steps = program.ProfiledSteps;
        _firstOfBatch = _steps.Count(step => !step.IsOfBatch);
    }

    /// <summary>The number of batches that were measured.</summary>
    public int Batches { get; private set; }

    /// <summary>The number of blocks of these batches.</summary>
    public long Blocks { get; private set; }

    /// <summary>The number of samples of these batches.</summary>
    public long Samples { get; private set; }

    /// <summary>The current time. The methods that add a duration take it as the beginning.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Begins a batch.</summary>
    public void Begin(int samples, int blocks, int threads)
    {
        Ensure(threads);
        Batches++;
        Samples += samples;
        Blocks += blocks;
    }

    /// <summary>Allocates the counters of some threads.</summary>
    public void Ensure(int threads)
    {
        int first = _ticks.Length;
        if (first < threads)
        {
            Array.Resize(ref _ticks, threads);
            for (; first < threads; first++)
            {
                _ticks[first] = new long[_steps.Count + Others];
            }
        }
    }

    public void AddStep(int participant, int step, long since) => Add(participant, step, since);

    /// <summary>Adds the time of a part of a dense layer's weight gradient.</summary>
    public void AddProduct(int participant, int layer, long since) => Add(participant, _firstOfBatch + layer, since);

    public void AddGathering(int participant, long since) => Add(participant, _steps.Count + Gathering, since);

    public void AddLoss(int participant, long since) => Add(participant, _steps.Count + Loss, since);

    public void AddSum(int participant, long since) => Add(participant, _steps.Count + Sums, since);

    public void AddUpdate(int participant, long since) => Add(participant, _steps.Count + Update, since);

    /// <summary>The averages over all batches.</summary>
    public TrainingProfile Profile()
    {
        double batches = int.Max(Batches, 1), milliseconds = 1000 / (batches * Stopwatch.Frequency);
        var layers = new List<string>();
        var phases = new Dictionary<(string, ProfiledPhase), double>();
        var bytes = new Dictionary<string, double>();
        for (int i = 0; i < _steps.Count; i++)
        {
            (string layer, ProfiledPhase phase, long ofSample, long ofBlock, long ofBatch) = _steps[i];
            if (bytes.TryAdd(layer, 0))
            {
                layers.Add(layer);
            }

            phases[(layer, phase)] = phases.GetValueOrDefault((layer, phase)) + TimeOf(i);
            bytes[layer] += sizeof(float) * ((ofSample * (double)Samples) + (ofBlock * (double)Blocks) + (ofBatch * (double)Batches))
                / batches;
        }

        return new TrainingProfile(
            Batches,
            [.. layers.Select(layer => new LayerProfile(
                layer, phases.GetValueOrDefault((layer, ProfiledPhase.Forward)),
                phases.GetValueOrDefault((layer, ProfiledPhase.BackwardData)),
                phases.GetValueOrDefault((layer, ProfiledPhase.BackwardWeights)), bytes[layer]))])
        {
            Gathering = TimeOf(_steps.Count + Gathering),
            Loss = TimeOf(_steps.Count + Loss),
            Sums = TimeOf(_steps.Count + Sums),
            Update = TimeOf(_steps.Count + Update),
        };

        double TimeOf(int step) => milliseconds * _ticks.Sum(ticks => (double)ticks[step]);
    }

    /// <summary>Sets all counters to 0.</summary>
    public void Clear()
    {
        foreach (long[] ticks in _ticks)
        {
            Array.Clear(ticks);
        }

        (Batches, Blocks, Samples) = (0, 0, 0);
    }

    private void Add(int participant, int step, long since) => _ticks[participant][step] += Stopwatch.GetTimestamp() - since;
}
