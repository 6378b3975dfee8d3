using System;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// What is added to the products of a window's pixels: a learned number for each head and distance (Liu et al. 2021, equation 4) and, in
/// the last row and column of shifted windows, −100 for two pixels that are neighbours only because the image was rolled, as torchvision
/// has it. The sums are derived from the parameter, so that kernels read them as vectors of neighbouring queries.
/// </summary>
internal static class WindowBias
{
    /// <summary>The parameter: a bias for each distance of two pixels and each head.</summary>
    public const string Table = "relative_position_bias_table";

    /// <summary>What is derived from it: a bias for each pair of pixels.</summary>
    public const string Derived = "biases";

    /// <summary>The largest number of lanes. Each key's queries begin at a multiple of it.</summary>
    private const int Lanes = 16;

    /// <summary>What hides a pixel from another.</summary>
    public const double Hidden = -100;

    /// <summary>The number of all biases: for each head, kind of window, key and query.</summary>
    public static int Length(WindowGrid grid, int heads) => checked(heads * grid.Kinds * OfWindow(grid));

    /// <summary>Those of one head and one kind of window.</summary>
    public static int OfWindow(WindowGrid grid) => checked(grid.Tokens * OfKey(grid));

    /// <summary>Those of one key, with a gap behind the last query.</summary>
    public static int OfKey(WindowGrid grid) => Arithmetic.RoundUp(grid.Tokens, Lanes);

    /// <summary>The place of a pair's bias, in the window of the current loops.</summary>
    public static Index Place(WindowGrid grid, Index head, Index query, Index key) =>
        (((head * grid.Kinds) + grid.Kind(WindowGrid.Row, WindowGrid.Column)) * OfWindow(grid)) + (key * OfKey(grid)) + query;

    /// <summary>Computes the biases of all pairs.</summary>
    /// <param name="table">The parameter.</param>
    /// <param name="biases">Where they go.</param>
    public static void Derive(LoopPass pass, WindowGrid grid, int heads, LoopParameter table, LoopParameter biases)
    {
        (string, int)[] loops =
        [
            ("h", heads), ("kindRow", grid.KindRows), ("kindColumn", grid.KindColumns), ("keyY", grid.Window), ("keyX", grid.Window),
            ("y", grid.Window), ("x", grid.Window),
        ];
        pass.Step("a bias for each pair of pixels", k => k.For(loops, at =>
        {
            (Index keyY, Index keyX, Index y, Index x) = (at[3], at[4], at[5], at[6]);
            Variable bias = k.Let("bias", table.GetFloat((grid.Distance(y - keyY, x - keyX) * heads) + at[0]));
            Expression sum = grid.Kinds == 1 ? bias : bias + (Constant.Single(Hidden) * new Conversion(ElementType.Float, Index.Max(
                at[1] * grid.AreApart(y, keyY, grid.ShiftDown), at[2] * grid.AreApart(x, keyX, grid.ShiftRight))));
            Index kind = (((at[0] * grid.KindRows) + at[1]) * grid.KindColumns) + at[2];
            biases.SetFloat(
                (kind * OfWindow(grid)) + (((keyY * grid.Window) + keyX) * OfKey(grid)) + (y * grid.Window) + x, sum);
        }), name: "Derive");
    }

    /// <summary>Sums the gradients of the pairs at each distance.</summary>
    /// <param name="pair">The gradient of a pair of a head, by the numbers of its query and its key.</param>
    /// <param name="store">Stores a sum, by its place in the table.</param>
    /// <param name="outer">More loops to sum over.</param>
    public static void SumPairs(
        LoopPass pass, WindowGrid grid, int heads, Func<Index, Index, Index, Expression> pair, Action<Index, Variable> store,
        params SumLoop[] outer) =>
        pass.Step("bias table", k => k.For([("h", heads), ("dy", grid.Distances), ("dx", grid.Distances)], at =>
        {
            (SumLoop y, Index keyY) = Pairs(grid, "y", at[1]);
            (SumLoop x, Index keyX) = Pairs(grid, "x", at[2]);
            Variable sum = k.SumOver([.. outer, y, x], "sum", () =>
                pair(at[0], (y.Variable * grid.Window) + x.Variable, (keyY * grid.Window) + keyX));
            store((((at[1] * grid.Distances) + at[2]) * heads) + at[0], sum);
        }), name: "Table");

    /// <summary>The places along an axis of the queries at some distance from their keys, and those of the keys.</summary>
    private static (SumLoop Query, Index Key) Pairs(WindowGrid grid, string axis, Index distance)
    {
        int last = grid.Window - 1;
        var loop = new SumLoop(
            new IndexVariable(axis), Index.Max(distance - last, 0), Index.Min(distance + 1, grid.Window), grid.Window);
        return (loop, loop.Variable - distance + last);
    }
}
