using System;
using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

/// <summary>What a normalisation scales and shifts by parameters.</summary>
internal enum Affine
{
    None,
    PerChannel,
    PerElement,
}

/// <summary>
/// y = (x − μ)/√(σ² + ε), with mean and variance over parts of one sample: groups of channels, or all channels of a pixel. Whatever is
/// normalised so is this record; training and inference are the same.
/// </summary>
/// <param name="Groups">Groups of neighbouring channels; 0 where each pixel is normalised by itself.</param>
internal sealed record SampleNormalization(int Groups, double Epsilon, Affine Affine, int Channels) : LoopOperation
{
    private const string Weight = "weight", Bias = "bias", Mean = "means", Inverse = "inverses";

    // A channel by itself that has parameters for each of its elements has none of its own.
    public override Dependence Dependence =>
        Groups == Channels && Affine != Affine.PerElement ? Dependence.Channel : Groups == 0 ? Dependence.Pixel : Dependence.All;

    // Where single floats are computed, there are no activations.
    public override bool TakesActivation => Dependence != Dependence.All;

    public override Reach ReachOf(Shape input, Shape output) => Groups == 0 ? Reach.AllChannels(input) : Reach.Everything;

    /// <summary>Channels of a group.</summary>
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

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        LoopTensor x = pass.Input;
        using (ForParts(w, x))
        {
            w.SumOver(MemberLoops(w, x), "sum", () => Load(w, x));
            w.Line($"Vector mean = sum / {LoopWriter.Constant(Count(x.Shape))};");
            w.SumOver(MemberLoops(w, x), "squares", () =>
            {
                w.Line($"Vector d = {Load(w, x)} - mean;");
                return "d * d";
            });
            w.Line($"Vector inverse = Vector.One / Simd.Sqrt((squares / {LoopWriter.Constant(Count(x.Shape))}) + {LoopWriter.Constant(Epsilon)});");
            if (pass.IsTraining)
            {
                StoreStatistic(w, pass, Mean, "mean");
                StoreStatistic(w, pass, Inverse, "inverse");
            }

            ForElements(w, x, () =>
            {
                w.Line($"Vector normal = ({Load(w, x)} - mean) * inverse;");
                w.Store(pass.Output, "c", "z", "y", "x", Affine == Affine.None
                    ? "normal" : $"Simd.MultiplyAddEstimate(normal, {Of(w, pass.Parameter(Weight), x.Shape)}, {Of(w, pass.Parameter(Bias), x.Shape)})");
            });
        }
    });

    public override void Backward(LoopPass pass)
    {
        LoopTensor x = pass.Input;
        bool trains = Affine != Affine.None && pass.HasGradient(Weight), ofPixels = Groups == 0 && Affine == Affine.PerChannel;
        if (trains && ofPixels)
        {
            pass.Step("weight and bias", w =>
            {
                using (w.ForChannels(x))
                {
                    w.SumOver(w.PixelLoops(x), ["product", "sum"], () =>
                    {
                        WriteStatistics(w, pass);
                        WriteNormal(w, pass);
                        return ["d * normal", "d"];
                    });
                    w.AddGradient(pass.ParameterGradient(Weight), "c", "product");
                    w.AddGradient(pass.ParameterGradient(Bias), "c", "sum");
                }
            });
            if (pass.InputGradient is null)
            {
                return;
            }
        }

        pass.Step("", w =>
        {
            // With ŷ the normal value and g its gradient: dx = (g − mean(g) − ŷ·mean(g·ŷ))/√(σ² + ε).
            using (ForParts(w, x))
            {
                WriteStatistics(w, pass);
                if (Groups > 0 && Affine == Affine.PerChannel)
                {
                    WriteSumsByChannels(w, pass, trains);
                }
                else
                {
                    w.SumOver(MemberLoops(w, x), ["sum", "product"], () =>
                    {
                        WriteNormal(w, pass);
                        if (trains && Affine == Affine.PerElement)
                        {
                            w.AddGradient(pass.ParameterGradient(Weight), Index(x.Shape), "d * normal");
                            w.AddGradient(pass.ParameterGradient(Bias), Index(x.Shape), "d");
                        }

                        if (Affine != Affine.None)
                        {
                            w.Line($"d *= {Of(w, pass.Parameter(Weight), x.Shape)};");
                        }

                        return ["d", "d * normal"];
                    });
                }

                if (pass.InputGradient is { } dx)
                {
                    w.Line($"sum /= {LoopWriter.Constant(Count(x.Shape))};");
                    w.Line($"product /= {LoopWriter.Constant(Count(x.Shape))};");
                    ForElements(w, x, () =>
                    {
                        string weight = Affine == Affine.None ? "" : $" * {Of(w, pass.Parameter(Weight), x.Shape)}";
                        w.Line($"Vector normal = ({Load(w, x)} - mean) * inverse;");
                        w.Store(dx, "c", "z", "y", "x", $"(({Load(w, pass.OutputGradient)}{weight}) - sum - (normal * product)) * inverse");
                    });
                }
            }
        });
    }

    /// <summary>The sums of each channel by itself, which are also the gradients of its parameters, and those of all.</summary>
    private void WriteSumsByChannels(LoopWriter w, LoopPass pass, bool trains)
    {
        w.SumOver([Channel()], ["sum", "product"], () =>
        {
            w.SumOver(w.PixelLoops(pass.Input), ["channelSum", "channelProduct"], () =>
            {
                WriteNormal(w, pass);
                return ["d", "d * normal"];
            });
            if (trains)
            {
                w.AddGradient(pass.ParameterGradient(Weight), "c", "channelProduct");
                w.AddGradient(pass.ParameterGradient(Bias), "c", "channelSum");
            }

            string weight = w.OfChannel(pass.Parameter(Weight), "c");
            return [$"channelSum * {weight}", $"channelProduct * {weight}"];
        });
    }

    private static string Load(LoopWriter w, LoopTensor tensor) => w.Load(tensor, "c", "z", "y", "x");

    /// <summary>What is normalised by itself: the variable is <c>group</c>, or <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    private Printing.SourceWriter.Scope ForParts(LoopWriter w, LoopTensor x) => Groups == 0
        ? w.ForPixels(x) : w.For(("group", Groups == Channels ? w.Channels(x) : Groups));

    /// <summary>The channels of a part: the variable is <c>c</c>.</summary>
    private SumLoop Channel() => Groups == 0 ? new("c", Channels)
        : Members == 1 ? new("c", "group", "group + 1", 1)
        : new("c", $"group * {Number(Members)}", $"(group + 1) * {Number(Members)}", Members);

    /// <summary>The elements of a part, for a sum.</summary>
    private IReadOnlyList<SumLoop> MemberLoops(LoopWriter w, LoopTensor x) => Groups == 0 ? [Channel()] : [Channel(), .. w.PixelLoops(x)];

    /// <summary>Leaves the gradient <c>d</c> of an element behind the parameters, and its <c>normal</c> value.</summary>
    private static void WriteNormal(LoopWriter w, LoopPass pass) =>
        w.Line($"Vector d = {Load(w, pass.OutputGradient)}, normal = ({Load(w, pass.Input)} - mean) * inverse;");

    private void ForElements(LoopWriter w, LoopTensor x, Action body)
    {
        using (w.For(MemberLoops(w, x)))
        {
            body();
        }
    }

    /// <summary>Elements of a part.</summary>
    private int Count(Shape x) => Groups == 0 ? Channels : x.Length / Groups;

    private LoopTensor Statistic(LoopPass pass, string name) =>
        pass.Kept(name, Groups == 0 ? pass.Input.Shape with { Channels = 1 } : Shape.Vector(Groups));

    private void StoreStatistic(LoopWriter w, LoopPass pass, string name, string value)
    {
        if (Groups == 0)
        {
            w.Store(Statistic(pass, name), "0", "z", "y", "x", value);
        }
        else
        {
            w.Store(Statistic(pass, name), "group", "0", "0", "0", value);
        }
    }

    private void WriteStatistics(LoopWriter w, LoopPass pass) =>
        w.Line($"Vector mean = {LoadStatistic(w, pass, Mean)}, inverse = {LoadStatistic(w, pass, Inverse)};");

    private string LoadStatistic(LoopWriter w, LoopPass pass, string name) => Groups == 0
        ? w.Load(Statistic(pass, name), "0", "z", "y", "x") : w.Load(Statistic(pass, name), "group", "0", "0", "0");

    private string Of(LoopWriter w, LoopParameter parameter, Shape x) =>
        Affine == Affine.PerChannel ? w.OfChannel(parameter, "c") : w.Of(parameter, Index(x));

    /// <summary>Where an element's parameters stand.</summary>
    private string Index(Shape x) => Affine == Affine.PerChannel
        ? "c" : Expression.Sum(("c", x.Rows * x.Width), ("z", x.Height * x.Width), ("y", x.Width), ("x", 1));
}
