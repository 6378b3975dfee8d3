using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>The world of a process that trains with others.</summary>
internal sealed class DistributedWorld : TrainingWorld
{
    // The most bytes of one broadcast.
    private const int MostBytes = 1 << 30;

    private readonly ICollectives _collectives;
    private readonly Optimizer _optimizer;
    private readonly AllSums _sums;

    // An exception of rank 0 that all ranks know.
    private Exception? _common;

    public DistributedWorld(ICollectives collectives, Optimizer optimizer, bool sharesStatistics)
    {
        (_collectives, _optimizer) = (collectives, optimizer);
        _sums = new AllSums(collectives);
        Statistics = sharesStatistics ? new AllSums(collectives) : null;
    }

    /// <inheritdoc/>
    public override int Rank => _collectives.Rank;

    /// <inheritdoc/>
    public override int Size => _collectives.Size;

    /// <inheritdoc/>
    public override RankSums? Statistics { get; }

    /// <inheritdoc/>
    public override GradientBuckets? Buckets => SummedGradients;

    /// <summary>The gradients that the processes sum. Set when the trainer joins this world.</summary>
    public GradientBuckets? SummedGradients { get; set; }

    /// <summary>Whether data are compared between the ranks.</summary>
    public bool ComparesData { get; init; }

    /// <summary>Waits for all ranks. A rank that never comes would let the others wait without a word.</summary>
    public static void Meet(ICollectives world, TimeSpan limit)
    {
        IReadOnlyList<int> missing = world.Meet($"{nameof(Trainer)}.{nameof(Trainer.Distribute)}", limit);
        if (missing.Count > 0)
        {
            bool isOne = missing.Count == 1;
            string message = string.Create(CultureInfo.InvariantCulture,
                $"{nameof(Trainer)}.{nameof(Trainer.Distribute)} has waited {limit.TotalSeconds:0.#} s for {(isOne ? "rank" : "ranks")} ")
                + $"{string.Join(", ", missing)} of {world.Size}. All ranks must call it, once for each trainer, in the same order. Look "
                + $"for a rank that takes another way through the program, such as behind 'if (world.Rank == 0)'; or set "
                + $"{nameof(DistributedOptions)}.{nameof(DistributedOptions.Timeout)}, if {(isOne ? "it needs" : "they need")} more time.";
            world.Abort(message);
            throw new TimeoutException(message);
        }
    }

    /// <inheritdoc/>
    public override BatchShare BeginStep(int samples, LossAccount losses)
    {
        // The number of samples of each rank, the divisors, the learning rate of rank 0.
        int count = losses.Divisors.Length;
        Span<double> numbers = _sums.Take(Size + count + 1);
        numbers.Clear();
        numbers[Rank] = samples;
        losses.Divisors.CopyTo(numbers[Size..]);
        numbers[Size + count] = IsFirst ? _optimizer.LearningRate : 0;
        _sums.Sum(numbers.Length);
        _optimizer.LearningRate = numbers[Size + count];
        losses.Share(numbers.Slice(Size, count));
        int first = 0, all = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            first = rank == Rank ? all : first;
            all = checked(all + (int)numbers[rank]);
        }

