using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

internal enum Auto
{
    None,
    Same,
    Valid,
    Full,
}

/// <summary>One axis of a window as the user spells it.</summary>
internal sealed record Axis(int Kernel, int Stride = 1, int Before = 0, int After = 0, int Dilation = 1)
{
    public int Span => ((Kernel - 1) * Dilation) + 1;

    public static Axis Of(int kernel, int stride, int padding, int dilation = 1) => new(kernel, stride, padding, padding, dilation);

    /// <summary>The paddings of ONNX's auto_pad; the odd row of Same goes to the end.</summary>
    public Axis With(Auto auto, int extent)
    {
        switch (auto)
        {
            case Auto.Valid:
                return this with { Before = 0, After = 0 };
            case Auto.Full:
                return this with { Before = Span - 1, After = Span - 1 };
            case Auto.Same:
                int outputs = (extent + Stride - 1) / Stride;
                int total = Math.Max(((outputs - 1) * Stride) + Span - extent, 0);
                return this with { Before = total / 2, After = total - (total / 2) };
            default:
                return this;
        }
    }

    /// <summary>PyTorch's rule: floor, or ceil without windows that would begin behind the padded input's start of padding.</summary>
    public int Outputs(int extent, bool ceil = false)
    {
        int room = extent + Before + After - Span;
        if (room < 0)
        {
            return 0;
        }

        int outputs = (room / Stride) + 1;
        if (ceil && room % Stride != 0 && outputs * Stride < extent + Before)
        {
            outputs++;
        }

        return outputs;
    }
}

internal static class Spelling
{
    private static readonly string[] Names = ["Depth", "Height", "Width"], Befores = ["Front", "Top", "Left"],
        Afters = ["Back", "Bottom", "Right"];

    /// <summary>The named arguments for everything that is not the default; the axes are the last of depth, height and width.</summary>
    public static string Arguments(Axis[] axes, Auto auto, Func<Axis, int> defaultStride)
    {
        var arguments = new List<string>();
        string Name(int axis) => axes.Length == 1 ? "" : Names[^axes.Length..][axis];
        void Each(string argument, Func<Axis, int> number, Func<Axis, int> otherwise)
        {
            if (axes.Select(number).Distinct().Count() > 1)
            {
                arguments.AddRange(axes.Select((axis, i) => $"{argument}{Name(i)} = {number(axis)}"));
            }
            else if (axes.Any(axis => number(axis) != otherwise(axis)))
            {
                arguments.Add($"{argument} = {number(axes[0])}");
            }
        }

        for (int i = 1; i < axes.Length; i++)
        {
            // The positional kernel is that of the first axis here.
            if (axes[i].Kernel != axes[0].Kernel)
            {
                arguments.Add($"Kernel{Name(i)} = {axes[i].Kernel}");
            }
        }

        Each("Stride", axis => axis.Stride, defaultStride);
        Each("Dilation", axis => axis.Dilation, _ => 1);
        if (auto != Auto.None)
        {
            arguments.Add($"AutoPad = AutoPad.{auto}");
        }
        else if (axes.All(axis => axis.Before == axis.After))
        {
            Each("Padding", axis => axis.Before, _ => 0);
        }
        else
        {
            for (int i = 0; i < axes.Length; i++)
            {
                arguments.Add($"Padding{Befores[^axes.Length..][i]} = {axes[i].Before}");
                arguments.Add($"Padding{Afters[^axes.Length..][i]} = {axes[i].After}");
            }
        }

        return arguments.Count == 0 ? "" : ", " + string.Join(", ", arguments);
    }
}

/// <summary>A layer with a window over the last 1, 2 or 3 of depth, height and width.</summary>
internal abstract record WindowLayer(Auto Auto) : UnaryLayer
{
    protected abstract Axis[] Axes { get; }

    protected string Dimensions => Axes.Length + "D";

    public override bool Fits(Extents input) => input.Rank == Axes.Length + 1;

    /// <summary>Depth, height and width of the padded window; an axis that it does not slide along is one element.</summary>
    protected (Axis Z, Axis Y, Axis X) Over(Extents input)
    {
        Axis[] all = [.. Enumerable.Repeat(new Axis(1), 3 - Axes.Length), .. Axes];
        return (all[0].With(Auto, input.Depth), all[1].With(Auto, input.Height), all[2].With(Auto, input.Width));
    }

