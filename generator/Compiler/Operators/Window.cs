using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The values of <c>Strata.AutoPad</c>, which users write, in the same order.</summary>
internal enum AutoPad
{
    None,
    Valid,
    Same,
    Full,
}

/// <summary>
/// What the arguments of a window come to on a layer's input, over one, two or three axes: the numbers of each axis, which the operation
/// takes (<see cref="WindowAxis"/>), and the shapes that follow. Only definitions use it; a graph has no such window.
/// </summary>
/// <param name="Axes">Each axis that the layer has, slowest first.</param>
/// <param name="Output">The output's shape with the number of channels of the input.</param>
internal sealed record Window(EquatableArray<LayerWindow> Axes, Shape Output, Shape PaddedInput, string Formula)
{
    /// <summary>
    /// The limit of every intermediate extent. It is far beyond what fits into memory, and far enough below the limit of
    /// <see cref="int"/> that the sum of a few extents does not overflow.
    /// </summary>
    public const int MaxExtent = 1 << 28;

    public WindowAxis Depth => AxisOf(2);

    public WindowAxis Vertical => AxisOf(1);

    public WindowAxis Horizontal => AxisOf(0);

    /// <summary>Computes a window from its arguments. Problems are reported; the result is null if there is no valid window.</summary>
    public static Window? Resolve(WindowArguments arguments, LayerContext layer, bool pooling)
    {
        int dimensions = arguments.Axes.Count;
        AutoPad autoPad = layer.OneOf(arguments.AutoPad);
        CheckPadding(layer, arguments, autoPad, pooling);
        List<Axis> axes = arguments.Axes.Select(axis => Axis.Read(axis, layer, pooling)).ToList();
        if (layer.HasErrors || !layer.HasDimensions(dimensions) || layer.Input is not { } input)
        {
            return null;
        }

        bool ceil = pooling && arguments.CeilMode.Value;
        bool isCut = autoPad == AutoPad.Valid || arguments.CeilMode.IsSet; // the user has said what happens to the remainder
        int[] extents = input.Extents;
        axes = axes.Select((axis, i) => axis.Resolve(extents[i + 1], autoPad, ceil)).ToList();

        // If several axes have the same problem, it is one mistake.
        foreach (Axis axis in axes.GroupBy(a => (a.Text(), a.KernelArgument, a.StrideArgument)).Select(alike => alike.First()))
        {
            if (axis.Padded > MaxExtent || axis.Span > MaxExtent)
            {
                layer.Report(ShapeProblems.ExtentTooLarge(layer.At(axis.KernelArgument), axis.Size()));
            }
            else if (axis.Output < 1)
            {
                layer.ReportTooLarge(
                    axis.KernelArgument, axis.Name, axis.Text(), input,
                    pooling ? "Reduce the kernel" : "Reduce the kernel or add padding");
            }
            else
            {
                axis.WarnOfUnread(layer, input, pooling, isCut);
            }
        }

        if (layer.HasErrors)
        {
            return null;
        }

        bool alike = axes.All(axis => axis.Text() == axes[0].Text());
        return new Window(
            axes.Select(axis => new LayerWindow(axis.ToWindowAxis())).ToEquatableArray(),
            Shape.Create(input.Channels, axes.ConvertAll(axis => (int)axis.Output)),
            Shape.Create(input.Channels, axes.ConvertAll(axis => (int)axis.Padded)),
            alike ? axes[0].Text() : string.Join(", ", axes.Select(axis => $"{axis.Name} {axis.Text()}")));
    }

    private WindowAxis AxisOf(int fromLast) => Axes.Count > fromLast ? Axes[Axes.Count - 1 - fromLast].Axis : WindowAxis.One;