        return all > 0 ? new BatchShare(first, all) : throw new ArgumentException("No rank has a sample in this step.");
    }

    /// <inheritdoc/>
    public override void EndPass(ref double loss, Span<double> values, RunningStatistics? statistics, double share)
    {
        // Ranks that share batch norm's numbers have the same running statistics already.
        int moving = Statistics is null && statistics is not null ? statistics.Length : 0;
        Span<double> numbers = _sums.Take(1 + values.Length + moving);
        numbers[0] = loss;
        values.CopyTo(numbers[1..]);
        if (moving > 0)
        {
            statistics!.Write(numbers[(1 + values.Length)..], share);
        }

        // The operations end in the order in which they were begun, so the sums of the gradients have ended, too.
        _sums.Sum(numbers.Length);
        loss = numbers[0];
        numbers.Slice(1, values.Length).CopyTo(values);
        if (moving > 0)
        {
            statistics!.Read(numbers[(1 + values.Length)..]);
        }
    }

    /// <inheritdoc/>
    public override bool Stops(bool own)
    {
        // Only rank 0 reports progress, and the report may have changed its learning rate.
        Span<double> numbers = _sums.Take(2);
        (numbers[0], numbers[1]) = (own ? 1 : 0, IsFirst ? _optimizer.LearningRate : 0);
        _sums.Sum(numbers.Length);
        _optimizer.LearningRate = numbers[1];
        return numbers[0] > 0;
    }

    /// <inheritdoc/>
    public override void RequireSame(string what, long own)
    {
        Span<double> numbers = _sums.Take(Size);
        numbers.Clear();
        numbers[Rank] = own;
        _sums.Sum(numbers.Length);
        for (int rank = 1; rank < Size; rank++)
        {
            if (numbers[rank] != numbers[0])
            {
                throw Differs(string.Create(
                    CultureInfo.InvariantCulture, $"{what} {numbers[0]} on rank 0, but {numbers[rank]} on rank {rank}"));
            }
        }
    }

    /// <inheritdoc/>
    public override void RequireSame(IEnumerable<(string Name, string Value)> settings)
    {
        (string Name, string Value)[] own = [.. settings];
        string[] first = Broadcast(string.Join('\0', own.Select(setting => $"{setting.Name}\0{setting.Value}")), root: 0).Split('\0');
        string difference = "";
        for (int i = 0; i < own.Length && difference.Length == 0; i++)
        {
            (string name, string value) = (first.ElementAtOrDefault(2 * i) ?? "", first.ElementAtOrDefault((2 * i) + 1) ?? "");
            if ((name, value) != own[i])
            {
                difference = $"{own[i].Name} {value} on rank 0, but {own[i].Value} on rank {Rank}";
            }
        }

        if (FirstOf(difference.Length > 0) is { } root)
        {
            throw Differs(Broadcast(difference, root));
        }
    }

    /// <inheritdoc/>
    public override void RequireSameData(Func<ulong> hash)
    {
        if (!ComparesData)
        {
            return;
        }

        // Sums are in doubles, which hold integers of 53 bits.
        Span<double> numbers = _sums.Take(Size);
        numbers.Clear();
        numbers[Rank] = hash() >> 12;
        _sums.Sum(numbers.Length);
        int other = numbers.IndexOfAnyExcept(numbers[0]);
        if (other > 0)
        {
            throw new DifferentRanksException(
                "The ranks cannot train together. They need the same data in the same order, but samples or targets of rank 0 and rank "
                + $"{other} differ (their hashes are {(ulong)numbers[0]:X13} and {(ulong)numbers[other]:X13}). Fit divides each batch "
                + $"among the ranks by itself. Ranks that have data of their own call Step. "
                + $"{nameof(DistributedOptions)}.{nameof(DistributedOptions.CompareData)} = false turns this comparison off.");
        }
    }

    /// <inheritdoc/>
    public override TrainingException Agree(TrainingException own)
    {
        if (FirstOf(own.IsOfSamples) is not { } root)
        {
            return own;
        }

        string[] found = Broadcast($"{own.Message} This was found on rank {Rank}.\0{own.Layer}", root).Split('\0');
        return new TrainingException(found[0], found[1].Length > 0 ? found[1] : null, own.Step);
    }

    /// <inheritdoc/>
    public override void Sum(Span<double> numbers)
    {
        numbers.CopyTo(_sums.Take(numbers.Length));
        _sums.Sum(numbers.Length);
        _sums.Take(numbers.Length).CopyTo(numbers);
    }

    /// <inheritdoc/>
    public override void Broadcast(long[] numbers)
    {
        byte[] bytes = MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
        Broadcast(bytes, root: 0);
        bytes.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
    }

    /// <inheritdoc/>
    public override void Broadcast(AlignedMemory floats)
    {
        for (long start = 0; start < floats.Length; start += MostBytes / sizeof(float))
        {
            int length = (int)long.Min(MostBytes / sizeof(float), floats.Length - start);
            Broadcast(new NativeSection<byte>(floats, start, length * sizeof(float)).Memory, root: 0);
        }
    }

    /// <inheritdoc/>
    public override string OnFirst(Func<string> action)
    {
        const string Failed = "failed: ";
        string text = "";
        if (IsFirst)
        {
            try
            {
                text = action();
            }
            catch (Exception e)
            {
                _common = e;
                text = Failed + e.Message;
            }
        }

        text = Broadcast(text, root: 0);
        if (!text.StartsWith(Failed, StringComparison.Ordinal))
        {
            return text;
        }

        if (_common is not null)
        {
            ExceptionDispatchInfo.Throw(_common);
        }

        throw _common = new InvalidOperationException($"Rank 0 has {text}");
    }

    /// <inheritdoc/>
    public override bool IsCommon(Exception failure) => failure is TrainingException or DifferentRanksException || failure == _common;

    /// <inheritdoc/>
    public override void Abort(Exception failure) => _collectives.Abort($"{failure.GetType().Name}: {failure.Message}");

    private static DifferentRanksException Differs(string what) =>
        new($"The ranks cannot train together. They need the same settings, but there is {what}.");

    /// <summary>The first rank of which something is true; null if it is true of none.</summary>
    private int? FirstOf(bool own)
    {
        Span<double> numbers = _sums.Take(Size);
        numbers.Clear();
        numbers[Rank] = own ? 1 : 0;
        _sums.Sum(numbers.Length);
        return numbers.IndexOf(1) is >= 0 and int rank ? rank : null;
    }

    private string Broadcast(string text, int root)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text), length = BitConverter.GetBytes(bytes.Length);
        Broadcast(length, root);
        Array.Resize(ref bytes, BitConverter.ToInt32(length));
        Broadcast(bytes, root);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Broadcast(Memory<byte> bytes, int root)
    {
        if (bytes.Length > 0)
        {
            _collectives.Wait(_collectives.BeginBroadcast(bytes, root));
        }
    }

    private sealed class AllSums(ICollectives collectives) : RankSums
    {
        /// <inheritdoc/>
        protected override void Sum(Memory<double> numbers) => collectives.Wait(collectives.BeginAllReduce(numbers));
    }
}

/// <summary>Ranks differ in what must be the same. All of them throw it.</summary>
internal sealed class DifferentRanksException(string message) : InvalidOperationException(message);