    protected Extents Output(Extents input, int channels, bool ceil)
    {
        (Axis z, Axis y, Axis x) = Over(input);
        return new Extents(
            input.Rank, channels, z.Outputs(input.Depth, ceil), y.Outputs(input.Height, ceil), x.Outputs(input.Width, ceil));
    }
}

/// <summary>A layer of which each output is a sum of products of inputs and weights, and a bias.</summary>
internal abstract record FilterLayer(int Filters, Auto Auto, int Groups, bool Bias) : WindowLayer(Auto)
{
    private Tuple<Extents, (int From, int To, int Weight)[]>? _pairs;

    public sealed override string Prefix => "conv";

    /// <summary>Weights for each pair of an input and an output channel.</summary>
    protected int Area => Axes.Aggregate(1, (product, axis) => product * axis.Kernel);

    protected string Options => (Groups == 1 ? "" : $", Groups = {Groups}") + (Bias ? "" : ", Bias = false");

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Numbers weight = parameters[0];
        var sums = new Sums(y.Length);
        foreach ((int from, int to, int w) in Pairs(input))
        {
            sums.Add(to, weight.Value[w], weight.Variance[w], x.Value[from], x.Variance[from]);
        }

        Extents output = Output(input);
        for (int i = 0; Bias && i < y.Length; i++)
        {
            int filter = i / output.Positions;
            sums.Add(i, parameters[1].Value[filter], parameters[1].Variance[filter]);
        }

        sums.Store(y);
        if (context.Winograd)
        {
            AddErrorsOfWinograd(context, input, x, y, weight);
        }
    }

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        Numbers weight = parameters[0];
        var sums = new Sums(x.Length);
        foreach ((int from, int to, int w) in Pairs(input))
        {
            sums.Add(from, weight.Value[w], weight.Variance[w], dy.Value[to], dy.Variance[to]);
            gradients[0].Add(w, x.Value[from], x.Variance[from], dy.Value[to], dy.Variance[to]);
        }

        Extents output = Output(input);
        for (int i = 0; Bias && i < y.Length; i++)
        {
            gradients[1].Add(i / output.Positions, dy.Value[i], dy.Variance[i]);
        }

        sums.Store(dx);
        if (context.Winograd)
        {
            AddErrorsOfWinogradBackward(input, dy, dx, weight);
            AddErrorsOfWinogradWeights(input, x, dy, gradients[0]);
        }
    }

    /// <summary>Every (input element, output element, weight) that the convolution multiplies; kept, since it never changes.</summary>
    private (int From, int To, int Weight)[] Pairs(Extents input)
    {
        Tuple<Extents, (int, int, int)[]>? known = _pairs;
        if (known?.Item1 != input)
        {
            _pairs = known = new(input, [.. FindPairs(input)]);
        }

        return known.Item2;
    }

    /// <summary>Adds the variances of the errors that are made if not these sums are computed but others that are equal to them.</summary>
    protected virtual void AddErrorsOfWinograd(PassContext context, Extents input, Numbers x, Numbers y, Numbers weight)
    {
    }

    /// <summary>The same of the input's gradient.</summary>
    protected virtual void AddErrorsOfWinogradBackward(Extents input, Numbers dy, Numbers dx, Numbers weight)
    {
    }

    /// <summary>The same of the weights' gradient.</summary>
    protected virtual void AddErrorsOfWinogradWeights(Extents input, Numbers x, Numbers dy, Sums gradient)
    {
    }

    /// <summary>Every (input element, output element, weight) that is multiplied.</summary>
    protected abstract IEnumerable<(int From, int To, int Weight)> FindPairs(Extents input);

    protected static IEnumerable<(int Plane, int Row, int Column)> Positions(int depth, int height, int width) =>
        from plane in Enumerable.Range(0, depth)
        from row in Enumerable.Range(0, height)
        from column in Enumerable.Range(0, width)
        select (plane, row, column);
}

internal abstract record Convolution(int Filters, Auto Auto, int Groups, bool Bias) : FilterLayer(Filters, Auto, Groups, Bias)
{
    public sealed override string Attribute =>
        $"Conv{Dimensions}({Filters}, {Axes[0].Kernel}{Spelling.Arguments(Axes, Auto, _ => 1)}" + Options + ")";

