using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// The square windows that an image is divided into. They may be shifted down and to the right: the image is then rolled by as much, so
/// that its windows at the end hold pixels of both sides (Liu et al. 2021, figure 4).
/// </summary>
/// <param name="Window">The pixels of a window's side.</param>
/// <param name="Rows">The number of windows below one another.</param>
/// <param name="Columns">The number of windows beside one another.</param>
/// <param name="ShiftDown">By how many rows they are shifted.</param>
/// <param name="ShiftRight">By how many columns.</param>
internal sealed record WindowGrid(int Window, int Rows, int Columns, int ShiftDown, int ShiftRight)
{
    /// <summary>The largest window, whose pairs of pixels are a million.</summary>
    public const int MaxWindow = 32;

    private const string RowName = "windowRow", ColumnName = "windowColumn";

    /// <summary>The variables of the loops over the windows.</summary>
    public static Index Row => new IndexVariable(RowName);

    /// <inheritdoc cref="Row"/>
    public static Index Column => new IndexVariable(ColumnName);

    /// <summary>The number of windows.</summary>
    public int Count => Rows * Columns;

    /// <summary>The pixels of a window.</summary>
    public int Tokens => Window * Window;

    /// <summary>The distances of two rows of a window, from the last to the first up to the first to the last.</summary>
    public int Distances => (2 * Window) - 1;

    /// <summary>
    /// How many kinds of windows there are. In the last row or column of shifted windows, pixels of opposite sides do not see each other.
    /// </summary>
    public int Kinds => KindRows * KindColumns;

    public int KindRows => ShiftDown > 0 ? 2 : 1;

    public int KindColumns => ShiftRight > 0 ? 2 : 1;

    /// <summary>The loops over the windows.</summary>
    public static (string Variable, int Count)[] Loops(WindowGrid? grid) =>
        grid is null ? [] : [(RowName, grid.Rows), (ColumnName, grid.Columns)];

    /// <summary>An image with zeros below and on the right, so that it consists of whole windows.</summary>
    public static Shape Whole(Shape image, int window) => image with
    {
        Height = Arithmetic.RoundUp(image.Height, window),
        Width = Arithmetic.RoundUp(image.Width, window),
    };

    /// <summary>The windows of an image. Along an axis with one window, nothing is shifted.</summary>
    /// <param name="image">An image whose height and width are multiples of the window.</param>
    public static WindowGrid Of(Shape image, int window, int shift) => new(
        window, image.Height / window, image.Width / window, image.Height > window ? shift : 0, image.Width > window ? shift : 0);

    /// <summary>The image with a row of pixels for each window.</summary>
    public Shape Apart(Shape image) => Shape.Image(image.Channels, Count, Tokens);

    /// <summary>The number of a window.</summary>
    public Index Number(Index row, Index column) => (row * Columns) + column;

    /// <summary>The number of a distance: how many rows and columns a query is behind a key.</summary>
    public Index Distance(Index rows, Index columns) => ((rows + (Window - 1)) * Distances) + columns + (Window - 1);

    /// <inheritdoc cref="Distance(Index, Index)"/>
    public int Distance(int rows, int columns) => ((rows + Window - 1) * Distances) + columns + Window - 1;

    /// <summary>The number of a window's kind.</summary>
    public Index Kind(Index row, Index column)
    {
        Index down = KindRows == 1 ? 0 : Index.Max(row - (Rows - 2), 0);
        return KindColumns == 1 ? down : (down * KindColumns) + Index.Max(column - (Columns - 2), 0);
    }

    /// <summary>
    /// Whether two places along an axis of a last window are on opposite sides of the image: 1 if they are, or else 0.
    /// </summary>
    public Index AreApart(Index one, Index other, int shift)
    {
        Index Side(Index place) => Index.Clamp(place - (Window - shift - 1), 0, 1);
        return Index.Abs(Side(one) - Side(other));
    }

    /// <summary>The row and the column in the image of a window's pixel.</summary>
    public (Index Y, Index X) Place(Index row, Index column, Index y, Index x) =>
        (Along(row, y, Rows, ShiftDown), Along(column, x, Columns, ShiftRight));

    /// <summary>The number in the image of a pixel, by its number among those of all windows.</summary>
    public int Pixel(int number)
    {
        int window = number / Tokens, token = number % Tokens, height = Rows * Window, width = Columns * Window;
        int y = ((window / Columns * Window) + (token / Window) + ShiftDown) % height;
        return (y * width) + (((window % Columns * Window) + (token % Window) + ShiftRight) % width);
    }

    /// <summary>Whether two pixels of a window are neighbours only because the image was rolled.</summary>
    public bool IsHidden(int window, int one, int other)
    {
        (bool isLastRow, bool isLastColumn) = (window / Columns == Rows - 1, window % Columns == Columns - 1);
        bool IsBelow(int token) => isLastRow && token / Window >= Window - ShiftDown;
        bool IsRight(int token) => isLastColumn && token % Window >= Window - ShiftRight;
        return IsBelow(one) != IsBelow(other) || IsRight(one) != IsRight(other);
    }

    private Index Along(Index window, Index place, int windows, int shift)
    {
        Index shifted = (window * Window) + place + shift;
        return shift == 0 ? shifted : shifted % (windows * Window);
    }
}

/// <summary>Moves the pixels of each window of an image to a row of their own, or back.</summary>
/// <param name="Grid">The windows.</param>
/// <param name="IsBack">Whether rows become windows.</param>
internal sealed record WindowMove(WindowGrid Grid, bool IsBack) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool OnlyMoves => true;

    // Two neighbours may be in two windows. Rows of windows count as the image here. What −100 hides is ignored.
    public override Reach ReachOf(Shape input, Shape output)
    {
        var window = new AxisReach(Grid.Window, Grid.Window);
        return IsBack ? Reach.Place with { Vertical = window, Horizontal = window } : Reach.Place;
    }

    public override void Forward(LoopPass pass) => Record(pass, pass.Input, pass.Output, IsBack);

    public override void Backward(LoopPass pass) => Record(pass, pass.OutputGradient, pass.InputGradient!, !IsBack);

    private void Record(LoopPass pass, LoopTensor from, LoopTensor to, bool isBack) => pass.Step("", k => k.ForChannels(to, c =>
        k.For([.. WindowGrid.Loops(Grid), ("y", Grid.Window), ("x", Grid.Window)], at =>
        {
            (Index y, Index x) = Grid.Place(at[0], at[1], at[2], at[3]);
            var image = new ElementIndex(c, 0, y, x);
            var apart = new ElementIndex(c, 0, Grid.Number(at[0], at[1]), (at[2] * Grid.Window) + at[3]);
            to[isBack ? image : apart] = from[isBack ? apart : image];
        })));
}
