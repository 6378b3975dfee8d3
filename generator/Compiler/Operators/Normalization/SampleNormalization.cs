using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

/// <summary>Which parameters scale and shift the normalised values.</summary>
internal enum Affine
{
    None,
    PerChannel,
    PerElement,
}

/// <summary>
/// y = (x − μ)/√(σ² + ε), with mean and variance over a part of one sample. A part is a group of channels, or all elements along some axes.
/// Group, instance and layer normalisation are all this record. Training and inference compute the same.
/// </summary>
internal sealed record SampleNormalization(NormalizedParts Parts, double Epsilon, Affine Affine) : LoopOperation
{
    private const string Weight = "weight", Bias = "bias", Mean = "mean", Inverse = "inverse", Shift = "shift", Factor = "factor";

    /// <summary>With means from here on, a deviation is either 0 or large enough that its square loses no digits.</summary>
    private static readonly double SmallMean = Math.Pow(2, -20);

    // Parameters for each element rule out channels in lanes: a lane would have one value for its channel only.
    public override Dependence Dependence => Parts.Dependence == Dependence.Channel && Affine == Affine.PerElement
        && Parts.Axes.Has(Axes.Channels) ? Dependence.All : Parts.Dependence;

    public override bool TrainsInBlocks => Parts is PartsAlongAxes && Parts.Dependence == Dependence.Channel && Affine == Affine.None;

    // Steps that compute float by float cannot apply an activation.
    public override bool TakesActivation => Dependence != Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Parts.ReachOf(input);

    /// <summary>Whether squares may underflow that would not be negligible beside ε.</summary>
    private bool MayVanish => Epsilon < Loops.SmallSquares;

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        if (Affine == Affine.None)
        {
            return EquatableArray<ParameterSpec>.Empty;
        }