    public sealed override bool Fits(Extents input) =>
        base.Fits(input) && Groups > 0 && input.Channels % Groups == 0 && Filters % Groups == 0;

    public sealed override Extents Output(Extents input) => Output(input, Filters, ceil: false);

    public sealed override long MultiplyAdds(Extents input) => (long)Output(input).Length * (input.Channels / Groups) * Area;

    public sealed override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] weight = [Filters, input.Channels / Groups, .. Axes.Select(axis => axis.Kernel)];
        return Bias ? [("weight", weight), ("bias", [Filters])] : [("weight", weight)];
    }

    /// <summary>Floats of an AVX-512 vector: images of fewer channels lie in rows.</summary>
    private const int Lanes = 16;

    /// <summary>The most channels to which pixels are unshuffled, and the fewest multiply-adds for which they are.</summary>
    private const int MostUnshuffled = 64, LeastUnshuffled = 500_000;

    /// <summary>
    /// Windows over all channels, with a whole tile of outputs at least. They slide by 1; those that slide further over an image of few
    /// channels do so when squares of pixels have become channels.
    /// </summary>
    protected sealed override void AddErrorsOfWinograd(PassContext context, Extents input, Numbers x, Numbers y, Numbers weight)
    {
        Extents output = Output(input);
        Numbers? strips = context.Training ? null : InStrips(input, x, weight);
        (_, Axis vertical, Axis horizontal) = Over(input);
        bool isUnshuffled = Groups == 1 && Axes.Length <= 2 && Axes.All(axis => axis.Dilation == 1)
            && vertical.Stride * horizontal.Stride > 1
            && input.Channels < Lanes && input.Channels * vertical.Stride * horizontal.Stride <= MostUnshuffled
            && MultiplyAdds(input) >= LeastUnshuffled;
        if (isUnshuffled)
        {
            if (Winograd.For(Unshuffled.Slid(vertical), Unshuffled.Slid(horizontal), output) is { } squares)
            {
                var unshuffled = new Unshuffled(input, output, vertical, horizontal);
                AddVariances(squares.Convolve(unshuffled.Pixels, output, 0, 0, unshuffled.Input(x), unshuffled.Filters(weight)), y);
            }
        }
        else if (WinogradOf(input, output) is { } winograd)
        {
            Numbers tiles = winograd.Convolve(input, output, vertical.Before, horizontal.Before, x, weight);
            AddVariances(tiles, y, strips);
        }
        else if (strips is not null)
        {
            AddVariances(strips, y);
        }
    }

    /// <summary>
    /// By Winograd's algorithm along the columns of the filters alone, which serves images of few channels in inference: each column of a
    /// filter is one of a channel of its own, which is the image moved to the left. Null where there is none, or none of larger errors.
    /// </summary>
    internal Numbers? InStrips(Extents input, Numbers x, Numbers weight)
    {
        Extents output = Output(input);
        (_, Axis vertical, Axis horizontal) = Over(input);
        if (Groups > 1 || Axes.Length != 2 || input.Channels >= Lanes || vertical is not { Stride: 1, Dilation: 1 }
            || horizontal is not { Stride: 1, Dilation: 1, Kernel: var columns }
            || Winograd.For(vertical, new Axis(1), output) is not { } winograd)
        {
            return null;
        }

        Extents moved = Extents.Image(input.Channels * columns, input.Height, output.Width);
        Numbers images = new(moved.Length), filters = new(weight.Length);
        for (int channel = 0; channel < moved.Channels; channel++)
        {
            for (int i = 0; i < input.Height * output.Width; i++)
            {
                (int row, int column) = (i / output.Width, (i % output.Width) + (channel % columns) - horizontal.Before);
                if (input.Holds(0, row, column))
                {
                    int from = input.At(channel / columns, 0, row, column), to = moved.At(channel, 0, row, i % output.Width);
                    (images.Value[to], images.Variance[to]) = (x.Value[from], x.Variance[from]);
                }
            }
        }

        // By output channel, input channel and row, column by column.
        for (int i = 0; i < weight.Length; i++)
        {
            int filter = i / columns / vertical.Kernel;
            int to = (((filter * columns) + (i % columns)) * vertical.Kernel) + (i / columns % vertical.Kernel);
            (filters.Value[to], filters.Variance[to]) = (weight.Value[i], weight.Variance[i]);
        }

        return winograd.Convolve(moved, output, vertical.Before, 0, images, filters);
    }

    /// <summary>The gradient of the input is the convolution of the output's gradient with the filters transposed and turned.</summary>
    protected sealed override void AddErrorsOfWinogradBackward(Extents input, Numbers dy, Numbers dx, Numbers weight)
    {
        Extents output = Output(input);
        (_, Axis vertical, Axis horizontal) = Over(input);
        if (WinogradOf(input, input) is not { } winograd)
        {
            return;
        }

        Numbers turned = new(weight.Length);
        for (int i = 0; i < weight.Length; i++)
        {
            (int pair, int tap) = (i / Area, i % Area);
            (int filter, int channel) = (pair / input.Channels, pair % input.Channels);
            turned.Value[(((channel * Filters) + filter) * Area) + Area - 1 - tap] = weight.Value[i];
        }

        static int Before(Axis axis) => ((axis.Kernel - 1) * axis.Dilation) - axis.Before;
        AddVariances(winograd.Convolve(output, input, Before(vertical), Before(horizontal), dy, turned), dx);
    }

    protected sealed override void AddErrorsOfWinogradWeights(Extents input, Numbers x, Numbers dy, Sums gradient)
    {
        Extents output = Output(input);
        (_, Axis vertical, Axis horizontal) = Over(input);
        if (Groups == 1 && Axes.Length <= 2 && Axes.All(axis => axis.Stride == 1)
            && Winograd.ForFilters(vertical, horizontal, output) is { } winograd)
        {
            (double[] magnitudes, Numbers errors) = winograd.FilterGradient(input, output, vertical.Before, horizontal.Before, x, dy);
            for (int i = 0; i < errors.Length; i++)
            {
                gradient.Widen(i, magnitudes[i], errors.Variance[i]);
            }
        }
    }

    /// <param name="input">That of the layer.</param>
    /// <param name="tiled">Of which tiles are computed.</param>
    private Winograd? WinogradOf(Extents input, Extents tiled)
    {
        (_, Axis vertical, Axis horizontal) = Over(input);
        return Groups > 1 || Axes.Length > 2 || Axes.Any(axis => axis.Stride > 1) ? null : Winograd.For(vertical, horizontal, tiled);
    }

    /// <summary>Adds the variances of what is computed, or of what may be computed instead where these are larger.</summary>
    private static void AddVariances(Numbers computed, Numbers y, Numbers? or = null)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y.Variance[i] += or is null ? computed.Variance[i] : Math.Max(computed.Variance[i], or.Variance[i]);
        }
    }

    protected sealed override IEnumerable<(int From, int To, int Weight)> FindPairs(Extents input)
    {
        (Axis deep, Axis vertical, Axis horizontal) = Over(input);
        Extents output = Output(input);
        int inputsPerGroup = input.Channels / Groups, filtersPerGroup = Filters / Groups;
        foreach ((int plane, int row, int column) in Positions(output.Depth, output.Height, output.Width))
        {
            foreach ((int k, int i, int j) in Positions(deep.Kernel, vertical.Kernel, horizontal.Kernel))
            {
                int d = (plane * deep.Stride) - deep.Before + (k * deep.Dilation);
                int r = (row * vertical.Stride) - vertical.Before + (i * vertical.Dilation);
                int c = (column * horizontal.Stride) - horizontal.Before + (j * horizontal.Dilation);
                if (!input.Holds(d, r, c))
                {
                    continue;
                }

                int tap = (((k * vertical.Kernel) + i) * horizontal.Kernel) + j;
                for (int filter = 0; filter < Filters; filter++)
                {
                    for (int channel = 0; channel < inputsPerGroup; channel++)
                    {
                        int source = (filter / filtersPerGroup * inputsPerGroup) + channel;
                        yield return (
                            input.At(source, d, r, c), output.At(filter, plane, row, column),
                            (((filter * inputsPerGroup) + channel) * Area) + tap);
                    }
                }
            }
        }
    }
}

