using System;
using System.Collections.Generic;

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
    /// <summary>The named arguments for everything that is not the default.</summary>
    public static string Arguments(Axis y, Axis x, Auto auto, int defaultStrideY, int defaultStrideX)
    {
        var arguments = new List<string>();
        if (y.Kernel != x.Kernel)
        {
            // The positional kernel is the height here.
            arguments.Add($"KernelWidth = {x.Kernel}");
        }

        if (y.Stride == x.Stride && (y.Stride != defaultStrideY || x.Stride != defaultStrideX))
        {
            arguments.Add($"Stride = {y.Stride}");
        }
        else if (y.Stride != x.Stride)
        {
            arguments.Add($"StrideHeight = {y.Stride}");
            arguments.Add($"StrideWidth = {x.Stride}");
        }

        if (y.Dilation == x.Dilation && y.Dilation != 1)
        {
            arguments.Add($"Dilation = {y.Dilation}");
        }
        else if (y.Dilation != x.Dilation)
        {
            arguments.Add($"DilationHeight = {y.Dilation}");
            arguments.Add($"DilationWidth = {x.Dilation}");
        }

        if (auto != Auto.None)
        {
            arguments.Add($"AutoPad = AutoPad.{auto}");
        }
        else if (y.Before == y.After && x.Before == x.After)
        {
            if (y.Before == x.Before && y.Before != 0)
            {
                arguments.Add($"Padding = {y.Before}");
            }
            else if (y.Before != x.Before)
            {
                arguments.Add($"PaddingHeight = {y.Before}");
                arguments.Add($"PaddingWidth = {x.Before}");
            }
        }
        else
        {
            arguments.Add($"PaddingTop = {y.Before}");
            arguments.Add($"PaddingBottom = {y.After}");
            arguments.Add($"PaddingLeft = {x.Before}");
            arguments.Add($"PaddingRight = {x.After}");
        }

        return arguments.Count == 0 ? "" : ", " + string.Join(", ", arguments);
    }
}

internal sealed record Conv2D(int Filters, Axis Y, Axis X, Auto Auto = Auto.None, int Groups = 1, bool Bias = true) : Layer
{
    private Tuple<Extents, (int From, int To, int Weight)[]>? _pairs;

    public Conv2D(int filters, int kernel, int stride = 1, int padding = 0, int dilation = 1)
        : this(filters, new Axis(kernel, stride, padding, padding, dilation), new Axis(kernel, stride, padding, padding, dilation))
    {
    }

    public override string Prefix => "conv";

    public override string Attribute => $"Conv2D({Filters}, {Y.Kernel}{Spelling.Arguments(Y, X, Auto, 1, 1)}"
        + (Groups == 1 ? "" : $", Groups = {Groups}") + (Bias ? "" : ", Bias = false") + ")";

    public override Extents Output(Extents input) => Extents.Image(
        Filters, Y.With(Auto, input.Height).Outputs(input.Height), X.With(Auto, input.Width).Outputs(input.Width));

