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

    public static SumCut Of(int most, params int[] extents)
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
/// the runtime's <c>BlockSum</c>.
/// </summary>
/// <param name="loops">From the outermost to the innermost.</param>
/// <param name="names">The sums.</param>
internal sealed class BlockedSum(IReadOnlyList<SumLoop> loops, params string[] names)
{
    private readonly SumCut _cut = Even(SumCut.Of(names.Length == 0 ? int.MaxValue : SumCut.Terms, [.. loops.Select(l => l.Most)]), loops);

    /// <summary>What sums begin with; it also gives the type of an element.</summary>
    public Expression Zero { get; init; } = 0;

    /// <summary>For sums that run side by side as parts of one: its name, and how they are added.</summary>
    public (string Name, Func<IReadOnlyList<Variable>, Expression> Of)? Whole { get; init; }

    private bool IsBlocked => _cut.Level >= 0;

    private string[] Results => Whole is { } whole ? [whole.Name] : names;

    /// <summary>Records the loops around <paramref name="body"/>, which adds to the sums that it gets.</summary>
    /// <returns>The whole sums.</returns>
    public Variable[] Record(KernelBuilder k, Action<Variable[]> body)
    {
        Variable[] sums = [.. names.Select(name => new Variable(IsBlocked && Whole is null ? name + "OfBlock" : name, Zero.Type))];
        if (!IsBlocked)
        {
            k.Let(sums.Select(sum => (sum.Name, Zero)));
            Nested(k, loops, () => body(sums));
            return Whole is { } single ? [k.Let(single.Name, single.Of(sums))] : sums;
        }

        Variable[] totals = [.. Results.Select(
            name => new Variable("long" + Capital(name), Zero.Type.IsWide ? ElementType.LongSum : ElementType.BlockSum))];
        k.Add(new Declare(totals.Select(total => new Binding(total, new Default(total.Type))).ToEquatableArray()));
        SumLoop cut = loops[_cut.Level];
        List<SumLoop> within = [.. loops.Skip(_cut.Level + 1)];
        List<KernelBuilder.Scope> scopes = [.. loops.Take(_cut.Level).Select(loop => loop.Open(k))];
        if (_cut.Rounds > 1)
        {
            bool isWhole = cut.First.Is(0) && cut.End.Is(cut.Most) && cut.Most % _cut.Rounds == 0;
            scopes.Add(k.For(cut.Variable.Prefixed("first"), cut.First, cut.End, _cut.Rounds, out IndexVariable first));
            within.Insert(0, cut with
            {
                First = first,
                End = isWhole ? first + _cut.Rounds : Index.Min(first + _cut.Rounds, cut.End),
                Most = _cut.Rounds
            });
        }
        else
        {
            scopes.Add(cut.Open(k));
        }

        k.Let(sums.Select(sum => (sum.Name, Zero)));
        Nested(k, within, () => body(sums));
        k.Group(() =>
        {
            Expression[] added = Whole is { } whole ? [whole.Of(sums)] : [.. sums];
            for (int i = 0; i < totals.Length; i++)
            {
                k.Run(RuntimeApi.AddTo(totals[i], added[i]));
            }
        });
        scopes.Reverse();
        scopes.ForEach(scope => scope.Dispose());
        return k.Let(Results.Select((name, i) => (name, RuntimeApi.ValueOf(totals[i]))));
    }

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

/// <summary>
/// The same for sums of products in a tile of registers: each block has accumulators of its own, which are added to totals in memory at its
/// end. The loop that is cut is the outermost in which a block has no more than <see cref="SumCut.Products"/> terms; what
/// is inside stays as it is.
/// </summary>
/// <remarks>
/// The accumulators are declared inside the loop over the blocks. If one variable served both in the blocks and behind them, the JIT
/// would keep it on the stack, even in the innermost loop, and the kernel would take four times as long.
/// </remarks>
/// <param name="cut">Where the sums are cut; nowhere if they are short.</param>
/// <param name="accumulators">The vectors that hold the sums.</param>
internal sealed class TileSums(SumCut cut, IReadOnlyList<Variable> accumulators)
{
    private Pointer _totals = null!, _first = null!, _total = null!;

    public bool IsBlocked => cut.Level >= 0;

