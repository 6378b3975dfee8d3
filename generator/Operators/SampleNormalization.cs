using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using static Strata.Generator.KernelLanguage.Functions;

namespace Strata.Generator.Operators;

/// <summary>Which parameters scale and shift the normalised values.</summary>
internal enum Affine
{
    None,
    PerChannel,
    PerElement,
}

/// <summary>
/// y = (x − μ)/√(σ² + ε), with mean and variance over a part of one sample. A part is a group of channels, or all channels of a pixel.
/// Group, instance and layer normalisation are all this record. Training and inference compute the same.
/// </summary>
/// <param name="Groups">The number of groups of neighbouring channels; 0 if each pixel is normalised separately.</param>
internal sealed record SampleNormalization(int Groups, double Epsilon, Affine Affine, int Channels) : LoopOperation
{
    private const string Weight = "weight", Bias = "bias", Mean = "mean", Inverse = "inverse", Shift = "shift", Factor = "factor";

    /// <summary>With means from here on, a deviation is either 0 or large enough that its square loses no digits.</summary>
    private static readonly double SmallMean = Math.Pow(2, -20);

    // Parameters for each element rule out channels in lanes: a lane would have one value for its channel only.
    public override Dependence Dependence =>
        Groups == Channels && Affine != Affine.PerElement ? Dependence.Channel : Groups == 0 ? Dependence.Pixel : Dependence.All;

    // Steps that compute float by float cannot apply an activation.
    public override bool TakesActivation => Dependence != Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Groups == 0 ? Reach.AllChannels(input) : Reach.Everything;

    /// <summary>Whether squares may underflow that would not be negligible beside ε.</summary>
    private bool MayVanish => Epsilon < Loops.SmallSquares;

    /// <summary>The number of channels in a group.</summary>
    private int Members => Channels / Math.Max(Groups, 1);

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        if (Affine == Affine.None)
        {
            return EquatableArray<ParameterSpec>.Empty;
        }