    /// <summary>Checks that padding is either given or computed by AutoPad, and that pooling does not pad with whole windows.</summary>
    private static void CheckPadding(LayerContext layer, WindowArguments arguments, AutoPad autoPad, bool pooling)
    {
        if (autoPad != AutoPad.None && arguments.Padding is { Name: var argument })
        {
            layer.Report(ArgumentProblems.Conflicting(layer.At(argument), "AutoPad", argument));
        }

        if (pooling && autoPad == AutoPad.Full)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(arguments.AutoPad.Name), "AutoPad.Full would pad with whole windows, which have no maximum and no mean",
                "Use AutoPad.Same or AutoPad.Valid", Fix.Replace("AutoPad.Same"), Fix.Replace("AutoPad.Valid")));
        }
    }

    /// <summary>The arguments for one axis. They have 64 bits, so that no computation overflows.</summary>
    private sealed record Axis(
        LayerAxis Names,
        string KernelArgument,
        string StrideArgument,
        long Kernel,
        long Stride,
        long Dilation,
        long Before,
        long After)
    {
        public string Name => Names.Name;

        private long Extent { get; init; }

        private bool Ceil { get; init; }

        public long Span => (Dilation * (Kernel - 1)) + 1;

        public long Padded => Extent + Before + After;

        public long Output { get; private init; }

        private long Excess => Padded - Span;

        private bool Divides => Excess % Stride == 0;

        public static Axis Read(WindowAxisArguments arguments, LayerContext layer, bool pooling)
        {
            int kernel = layer.AtLeast(1, arguments.Kernel);
            int stride = layer.AtLeast(1, arguments.Stride), dilation = layer.AtLeast(1, arguments.Dilation);
            int before = layer.AtLeast(0, arguments.Before), after = layer.AtLeast(0, arguments.After);
            var axis = new Axis(arguments.Axis, arguments.Kernel.Name, arguments.Stride.Name, kernel, stride, dilation, before, after);
            if (pooling && kernel >= 1 && dilation >= 1)
            {
                axis.CheckHalf(layer, arguments.Before);
                axis.CheckHalf(layer, arguments.After);
            }

            return axis;
        }

        public Axis Resolve(long extent, AutoPad autoPad, bool ceil)
        {
            long before = Before, after = After;
            if (autoPad == AutoPad.Same)
            {
                long total = Math.Max(0, (Arithmetic.CeilingDivide(extent, Stride) - 1) * Stride + Span - extent);
                before = total / 2;
                after = total - before;
            }
            else if (autoPad == AutoPad.Full)
            {
                before = after = Span - 1;
            }

            Axis axis = this with { Extent = extent, Ceil = ceil, Before = before, After = after };
            long quotient = Math.DivRem(axis.Excess, Stride, out long remainder);
            long output = quotient + 1 + (ceil ? (remainder > 0 ? 1 : 0) : (remainder < 0 ? -1 : 0));

            // As in PyTorch, the last window must begin inside the input or in the padding before it.
            if (ceil && (output - 1) * Stride >= extent + before)
            {
                output--;
            }

            return axis with { Output = output };
        }

        public WindowAxis ToWindowAxis() => new((int)Kernel, (int)Stride, (int)Dilation, (int)Before, (int)After);

        /// <summary>The formula for messages, such as <c>(28 + 2·2 − 5)/1 + 1 = 28</c>.</summary>
        public string Text() => $"{LeftSide()} = {Arithmetic.Number(Output)}";

        /// <summary>The number that is too large, for messages.</summary>
        public string Size() => Span > MaxExtent
            ? $"the {Name} of its window, {SpanText()} = {Arithmetic.Number(Span)},"
            : $"its padded {Name}, {Arithmetic.Number(Extent)} + {Arithmetic.Number(Before)} + {Arithmetic.Number(After)} = "
                + $"{Arithmetic.Number(Padded)},";

        /// <summary>
        /// Warns if windows leave out the end of the input because the stride does not divide, or if there are gaps between windows. A 1×1
        /// window with a stride takes every n-th row on purpose. Rows behind its last window are then left out like those between windows.
        /// </summary>
        /// <param name="isCut">Whether the user leaves out the end on purpose.</param>
        public void WarnOfUnread(LayerContext layer, Shape input, bool pooling, bool isCut)
        {
            long gap = Math.Max(0, Stride - Span);
            long end = Extent + Before - (((Output - 1) * Stride) + Span);
            if (gap > 0 && Kernel > 1 && Output > 1)
            {
                layer.Report(WindowProblems.UnreadBetween(layer.At(StrideArgument), Names, Span, Stride, input));
            }
            else if (end > gap && !isCut)
            {
                layer.Report(WindowProblems.UnreadEnd(
                    layer.At(StrideArgument), Names, $"({Sum()})/{Arithmetic.Number(Stride)} + 1", ((decimal)Excess / Stride) + 1, end,
                    input, WayOut(pooling)).FixedBy(Choices(pooling)));
            }
        }

        /// <summary>The message's advice: how windows read everything, or how to say that they need not.</summary>
        private string WayOut(bool pooling) => (pooling, Before + After) switch
        {
            (true, _) => "Choose a stride that divides, add padding, or set CeilMode = true; CeilMode = false says that it is meant",
            (false, 0) => "Choose a stride that divides, or add padding; AutoPad = AutoPad.Valid says that it is meant",
            _ => "Choose a stride that divides, or add padding",
        };

        private Fix[] Choices(bool pooling) => (pooling, Before + After) switch
        {
            (true, _) => [Fix.Set("CeilMode", "true"), Fix.Set("CeilMode", "false")],
            (false, 0) => [Fix.Set("AutoPad", "AutoPad.Valid")],
            _ => [],
        };

        /// <summary>Checks that padding is at most half of what a window of a pooling spans.</summary>
        private void CheckHalf(LayerContext layer, Argument<int> padding)
        {
            if (padding.Value > Span / 2)
            {
                layer.Report(WindowProblems.PaddingTooLarge(
                    layer.At(padding.Name), padding.Value, Span, Dilation == 1 ? "" : SpanText()));
            }
        }

        /// <summary>What a window spans, as a formula.</summary>
        private string SpanText() => $"{Arithmetic.Number(Dilation)}·({Arithmetic.Number(Kernel)} − 1) + 1";

        private string Sum()
        {
            string padding = Before == After ? $"2·{Arithmetic.Number(Before)}"
                : $"{Arithmetic.Number(Before)} + {Arithmetic.Number(After)}";
            string span = Dilation == 1 ? Arithmetic.Number(Kernel) : $"({SpanText()})";
            return $"{Arithmetic.Number(Extent)} + {padding} − {span}";
        }

        private string LeftSide()
        {
            string quotient = $"({Sum()})/{Arithmetic.Number(Stride)}";
            if (!Divides)
            {
                // In ceil mode, a last window that would begin in the padding behind the input is dropped. Then the quotient is rounded
                // down nevertheless.
                bool up = Ceil && Output * Stride >= Excess + Stride;
                quotient = up ? $"⌈{quotient}⌉" : $"⌊{quotient}⌋";
            }

            return $"{quotient} + 1";
        }
    }
}
