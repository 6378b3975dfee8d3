using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A layer without parameters each of whose outputs is a sum of fixed multiples of inputs.</summary>
internal abstract record LinearLayer : UnaryLayer
{
    private Tuple<Extents, (int From, int To, double Factor)[]>? _terms;

    /// <summary>By how much a factor may be off in single precision, relative to itself.</summary>
    protected virtual double FactorError => 0;

    /// <summary>
    /// Whether an element goes to several places: what is computed of equal numbers has equal errors, so that their deviations add up in
    /// the gradient and not their squares.
    /// </summary>
    protected virtual bool Copies => false;

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        var sums = new Sums(y.Length);
        foreach ((int from, int to, double factor) in TermsOf(input))
        {
            sums.Add(to, factor, Square(FactorError * factor), x.Value[from], x.Variance[from]);
        }

        sums.Store(y);
    }

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        double[] deviations = new double[x.Length];
        foreach ((int from, int to, double factor) in TermsOf(input))
        {
            sums.Add(from, factor, Square(FactorError * factor), dy.Value[to], Copies ? 0 : dy.Variance[to]);
            deviations[from] += Copies ? Math.Abs(factor) * Math.Sqrt(dy.Variance[to]) : 0;
        }

        sums.Store(dx);
        for (int i = 0; i < x.Length; i++)
        {
            dx.Variance[i] += Square(deviations[i]);
        }
    }

    /// <summary>Every (input element, output element, factor).</summary>
    protected abstract IEnumerable<(int From, int To, double Factor)> Terms(Extents input);

    protected static IEnumerable<(int Channel, int Plane, int Row, int Column)> Elements(Extents extents) =>
        from channel in Enumerable.Range(0, extents.Channels)
        from plane in Enumerable.Range(0, extents.Depth)
        from row in Enumerable.Range(0, extents.Height)
        from column in Enumerable.Range(0, extents.Width)
        select (channel, plane, row, column);

    private (int From, int To, double Factor)[] TermsOf(Extents input)
    {
        if (_terms?.Item1 != input)
        {
            _terms = new(input, [.. Terms(input)]);
        }

        return _terms.Item2;
    }
}

/// <summary>A margin of zeros or of copies.</summary>
/// <param name="Dimensions">1, 2 or 3.</param>
/// <param name="Mode">A member of <c>PaddingMode</c>.</param>
/// <param name="Margins">Front, back, top, bottom, left and right, or the last ones of them.</param>
internal sealed record Pad(int Dimensions, string Mode, params int[] Margins) : LinearLayer
{
    private static readonly string[] Names = ["Front", "Back", "Top", "Bottom", "Left", "Right"];

    public override string Attribute
    {
        get
        {
            IEnumerable<string> sides = Margins.Distinct().Count() == 1
                ? [] : Margins.Select((margin, i) => $"Padding{Names[i + 6 - Margins.Length]} = {margin}");
            string[] arguments = [Margins[0].ToString(CultureInfo.InvariantCulture), .. sides, $"Mode = PaddingMode.{Mode}"];
            return $"Pad{Dimensions}D({string.Join(", ", arguments)})";
        }
    }

    protected override bool Copies => Mode != "Zeros";

    public override bool Fits(Extents input) => input.Rank == Dimensions + 1 && Mode switch
    {
        "Reflect" => Sides(input).All(side => side.Margin < side.Extent),
        "Circular" => Sides(input).All(side => side.Margin <= side.Extent),
        _ => true,
    };

    public override Extents Output(Extents input)
    {
        (int before, int after)[] margins = Axes();
        return input with
        {
            Depth = input.Depth + margins[0].before + margins[0].after,
            Height = input.Height + margins[1].before + margins[1].after,
            Width = input.Width + margins[2].before + margins[2].after,
        };
    }

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input)
    {
        (int before, int after)[] margins = Axes();
        Extents output = Output(input);
        foreach ((int channel, int plane, int row, int column) in Elements(output))
        {
            int? z = Source(plane - margins[0].before, input.Depth), y = Source(row - margins[1].before, input.Height);
            int? x = Source(column - margins[2].before, input.Width);
            if (z is not null && y is not null && x is not null)
            {
                yield return (input.At(channel, z.Value, y.Value, x.Value), output.At(channel, plane, row, column), 1);
            }
        }
    }

    private IEnumerable<(int Margin, int Extent)> Sides(Extents input) =>
        Margins.Select((margin, i) => (margin, input.ToArray()[1 + (i / 2)]));

    private (int Before, int After)[] Axes()
    {
        int[] all = [.. Enumerable.Repeat(0, 6 - Margins.Length), .. Margins];
        return [(all[0], all[1]), (all[2], all[3]), (all[4], all[5])];
    }

    private int? Source(int index, int extent)
    {
        if (index >= 0 && index < extent)
        {
            return index;
        }

        return Mode switch
        {
            "Zeros" => null,
            "Reflect" => index < 0 ? -index : extent - 1 - (index - (extent - 1)),
            "Replicate" => index < 0 ? 0 : extent - 1,
            _ => index < 0 ? index + extent : index - extent,
        };
    }
}