        EquatableArray<int> extents = Affine == Affine.PerChannel
            ? EquatableArray.Of(input.Channels) : input.ExtentsOf(Parts.Axes).ToEquatableArray();
        return EquatableArray.Of(
            new ParameterSpec(Weight, extents, Initializer.Ones, 1, 1) { Role = ParameterRole.NormWeight },
            new ParameterSpec(Bias, extents, Initializer.Zeros, 1, 1) { Role = ParameterRole.NormBias });
    }

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => Parts.ForEach(k, x, part =>
        {
            Expression count = Parts.Count(x.Shape);
            Variable[] statistics = k.Let((Mean, 0), (Inverse, 0), (Shift, 0));
            (Variable mean, Variable inverse, Variable shift) = (statistics[0], statistics[1], statistics[2]);
            Variable factor = k.Rescaled(own =>
            {
                Variable sum = SumOverMembers(k, x, part, ["sum"], at => [x[at] * own])[0];
                k.Set(mean, sum / count);

                // The mean is rounded. If it is large compared with the deviations, the error matters: the mean of the deviations corrects
                // it.
                Variable[] sums = SumOverMembers(k, x, part, ["deviations", "squares"], at =>
                {
                    Variable d = k.Let("d", (x[at] * own) - mean);
                    return [d, d * d];
                });
                Variable rest = k.Let("rest", sums[0] / count);
                Expression squared = (sums[1] / count) - (rest * rest);
                Variable variance = k.Let(
                    "variance", Epsilon > DefinitionContext.SmallestNormal ? squared + (Epsilon * own * own) : squared);

                // If all values are equal, the deviations are 0, and any divisor will do.
                k.Set(inverse, Expression.Select(variance <= 0, 1, 1 / Sqrt(variance)));
                k.Set(shift, -(rest * inverse));
                return (sums[1] <= float.MaxValue, MayVanish ? (sums[1] < Loops.SmallSquares) & (Abs(mean) < SmallMean) : null);
            });
            if (pass.IsTraining)
            {
                Statistic(pass, Mean)[part] = mean;
                Statistic(pass, Inverse)[part] = inverse;
                Statistic(pass, Shift)[part] = shift;
                Statistic(pass, Factor)[part] = factor;
            }

            ForMembers(k, x, part, at =>
            {
                Variable normal = k.Let("normal", Normal(x[at], [mean, inverse, shift, factor]));
                y[at] = Affine == Affine.None
                    ? normal : Intrinsics.MultiplyAddEstimate(normal, ParameterAt(pass.Parameter(Weight), x.Shape, at),
                        ParameterAt(pass.Parameter(Bias), x.Shape, at));
            });
        }));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        bool trains = Affine != Affine.None && pass.HasGradient(Weight);
        if (trains && Parts is PartsAlongAxes)
        {
            AddParameterGradients(pass, Parts.Axes);
            if (pass.InputGradient is null)
            {
                return;
            }
        }

        // With ŷ the normalised value and g the gradient of ŷ: dx = (g − mean(g) − ŷ·mean(g·ŷ))/√(σ² + ε).
        pass.Step("", k => Parts.ForEach(k, x, part =>
        {
            Variable[] statistics = LetStatistics(k, pass, part);
            Variable[] sums = Parts is GroupsOfChannels groups && Affine == Affine.PerChannel
                ? SumByChannels(k, pass, groups.Channel(part), statistics, trains)
                : SumByElements(k, pass, part, statistics, trains);
            if (pass.InputGradient is not { } dx)
            {
                return;
            }

            k.Set(sums[0], sums[0] / Parts.Count(x.Shape));
            k.Set(sums[1], sums[1] / Parts.Count(x.Shape));
            ForMembers(k, x, part, at =>
            {
                Expression? weight = Affine == Affine.None ? null : ParameterAt(pass.Parameter(Weight), x.Shape, at);
                Variable normal = k.Let("normal", Normal(x[at], statistics));
                Expression g = weight is null ? dy[at] : dy[at] * weight;
                dx[at] = (g - sums[0] - (normal * sums[1])) * statistics[1] * statistics[3];
            });
        }));
    }

    /// <summary>Adds the step that sums the gradients of a parameter over the parts, each of which has statistics.</summary>
    private void AddParameterGradients(LoopPass pass, Axes along)
    {
        LoopTensor x = pass.Input;
        var at = new ElementIndex(new IndexVariable("c"));
        pass.Step("weight and bias", k => k.For(k.LoopsAlong(x, along), () =>
        {
            Variable[] sums = k.SumOver(k.LoopsAlong(x, Axes.All & ~along), ["product", "sum"], () =>
            {
                Variable[] statistics = LetStatistics(k, pass, at.First(along));
                Variable[] values = LetNormal(k, x, pass.OutputGradient, statistics, at);
                return [values[0] * values[1], values[0]];
            });
            pass.ParameterGradient(Weight).AddGradient(x.Shape.Number(along, at), sums[0]);
            pass.ParameterGradient(Bias).AddGradient(x.Shape.Number(along, at), sums[1]);
        }));
    }

    /// <summary>Sums over the elements of a part: of g, and of g·ŷ. If each element has parameters, it adds their gradients.</summary>
    private Variable[] SumByElements(Loops k, LoopPass pass, ElementIndex part, Variable[] statistics, bool trains)
    {
        LoopTensor x = pass.Input;
        return SumOverMembers(k, x, part, ["sum", "product"], at =>
        {
            Variable[] values = LetNormal(k, x, pass.OutputGradient, statistics, at);
            if (trains && Parts is GroupsOfChannels)
            {
                pass.ParameterGradient(Weight).AddGradient(x.Shape.Number(Parts.Axes, at), values[0] * values[1]);
                pass.ParameterGradient(Bias).AddGradient(x.Shape.Number(Parts.Axes, at), values[0]);
            }

            if (Affine != Affine.None)
            {
                k.Set(values[0], values[0] * ParameterAt(pass.Parameter(Weight), x.Shape, at));
            }

            return [values[0], values[0] * values[1]];
        });
    }

    /// <summary>Sums for each channel, which are also the gradients of its parameters, and their totals over all channels.</summary>
    private static Variable[] SumByChannels(Loops k, LoopPass pass, SumLoop channel, Variable[] statistics, bool trains)
    {
        return k.SumOver([channel], ["sum", "product"], () =>
        {
            Index c = channel.Variable;
            Variable[] sums = k.SumOverPixels(pass.Input, c, ["channelSum", "channelProduct"], at =>
            {
                Variable[] values = LetNormal(k, pass.Input, pass.OutputGradient, statistics, at);
                return [values[0], values[0] * values[1]];
            });
            if (trains)
            {
                pass.ParameterGradient(Weight).AddGradient(c, sums[1]);
                pass.ParameterGradient(Bias).AddGradient(c, sums[0]);
            }

            Expression weight = pass.Parameter(Weight)[c];
            return [sums[0] * weight, sums[1] * weight];
        });
    }

    private void ForMembers(Loops k, LoopTensor x, ElementIndex part, Action<ElementIndex> body) =>
        k.For(Parts.Members(k, x, part), () => body(new ElementIndex(new IndexVariable("c"))));

    private Variable[] SumOverMembers(Loops k, LoopTensor x, ElementIndex part, string[] names, Func<ElementIndex, Expression[]> terms) =>
        k.SumOver(Parts.Members(k, x, part), names, () => terms(new ElementIndex(new IndexVariable("c"))));

    /// <summary>The gradient of an element of the output, and the element's normalised value.</summary>
    private static Variable[] LetNormal(Loops k, LoopTensor x, LoopTensor dy, Variable[] statistics, ElementIndex at) =>
        k.Let(("d", dy[at]), ("normal", Normal(x[at], statistics)));

    /// <summary>The normalised value of an element. It is factor·x minus its mean, which is two numbers, over the deviation.</summary>
    private static Expression Normal(Expression x, Variable[] statistics) =>
        Intrinsics.MultiplyAddEstimate((x * statistics[3]) - statistics[0], statistics[1], statistics[2]);

    private LoopTensor Statistic(LoopPass pass, string name) =>
        pass.Saved(name + "s", Parts.ShapeOf(pass.Input.Shape));

    /// <summary>The statistics of a part that forward saved: mean, inverse deviation, shift and factor.</summary>
    private Variable[] LetStatistics(Loops k, LoopPass pass, ElementIndex part) =>
        k.Let(new[] { Mean, Inverse, Shift, Factor }.Select(name => (name, Statistic(pass, name)[part])));

    private Expression ParameterAt(LoopParameter parameter, Shape x, ElementIndex at) => Affine == Affine.PerChannel ? parameter[at.C]
        : Parts.Axes.Has(Axes.Channels) ? parameter.At(x.Number(Parts.Axes, at)) : parameter.OfPixel(x.Number(Parts.Axes, at));
}

