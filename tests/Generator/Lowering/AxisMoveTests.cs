using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>Which layers that only move axes are one step, and where it moves elements.</summary>
public sealed class AxisMoveTests
{
    [Theory]
    [InlineData("Reshape(4, 2, 4, 2, 3), Transpose(2, 4, 1, 3, 5), Reshape(4, 4, 12)", "reshape1 + transpose1 + reshape2")]
    [InlineData("Transpose(2, 3, 1), Transpose(2, 1, 3), Flatten", "transpose1 + transpose2 + flatten1")]
    [InlineData("PixelShuffle(2), Transpose(1, 3, 2), ReLU", "shuffle1 + transpose1, relu1")]
    [InlineData("Reshape(6, 32)", "reshape1.flat, reshape1")] // 4 channels of 48 elements are no parts of 6 of 32.
    [InlineData("Reshape(6, 32), Transpose(2, 1)", "reshape1.flat, reshape1 + transpose1")]
    [InlineData("Flatten", "flatten1")]
    [InlineData("Transpose(1, 3, 2), Roll(1), Transpose(1, 3, 2)", "transpose1, roll1, transpose2")]
    public void In_inference_layers_in_a_row_are_one_step(string layers, string groups) =>
        Assert.Equal(groups, string.Join(", ", Groups($"[Input(4, 8, 6), {layers}]", ProgramKind.OneSample)));

    [Fact]
    public void What_others_read_is_moved_by_itself() => Assert.Equal(
        ["transpose1", "transpose2", "transpose3", "add1"],
        Groups("[Input(4, 8, 6), Transpose(2, 1, 3), Branch, Transpose(2, 1, 3), Branch, Transpose(2, 1, 3), Add]", ProgramKind.OneSample));

    [Fact]
    public void In_training_each_is_a_step() => Assert.Equal(
        ["transpose1", "transpose2", "flatten1", "dense1"],
        Groups("[Input(4, 8, 6), Transpose(2, 3, 1), Transpose(2, 1, 3), Flatten, Dense(2), CrossEntropy]", ProgramKind.TrainingInLanes));

    [Fact]
    public void Elements_go_where_one_layer_after_the_other_moves_them()
    {
        var random = new Random(3);
        int moved = 0;
        for (int round = 0; round < 2000; round++)
        {
            int[] factors = [.. Enumerable.Range(0, 5).Select(_ => random.Next(1, 5))];
            Shape from = ShapeOf(random, factors), to = ShapeOf(random, factors);
            int[] place = [.. Enumerable.Range(0, from.Length)];
            AxisMoves? moves = AxisMoves.Of(from);
            for (int layer = 0; layer < 3 && moves is not null; layer++)
            {
                int[] order = [.. Enumerable.Range(0, factors.Length).OrderBy(_ => random.Next())];
                moves = moves.Then(new AxisOrder(factors.ToEquatableArray(), order.ToEquatableArray()));
                place = Permuted(place, factors, order);
                factors = [.. order.Select(axis => factors[axis])];
            }

            if (moves?.Between(from, to) is { } axes)
            {
                moved++;
                Assert.Equal(place, PlacesOf(axes, from, to));
            }
        }

        Assert.InRange(moved, 500, 2000);
    }

    /// <summary>A shape of so many elements as axes of some extents have, which are put together.</summary>
    private static Shape ShapeOf(Random random, int[] factors)
    {
        var extents = new List<int>();
        foreach (int factor in factors)
        {
            if (extents.Count == 0 || (extents.Count < Shape.VolumeRank && random.Next(2) == 0))
            {
                extents.Add(factor);
            }
            else
            {
                extents[^1] *= factor;
            }
        }

        return Shape.Of(extents);
    }

    private static int[] Permuted(int[] values, int[] extents, int[] order)
    {
        int[] result = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            // The place in the result, whose axes are in another order.
            int rest = i, index = 0;
            int[] at = new int[extents.Length];
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                (rest, at[axis]) = Math.DivRem(rest, extents[axis]);
            }

            foreach (int axis in order)
            {
                index = (index * extents[axis]) + at[axis];
            }

            result[index] = values[i];
        }

        return result;
    }

    /// <summary>For each element of the result, the place of the source that it is from.</summary>
    private static int[] PlacesOf(EquatableArray<MovedAxis> axes, Shape from, Shape to)
    {
        int[] places = new int[to.Length];
        int count = axes.Aggregate(1, (product, axis) => product * axis.Extent);
        Assert.Equal(to.Length, count);
        for (int number = 0; number < count; number++)
        {
            int rest = number;
            int[] source = new int[Shape.VolumeRank], target = new int[Shape.VolumeRank];
            foreach (MovedAxis axis in axes.Reverse())
            {
                (rest, int index) = Math.DivRem(rest, axis.Extent);
                source[(int)axis.From.Axis] += index * axis.From.Stride;
                target[(int)axis.To.Axis] += index * axis.To.Stride;
            }

            places[Place(to, target)] = Place(from, source);
        }

        return places;
    }

    private static int Place(Shape shape, int[] at) =>
        (((((at[0] * shape.Depth) + at[1]) * shape.Height) + at[2]) * shape.Width) + at[3];

    private static string[] Groups(string declaration, ProgramKind kind) =>
        [.. FusionPlan.Create(Graphs.Of(declaration), kind).All.Select(group => group.Label)];
}
