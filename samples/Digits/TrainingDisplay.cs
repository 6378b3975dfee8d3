using System;
using System.Diagnostics;
using System.Globalization;
using Samples;
using Spectre.Console;
using Strata.Training;

namespace Digits;

/// <summary>Shows how training goes: a table that grows by a row per epoch, or a plain line per epoch.</summary>
internal static class TrainingDisplay
{
    // Characters of a table row: of the progress bar, and of all else. The columns samples/s, loss and validation take 9, 6 and 10, the
    // frame 3 per column and 1 more, and the step has a space before it.
    private const int MostBarWidth = 20, OtherWidth = 9 + 6 + 10 + (5 * 3) + 1 + 1;

    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs <paramref name="train"/> with a progress display.</summary>
    public static void Show(Terminal terminal, Action<IProgress<FitProgress>> train)
    {
        if (terminal.Interactive)
        {
            Table table = CreateTable();
            terminal.Rich.Live(table)
                .Overflow(VerticalOverflow.Ellipsis)
                .Cropping(VerticalOverflowCropping.Top)
                .Start(context => train(new LiveTable(table, terminal.Width, context.Refresh)));
        }
        else
        {
            train(new PlainLines(terminal));
        }
    }

    internal static Table CreateTable()
    {
        Table table = new Table().RoundedBorder().AddColumns("epoch", "step", "samples/s", "loss", "validation");
        foreach (TableColumn column in table.Columns)
        {
            column.RightAligned().NoWrap();
        }

        // Spectre.Console cuts spaces at the edges of what it aligns, and the bar ends in spaces.
        table.Columns[1].LeftAligned();
        return table;
    }

    private static string[] Cells(FitProgress progress) =>
    [
        Text($"{progress.Epoch}/{progress.Epochs}"),
        Text($"{progress.Step}/{progress.StepsPerEpoch}"),
        Text($"{progress.SamplesPerSecond:N0}"),
        Text($"{progress.Loss:F4}"),
        progress.ValidationAccuracy is { } accuracy ? Text($"{100 * accuracy:F2} %") : "",
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class PlainLines(Terminal terminal) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.EpochCompleted)
            {
                string[] cells = Cells(value);
                terminal.Out.WriteLine(
                    $"epoch {cells[0],5}  step {cells[1]}  {cells[2],9} samples/s  loss {cells[3]}  validation accuracy {cells[4]}");
            }
        }
    }

    /// <param name="table">The table.</param>
    /// <param name="width">Characters of the terminal's lines.</param>
    /// <param name="refresh">Draws the table anew.</param>
    internal sealed class LiveTable(Table table, int width, Action refresh) : IProgress<FitProgress>
    {
        private long _drawn;

        public void Report(FitProgress value)
        {
            if (value.Epoch == table.Rows.Count && !value.EpochCompleted && Stopwatch.GetElapsedTime(_drawn) < RedrawEvery)
            {
                return;
            }

            if (value.Epoch > table.Rows.Count)
            {
                table.AddEmptyRow();
            }

            string[] cells = Cells(value);
            int epochWidth = int.Max("epoch".Length, Text($"{value.Epochs}/{value.Epochs}").Length);
            int stepWidth = Text($"{value.StepsPerEpoch}/{value.StepsPerEpoch}").Length;
            int barWidth = int.Clamp(width - OtherWidth - epochWidth - stepWidth, 0, MostBarWidth);
            string bar = Drawing.Bar((double)value.Step / value.StepsPerEpoch, barWidth).PadRight(barWidth);
            cells[1] = bar + cells[1].PadLeft(1 + stepWidth);
            for (int i = 0; i < cells.Length; i++)
            {
                table.UpdateCell(value.Epoch - 1, i, cells[i]);
            }

            refresh();
            _drawn = Stopwatch.GetTimestamp();
        }
    }
}
