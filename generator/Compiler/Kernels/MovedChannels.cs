using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A block of channels, or a channel, of one of the inputs. A block's lanes go to other lanes.</summary>
/// <param name="Unit">The index of the block or the channel.</param>
/// <param name="Order">For each lane of the result, the lane of the block, or −1 for zero. Empty if rows are copied as they are.</param>
internal sealed record UnitSource(int Input, int Unit, EquatableArray<int> Order);

/// <summary>
/// Neighbouring blocks of channels of a result, or channels, that are made in the same way: some of them, and the same ones further on.
/// </summary>
/// <param name="First">The first block of the result.</param>
/// <param name="Times">How often the pattern comes.</param>
/// <param name="Shift">The distance between the sources of one time and those of the next.</param>
/// <param name="Units">The sources of each block of the pattern, the first time.</param>
internal sealed record UnitRun(int First, int Times, int Shift, IReadOnlyList<EquatableArray<UnitSource>> Units);

/// <summary>Moves of channels as moves of blocks and their lanes, in runs that become loops.</summary>
internal static class UnitRuns
{
    /// <summary>The longest pattern that is looked for.</summary>
    private const int LongestPattern = 8;

    /// <param name="lanes">Channels of a block; 1 for other layouts.</param>
    public static List<UnitRun> Find(IReadOnlyList<ChannelSource> sources, int lanes)
    {
        EquatableArray<UnitSource>[] units =
            [.. Enumerable.Range(0, Arithmetic.CeilingDivide(sources.Count, lanes)).Select(unit => SourcesOf(sources, unit, lanes))];
        var runs = new List<UnitRun>();
        for (int first = 0; first < units.Length;)
        {
            UnitRun longest = Enumerable.Range(1, Math.Min(LongestPattern, units.Length - first))
                .Select(pattern => RunOf(units, first, pattern))
                .Where(run => run.Times > 1 || run.Units.Count == 1)
                .Aggregate((best, run) => run.Times * run.Units.Count > best.Times * best.Units.Count ? run : best);
            runs.Add(longest);
            first += longest.Times * longest.Units.Count;
        }

        return runs;
    }

    /// <summary>The sources of a block, or of a channel: one for each vector that is read.</summary>
    private static EquatableArray<UnitSource> SourcesOf(IReadOnlyList<ChannelSource> sources, int unit, int lanes)
    {
        if (lanes == 1)
        {
            ChannelSource source = sources[unit];
            return source.Channel < 0 ? EquatableArray<UnitSource>.Empty
                : EquatableArray.Of(new UnitSource(source.Input, source.Channel, EquatableArray<int>.Empty));
        }

        return (
            from lane in Enumerable.Range(0, lanes)
            let place = (unit * lanes) + lane
            where place < sources.Count && sources[place].Channel >= 0
            let source = sources[place]
            group (Lane: lane, From: source.Channel % lanes) by (source.Input, Unit: source.Channel / lanes) into block
            select new UnitSource(block.Key.Input, block.Key.Unit, OrderOf(block, lanes))).ToEquatableArray();
    }

    private static EquatableArray<int> OrderOf(IEnumerable<(int Lane, int From)> places, int lanes)
    {
        int[] order = [.. Enumerable.Repeat(-1, lanes)];
        foreach ((int lane, int from) in places)
        {
            order[lane] = from;
        }

        return order.ToEquatableArray();
    }

    private static UnitRun RunOf(EquatableArray<UnitSource>[] units, int first, int pattern)
    {
        IReadOnlyList<EquatableArray<UnitSource>> own = [.. units.Skip(first).Take(pattern)];
        if (first + (2 * pattern) > units.Length)
        {
            return new UnitRun(first, 1, 0, own);
        }

        int? known = own.Zip(units.Skip(first + pattern), (here, there) => here.Count > 0 && there.Count > 0
            ? there[0].Unit - here[0].Unit : (int?)null).FirstOrDefault(distance => distance is not null);
        int shift = known ?? 0, times = 1;
        while (first + ((times + 1) * pattern) <= units.Length
            && own.Select((unit, i) => Moved(unit, times * shift).Equals(units[first + (times * pattern) + i])).All(isSame => isSame))
        {
            times++;
        }

        return new UnitRun(first, times, shift, own);
    }

    private static EquatableArray<UnitSource> Moved(EquatableArray<UnitSource> sources, int shift) =>
        sources.Select(source => source with { Unit = source.Unit + shift }).ToEquatableArray();
}

