using System;
using System.Diagnostics;
using System.Globalization;
using Samples;
using Spectre.Console;
using Strata;

namespace Digits;

/// <summary>Shows how training goes: a table that grows by a row per epoch, or a plain line per epoch.</summary>
internal static class TrainingDisplay
{
    private const int BarWidth = 20;

    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs <paramref name="train"/> with a progress display.</summary>
    public static void Show(Terminal terminal, Action<IProgress<FitProgress>> train)
    {
        if (terminal.Interactive)
        {
            Table table = new Table().RoundedBorder().AddColumns("epoch", "step", "samples/s", "loss", "validation accuracy");
            foreach (TableColumn column in table.Columns)
            {
                column.RightAligned();
            }

            // Spectre.Console cuts spaces at the edges of what it aligns, and the bar ends in spaces.
            table.Columns[1].LeftAligned();

            terminal.Rich.Live(table)
                .Overflow(VerticalOverflow.Ellipsis)
                .Cropping(VerticalOverflowCropping.Top)
                .Start(context => train(new LiveTable(table, context)));
        }
        else
        {
            train(new PlainLines(terminal));
        }
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

    private sealed class LiveTable(Table table, LiveDisplayContext context) : IProgress<FitProgress>
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
            string bar = Drawing.Bar((double)value.Step / value.StepsPerEpoch, BarWidth).PadRight(BarWidth);
            cells[1] = bar + cells[1].PadLeft(1 + Text($"{value.StepsPerEpoch}/{value.StepsPerEpoch}").Length);
            for (int i = 0; i < cells.Length; i++)
            {
                table.UpdateCell(value.Epoch - 1, i, cells[i]);
            }

            context.Refresh();
            _drawn = Stopwatch.GetTimestamp();
        }
    }
}
