using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>In which order tiles are computed: which loop over them is the outermost.</summary>
internal enum TileOrder
{
    /// <summary>All pixels for a tile's channels, then the next channels. The tile's weights stay in the first-level cache.</summary>
    Channels,

    /// <summary>
    /// All channels of a row, each along the whole row, then the next row. What the row reads stays in the second-level cache.
    /// </summary>
    Rows,

    /// <summary>
    /// All channels for a tile's pixels, then the next pixels. What the pixels read stays in the first-level cache; weights come from the
    /// second level.
    /// </summary>
    Pixels,
}

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

    /// <summary>The name of the variable for a pixel.</summary>
    public string PixelName(TileElement e) => Pixels == 1 ? "x0" : "x" + Pixel(e);

    /// <summary>
    /// Records a product for each output: its pixel times the weight of its channel. Pixels or weights, whichever are fewer, are loaded
    /// into registers; the others are loaded one by one. With 24 accumulators, there are not enough registers for both.
    /// </summary>
    /// <param name="isFirst">Whether the variables of the operands must be declared.</param>
    public void RecordProducts(KernelBuilder k, Func<int, Expression> weightOf, Func<TileElement, Expression> pixelOf, bool isFirst = true)
    {
        int channels = _tile.Channels, pixels = Pixels;
        if (channels <= pixels)
        {
            Variable[] weights = k.Renew(isFirst, [.. Enumerable.Range(0, channels).Select(channel => ($"w{channel}", weightOf(channel)))]);
            for (int i = 0; i < pixels; i++)
            {
                int pixel = i;
                k.Group(() =>
                {
                    TileElement element = Elements[pixel];
                    Expression load = pixelOf(element), value = channels > 1 ? k.Renew(isFirst, (PixelName(element), load))[0] : load;
                    for (int channel = 0; channel < channels; channel++)
                    {
                        MultiplyAdd((channel * pixels) + pixel, value, weights[channel]);
                    }
                });
            }
        }
        else
        {
            Variable[] values = k.Renew(isFirst,
                [.. Enumerable.Range(0, pixels).Select(i => (PixelName(Elements[i]), pixelOf(Elements[i])))]);
            for (int c = 0; c < channels; c++)
            {
                int channel = c;
                k.Group(() =>
                {
                    Expression load = weightOf(channel), value = pixels > 1 ? k.Renew(isFirst, ($"w{channel}", load))[0] : load;
                    for (int pixel = 0; pixel < pixels; pixel++)
                    {
                        MultiplyAdd((channel * pixels) + pixel, value, values[pixel]);
                    }
                });
            }
        }

        void MultiplyAdd(int element, Expression left, Expression right) =>
            k.Set(Accumulators[element], k.MultiplyAdd(left, right, Accumulators[element]));
    }

    /// <summary>Records scale and shift of each channel, while its outputs are in registers.</summary>
    public void RecordScale(KernelBuilder k, Func<int, (Expression Scale, Expression Shift)> ofChannel)
    {
        for (int channel = 0; channel < _tile.Channels; channel++)
        {
            (Expression scale, Expression shift) = ofChannel(channel);
            Variable[] pair = k.Let(($"s{channel}", scale), ($"t{channel}", shift));
            Variable[] own = [.. Accumulators.Skip(channel * Pixels).Take(Pixels)];
            k.Group(() =>
            {
                foreach (Variable a in own)
                {
                    k.Set(a, k.MultiplyAdd(a, pair[0], pair[1]));
                }
            });
        }
    }

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