/// <summary>
/// Copies channels of one or more tensors into other places. In blocks of channels, each vector of the result is put together from the
/// vectors that have its channels.
/// </summary>
/// <param name="Sources">For each channel of the result, where it comes from.</param>
/// <param name="Blocks">Whether the tensors are in blocks of channels. Otherwise whole rows of a channel are copied.</param>
/// <param name="Rows">Rows, of all planes.</param>
/// <param name="Columns">Pixels of a row; if rows are copied, the floats of a row.</param>
internal sealed record MovedChannels(
    Tier Tier, EquatableArray<ChannelSource> Sources, bool Blocks, int Rows, int Columns, EquatableArray<Strides> Inputs, Strides Output)
    : Kernel(Tier)
{
    public override string Summary => Inputs.Count == 1 ? "Copies channels to other places"
        : $"Copies channels of {Arithmetic.Number(Inputs.Count)} tensors to their places";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Rows);

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = [.. Inputs.Select((_, i) => k.Parameter(Inputs.Count == 1 ? "input" : $"input{i}"))];
        Pointer output = k.Parameter("output");
        List<UnitRun> runs = UnitRuns.Find(Sources, Blocks ? Tier.Lanes : 1);
        using (k.Items(out Index[] row, ("row", Rows, 1)))
        {
            foreach (UnitRun run in runs)
            {
                // Without a loop around them, the names of a run need a scope of their own.
                using (runs.Count > 1 && run.Times == 1 ? k.Braces() : default)
                using (k.Loops(out Index[] time, (Blocks ? "block" : "channel", run.Times, 1)))
                {
                    RecordRun(k, run, inputs, output, row[0], time[0]);
                }
            }
        }
    }

    private void RecordRun(KernelBuilder k, UnitRun run, Pointer[] inputs, Pointer output, Index row, Index time)
    {
        int[] read = [.. run.Units.SelectMany(unit => unit).Select(source => source.Input).Distinct().OrderBy(input => input)];
        Dictionary<int, int> first = read.ToDictionary(
            input => input, input => run.Units.SelectMany(unit => unit).Where(source => source.Input == input).Min(source => source.Unit));
        Pointer[] at = k.PointTo([
            .. read.Select(input => (
                Inputs.Count == 1 ? "x" : $"x{input}",
                inputs[input][Index.Sum((row, Inputs[input].Row), (time, run.Shift * Inputs[input].Channel))
                    + (first[input] * Inputs[input].Channel)])),
            ("y", output[Index.Sum((row, Output.Row), (time, run.Units.Count * Output.Channel)) + (run.First * Output.Channel)]),
        ]);
        Reference From(UnitSource source) =>
            at[Array.IndexOf(read, source.Input)][(source.Unit - first[source.Input]) * Inputs[source.Input].Channel];
        Pointer y = at[at.Length - 1];
        if (!Blocks)
        {
            RecordRows(k, run, From, y);
            return;
        }

        using (k.Loops(out _, ("column", Columns, 1)))
        {
            RecordVectors(k, run, From, y);
            if (Columns > 1)
            {
                k.Advance([.. read.Select((input, i) => (at[i], (Index)Inputs[input].Column)), (y, Output.Column)]);
            }
        }
    }

    private void RecordRows(KernelBuilder k, UnitRun run, Func<UnitSource, Reference> from, Pointer y)
    {
        Number length = Number.Named(Columns, "rowLength");
        for (int unit = 0; unit < run.Units.Count; unit++)
        {
            Reference target = y[unit * Output.Channel];
            k.Run(run.Units[unit].Count == 0 ? Intrinsics.Clear(target, length)
                : Intrinsics.Copy(from(run.Units[unit][0]), target, length));
        }
    }

    private void RecordVectors(KernelBuilder k, UnitRun run, Func<UnitSource, Reference> from, Pointer y)
    {
        var loaded = new Dictionary<(int Input, int Unit), Variable>();
        for (int unit = 0; unit < run.Units.Count; unit++)
        {
            Expression? merged = null;
            foreach (UnitSource source in run.Units[unit])
            {
                if (!loaded.TryGetValue((source.Input, source.Unit), out Variable x))
                {
                    loaded.Add((source.Input, source.Unit), x = k.Let($"vector{loaded.Count}", from(source).Vector));
                }

                // A lane without a source is zero.
                Expression part = source.Order.SequenceEqual(Enumerable.Range(0, Tier.Lanes)) ? x : Intrinsics.Shuffle(x, source.Order);
                merged = merged is null ? part : merged | part;
            }

            k.Store(y[unit * Output.Channel], merged ?? new Constant(0, ElementType.Vector));
        }
    }
}