/// <summary>The parts of a sample that are normalised separately.</summary>
internal abstract record NormalizedParts
{
    /// <summary>The axes along which a part's elements, and the parameters of these elements, are numbered.</summary>
    public abstract Axes Axes { get; }

    public abstract Dependence Dependence { get; }

    public abstract Reach ReachOf(Shape input);

    /// <summary>How many elements a part has.</summary>
    public abstract int Count(Shape x);

    /// <summary>The shape of a tensor with a number for each part.</summary>
    public abstract Shape ShapeOf(Shape x);

    /// <summary>Loops over the parts. The body gets the index of the part's statistics.</summary>
    public abstract void ForEach(Loops k, LoopTensor x, Action<ElementIndex> body);

    /// <summary>The loops over the elements of a part, for a sum. The variables are <c>c</c>, <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public abstract IReadOnlyList<SumLoop> Members(Loops k, LoopTensor x, ElementIndex part);
}

/// <summary>Groups of neighbouring channels, with all their pixels.</summary>
internal sealed record GroupsOfChannels(int Groups, int Channels) : NormalizedParts
{
    public override Axes Axes => Axes.All;

    public override Dependence Dependence => Groups == Channels ? Dependence.Channel : Dependence.All;

    /// <summary>The number of channels in a group.</summary>
    private int Length => Channels / Groups;

    public override Reach ReachOf(Shape input) => Reach.Everything;

    public override int Count(Shape x) => x.Length / Groups;

    public override Shape ShapeOf(Shape x) => Shape.Vector(Groups);

    public override void ForEach(Loops k, LoopTensor x, Action<ElementIndex> body) =>
        k.For([("group", Groups == Channels ? k.Channels(x) : Groups)], at => body(new ElementIndex(at[0], 0, 0, 0)));

    public override IReadOnlyList<SumLoop> Members(Loops k, LoopTensor x, ElementIndex part) => [Channel(part), .. k.PixelLoops(x)];

    /// <summary>The channels of a part.</summary>
    public SumLoop Channel(ElementIndex part)
    {
        var c = new IndexVariable("c");
        return Length == 1 ? new SumLoop(c, part.C, part.C + 1, 1)
            : new SumLoop(c, part.C * Number.Named(Length, "members"), (part.C + 1) * Number.Named(Length, "members"), Length);
    }
}

/// <summary>All elements along some axes, such as the channels of each pixel.</summary>
internal sealed record PartsAlongAxes(Axes Along) : NormalizedParts
{
    public override Axes Axes => Along;

    public override Dependence Dependence => AxisSets.DependenceAlong(Along);

    public override Reach ReachOf(Shape input) => AxisSets.ReachAlong(Along, input);

    public override int Count(Shape x) => x.Count(Along);

    public override Shape ShapeOf(Shape x) => x.Flattened(Along);

    public override void ForEach(Loops k, LoopTensor x, Action<ElementIndex> body) =>
        k.ForOthers(x, Along, at => body(at.First(Along)));

    public override IReadOnlyList<SumLoop> Members(Loops k, LoopTensor x, ElementIndex part) => k.LoopsAlong(x, Along);
}
