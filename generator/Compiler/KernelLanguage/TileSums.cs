using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

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
/// <param name="prefix">What begins the names of the totals, in a kernel with several tiles.</param>
internal sealed class TileSums(SumCut cut, IReadOnlyList<Variable> accumulators, string prefix = "")
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
            _totals = new Pointer(Name("totals"), type, IsSpan: true);
            _first = new Pointer(Name(tiles > 1 ? "firstTotal" : "total"), type);
            _total = _first;
            k.Comment("Sums of blocks of products.");
            k.Add(new Allocate(_totals, _first, accumulators.Count * tiles));
        }
    }

    /// <summary>Clears the totals of all tiles.</summary>
    public void Clear(KernelBuilder k) => k.Run(Intrinsics.Clear(_totals));

    /// <summary>Goes on with the totals of one of several tiles.</summary>
    public void PointToTotals(KernelBuilder k, Index tile) => _total = k.PointTo(Name("total"), _first[tile * accumulators.Count]);

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
    /// <param name="limit">Where the first of the loops ends, if that is before its count.</param>
    public void Loop(
        KernelBuilder k, int level, (string Variable, int Count, int Step)[] loops, Action<Index[]> body, Index? limit = null)
    {
        int cutLoop = cut.Level - level;
        if (!IsBlocked || cutLoop < 0 || cutLoop >= loops.Length)
        {
            if (limit is not null)
            {
                using (k.For(loops[0].Variable, 0, limit, loops[0].Step, out IndexVariable own))
                using (k.Loops(out Index[] others, [.. loops.Skip(1)]))
                {
                    body([own, .. others]);
                }

                return;
            }

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
            Index end = limit is not null ? Index.Min(first + cut.Rounds, limit)
                : count % cut.Rounds == 0 ? first + cut.Rounds
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

    private string Name(string name) => prefix.Length == 0 ? name : new IndexVariable(name).Prefixed(prefix);

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