    public override long MultiplyAdds(Extents input) =>
        (long)Output(input).Length * (input.Channels / Groups) * Y.Kernel * X.Kernel;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] weight = [Filters, input.Channels / Groups, Y.Kernel, X.Kernel];
        return Bias ? [("weight", weight), ("bias", [Filters])] : [("weight", weight)];
    }

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
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
            int filter = i / (output.Height * output.Width);
            sums.Add(i, parameters[1].Value[filter], parameters[1].Variance[filter]);
        }

        sums.Store(y);
    }

    public override void Backward(
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
            gradients[1].Add(i / (output.Height * output.Width), dy.Value[i], dy.Variance[i]);
        }

        sums.Store(dx);
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

    private IEnumerable<(int From, int To, int Weight)> FindPairs(Extents input)
    {
        Axis vertical = Y.With(Auto, input.Height), horizontal = X.With(Auto, input.Width);
        Extents output = Output(input);
        int inputsPerGroup = input.Channels / Groups, filtersPerGroup = Filters / Groups;
        for (int filter = 0; filter < Filters; filter++)
        {
            for (int row = 0; row < output.Height; row++)
            {
                for (int column = 0; column < output.Width; column++)
                {
                    int to = output.At(filter, row, column);
                    for (int channel = 0; channel < inputsPerGroup; channel++)
                    {
                        int source = (filter / filtersPerGroup * inputsPerGroup) + channel;
                        for (int i = 0; i < Y.Kernel; i++)
                        {
                            int r = (row * vertical.Stride) - vertical.Before + (i * vertical.Dilation);
                            if (r < 0 || r >= input.Height)
                            {
                                continue;
                            }

                            for (int j = 0; j < X.Kernel; j++)
                            {
                                int c = (column * horizontal.Stride) - horizontal.Before + (j * horizontal.Dilation);
                                if (c >= 0 && c < input.Width)
                                {
                                    yield return (input.At(source, r, c), to,
                                        (((((filter * inputsPerGroup) + channel) * Y.Kernel) + i) * X.Kernel) + j);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

internal abstract record PoolingLayer(Axis Y, Axis X, bool Ceil, Auto Auto) : Layer
{
    public sealed override Extents Output(Extents input) => Extents.Image(
        input.Channels,
        Y.With(Auto, input.Height).Outputs(input.Height, Ceil),
        X.With(Auto, input.Width).Outputs(input.Width, Ceil));

    protected string Arguments => $"{Y.Kernel}{Spelling.Arguments(Y, X, Auto, Y.Kernel, X.Kernel)}" + (Ceil ? ", CeilMode = true" : "");

    /// <summary>Each output element with its window, clipped to the input but for the divisor's count.</summary>
    protected IEnumerable<(int To, int[] From, int Padded)> WindowsOf(Extents input)
    {
        Axis vertical = Y.With(Auto, input.Height), horizontal = X.With(Auto, input.Width);
        Extents output = Output(input);
        for (int channel = 0; channel < output.Channels; channel++)
        {
            for (int row = 0; row < output.Height; row++)
            {
                for (int column = 0; column < output.Width; column++)
                {
                    int top = (row * vertical.Stride) - vertical.Before, left = (column * horizontal.Stride) - horizontal.Before;

                    // PyTorch clips a window that ceil mode lets hang over to the padded input before it counts.
                    int bottom = Math.Min(top + vertical.Span, input.Height + vertical.After);
                    int right = Math.Min(left + horizontal.Span, input.Width + horizontal.After);
                    var window = new List<int>();
                    for (int r = top; r < bottom; r += vertical.Dilation)
                    {
                        for (int c = left; c < right; c += horizontal.Dilation)
                        {
                            if (r >= 0 && r < input.Height && c >= 0 && c < input.Width)
                            {
                                window.Add(input.At(channel, r, c));
                            }
                        }
                    }

                    yield return (output.At(channel, row, column), window.ToArray(), (bottom - top) * (right - left));
                }
            }
        }
    }
}

internal sealed record MaxPool2D(Axis Y, Axis X, bool Ceil = false, Auto Auto = Auto.None) : PoolingLayer(Y, X, Ceil, Auto)
{
    public MaxPool2D(int kernel, int? stride = null, int padding = 0)
        : this(new Axis(kernel, stride ?? kernel, padding, padding), new Axis(kernel, stride ?? kernel, padding, padding))
    {
    }

    public override string Attribute => $"MaxPool2D({Arguments})";

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach ((int to, int[] window, _) in WindowsOf(input))
        {
            int best = Best(x, window);
            y.Value[to] = x.Value[best];
            y.Variance[to] = x.Variance[best];
            foreach (int other in window)
            {
                if (IsNearlyEqual(x, best, other))
                {
                    y.Variance[to] = Math.Max(y.Variance[to], x.Variance[other]);
                }
            }
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        foreach ((int to, int[] window, _) in WindowsOf(input))
        {
            int best = Best(x, window);
            sums.Add(best, dy.Value[to], dy.Variance[to]);
            foreach (int other in window)
            {
                if (IsNearlyEqual(x, best, other))
                {
                    sums.Add(best, 0, Numbers.EitherWay(dy.Value[to]));
                    sums.Add(other, 0, Numbers.EitherWay(dy.Value[to]));
                }
            }
        }

        sums.Store(dx);
    }

    /// <summary>
    /// Whether single precision may take the other one. Candidates that are equal to the last bit come from equal
    /// inputs, and the first of them wins in any precision.
    /// </summary>
    private static bool IsNearlyEqual(Numbers x, int best, int other)
    {
        double gap = x.Value[best] - x.Value[other];
        return gap != 0 && gap <= Numbers.KinkReach * Math.Sqrt(x.Variance[best] + x.Variance[other]);
    }

    /// <summary>The first maximum in row-major order, as PyTorch takes it.</summary>
    private static int Best(Numbers x, int[] window)
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
}

internal sealed record AveragePool2D(Axis Y, Axis X, bool Ceil = false, bool CountIncludePad = true, Auto Auto = Auto.None)
    : PoolingLayer(Y, X, Ceil, Auto)
{
    public AveragePool2D(int kernel, int? stride = null, int padding = 0)
        : this(new Axis(kernel, stride ?? kernel, padding, padding), new Axis(kernel, stride ?? kernel, padding, padding))
    {
    }

    public override string Attribute => $"AveragePool2D({Arguments}{(CountIncludePad ? "" : ", CountIncludePad = false")})";

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
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

    public override void Backward(
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
