using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>One of the loops that a sum goes through: <c>for (int variable = First; variable &lt; End; variable++)</c>.</summary>
/// <param name="Most">The most rounds that it makes.</param>
internal sealed record SumLoop(string Variable, string First, string End, int Most)
{
    public SumLoop(string variable, int count)
        : this(variable, "0", Number(count), count)
    {
    }

    public string Header => $"for (int {Variable} = {First}; {Variable} < {End}; {Variable}++)";
}

/// <summary>
/// Where a long sum is cut: blocks of whole rounds of one loop, so that none has more terms than it may. Where the cuts are depends on
/// nothing but the extents, so that every program and tier adds in the same order.
/// </summary>
/// <param name="Level">The loop that is cut, counted from the outermost; −1 where all is one block.</param>
/// <param name="Rounds">Its rounds in a block.</param>
/// <param name="Blocks">How many there are.</param>
internal readonly record struct SumCut(int Level, int Rounds, long Blocks)
{
    /// <summary>Blocks that are added in single precision, which costs a third: their roundings are few beside those of a block.</summary>
    private const int Few = 8;

    /// <summary>Terms of a block of a plain sum, whose error is then at most 64·2⁻²⁴ of Σ|terms|.</summary>
    public const int Terms = 64;

    /// <summary>
    /// Terms of a block of products that are summed in a tile of registers: 960·2⁻²⁴ of Σ|products|. Whatever is done between two blocks is
    /// done for some ten thousand cycles. A multiple of the numbers of steps that are written out (1 to 5), and of images of 2×2, 4×4 and 8×8.
    /// </summary>
    public const int Products = 960;

    /// <summary>All is one block.</summary>
    public static readonly SumCut None = new(-1, 0, 1);

    public bool HasFewBlocks => Blocks <= Few;

    public static SumCut Of(int most, params int[] extents)
    {
        long inner = 1;
        for (int level = extents.Length - 1; level >= 0; level--)
        {
            if (inner * extents[level] > most)
            {
                int rounds = (int)Math.Max(1, most / inner);
                return new SumCut(level, rounds, extents.Take(level).Aggregate(((extents[level] - 1L) / rounds) + 1, (blocks, extent) => blocks * extent));
            }

            inner *= extents[level];
        }

        return None;
    }
}

/// <summary>
/// Sums over loops that may be long: those of up to <see cref="SumCut.Terms"/> terms are one chain of additions, longer ones go through
/// the runtime's <c>BlockSum</c>.
/// </summary>
/// <param name="loops">From the outermost to the innermost.</param>
/// <param name="names">The sums.</param>
internal sealed class BlockedSum(IReadOnlyList<SumLoop> loops, params string[] names)
{
    private readonly SumCut _cut = Even(SumCut.Of(names.Length == 0 ? int.MaxValue : SumCut.Terms, [.. loops.Select(l => l.Most)]), loops);

    /// <summary>An element's type, and where sums begin.</summary>
    public (string Type, string Zero) Element { get; init; } = ("Vector", "Vector.Zero");

    /// <summary>Where the sums are parts of one, which run side by side: its name, and the sum of these.</summary>
    public (string Name, string Value)? Whole { get; init; }

    public bool IsBlocked => _cut.Level >= 0;

    private string[] Results => Whole is { } whole ? [whole.Name] : names;

    /// <summary>What the body adds to.</summary>
    public string this[string name] => IsBlocked && Whole is null ? name + "OfBlock" : name;

    /// <summary>Writes the loops around <paramref name="body"/>, and leaves variables with the names of the sums.</summary>
    public void Write(SourceWriter writer, Action body)
    {
        if (!IsBlocked)
        {
            Declare(writer);
            WriteLoops(writer, loops, body);
            if (Whole is { } sum)
            {
                writer.Line($"{Element.Type} {sum.Name} = {sum.Value};");
            }

            return;
        }

        string sumType = Element.Type == "Vector" ? "LongSum" : "BlockSum";
        writer.Line($"{sumType} {string.Join(", ", Results.Select(name => $"long{Capital(name)} = default"))};");
        SumLoop cut = loops[_cut.Level];
        List<SumLoop> within = [.. loops.Skip(_cut.Level + 1)];
        foreach (SumLoop loop in loops.Take(_cut.Level))
        {
            writer.Line(loop.Header);
        }

        string header = cut.Header;
        if (_cut.Rounds > 1)
        {
            string first = "first" + Capital(cut.Variable), end = $"{first} + {Number(_cut.Rounds)}";
            header = $"for (int {first} = {cut.First}; {first} < {cut.End}; {first} += {Number(_cut.Rounds)})";
            bool whole = cut.First == "0" && cut.End == Number(cut.Most) && cut.Most % _cut.Rounds == 0;
            within.Insert(0, new SumLoop(cut.Variable, first, whole ? end : $"Math.Min({end}, {cut.End})", _cut.Rounds));
        }

        using (writer.Block(header))
        {
            Declare(writer);
            WriteLoops(writer, within, body);
            writer.Statements(Results.Select(name => $"long{Capital(name)}.Add({Whole?.Value ?? this[name]});"));
        }

        writer.Declare(Element.Type, Results.Select(name => $"{name} = long{Capital(name)}.Value"));
    }