internal sealed record Conv1D(int Filters, Axis X, Auto Auto = Auto.None, int Groups = 1, bool Bias = true)
    : Convolution(Filters, Auto, Groups, Bias)
{
    public Conv1D(int filters, int kernel, int stride = 1, int padding = 0, int dilation = 1)
        : this(filters, Axis.Of(kernel, stride, padding, dilation))
    {
    }

    protected override Axis[] Axes => [X];
}

internal sealed record Conv2D(int Filters, Axis Y, Axis X, Auto Auto = Auto.None, int Groups = 1, bool Bias = true)
    : Convolution(Filters, Auto, Groups, Bias)
{
    public Conv2D(int filters, int kernel, int stride = 1, int padding = 0, int dilation = 1)
        : this(filters, Axis.Of(kernel, stride, padding, dilation), Axis.Of(kernel, stride, padding, dilation))
    {
    }

    protected override Axis[] Axes => [Y, X];
}

internal sealed record Conv3D(int Filters, Axis Z, Axis Y, Axis X, Auto Auto = Auto.None, int Groups = 1, bool Bias = true)
    : Convolution(Filters, Auto, Groups, Bias)
{
    public Conv3D(int filters, int kernel, int stride = 1, int padding = 0, int dilation = 1)
        : this(filters, Axis.Of(kernel, stride, padding, dilation), Axis.Of(kernel, stride, padding, dilation),
            Axis.Of(kernel, stride, padding, dilation))
    {
    }

    protected override Axis[] Axes => [Z, Y, X];
}

