using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class ArgMax() : IndexOperator(isLeast: false);

internal sealed class ArgMin() : IndexOperator(isLeast: true);

/// <summary>The base of the layers that find the place of the largest or the smallest element along an axis.</summary>
internal abstract class IndexOperator(bool isLeast) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Kind => isLeast ? "ArgMin" : "ArgMax";

    public sealed override string Stem => Kind.ToLowerInvariant();

    public sealed override OperatorDocumentation Documentation => new(
        $"[{Kind}]", "C×H×W → 1×H×W, or 1 along another Axis",
        $"y[i, j] = the first c with the {(isLeast ? "least" : "largest")} x[c, i, j]",
        $"x.{Stem}(1, keepdim=True)", $"ops.{Stem}");

    // Of whole numbers, several are the largest.
    public sealed override IReadOnlyList<OperatorCase> Cases =>
    [
        Kind, $"{Kind}(Axis = Axes.Height)", $"Round, {Kind}(Axis = Axes.Width)",
        .. In(Flat, Kind),
        .. In(Sequence, $"Round, {Kind}", $"{Kind}(Axis = Axes.Width)"),
        .. In(Volume, $"{Kind}(Axis = Axes.Depth)", Kind),
    ];

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Axis", Axes.Channels), axis => new IndexDefinition(axis, isLeast));
}

/// <summary>The index of the largest or the smallest element along an axis.</summary>
internal sealed record IndexDefinition(Argument<Axes> Axis, bool IsLeast) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.AxisOf(Axis) is not { } axis || layer.Input is not { } input)
        {
            return null;
        }

        return !layer.HasExactIndices(Axis.Name, axis) ? null
            : new LayerResult(
                new IndexOfExtreme(axis, IsLeast), input.Flattened(axis), $"{Arithmetic.Number(input.Extent(axis))} → 1");
    }
}

/// <summary>
/// The index of the largest or the smallest element along an axis, as a float. Of equal elements the first counts, and a NaN more than any
/// number, as in PyTorch. It passes no gradient on.
/// </summary>
internal sealed record IndexOfExtreme(Axes Along, bool IsLeast) : LoopOperation
{
    public override Dependence Dependence => AxisSets.DependenceAlong(Along);

    public override bool TrainsInBlocks => Dependence == Dependence.Channel;

    public override Reach ReachOf(Shape input, Shape output) => AxisSets.ReachAlong(Along, input);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForOthers(x, Along, at =>
        {
            Variable best = k.Let("best", IsLeast ? double.PositiveInfinity : double.NegativeInfinity);
            Variable place = k.Let("place", 0), number = k.Let("number", 0);
            k.For(k.LoopsAlong(x, Along), () =>
            {
                Variable candidate = k.Let("candidate", x[at]);
                Variable isBetter = k.Let("isBetter", IsLeast ? candidate < best : candidate > best);

                // What is not equal to itself is no number. The first NaN stays.
                Expression isNumber = Expression.AreEqual(candidate, candidate);
                Expression first = Expression.Select(Expression.AreEqual(best, best), number, place);
                k.Set(place, Expression.Select(isNumber, Expression.Select(isBetter, number, place), first));
                k.Set(best, Expression.Select(isNumber, Expression.Select(isBetter, candidate, best), candidate));
                k.Set(number, number + 1);
            });
            y[at.First(Along)] = place;
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is { } dx)
        {
            pass.Clear(dx);
        }
    }
}
