using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>One of the loops that a sum goes through.</summary>
/// <param name="Most">An upper bound of its rounds.</param>
internal sealed record SumLoop(IndexVariable Variable, Index First, Index End, int Most)
{
    public SumLoop(string variable, int count)
        : this(new IndexVariable(variable), 0, count, count)
    {
    }

    public KernelBuilder.Scope Open(KernelBuilder k) => k.For(Variable.Name, First, End, 1, out _);
}

/// <summary>
/// Where a long sum is cut: into blocks of whole rounds of one loop, none of which has too many terms. The cuts depend on the extents
/// only, so that every program and tier adds in the same order.
/// </summary>
/// <param name="Level">The loop that is cut, counted from the outermost; −1 where all is one block.</param>
/// <param name="Rounds">Its rounds in a block.</param>
/// <param name="Blocks">How many there are.</param>
internal readonly record struct SumCut(int Level, int Rounds, long Blocks)
{
    /// <summary>
    /// So many blocks are added in single precision, at a third of the cost: they add few rounding errors to those of a block.
    /// </summary>
    private const int Few = 8;

    /// <summary>Terms of a block of a plain sum, whose error is then at most 64·2⁻²⁴ of Σ|terms|.</summary>
    public const int Terms = 64;

    /// <summary>
    /// Terms of a block of products that are summed in a tile of registers: 960·2⁻²⁴ of Σ|products|. A block takes some ten thousand
    /// cycles, so that the work between two blocks does not count. A multiple of the numbers of steps that are unrolled (1 to 5), and of
    /// 2×2, 4×4 and 8×8.
    /// </summary>
    public const int Products = 960;

    /// <summary>The whole sum is one block.</summary>
    public static readonly SumCut None = new(-1, 0, 1);

    public bool HasFewBlocks => Blocks <= Few;

    /// <summary>Cuts the innermost loop whose terms, with those of the loops in it, are too many for one block.</summary>
    /// <param name="most">The most terms of a block.</param>
    /// <param name="extents">The rounds of the loops, from the outermost.</param>
    public static SumCut IntoBlocks(int most, params int[] extents)
    {
        long inner = 1;
        for (int level = extents.Length - 1; level >= 0; level--)
        {
            if (inner * extents[level] > most)
            {
                int rounds = (int)Math.Max(1, most / inner);
                return new SumCut(level, rounds,
                    extents.Take(level).Aggregate(((extents[level] - 1L) / rounds) + 1, (blocks, extent) => blocks * extent));
            }

            inner *= extents[level];
        }

        return None;
    }
}

/// <summary>
/// Sums over loops that may be long: those of up to <see cref="SumCut.Terms"/> terms are one chain of additions, longer ones go through
/// the runtime's <c>BlockSum</c>. Sums of products may be cut as those in registers (<see cref="IsOfProducts"/>).
/// </summary>
/// <param name="loops">From the outermost to the innermost.</param>
/// <param name="names">The sums.</param>
internal sealed class BlockedSum(IReadOnlyList<SumLoop> loops, params string[] names)
{
    /// <summary>What sums begin with; it also gives the type of an element.</summary>
    public Expression Zero { get; init; } = 0;

    /// <summary>For sums that run side by side as parts of one: its name, and how they are added.</summary>
    public (string Name, Func<IReadOnlyList<Variable>, Expression> Of)? Whole { get; init; }

    /// <summary>Whether the terms are products, summed as in a tile of registers (<see cref="TileSums"/>): to the bit.</summary>
    public bool IsOfProducts { get; init; }

    private SumCut Cut
    {
        get
        {
            SumCut Of(int most) => SumCut.IntoBlocks(names.Length == 0 ? int.MaxValue : most, [.. loops.Select(l => l.Most)]);
            return IsOfProducts ? Of(SumCut.Products) : Even(Of(SumCut.Terms), loops);
        }
    }

    private string[] Results => Whole is { } whole ? [whole.Name] : names;

