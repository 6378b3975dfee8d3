using System;
using System.Collections.Generic;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>This process's place in a batch that processes share.</summary>
/// <param name="FirstSample">The place of its first sample in the batch.</param>
/// <param name="Samples">Samples of the whole batch.</param>
internal readonly record struct BatchShare(int FirstSample, int Samples);

/// <summary>
/// The processes that train together, as a trainer sees them. This class is the world of a process that trains alone: there is nothing to
/// exchange. All ranks call these methods in the same order.
/// </summary>
internal class TrainingWorld
{
    /// <summary>The world of a process that trains alone.</summary>
    public static readonly TrainingWorld Alone = new();

    /// <summary>The number of this process.</summary>
    public virtual int Rank => 0;

    /// <summary>The number of processes.</summary>
    public virtual int Size => 1;

    /// <summary>Whether this process reports progress and writes files.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Sums batch norm's numbers over the batch; null if each process has statistics of its own samples.</summary>
    public virtual RankSums? Statistics => null;

    /// <summary>The gradients that the processes sum; null for none.</summary>
    public virtual GradientBuckets? Buckets => null;

    /// <summary>This process's part of some samples. Parts are neighbours, and equal up to one sample.</summary>
    public Range ShareOf(int samples) => new((int)((long)samples * Rank / Size), (int)((long)samples * (Rank + 1) / Size));

    /// <summary>
    /// The fewest samples of a batch over which a batch norm takes its statistics, from the fewest samples of a whole batch. A process
    /// without samples takes none.
    /// </summary>
    public int? FewestOf(int? samples) => Statistics is null && samples is { } whole ? int.Max(1, whole / Size) : samples;

    /// <summary>Begins a step in which each rank knows only its own samples.</summary>
    /// <param name="samples">This rank's samples.</param>
    /// <param name="losses">The divisors of this rank's losses, which become those of the batch.</param>
    public virtual BatchShare BeginStep(int samples, LossAccount losses) => new(0, samples);

    /// <summary>
    /// Ends a pass: sums the losses, and makes the running statistics the same on all ranks. Waits for the gradients' sums.
    /// </summary>
    /// <param name="loss">The loss of this rank's samples, which becomes that of the batch.</param>
    /// <param name="values">Each loss without its weight, likewise.</param>
    /// <param name="statistics">The running statistics; null if the pass has not moved them.</param>
    /// <param name="share">This rank's share of the batch's samples, from 0 to 1.</param>
    public virtual void EndPass(ref double loss, Span<double> values, RunningStatistics? statistics, double share)
    {
    }

    /// <summary>Decides before a step of <c>Fit</c> whether training stops: on all ranks if it shall on one of them.</summary>
    public virtual bool Stops(bool own) => own;

    /// <summary>Throws on all ranks if one of these numbers differs between ranks.</summary>
    /// <param name="what">Says what the numbers are, for the message.</param>
    /// <param name="own">This rank's number.</param>
    public virtual void RequireSame(string what, long own)
    {
    }

    /// <summary>Throws on all ranks if one of the settings differs between ranks. They have the same names in the same order.</summary>
    /// <exception cref="InvalidOperationException">A setting differs. The message names it.</exception>
    public virtual void RequireSame(IEnumerable<(string Name, string Value)> settings)
    {
    }

    /// <summary>Throws on all ranks if their data differ, unless they are not to be compared.</summary>
    /// <param name="hash">A hash of what must be the same.</param>
    /// <exception cref="InvalidOperationException">The data differ. The message names two ranks.</exception>
    public virtual void RequireSameData(Func<ulong> hash)
    {
    }

    /// <summary>Replaces the numbers by their sums over all ranks.</summary>
    public virtual void Sum(Span<double> numbers)
    {
    }

    /// <summary>Replaces the numbers by those of rank 0. All ranks have the same number of them.</summary>
    public virtual void Broadcast(long[] numbers)
    {
    }

    /// <summary>Replaces the floats by those of rank 0. All ranks have the same number of floats.</summary>
    public virtual void Broadcast(AlignedMemory floats)
    {
    }

    /// <summary>
    /// Numbers that are not finite have failed a step on all ranks, and each has looked for the cause. All get the explanation of the first
    /// rank whose samples are the cause.
    /// </summary>
    public virtual TrainingException Agree(TrainingException own) => own;

    /// <summary>Lets rank 0 do something, and gives all ranks the text that it returns. If it fails, all ranks throw.</summary>
    /// <exception cref="InvalidOperationException">On another rank than 0: rank 0 has failed.</exception>
    public virtual string OnFirst(Func<string> action) => action();

    /// <summary>Whether all ranks throw this exception, since they have found its cause together.</summary>
    public virtual bool IsCommon(Exception failure) => true;

    /// <summary>
    /// Ends all processes, because this one has failed in a place where the others cannot know it and would wait for ever.
    /// </summary>
    public virtual void Abort(Exception failure)
    {
    }
}