internal abstract record PoolingLayer(bool Ceil, Auto Auto) : WindowLayer(Auto)
{
    public sealed override Extents Output(Extents input) => Output(input, input.Channels, Ceil);

    protected string Arguments =>
        $"{Axes[0].Kernel}{Spelling.Arguments(Axes, Auto, axis => axis.Kernel)}" + (Ceil ? ", CeilMode = true" : "");

    /// <summary>Each output element with its window, clipped to the input but for the divisor's count.</summary>
    protected IEnumerable<(int To, int[] From, int Padded)> WindowsOf(Extents input)
    {
        (Axis deep, Axis vertical, Axis horizontal) = Over(input);
        Extents output = Output(input);
        for (int to = 0; to < output.Length; to++)
        {
            int column = to % output.Width, row = to / output.Width % output.Height;
            int plane = to / (output.Width * output.Height) % output.Depth, channel = to / output.Positions;
            int front = (plane * deep.Stride) - deep.Before;
            int top = (row * vertical.Stride) - vertical.Before, left = (column * horizontal.Stride) - horizontal.Before;

            // PyTorch clips a window that ceil mode lets hang over to the padded input before it counts.
            int back = Math.Min(front + deep.Span, input.Depth + deep.After);
            int bottom = Math.Min(top + vertical.Span, input.Height + vertical.After);
            int right = Math.Min(left + horizontal.Span, input.Width + horizontal.After);
            var window = new List<int>();
            for (int d = front; d < back; d += deep.Dilation)
            {
                for (int r = top; r < bottom; r += vertical.Dilation)
                {
                    for (int c = left; c < right; c += horizontal.Dilation)
                    {
                        if (input.Holds(d, r, c))
                        {
                            window.Add(input.At(channel, d, r, c));
                        }
                    }
                }
            }

            yield return (to, window.ToArray(), (back - front) * (bottom - top) * (right - left));
        }
    }
}

/// <summary>The largest elements of windows; where single precision may take another one, either is accepted.</summary>
internal static class Maxima
{
    public static void Forward(IEnumerable<(int To, int[] From)> windows, Numbers x, Numbers y)
    {
        foreach ((int to, int[] window) in windows)
        {
            int best = Best(x, window);
            y.Value[to] = x.Value[best];
            y.Variance[to] = Rivals(x, window).Append(best).Max(i => x.Variance[i]);
        }
    }

    public static void Backward(IEnumerable<(int To, int[] From)> windows, Numbers x, Numbers dy, Numbers dx)
    {
        var sums = new Sums(x.Length);
        foreach ((int to, int[] window) in windows)
        {
            int best = Best(x, window);
            sums.Add(best, dy.Value[to], dy.Variance[to]);
            foreach (int other in Rivals(x, window))
            {
                sums.Add(best, 0, Numbers.HereOrThere(dy.Value[to]));
                sums.Add(other, 0, Numbers.HereOrThere(dy.Value[to]) + dy.Variance[to]);
            }
        }

        sums.Store(dx);
    }

