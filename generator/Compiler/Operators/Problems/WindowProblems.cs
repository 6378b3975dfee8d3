using System;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Windows that do not fit their input: kernels, strides, padding.</summary>
internal static class WindowProblems
{
    public static readonly Rule TooLargeRule = new(
        "STRATA030", "Window does not fit into its input",
        "{0}: {1} {2} is less than 1; input is {3}. {4}.",
        Category.Shapes, Severity.Error);

    /// <param name="axis">The axis of the output: <c>height</c>.</param>
    /// <param name="formula">Its extent: <c>(4 + 2·0 − 5)/1 + 1 = 0</c>.</param>
    /// <param name="order">
    /// Why the window does not fit, if the channels of the network's input seem to be last. Then the message tells this instead of the
    /// advice, and the warning about it is not told.
    /// </param>
    public static Problem TooLarge(Subject layer, string axis, string formula, Shape input, string advice, ChannelOrder? order)
    {
        if (order is null)
        {
            return Problem.Create(TooLargeRule, layer, axis, formula, input, advice);
        }

        Problem problem = Problem.Create(
            TooLargeRule, layer, axis, formula, input, $"The channels of the input come first: write [{order.Attribute}]");
        return problem.FixedBy(new Fix(FixKind.ReplaceArgumentsBefore, ChannelOrder.Kind, order.Arguments)) with
        {
            FollowsFrom = new ProblemKey(ShapeProblems.ChannelsLastRule, order.Site),
        };
    }

    public static readonly Rule PaddingTooLargeRule = new(
        "STRATA034", "Padding is more than half of the pooling window",
        "{0}: padding {1} is more than half of the kernel {2}, so that a window could lie outside the input. Use at most {3}.",
        Category.Shapes, Severity.Error);

    /// <param name="span">How many elements a window spans.</param>
    /// <param name="formula">The span as a formula, if the window is dilated; otherwise empty.</param>
    public static Problem PaddingTooLarge(Subject layer, int padding, long span, string formula)
    {
        long most = span / 2;
        return Problem.Create(PaddingTooLargeRule, layer, padding, Arithmetic.Equation(formula, span), most)
            .FixedBy(Fix.Replace(Arithmetic.Number(most)));
    }

    public static readonly Rule UnreadRowsRule = new(
        "STRATA035", "Windows leave a part of the input unread",
        "{0}: {1} {2}: {3} of the {4} input {5} never read. {6}.",
        Category.Shapes, Severity.Warning);

    /// <summary>There are gaps between windows.</summary>
    public static Problem UnreadBetween(Subject layer, LayerAxis axis, long span, long stride, Shape input)
    {
        long gap = stride - span;
        return UnreadRows(
            layer, axis, $"windows of {Arithmetic.Number(span)} at stride {Arithmetic.Number(stride)}",
            $"{Arithmetic.Count(gap, axis.Noun)} between two windows", gap, input, "Reduce the stride");
    }

    /// <summary>The last elements are in no window, since the number of windows is rounded down.</summary>
    /// <param name="formula">The number of windows as a formula.</param>
    /// <param name="exact">The number before it is rounded.</param>
    /// <param name="count">How many elements.</param>
    public static Problem UnreadEnd(
        Subject layer, LayerAxis axis, string formula, decimal exact, long count, Shape input, string advice) => UnreadRows(
            layer, axis,
            $"{formula} = {exact.ToString("0.##", CultureInfo.InvariantCulture)} is rounded down "
            + $"to {Arithmetic.Number((long)Math.Floor(exact))}",
            count == 1 ? $"the last {axis.Noun}" : $"the last {Arithmetic.Count(count, axis.Noun)}", count, input, advice);

    private static Problem UnreadRows(
        Subject layer, LayerAxis axis, string windows, string part, long count, Shape input, string advice) =>
        Problem.Create(UnreadRowsRule, layer, axis.Name, windows, part, input, count == 1 ? "is" : "are", advice);

    public static readonly Rule StrideTooLargeRule = new(
        "STRATA038", "Stride of a convolution is too large",
        "{0}: its stride makes {1} different places in the input, for each of which the backward pass has code; at "
        + "most {2}. Reduce the stride or the kernel.",
        Category.Shapes, Severity.Error);

    /// <param name="residues">The number of places along each axis that has several.</param>
    /// <param name="all">Their product.</param>
    public static Problem StrideTooLarge(Subject layer, int[] residues, decimal all, int most) => Problem.Create(
        StrideTooLargeRule, layer, Arithmetic.Equation(residues.Length > 1 ? Arithmetic.Product(residues) : "", new(all)), most);
}
