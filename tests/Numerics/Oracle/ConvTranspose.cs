using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A convolution the other way round: each input element adds its multiple of a filter to the output.</summary>
/// <param name="Filters">Output channels.</param>
/// <param name="Along">The last 1, 2 or 3 of depth, height and width; the paddings are cut off.</param>
/// <param name="OutputPadding">Elements added at the end of each axis.</param>
/// <param name="Auto">The paddings by rule.</param>
/// <param name="Groups">Of input and output channels.</param>
/// <param name="Bias">Whether there is one.</param>
internal sealed record ConvTranspose(
    int Filters, Axis[] Along, int[]? OutputPadding = null, Auto Auto = Auto.None, int Groups = 1, bool Bias = true)
    : FilterLayer(Filters, Auto, Groups, Bias)
{
    private static readonly string[] Names = ["Depth", "Height", "Width"];

    public override string Attribute =>
        $"ConvTranspose{Dimensions}({Filters}, {Axes[0].Kernel}{Spelling.Arguments(Axes, Auto, _ => 1)}{SpellOutputPadding()}{Options})";

    protected override Axis[] Axes => Along;

    /// <summary>Zeros are put in between and what is cut off is left out, unless a convolution's paddings can do all of it.</summary>
    public override int HiddenNodes(Extents input)
    {
        int[] extents = input.ToArray()[1..];
        (int First, int Count)[] ends = Ends(input)[^extents.Length..];
        bool isConvolution = Axes.Select((axis, i) => axis.Stride == 1 && ends[i].First < axis.Span
            && extents[i] - 1 + axis.Span - ends[i].First - ends[i].Count < axis.Span).All(direct => direct);
        return isConvolution ? 0 : 1;
    }

    public override bool Fits(Extents input) => input.Rank == Along.Length + 1 && input.Channels % Groups == 0 && Filters % Groups == 0;

    public override Extents Output(Extents input)
    {
        (int First, int Count)[] axes = Ends(input);
        return new Extents(input.Rank, Filters, axes[0].Count, axes[1].Count, axes[2].Count);
    }

    public override long MultiplyAdds(Extents input) => (long)input.Length * (Filters / Groups) * Area;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        int[] weight = [input.Channels, Filters / Groups, .. Axes.Select(axis => axis.Kernel)];
        return Bias ? [("weight", weight), ("bias", [Filters])] : [("weight", weight)];
    }

    protected override IEnumerable<(int From, int To, int Weight)> FindPairs(Extents input)
    {
        Axis[] axes = [.. Enumerable.Repeat(new Axis(1), 3 - Axes.Length), .. Axes];
        int[] cut = [.. Ends(input).Select(end => end.First)];
        Extents output = Output(input);
        int inputsPerGroup = input.Channels / Groups, filtersPerGroup = Filters / Groups;
        foreach ((int plane, int row, int column) in Positions(input.Depth, input.Height, input.Width))
        {
            foreach ((int k, int i, int j) in Positions(axes[0].Kernel, axes[1].Kernel, axes[2].Kernel))
            {
                int d = (plane * axes[0].Stride) + (k * axes[0].Dilation) - cut[0];
                int r = (row * axes[1].Stride) + (i * axes[1].Dilation) - cut[1];
                int c = (column * axes[2].Stride) + (j * axes[2].Dilation) - cut[2];
                if (!output.Holds(d, r, c))
                {
                    continue;
                }

                int tap = (((k * axes[1].Kernel) + i) * axes[2].Kernel) + j;
                for (int channel = 0; channel < input.Channels; channel++)
                {
                    for (int filter = 0; filter < filtersPerGroup; filter++)
                    {
                        int to = (channel / inputsPerGroup * filtersPerGroup) + filter;
                        yield return (
                            input.At(channel, plane, row, column), output.At(to, d, r, c),
                            (((channel * filtersPerGroup) + filter) * Area) + tap);
                    }
                }
            }
        }
    }

    private string SpellOutputPadding()
    {
        if (OutputPadding is not { } padding)
        {
            return "";
        }

        return padding.Distinct().Count() == 1
            ? $", OutputPadding = {padding[0]}"
            : string.Concat(padding.Select((amount, i) => $", OutputPadding{Names[i + 3 - padding.Length]} = {amount}"));
    }

    /// <summary>Of each axis: what is cut off before, and what is left.</summary>
    private (int First, int Count)[] Ends(Extents input)
    {
        int[] extents = [input.Depth, input.Height, input.Width];
        return [.. extents.Select((extent, i) =>
        {
            int own = i - (3 - Axes.Length);
            if (own < 0)
            {
                return (0, extent);
            }

            Axis axis = Axes[own];
            int all = ((extent - 1) * axis.Stride) + axis.Span, surplus = axis.Span - axis.Stride;
            return Auto == Auto.Same
                ? (surplus > 0 ? surplus / 2 : 0, extent * axis.Stride)
                : (axis.Before, all - axis.Before - axis.After + (OutputPadding?[own] ?? 0));
        })];
    }
}
