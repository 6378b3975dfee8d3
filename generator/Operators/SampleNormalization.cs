using System;
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
            Sum(w, x, "sum", "", () => w.Line($"sum_row += {Load(w, x)};"));
            w.Line($"Vector mean = sum / {LoopWriter.Constant(Count(x.Shape))};");
            Sum(w, x, "squares", "", () =>
            {
                w.Line($"Vector d = {Load(w, x)} - mean;");
                w.Line("squares_row += d * d;");
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

    public override void Backward(LoopPass pass) => pass.Step("", w =>
    {
        // With ŷ the normal value and g its gradient: dx = (g − mean(g) − ŷ·mean(g·ŷ))/√(σ² + ε).
        LoopTensor x = pass.Input;
        bool trains = Affine != Affine.None && pass.HasGradient(Weight);
        bool channels = Affine == Affine.PerChannel && Groups > 0;
        using (ForParts(w, x))
        {
            w.Line($"Vector mean = {LoadStatistic(w, pass, Mean)}, inverse = {LoadStatistic(w, pass, Inverse)};");
            Sum(w, x, "sum", "product", () =>
            {
                w.Line($"Vector d = {Load(w, pass.OutputGradient)}, normal = ({Load(w, x)} - mean) * inverse;");
                if (trains && !channels)
                {
                    w.AddGradient(pass.ParameterGradient(Weight), Index(x.Shape), "d * normal");
                    w.AddGradient(pass.ParameterGradient(Bias), Index(x.Shape), "d");
                }

                if (Affine != Affine.None && !channels)
                {
                    w.Line($"d *= {Of(w, pass.Parameter(Weight), x.Shape)};");
                }

                w.Line("sum_row += d;");
                w.Line("product_row += d * normal;");
            }, () =>
            {
                // The sums of a channel are also the gradients of its parameters.
                if (trains && channels)
                {
                    w.AddGradient(pass.ParameterGradient(Weight), "c", "product_channel");
                    w.AddGradient(pass.ParameterGradient(Bias), "c", "sum_channel");
                }

                if (channels)
                {
                    w.Line($"sum_channel *= {w.OfChannel(pass.Parameter(Weight), "c")};");
                    w.Line($"product_channel *= {w.OfChannel(pass.Parameter(Weight), "c")};");
                }
            });
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

    private static string Load(LoopWriter w, LoopTensor tensor) => w.Load(tensor, "c", "z", "y", "x");

    /// <summary>What is normalised by itself: the variable is <c>group</c>, or <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    private Emission.SourceWriter.Scope ForParts(LoopWriter w, LoopTensor x) => Groups == 0
        ? w.ForPixels(x) : w.For(("group", Groups == Channels ? w.Channels(x) : Groups));

    private Emission.SourceWriter.Scope ForMembers(LoopWriter w)
    {
        Emission.SourceWriter.Scope scope = Groups == 0 ? w.For(("c", Channels)) : w.For(("member", Members));
        if (Groups > 0)
        {
            w.Line($"int c = {(Members == 1 ? "group" : $"(group * {Number(Members)}) + member")};");
        }

        return scope;
    }

    private void ForElements(LoopWriter w, LoopTensor x, Action body)
    {
        using (ForMembers(w))
        {
            if (Groups == 0)
            {
                body();
                return;
            }

            using (w.ForPixels(x))
            {
                body();
            }
        }
    }

    /// <summary>
    /// Sums over a part: <paramref name="element"/> adds to <c>…_row</c>. Rows and channels are summed first, so that in a large part small
    /// numbers are not added to a large one.
    /// </summary>
    private void Sum(LoopWriter w, LoopTensor x, string first, string second, Action element, Action? channel = null)
    {
        void Declare(string level) => w.Line(
            second.Length == 0 ? $"Vector {first}{level} = Vector.Zero;" : $"Vector {first}{level} = Vector.Zero, {second}{level} = Vector.Zero;");
        void Add(string to, string from)
        {
            w.Line($"{first}{to} += {first}{from};");
            if (second.Length > 0)
            {
                w.Line($"{second}{to} += {second}{from};");
            }
        }

        Declare("");
        using (ForMembers(w))
        {
            if (Groups == 0)
            {
                Declare("_row");
                element();
                Add("", "_row");
                return;
            }

            Declare("_channel");
            using (w.ForRows(x))
            {
                Declare("_row");
                using (w.ForColumns(x))
                {
                    element();
                }

                Add("_channel", "_row");
            }

            channel?.Invoke();
            Add("", "_channel");
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

    private string LoadStatistic(LoopWriter w, LoopPass pass, string name) => Groups == 0
        ? w.Load(Statistic(pass, name), "0", "z", "y", "x") : w.Load(Statistic(pass, name), "group", "0", "0", "0");

    private string Of(LoopWriter w, LoopParameter parameter, Shape x) =>
        Affine == Affine.PerChannel ? w.OfChannel(parameter, "c") : w.Of(parameter, Index(x));

    /// <summary>Where an element's parameters stand.</summary>
    private string Index(Shape x) => Affine == Affine.PerChannel
        ? "c" : Expression.Sum(("c", x.Rows * x.Width), ("z", x.Height * x.Width), ("y", x.Width), ("x", 1));
}
