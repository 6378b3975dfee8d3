using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>Neighbouring gradients that processes sum in one operation.</summary>
/// <param name="Start">The first float among the packed parameters.</param>
/// <param name="Length">The number of floats.</param>
/// <param name="Step">The step of the program after which the blocks have left all of these gradients in their slots.</param>
internal sealed record GradientBucket(int Start, int Length, int Step)
{
    /// <summary>The slices of dense weights among them.</summary>
    public required int[] Slices { get; init; }

    /// <summary>The gradients.</summary>
    public required Memory<float> Memory { get; init; }

    /// <summary>The float after the last one.</summary>
    public int End => Start + Length;
}

/// <summary>
/// The gradients in buckets, as in PyTorch's DDP. While backward goes on, the processes sum those buckets that backward has finished. The
/// order of the buckets depends only on the network, so that it is the same for all processes.
/// </summary>
internal sealed class GradientBuckets
{
    /// <summary>
    /// A bucket's usual length: 1 MiB. Its transfer then takes some 20 times the time that an operation takes for any length, in memory as
    /// in a network of 10 to 100 Gb/s. The last bucket, which nothing hides, stays short. runtime/Distributed/PACKAGE.md has what
    /// other lengths cost on one machine.
    /// </summary>
    public const int UsualLength = 1 << 18;

    private readonly ICollectives _world;
    private readonly GradientBucket[] _buckets;

    // The pieces of the current bucket that are done.
    private int _piecesDone;

    /// <param name="network">The network.</param>
    /// <param name="products">The products of its dense layers.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="world">Sums the buckets.</param>
    /// <param name="length">The fewest floats of a bucket, unless no more are left.</param>
    /// <param name="overlaps">Whether buckets are summed while backward goes on, and not after it.</param>
    public GradientBuckets(
        CompiledNetwork network, DenseProducts products, AlignedMemory gradients, ICollectives world, int length, bool overlaps)
    {
        _world = world;
        NetworkProgram program = network.Program;
        int last = program.TrainingSteps.Length - 1;
        ReadOnlySpan<int> steps = program.GradientSteps;
        var parameters = new List<(int Start, int Step)>();
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            if (network.Parameters[i].IsTrainable)
            {
                int step = overlaps && !steps.IsEmpty ? int.Max(steps[i], program.ForwardSteps) : last;
                parameters.Add((network.Parameters[i].Layout.Offset, step));
            }
        }

        parameters.Sort();
        var buckets = new List<GradientBucket>();
        int end = program.TrainableLength, finished = 0;
        for (int i = parameters.Count - 1; i >= 0; i--)
        {
            // Sums of blocks and products are other kinds of work. They are in buckets of their own.
            int start = parameters[i].Start;
            bool isLast = i == 0 || IsProduct(start) != IsProduct(parameters[i - 1].Start);
            finished = int.Max(finished, parameters[i].Step);
            if (end - start >= length || isLast)
            {
                buckets.Add(new GradientBucket(start, end - start, finished)
                {
                    Slices = [.. Enumerable.Range(0, products.Slices).Where(s => products[s].Start >= start && products[s].Start < end)],
                    Memory = new NativeSection<float>(gradients, start, end - start).Memory,
                });
                (end, finished) = (start, 0);
            }
        }

        _buckets = [.. buckets.OrderBy(bucket => bucket.Step)];

        bool IsProduct(int start) => start >= program.SummedParametersLength;
    }

    /// <summary>The number of buckets.</summary>
    public int Count => _buckets.Length;

    /// <summary>A bucket. They are in the order in which backward finishes them.</summary>
    public GradientBucket this[int bucket] => _buckets[bucket];

    /// <summary>Begins to sum a bucket over all processes.</summary>
    public void Begin(int bucket) => _world.BeginAllReduce(_buckets[bucket].Memory);

    /// <summary>Prepares for the pieces of the first bucket.</summary>
    public void Prepare() => _piecesDone = 0;

    /// <summary>A thread has ended a piece of the work for a bucket. After the last piece, the sum over all processes begins.</summary>
    public void EndPiece(int bucket)
    {
        if (Interlocked.Increment(ref _piecesDone) == BatchGradients.PiecesOf(_buckets[bucket]))
        {
            // The next bucket's pieces begin after all threads have met.
            _piecesDone = 0;
            Begin(bucket);
        }
    }

    /// <summary>Begins to sum all buckets.</summary>
    public void BeginAll()
    {
        for (int bucket = 0; bucket < _buckets.Length; bucket++)
        {
            Begin(bucket);
        }
    }
}