    /// <summary>Records the loops around <paramref name="body"/>, which adds to the sums that it gets.</summary>
    /// <returns>The whole sums.</returns>
    public Variable[] Record(KernelBuilder k, Action<Variable[]> body)
    {
        SumCut cuts = Cut;
        bool isBlocked = cuts.Level >= 0, inDouble = !(IsOfProducts && cuts.HasFewBlocks);
        Variable[] sums = [.. names.Select(name => new Variable(isBlocked && Whole is null ? name + "OfBlock" : name, Zero.Type))];
        if (!isBlocked)
        {
            k.Let(sums.Select(sum => (sum.Name, Zero)));
            Nested(k, loops, () => body(sums));
            return Whole is { } single ? [k.Let(single.Name, single.Of(sums))] : sums;
        }

        Variable[] totals = Totals(k, inDouble);
        SumLoop cut = loops[cuts.Level];
        List<SumLoop> within = [.. loops.Skip(cuts.Level + 1)];
        List<KernelBuilder.Scope> scopes = [.. loops.Take(cuts.Level).Select(loop => loop.Open(k))];
        if (cuts.Rounds > 1)
        {
            bool isWhole = cut.First.Is(0) && cut.End.Is(cut.Most) && cut.Most % cuts.Rounds == 0;
            var rounds = Number.OfSizes(cuts.Rounds, cut.Variable.Name + "Rounds");
            scopes.Add(k.For(cut.Variable.Prefixed("first"), cut.First, cut.End, rounds, out IndexVariable first));
            within.Insert(0, cut with
            {
                First = first,
                End = isWhole ? first + rounds : Index.Min(first + rounds, cut.End),
                Most = cuts.Rounds
            });
        }
        else
        {
            scopes.Add(cut.Open(k));
        }

        k.Let(sums.Select(sum => (sum.Name, Zero)));
        Nested(k, within, () => body(sums));
        AddTo(k, totals, Whole is { } parts ? [parts.Of(sums)] : [.. sums], inDouble);
        scopes.Reverse();
        scopes.ForEach(scope => scope.Dispose());
        return inDouble ? k.Let(Results.Select((name, i) => (name, RuntimeApi.ValueOf(totals[i])))) : totals;
    }

    /// <summary>Declares the sums of all blocks.</summary>
    private Variable[] Totals(KernelBuilder k, bool inDouble)
    {
        ElementType type = !inDouble ? Zero.Type : Zero.Type.IsWide ? ElementType.LongSum : ElementType.BlockSum;
        Variable[] totals = [.. Results.Select(name => new Variable(inDouble ? "long" + Capital(name) : name, type))];
        k.Add(new Declare(
            totals.Select(total => new Binding(total, inDouble ? new Default(type) : Zero)).ToEquatableArray()));
        return totals;
    }

    /// <summary>Adds the sums of a block.</summary>
    private static void AddTo(KernelBuilder k, Variable[] totals, Expression[] added, bool inDouble) => k.Group(() =>
    {
        for (int i = 0; i < totals.Length; i++)
        {
            if (inDouble)
            {
                k.Run(RuntimeApi.AddTo(totals[i], added[i]));
            }
            else
            {
                k.Set(totals[i], totals[i] + added[i]);
            }
        }
    });

    /// <summary>As many blocks, but of nearly equal size.</summary>
    private static SumCut Even(SumCut cut, IReadOnlyList<SumLoop> loops)
    {
        if (cut.Level < 0)
        {
            return cut;
        }

        int most = loops[cut.Level].Most, blocks = Arithmetic.CeilingDivide(most, cut.Rounds);
        return cut with { Rounds = Arithmetic.CeilingDivide(most, blocks) };
    }

    /// <summary>Nested loops, and the body of the innermost.</summary>
    private static void Nested(KernelBuilder k, IReadOnlyList<SumLoop> loops, Action body)
    {
        List<KernelBuilder.Scope> scopes = [.. loops.Select(loop => loop.Open(k))];
        body();
        scopes.Reverse();
        scopes.ForEach(scope => scope.Dispose());
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
