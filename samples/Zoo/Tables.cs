using System.Collections.Generic;
using System.Globalization;
using Samples;
using Spectre.Console;

namespace Zoo;

/// <summary>How the commands write tables and the numbers in them.</summary>
internal static class Tables
{
    /// <summary>Wider than any table: pipes and files have no edge at which a line would have to break.</summary>
    private const int Unlimited = 1000;

    /// <param name="columns">The columns' titles; those of numbers, which stand right, begin with <c>&gt;</c>.</param>
    public static Table Create(params IEnumerable<string> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column.TrimStart('>')) { Alignment = column[0] == '>' ? Justify.Right : Justify.Left, NoWrap = true });
        }

        return table;
    }

    public static void Write(Table table, Terminal terminal)
    {
        if (!terminal.Interactive)
        {
            terminal.Rich.Profile.Width = Unlimited;
        }

        terminal.Rich.Write(table);
    }

    public static string Shape(IEnumerable<int> shape) => string.Join('×', shape);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);
}
