using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The windows of adaptive pooling: output i of n sees the elements from ⌊i·N/n⌋ up to ⌈(i + 1)·N/n⌉.</summary>
internal static class AdaptiveWindows
{
    private static readonly string[] Names = ["Depth", "Height", "Width"];

    /// <summary>The attribute: of all dimensions where sizes are given, global otherwise.</summary>
    public static string Spell(string kind, int dimensions, int[] sizes)
    {
        if (sizes.Length == 0)
        {
            return $"Global{kind}Pool{dimensions}D";
        }

        IEnumerable<string> others = sizes.Distinct().Count() == 1
            ? [] : sizes.Select((size, i) => $"{Names[i + 3 - dimensions]} = {size}");
        IEnumerable<string> arguments = others.Prepend(sizes[0].ToString(System.Globalization.CultureInfo.InvariantCulture));
        return $"Adaptive{kind}Pool{dimensions}D({string.Join(", ", arguments)})";
    }

    public static Extents Output(Extents input, int dimensions, int[] sizes)
    {
        int Extent(int axis, int extent) => axis < 3 - dimensions ? extent : sizes.Length == 0 ? 1 : sizes[axis - (3 - dimensions)];
        return input with { Depth = Extent(0, input.Depth), Height = Extent(1, input.Height), Width = Extent(2, input.Width) };
    }

    /// <summary>Each output element with the elements that it sees, in order.</summary>
    public static IEnumerable<(int To, int[] From)> Of(Extents input, Extents output)
    {
        int to = 0;
        for (int channel = 0; channel < output.Channels; channel++)
        {
            for (int plane = 0; plane < output.Depth; plane++)
            {
                for (int row = 0; row < output.Height; row++)
                {
                    for (int column = 0; column < output.Width; column++)
                    {
                        yield return (to++, [
                            .. from z in Range(plane, input.Depth, output.Depth)
                               from y in Range(row, input.Height, output.Height)
                               from x in Range(column, input.Width, output.Width)
                               select input.At(channel, z, y, x),
                        ]);
                    }
                }
            }
        }
    }

    private static IEnumerable<int> Range(int index, int extent, int outputs)
    {
        int first = (int)Math.Floor((double)index * extent / outputs), end = (int)Math.Ceiling((index + 1.0) * extent / outputs);
        return Enumerable.Range(first, end - first);
    }
}

internal sealed record AdaptiveAveragePool(int Dimensions, params int[] Sizes) : LinearLayer
{
    public override string Attribute => AdaptiveWindows.Spell("Average", Dimensions, Sizes);

    /// <summary>The reciprocal is rounded, and so is the product with it.</summary>
    protected override double FactorError => 2 * Numbers.U;

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1;

    public override Extents Output(Extents input) => AdaptiveWindows.Output(input, Dimensions, Sizes);

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input) =>
        from window in AdaptiveWindows.Of(input, Output(input))
        from source in window.From
        select (source, window.To, 1.0 / window.From.Length);
}

internal sealed record AdaptiveMaxPool(int Dimensions, params int[] Sizes) : UnaryLayer
{
    public override string Attribute => AdaptiveWindows.Spell("Max", Dimensions, Sizes);

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1;

    public override Extents Output(Extents input) => AdaptiveWindows.Output(input, Dimensions, Sizes);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Maxima.Forward(AdaptiveWindows.Of(input, Output(input)), x, y);

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) =>
            Maxima.Backward(AdaptiveWindows.Of(input, Output(input)), x, dy, dx);
}