    /// <summary>Declares memory for the totals, at the top of the kernel, outside of all loops.</summary>
    /// <param name="tiles">How many tiles have totals at once: see <see cref="PointToTotals"/>.</param>
    public void Declare(KernelBuilder k, int tiles = 1)
    {
        if (IsBlocked)
        {
            ElementType type = cut.HasFewBlocks ? ElementType.Vector : ElementType.LongSum;
            (_totals, _first) = (new Pointer("totals", type, IsSpan: true), new Pointer(tiles > 1 ? "firstTotal" : "total", type));
            _total = _first;
            k.Comment("Sums of blocks of products.");
            k.Add(new Allocate(_totals, _first, accumulators.Count * tiles));
        }
    }

    /// <summary>Clears the totals of all tiles.</summary>
    public void Clear(KernelBuilder k) => k.Run(Intrinsics.Clear(_totals));

    /// <summary>Goes on with the totals of one of several tiles.</summary>
    public void PointToTotals(KernelBuilder k, Index tile) => _total = k.PointTo("total", _first[tile * accumulators.Count]);

    /// <summary>Adds to the totals.</summary>
    public void Add(KernelBuilder k, IReadOnlyList<Expression> values) => k.Group(() =>
    {
        for (int i = 0; i < values.Count; i++)
        {
            AddToTotal(k, i, values[i]);
        }
    });

    /// <summary>Begins the sums, before the loops of a tile.</summary>
    /// <param name="initial">What each accumulator begins with; none for zero.</param>
    public void Begin(KernelBuilder k, IReadOnlyList<Expression>? initial = null)
    {
        if (IsBlocked)
        {
            Clear(k);
            Add(k, initial ?? []);
        }
        else if (initial is null)
        {
            k.LetZeros(accumulators);
        }
        else
        {
            // A value with which several begin is read once.
            var first = new Dictionary<Expression, Variable>();
            k.Let(accumulators.Select((a, i) =>
            {
                if (first.TryGetValue(initial[i], out Variable known))
                {
                    return (a.Name, (Expression)known);
                }

                first.Add(initial[i], a);
                return (a.Name, initial[i]);
            }));
        }
    }

    /// <summary>Records some of the loops, from a level on, around a body that gets their variables.</summary>
    public void Loop(KernelBuilder k, int level, (string Variable, int Count, int Step)[] loops, Action<Index[]> body)
    {
        int cutLoop = cut.Level - level;
        if (!IsBlocked || cutLoop < 0 || cutLoop >= loops.Length)
        {
            using (k.Loops(out Index[] variables, loops))
            {
                body(variables);
            }

            return;
        }

        (string variable, int count, int step) = loops[cutLoop];
        using (k.Loops(out Index[] outer, [.. loops.Take(cutLoop)]))
        using (Block(k, new IndexVariable(variable).Prefixed("first"), count, out IndexVariable first))
        {
            Index end = count % cut.Rounds == 0 ? first + cut.Rounds
                : Index.Min(first + cut.Rounds, Number.Named(count, variable + "Count"));
            using (k.For(variable, first, end, step, out IndexVariable own))
            using (k.Loops(out Index[] inner, [.. loops.Skip(cutLoop + 1)]))
            {
                body([.. outer, own, .. inner]);
            }

            EndBlock(k);
        }
    }

    /// <summary>The loop over the blocks; <see cref="EndBlock"/> ends its body.</summary>
    public KernelBuilder.Scope Block(KernelBuilder k, string name, Index end, out IndexVariable first)
    {
        KernelBuilder.Scope scope = k.For(name, 0, end, cut.Rounds, out first);
        k.LetZeros(accumulators);
        return scope;
    }

    /// <summary>Adds the accumulators to the totals.</summary>
    public void EndBlock(KernelBuilder k) => Add(k, accumulators);

    /// <summary>Ends the sums, behind the loops of a tile: in this scope the accumulators hold them.</summary>
    public KernelBuilder.Scope End(KernelBuilder k)
    {
        if (!IsBlocked)
        {
            return default;
        }

        KernelBuilder.Scope scope = k.Braces();
        k.Let(accumulators.Select(
            (a, i) => (a.Name, cut.HasFewBlocks ? _total[i].Value : RuntimeApi.ValueOf(_total[i].Value))));
        return scope;
    }

    private void AddToTotal(KernelBuilder k, int index, Expression value)
    {
        Reference total = _total[index];
        if (cut.HasFewBlocks)
        {
            k.Store(total, total.Value + value);
        }
        else
        {
            k.Run(RuntimeApi.AddTo(total.Value, value));
        }
    }
}