    /// <summary>As many blocks, but all of nearly the same size.</summary>
    private static SumCut Even(SumCut cut, IReadOnlyList<SumLoop> loops)
    {
        if (cut.Level < 0)
        {
            return cut;
        }

        int most = loops[cut.Level].Most, blocks = ((most - 1) / cut.Rounds) + 1;
        return cut with { Rounds = ((most - 1) / blocks) + 1 };
    }

    private void Declare(SourceWriter writer) =>
        writer.Declare(Element.Type, names.Select(name => $"{this[name]} = {Element.Zero}"));

    private static void WriteLoops(SourceWriter writer, IReadOnlyList<SumLoop> loops, Action body)
    {
        if (loops.Count == 0)
        {
            body();
            return;
        }

        foreach (SumLoop loop in loops)
        {
            writer.Line(loop.Header);
        }

        using (writer.Braces())
        {
            body();
        }
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}

/// <summary>
/// The same for sums of products in a tile of registers: each block has accumulators of its own, which are added to totals in memory at its
/// end. The loop that is cut is the outermost in which a block has no more than <see cref="SumCut.Products"/> terms; what is inside stays as it is.
/// </summary>
/// <remarks>
/// The accumulators are declared inside the loop over the blocks. Where one variable lives through the blocks and behind them too, the JIT keeps
/// it on the stack, innermost loop included, and the kernel takes four times as long.
/// </remarks>
/// <param name="cut">Where the sums are cut; nowhere if they are short.</param>
/// <param name="accumulators">The vectors that are summed in, and what each begins with: <see langword="null"/> for zero.</param>
internal sealed class TileSums(SumCut cut, IReadOnlyList<(string Name, string? Initial)> accumulators)
{
    public bool IsBlocked => cut.Level >= 0;

    private IEnumerable<string> Names => accumulators.Select(a => a.Name);

    /// <summary>At the top of the method, outside of all loops: memory for the totals.</summary>
    public void Declare(SourceWriter writer)
    {
        if (IsBlocked)
        {
            string type = cut.HasFewBlocks ? "Vector" : "LongSum";
            writer.Line("// Sums of blocks of products.");
            writer.Line($"Span<{type}> totals = stackalloc {type}[{Number(accumulators.Count)}];");
            writer.Line($"ref {type} total = ref MemoryMarshal.GetReference(totals);");
        }
    }

    /// <summary>Before the loops of a tile.</summary>
    public void Begin(SourceWriter writer)
    {
        if (IsBlocked)
        {
            writer.Line("totals.Clear();");
            writer.Statements(accumulators.Select((a, i) => (a.Initial, i)).Where(a => a.Initial != null).Select(a => Add(a.i, a.Initial!)));
        }
        else if (accumulators[0].Initial == null)
        {
            writer.DeclareZeros(Names);
        }
        else
        {
            // What several begin with is read once.
            var first = accumulators.GroupBy(a => a.Initial).ToDictionary(group => group.Key!, group => group.First().Name);
            writer.Declare(accumulators.Select(a => $"{a.Name} = {(first[a.Initial!] == a.Name ? a.Initial : first[a.Initial!])}"));
        }
    }

    /// <summary>Writes some of the loops, the first of which has this level, around a body.</summary>
    public void Loop(SourceWriter writer, int level, (string Variable, int Count, int Step)[] loops, Action body)
    {
        int cutLoop = cut.Level - level;
        if (!IsBlocked || cutLoop < 0 || cutLoop >= loops.Length)
        {
            using (writer.For(loops))
            {
                body();
            }

            return;
        }

        (string variable, int count, int step) = loops[cutLoop];
        string first = "first" + char.ToUpperInvariant(variable[0]) + variable.Substring(1);
        using (writer.For([.. loops.Take(cutLoop)]))
        using (Block(writer, first, Number(count), cut.Rounds))
        {
            string end = $"{first} + {Number(cut.Rounds)}";
            writer.Line(
                $"for (int {variable} = {first}; {variable} < {(count % cut.Rounds == 0 ? end : $"Math.Min({end}, {Number(count)})")}; "
                + $"{variable}{(step == 1 ? "++" : $" += {Number(step)}")})");
            using (writer.Braces())
            using (writer.For([.. loops.Skip(cutLoop + 1)]))
            {
                body();
            }

            EndBlock(writer);
        }
    }

    /// <summary>The loop over the blocks; <see cref="EndBlock"/> ends its body.</summary>
    public SourceWriter.Scope Block(SourceWriter writer, string first, string end, int rounds)
    {
        SourceWriter.Scope scope = writer.Block($"for (int {first} = 0; {first} < {end}; {first} += {Number(rounds)})");
        writer.DeclareZeros(Names);
        return scope;
    }

    /// <summary>Adds the accumulators to the totals.</summary>
    public void EndBlock(SourceWriter writer) => writer.Statements(accumulators.Select((a, i) => Add(i, a.Name)));

    /// <summary>Behind the loops of a tile: in this scope, the accumulators hold the sums.</summary>
    public SourceWriter.Scope End(SourceWriter writer)
    {
        if (!IsBlocked)
        {
            return default;
        }

        SourceWriter.Scope scope = writer.Braces();
        writer.Declare(accumulators.Select((a, i) => $"{a.Name} = {Total(i)}{(cut.HasFewBlocks ? "" : ".Value")}"));
        return scope;
    }

    private string Add(int index, string value) => cut.HasFewBlocks ? $"{Total(index)} += {value};" : $"{Total(index)}.Add({value});";

    private static string Total(int index) => index == 0 ? "total" : $"Unsafe.Add(ref total, {Number(index)})";
}
