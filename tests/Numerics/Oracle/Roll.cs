using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The elements further along an axis, in a circle.</summary>
internal sealed record Roll(int Shift) : LinearLayer
{
    public Axes Axis { get; init; } = Axes.Width;

    public override string Attribute => $"Roll({Shift}{(Axis == Axes.Width ? "" : $", Axis = {AlongAxes.Spell(Axis)}")})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axis, input);

    public override Extents Output(Extents input) => input;

    protected override IEnumerable<(int From, int To, double Factor)> Terms(Extents input) =>
        Enumerable.Range(0, input.Length).Select(from =>
        {
            int x = from % input.Width, y = from / input.Width % input.Height;
            int z = from / (input.Width * input.Height) % input.Depth, c = from / input.Positions;
            int Moved(Axes axis, int place, int extent) => axis == Axis ? (((place + Shift) % extent) + extent) % extent : place;
            int to = input.At(
                Moved(Axes.Channels, c, input.Channels), Moved(Axes.Depth, z, input.Depth), Moved(Axes.Height, y, input.Height),
                Moved(Axes.Width, x, input.Width));
            return (from, to, 1.0);
        });
}
