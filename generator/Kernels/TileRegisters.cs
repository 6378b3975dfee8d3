using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>The outputs that are held in registers at a time. Columns count vectors where lanes run along the rows.</summary>
internal readonly record struct Tile(int Channels, int Rows, int Columns)
{
    public int Accumulators => Channels * Rows * Columns;
}

/// <summary>One of the outputs in registers.</summary>
internal readonly record struct TileElement(int Channel, int Row, int Column);

/// <summary>Where a tile begins.</summary>
internal sealed record TilePosition(Index Group, Index Channel, Index Plane, Index Row, Index Column);

/// <summary>The accumulators of a tile, and their names.</summary>
internal sealed class TileRegisters
{
    private readonly Tile _tile;

    public TileRegisters(Tile tile)
    {
        _tile = tile;
        Elements =
        [
            .. from channel in Enumerable.Range(0, tile.Channels)
               from row in Enumerable.Range(0, tile.Rows)
               from column in Enumerable.Range(0, tile.Columns)
               select new TileElement(channel, row, column),
        ];
        Accumulators = [.. Elements.Select(e => new Variable(NameOf(e)))];
    }

    /// <summary>The outputs, channel by channel and row by row; the first channel's come first.</summary>
    public TileElement[] Elements { get; }

    /// <summary>Their sums, in the same order.</summary>
    public Variable[] Accumulators { get; }

    /// <summary>Outputs of one channel.</summary>
    public int Pixels => _tile.Rows * _tile.Columns;

    public Variable this[int channel, int row, int column] => Accumulators[(channel * Pixels) + (row * _tile.Columns) + column];

    /// <summary>What the operand of a pixel is called.</summary>
    public string PixelName(TileElement e) => Pixels == 1 ? "x0" : "x" + Pixel(e);

    private string NameOf(TileElement e)
    {
        string pixel = Pixel(e);
        return _tile.Channels == 1 && pixel.Length > 0 ? "a" + pixel : pixel.Length == 0 ? $"a{e.Channel}" : $"a{e.Channel}_{pixel}";
    }

    /// <summary>A name's number: rows and columns where the tile has several.</summary>
    private string Pixel(TileElement e) =>
        _tile.Rows == 1 ? (_tile.Columns == 1 ? "" : $"{e.Column}")
        : _tile.Columns == 1 ? $"{e.Row}" : $"{e.Row}{(_tile.Rows > 9 || _tile.Columns > 9 ? "_" : "")}{e.Column}";
}
