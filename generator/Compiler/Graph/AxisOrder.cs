using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>A tensor's elements in another order: the tensor is seen with some extents, and these axes change places.</summary>
/// <param name="Extents">The extents, slowest first. Their product is the number of elements.</param>
/// <param name="Order">For each axis of the result, the number of the axis that it was.</param>
internal sealed record AxisOrder(EquatableArray<int> Extents, EquatableArray<int> Order)
{
    /// <summary>All elements in the order that they have.</summary>
    public static AxisOrder Unchanged(Shape shape) => new(EquatableArray.Of(shape.Length), EquatableArray.Of(0));
}

/// <summary>One of the axes of a kernel's tensors: channels, planes, rows or columns.</summary>
internal enum TensorAxis
{
    Channel,
    Plane,
    Row,
    Column,
}

/// <summary>A part of an axis of a tensor.</summary>
/// <param name="Stride">By how many indices of the axis the elements of the part are apart.</param>
internal readonly record struct AxisPart(TensorAxis Axis, int Stride);

/// <summary>An axis along which elements move from a part of one tensor's axis to a part of another's.</summary>
internal readonly record struct MovedAxis(int Extent, AxisPart From, AxisPart To);

/// <summary>Orders of axes one behind the other, as moves along the axes that are common to the first tensor and the last.</summary>
internal sealed class AxisMoves
{
    /// <summary>The axes of the last tensor, slowest first, with the distances of their elements in the first one.</summary>
    private readonly List<(int Extent, int Distance)> _axes;

    private AxisMoves(List<(int Extent, int Distance)> axes) => _axes = axes;

    /// <summary>Nothing moves yet.</summary>
    public static AxisMoves Of(Shape shape) => new([(shape.Length, 1)]);

    /// <summary>The moves with another one behind them; null if its extents part the axes so far at other places.</summary>
    public AxisMoves? Then(AxisOrder order) =>
        Parted(_axes, order.Extents) is { } parts ? new AxisMoves([.. order.Order.SelectMany(axis => parts[axis])]) : null;

    /// <summary>The moves from the first tensor to the last; null if the axes of the two part them at different places.</summary>
    public EquatableArray<MovedAxis>? Between(Shape from, Shape to)
    {
        int[] extents = KernelExtents(from), distances = [.. extents.Select((_, axis) => Product(extents.Skip(axis + 1)))];
        List<(int Extent, int Distance)>? whole = _axes;
        foreach (int boundary in distances)
        {
            whole = whole is null ? null : PartedAt(whole, boundary);
        }

        if (whole is null || Parted(whole, KernelExtents(to)) is not { } parts)
        {
            return null;
        }

        var moved = new List<MovedAxis>();
        for (int axis = 0; axis < parts.Count; axis++)
        {
            int stride = Product(parts[axis].Select(part => part.Extent));
            foreach ((int extent, int distance) in parts[axis])
            {
                stride /= extent;
                int source = Enumerable.Range(0, extents.Length).First(one => extents[one] > 1 && distances[one] <= distance);
                Append(moved, new MovedAxis(
                    extent, new AxisPart((TensorAxis)source, distance / distances[source]), new AxisPart((TensorAxis)axis, stride)));
            }
        }

        return moved.ToEquatableArray();
    }

    /// <summary>Adds an axis. It continues the one before it if that is so in both tensors.</summary>
    private static void Append(List<MovedAxis> axes, MovedAxis next)
    {
        if (axes.Count > 0 && axes[axes.Count - 1] is var last && last.From.Axis == next.From.Axis && last.To.Axis == next.To.Axis
            && last.From.Stride == next.From.Stride * next.Extent)
        {
            axes[axes.Count - 1] = next with { Extent = last.Extent * next.Extent };
        }
        else
        {
            axes.Add(next);
        }
    }

    /// <summary>The axes that are parts of each extent; null if an axis belongs to two extents and cannot be parted there.</summary>
    private static List<List<(int Extent, int Distance)>>? Parted(
        IEnumerable<(int Extent, int Distance)> axes, IEnumerable<int> extents)
    {
        var rest = new LinkedList<(int Extent, int Distance)>(axes.Where(axis => axis.Extent > 1));
        var parts = new List<List<(int, int)>>();
        foreach (int extent in extents)
        {
            var part = new List<(int, int)>();
            for (int missing = extent; missing > 1;)
            {
                (int first, int distance) = rest.First.Value;
                rest.RemoveFirst();
                if (missing % first == 0)
                {
                    part.Add((first, distance));
                    missing /= first;
                }
                else if (first % missing == 0)
                {
                    part.Add((missing, distance * (first / missing)));
                    rest.AddFirst((first / missing, distance));
                    missing = 1;
                }
                else
                {
                    return null;
                }
            }

            parts.Add(part);
        }

        return parts;
    }

    /// <summary>The axes with those parted that reach over a distance in the first tensor; null if one cannot be parted there.</summary>
    private static List<(int Extent, int Distance)>? PartedAt(List<(int Extent, int Distance)> axes, int boundary)
    {
        var parts = new List<(int, int)>();
        foreach ((int extent, int distance) in axes)
        {
            if (distance >= boundary || extent * distance <= boundary)
            {
                parts.Add((extent, distance));
            }
            else if (boundary % distance == 0 && extent % (boundary / distance) == 0)
            {
                int inner = boundary / distance;
                parts.AddRange([(extent / inner, boundary), (inner, distance)]);
            }
            else
            {
                return null;
            }
        }

        return parts;
    }

    private static int[] KernelExtents(Shape shape) => [shape.Channels, shape.Depth, shape.Height, shape.Width];

    private static int Product(IEnumerable<int> extents) => extents.Aggregate(1, (product, extent) => checked(product * extent));
}

/// <summary>Moves all elements of a tensor to other places. Lowering makes it of layers in a row that only move axes.</summary>
/// <param name="Axes">The axes along which they move, in the order of the result.</param>
/// <param name="HasFlat">Whether a tensor is flat, whose elements are no channels with pixels.</param>
internal sealed record AxisMove(EquatableArray<MovedAxis> Axes, bool HasFlat) : Operation
{
    /// <summary>Whether each channel becomes the channel of the same number.</summary>
    public bool KeepsChannels => !HasFlat
        && Axes.Count(axis => axis.From.Axis == TensorAxis.Channel || axis.To.Axis == TensorAxis.Channel) == 1
        && Axes.Any(axis => axis.From == new AxisPart(TensorAxis.Channel, 1) && axis.To == axis.From);

    public override AxisMove? AsAxisMove => this;

    public override ResultLayout ResultLayout => KeepsChannels ? ResultLayout.OfInput : ResultLayout.Rows;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Everything;
}