        EquatableArray<int> extents = Affine == Affine.PerChannel ? EquatableArray.Of(Channels) : input.Extents.ToEquatableArray();
        return EquatableArray.Of(
            new ParameterSpec(Weight, extents, Initializer.Ones, 1, 1) { Role = ParameterRole.NormWeight },
            new ParameterSpec(Bias, extents, Initializer.Zeros, 1, 1) { Role = ParameterRole.NormBias });
    }

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => ForParts(k, x, part =>
        {
            Expression count = Count(x.Shape);
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
                    ? normal : Intrinsics.MultiplyAddEstimate(normal, Of(pass.Parameter(Weight), x.Shape, at),
                        Of(pass.Parameter(Bias), x.Shape, at));
            });
        }));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        bool trains = Affine != Affine.None && pass.HasGradient(Weight), ofPixels = Groups == 0 && Affine == Affine.PerChannel;
        if (trains && ofPixels)
        {
            AddParameterGradients(pass);
            if (pass.InputGradient is null)
            {
                return;
            }
        }

        // With ŷ the normalised value and g the gradient of ŷ: dx = (g − mean(g) − ŷ·mean(g·ŷ))/√(σ² + ε).
        pass.Step("", k => ForParts(k, x, part =>
        {
            Variable[] statistics = LetStatistics(k, pass, part);
            Variable[] sums = Groups > 0 && Affine == Affine.PerChannel
                ? SumByChannels(k, pass, part, statistics, trains)
                : SumByElements(k, pass, part, statistics, trains);
            if (pass.InputGradient is not { } dx)
            {
                return;
            }

            k.Set(sums[0], sums[0] / Count(x.Shape));
            k.Set(sums[1], sums[1] / Count(x.Shape));
            ForMembers(k, x, part, at =>
            {
                Expression? weight = Affine == Affine.None ? null : Of(pass.Parameter(Weight), x.Shape, at);
                Variable normal = k.Let("normal", Normal(x[at], statistics));
                Expression g = weight is null ? dy[at] : dy[at] * weight;
                dx[at] = (g - sums[0] - (normal * sums[1])) * statistics[1] * statistics[3];
            });
        }));
    }

    /// <summary>Adds the step that sums the gradients of a channel's parameters over the pixels, each of which has statistics.</summary>
    private void AddParameterGradients(LoopPass pass)
    {
        LoopTensor x = pass.Input;
        pass.Step("weight and bias", k => k.ForChannels(x, c =>
        {
            Variable[] sums = k.SumOverPixels(x, c, ["product", "sum"], at =>
            {
                Variable[] statistics = LetStatistics(k, pass, at with { C = 0 });
                Variable[] values = LetNormal(k, x, pass.OutputGradient, statistics, at);
                return [values[0] * values[1], values[0]];
            });
            pass.ParameterGradient(Weight).AddGradient(c, sums[0]);
            pass.ParameterGradient(Bias).AddGradient(c, sums[1]);
        }));
    }

    /// <summary>Sums over the elements of a part: of g, and of g·ŷ. If each element has parameters, it adds their gradients.</summary>
    private Variable[] SumByElements(Loops k, LoopPass pass, ElementIndex part, Variable[] statistics, bool trains)
    {
        LoopTensor x = pass.Input;
        return SumOverMembers(k, x, part, ["sum", "product"], at =>
        {
            Variable[] values = LetNormal(k, x, pass.OutputGradient, statistics, at);
            if (trains && Affine == Affine.PerElement)
            {
                pass.ParameterGradient(Weight).AddGradient(PlaceOf(x.Shape, at), values[0] * values[1]);
                pass.ParameterGradient(Bias).AddGradient(PlaceOf(x.Shape, at), values[0]);
            }

            if (Affine != Affine.None)
            {
                k.Set(values[0], values[0] * Of(pass.Parameter(Weight), x.Shape, at));
            }

            return [values[0], values[0] * values[1]];
        });
    }

    /// <summary>Sums for each channel, which are also the gradients of its parameters, and their totals over all channels.</summary>
    private Variable[] SumByChannels(Loops k, LoopPass pass, ElementIndex part, Variable[] statistics, bool trains)
    {
        SumLoop channel = Channel(part);
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

    /// <summary>
    /// Loops over the parts that are normalised separately: groups of channels, or pixels. The body gets the index
    /// of the part's statistics.
    /// </summary>
    private void ForParts(Loops k, LoopTensor x, Action<ElementIndex> body)
    {
        if (Groups == 0)
        {
            k.ForPixels(x, 0, body);
        }
        else
        {
            k.For([("group", Groups == Channels ? k.Channels(x) : Groups)], at => body(new ElementIndex(at[0], 0, 0, 0)));
        }
    }

    /// <summary>The channels of a part.</summary>
    private SumLoop Channel(ElementIndex part)
    {
        var c = new IndexVariable("c");
        return Groups == 0 ? new SumLoop("c", Channels)
            : Members == 1 ? new SumLoop(c, part.C, part.C + 1, 1)
            : new SumLoop(c, part.C * Number.Named(Members, "members"), (part.C + 1) * Number.Named(Members, "members"), Members);
    }

    /// <summary>The loops over the elements of a part, for a sum.</summary>
    private IReadOnlyList<SumLoop> MemberLoops(Loops k, LoopTensor x, ElementIndex part) =>
        Groups == 0 ? [Channel(part)] : [Channel(part), .. k.PixelLoops(x)];

    private void ForMembers(Loops k, LoopTensor x, ElementIndex part, Action<ElementIndex> body)
    {
        IReadOnlyList<SumLoop> loops = MemberLoops(k, x, part);
        k.For(loops, () => body(new ElementIndex(loops[0].Variable)));
    }

    private Variable[] SumOverMembers(Loops k, LoopTensor x, ElementIndex part, string[] names, Func<ElementIndex, Expression[]> terms)
    {
        IReadOnlyList<SumLoop> loops = MemberLoops(k, x, part);
        return k.SumOver(loops, names, () => terms(new ElementIndex(loops[0].Variable)));
    }

    /// <summary>The gradient of an element of the output, and the element's normalised value.</summary>
    private static Variable[] LetNormal(Loops k, LoopTensor x, LoopTensor dy, Variable[] statistics, ElementIndex at) =>
        k.Let(("d", dy[at]), ("normal", Normal(x[at], statistics)));

    /// <summary>The normalised value of an element. It is factor·x minus its mean, which is two numbers, over the deviation.</summary>
    private static Expression Normal(Expression x, Variable[] statistics) =>
        Intrinsics.MultiplyAddEstimate((x * statistics[3]) - statistics[0], statistics[1], statistics[2]);

    /// <summary>How many elements a part has.</summary>
    private int Count(Shape x) => Groups == 0 ? Channels : x.Length / Groups;

    private LoopTensor Statistic(LoopPass pass, string name) =>
        pass.Saved(name + "s", Groups == 0 ? pass.Input.Shape with { Channels = 1 } : Shape.Vector(Groups));

    /// <summary>The statistics of a part that forward saved: mean, inverse deviation, shift and factor.</summary>
    private Variable[] LetStatistics(Loops k, LoopPass pass, ElementIndex part) =>
        k.Let(new[] { Mean, Inverse, Shift, Factor }.Select(name => (name, Statistic(pass, name)[part])));

    private Expression Of(LoopParameter parameter, Shape x, ElementIndex at) =>
        Affine == Affine.PerChannel ? parameter[at.C] : parameter.At(PlaceOf(x, at));

    /// <summary>The index of an element's own parameters.</summary>
    private static Index PlaceOf(Shape x, ElementIndex at) =>
        Index.Sum((at.C, x.Rows * x.Width), (at.Z, x.Height * x.Width), (at.Y, x.Width), (at.X, 1));
}