    /// <summary>The first maximum in row-major order, as PyTorch takes it.</summary>
    public static int Best(Numbers x, int[] window)
    {
        int best = window[0];
        foreach (int candidate in window)
        {
            if (x.Value[candidate] > x.Value[best])
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>
    /// What single precision may take instead. Candidates that are equal to the last bit come from equal inputs, and the first of
    /// them wins in any precision.
    /// </summary>
    public static IEnumerable<int> Rivals(Numbers x, int[] window)
    {
        int best = Best(x, window);
        foreach (int other in window)
        {
            double gap = x.Value[best] - x.Value[other];
            if ((gap != 0 || x.Variance[best] != x.Variance[other])
                && gap <= Numbers.KinkReach * Math.Sqrt(x.Variance[best] + x.Variance[other]))
            {
                yield return other;
            }
        }
    }
}

internal abstract record MaxPool(bool Ceil, Auto Auto) : PoolingLayer(Ceil, Auto)
{
    public sealed override string Attribute => $"MaxPool{Dimensions}({Arguments})";

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Maxima.Forward(Windows(input), x, y);

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => Maxima.Backward(Windows(input), x, dy, dx);

    public IEnumerable<(int To, int[] From)> Windows(Extents input) => WindowsOf(input).Select(window => (window.To, window.From));
}

internal abstract record AveragePool(bool Ceil, bool CountIncludePad, Auto Auto) : PoolingLayer(Ceil, Auto)
{
    public sealed override string Attribute =>
        $"AveragePool{Dimensions}({Arguments}{(CountIncludePad ? "" : ", CountIncludePad = false")})";

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach ((int to, int[] window, int padded) in WindowsOf(input))
        {
            var sum = new Sums(1);
            foreach (int from in window)
            {
                sum.Add(0, x.Value[from], x.Variance[from]);
            }

            var mean = new Numbers(1);
            sum.Store(mean, 1.0 / Divisor(window, padded));
            y.Value[to] = mean.Value[0];

            // The reciprocal is rounded, and so is the product with it.
            y.Variance[to] = mean.Variance[0] + Square(2 * Numbers.U * mean.Value[0]);
        }
    }

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        foreach ((int to, int[] window, int padded) in WindowsOf(input))
        {
            double share = dy.Value[to] / Divisor(window, padded);
            double variance = (dy.Variance[to] / Square(Divisor(window, padded))) + Square(2 * Numbers.U * share);
            foreach (int from in window)
            {
                sums.Add(from, share, variance);
            }
        }

        sums.Store(dx);
    }

    private int Divisor(int[] window, int padded) => CountIncludePad ? padded : window.Length;
}

internal sealed record MaxPool1D(Axis X, bool Ceil = false, Auto Auto = Auto.None)
    : MaxPool(Ceil, Auto)
{
    public MaxPool1D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [X];
}

internal sealed record MaxPool2D(Axis Y, Axis X, bool Ceil = false, Auto Auto = Auto.None)
    : MaxPool(Ceil, Auto)
{
    public MaxPool2D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding), Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [Y, X];
}

internal sealed record MaxPool3D(Axis Z, Axis Y, Axis X, bool Ceil = false, Auto Auto = Auto.None)
    : MaxPool(Ceil, Auto)
{
    public MaxPool3D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding), Axis.Of(kernel, stride ?? kernel, padding),
            Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [Z, Y, X];
}

internal sealed record AveragePool1D(Axis X, bool Ceil = false, bool CountIncludePad = true, Auto Auto = Auto.None)
    : AveragePool(Ceil, CountIncludePad, Auto)
{
    public AveragePool1D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [X];
}

internal sealed record AveragePool2D(Axis Y, Axis X, bool Ceil = false, bool CountIncludePad = true, Auto Auto = Auto.None)
    : AveragePool(Ceil, CountIncludePad, Auto)
{
    public AveragePool2D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding), Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [Y, X];
}

internal sealed record AveragePool3D(Axis Z, Axis Y, Axis X, bool Ceil = false, bool CountIncludePad = true, Auto Auto = Auto.None)
    : AveragePool(Ceil, CountIncludePad, Auto)
{
    public AveragePool3D(int kernel, int? stride = null, int padding = 0)
        : this(Axis.Of(kernel, stride ?? kernel, padding), Axis.Of(kernel, stride ?? kernel, padding),
            Axis.Of(kernel, stride ?? kernel, padding))
    {
    }

    protected override Axis[] Axes => [Z, Y, X];
}
