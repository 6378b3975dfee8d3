using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class LocalResponseNorm : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "LocalResponseNorm";

    public override string Stem => "lrn";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => ["size", "Alpha", "Beta", "K"];

    public override OperatorDocumentation Documentation => new(
        "[LocalResponseNorm(size)]", "unchanged", "y[c] = x[c]/(k + α/size·Σ x[j]²)^β over size channels around c",
        "nn.LocalResponseNorm", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "LocalResponseNorm(3)", "LocalResponseNorm(4, Alpha = 0.5, Beta = 0.5, K = 2)", "LocalResponseNorm(5, Alpha = 0.5)"),
        .. In(Flat, "LocalResponseNorm(3)"),
        .. In(Sequence, "LocalResponseNorm(3)"),
        .. In(Volume, "LocalResponseNorm(2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("size"), Property("Alpha", 1e-4), Property("Beta", 0.75), Property<double>("K", 1),
        (size, alpha, beta, k) => new LocalResponseNormDefinition(size, alpha, beta, k));
}

/// <summary>Normalisation by the neighbouring channels.</summary>
internal sealed record LocalResponseNormDefinition(Argument<int> Size, Argument<double> Alpha, Argument<double> Beta, Argument<double> K)
    : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int size = layer.AtLeast(1, Size);
        double alpha = layer.Finite(Alpha, 0, orEqual: true), beta = layer.Finite(Beta, 0, orEqual: true);
        double k = layer.Finite(K, 0, orEqual: true);

        // If all elements are 0, as in lanes without a sample, 0 must not be divided by a power of 0. So k has a lower limit, which changes
        // nothing else. The limit allows for the power of 1.5, through which the roots below go.
        k = Math.Max(k, Math.Pow(DefinitionContext.SmallestNormal, 1 / Math.Max(1.5, beta)));
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(new CrossChannelNormalization(size, alpha, beta, k), input);
    }
}

/// <summary>
/// Divides by a power of the mean square over a window of channels (Krizhevsky et al. 2012). Channels beyond the ends count as zeros.
/// </summary>
internal sealed record CrossChannelNormalization(int Size, double Alpha, double Beta, double K) : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForEach(x, at =>
        {
            Variable denominator = LetBase(k, x, at);
            y[at] = x[at] / Power(denominator);
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx[c] = g[c]/d[c]^β − (2αβ/size)·x[c]·Σ g[j]·y[j]/d[j], summed over all j whose window contains c.
        LoopTensor x = pass.Input, g = pass.OutputGradient, bases = pass.Temporary("bases", x.Shape),
            ratios = pass.Temporary("ratios", x.Shape);
        pass.Step("what each window divides by", k => k.ForEach(x, at =>
        {
            Variable denominator = LetBase(k, x, at);
            bases[at] = denominator;
            ratios[at] = g[at] * pass.Output[at] / denominator;
        }));
        pass.Step("", k => k.ForEach(x, at =>
        {
            // The channels j whose window contains c are a window around c, with its two sides swapped.
            SumLoop window = Window(x, at.C, (Size - 1) / 2, Size / 2);
            Variable sum = k.SumOver([window], "sum", () => ratios[at with { C = window.Variable }]);
            Variable denominator = k.Let("denominator", bases[at]);
            dx[at] = (g[at] / Power(denominator)) - (2 * Alpha * Beta / Size * x[at] * sum);
        }));
    }

    private Variable LetBase(Loops k, LoopTensor x, ElementIndex at)
    {
        SumLoop window = Window(x, at.C, Size / 2, (Size - 1) / 2);
        Variable squares = k.SumOver([window], "squares", () =>
        {
            Variable value = k.Let("value", x[at with { C = window.Variable }]);
            return value * value;
        });

        // If the squares overflow, the result must be NaN: x/∞ = 0 would look like a valid result.
        Expression sum = Intrinsics.MultiplyAddEstimate(squares, Alpha / Size, K);
        return k.Let("denominator", sum + (squares - squares));
    }

    private SumLoop Window(LoopTensor x, Index c, int before, int after) => new(
        new IndexVariable("j"), Index.Max(0, c - before), Index.Min(Number.Named(x.Shape.Channels, "channels"), c + (after + 1)),
        Math.Min(Size, x.Shape.Channels));

    /// <summary>The usual exponents use square roots, accurate to the last place. Others use logarithm and exponential.</summary>
    private Expression Power(Expression x) => Beta switch
    {
        1 => x,
        0.75 => Sqrt(x) * Sqrt(Sqrt(x)),
        0.5 => Sqrt(x),
        _ => Exp(Beta * Log(x)),
    };
}
