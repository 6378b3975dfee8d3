using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Samples;
using Spectre.Console;

namespace Zoo;

/// <summary>A table as the commands write it, and the numbers in it. It fits the terminal: numbers are never broken.</summary>
/// <param name="columns">
/// The columns' titles. Begin the title of a column of numbers with <c>&gt;</c>, which aligns it to the right. End the title of a column
/// that may be left out with <c>?</c>. A narrow terminal leaves out the last such column first.
/// </param>
internal sealed class Tables(params string[] columns)
{
    // Spectre.Console's simple border: a space on either side of a cell, and one between two columns and at the edges.
    private const int CellFrame = 3, TableFrame = 1;

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(Terminal terminal)
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Length)];
        while (shown.Sum(Width) + TableFrame > terminal.Width
            && shown.FindLastIndex(column => columns[column][^1] == '?') is >= 0 and int last)
        {
            shown.RemoveAt(last);
        }

        Table table = new Table().Border(TableBorder.Simple);
        foreach (int column in shown)
        {
            bool isNumber = columns[column][0] == '>';
            table.AddColumn(new TableColumn(Title(column)) { Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber });
        }

        foreach (string[] row in _rows)
        {
            table.AddRow([.. shown.Select(column => Markup.Escape(row[column]))]);
        }

        terminal.Rich.Write(table);
    }

    public static string Shape(IEnumerable<int> shape) => string.Join('×', shape);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);

    private string Title(int column) => columns[column].Trim('>', '?');

    private int Width(int column) => CellFrame + _rows.Select(row => row[column].Length).Append(Title(column).Length).Max();
}
