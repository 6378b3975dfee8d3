using System;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

internal sealed class LocalResponseNorm : LayerOperator
{
    public override string Kind => "LocalResponseNorm";

    public override string Stem => "lrn";

    public override OperatorDocumentation Documentation => new(
        "[LocalResponseNorm(size)]", "unchanged", "y[c] = x[c]/(k + α/size·Σ x[j]²)^β over size channels around c", "nn.LocalResponseNorm", "");

    public override LayerResult? Build(LayerContext layer)
    {
        int size = layer.AtLeast(1, "size");
        double alpha = layer.Finite("Alpha", 1e-4, 0, orEqual: true), beta = layer.Finite("Beta", 0.75, 0, orEqual: true);
        double k = layer.Finite("K", 1, 0, orEqual: true);

        // Where all is 0, as in lanes without a sample, 0 must not be divided by a power of 0: a k that only counts there. The roots
        // below go through the power of 1.5.
        k = Math.Max(k, Math.Pow(LayerContext.SmallestNormal, 1 / Math.Max(1.5, beta)));
        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(new CrossChannelNormalization(size, alpha, beta, k), input);
    }
}

/// <summary>Divides by a power of the mean square over a window of channels, which counts zeros beyond the first and the last (Krizhevsky et al. 2012).</summary>
internal sealed record CrossChannelNormalization(int Size, double Alpha, double Beta, double K) : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        using (w.ForEach(pass.Input))
        {
            WriteBase(w, pass.Input);
            w.Store(pass.Output, "c", "z", "y", "x", $"{w.Load(pass.Input, "c", "z", "y", "x")} / {Power("denominator")}");
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        // dx[c] = g[c]/d[c]^β − (2αβ/size)·x[c]·Σ g[j]·y[j]/d[j] over the windows j that c is in.
        LoopTensor x = pass.Input, g = pass.OutputGradient, bases = pass.Scratch("bases", x.Shape), ratios = pass.Scratch("ratios", x.Shape);
        pass.Step("what each window divides by", w =>
        {
            using (w.ForEach(x))
            {
                WriteBase(w, x);
                w.Store(bases, "c", "z", "y", "x", "denominator");
                w.Store(
                    ratios, "c", "z", "y", "x",
                    $"{w.Load(g, "c", "z", "y", "x")} * {w.Load(pass.Output, "c", "z", "y", "x")} / denominator");
            }
        });
        pass.Step("", w =>
        {
            using (w.ForEach(x))
            {
                // The windows that a channel is in are those of its window turned around.
                w.SumOver(Window(x, (Size - 1) / 2, Size / 2), "sum", () => w.Load(ratios, "j", "z", "y", "x"));
                w.Line($"Vector denominator = {w.Load(bases, "c", "z", "y", "x")};");
                string own = $"({w.Load(g, "c", "z", "y", "x")} / {Power("denominator")})";
                string others = $"({LoopWriter.Constant(2 * Alpha * Beta / Size)} * {w.Load(x, "c", "z", "y", "x")} * sum)";
                w.Store(dx, "c", "z", "y", "x", $"{own} - {others}");
            }
        });
    }

    private void WriteBase(LoopWriter w, LoopTensor x)
    {
        w.SumOver(Window(x, Size / 2, (Size - 1) / 2), "squares", () =>
        {
            w.Line($"Vector value = {w.Load(x, "j", "z", "y", "x")};");
            return "value * value";
        });
        w.Line($"Vector denominator = Simd.MultiplyAddEstimate(squares, {LoopWriter.Constant(Alpha / Size)}, {LoopWriter.Constant(K)});");
    }

    private SumLoop[] Window(LoopTensor x, int before, int after) =>
    [
        new(
            "j", $"Math.Max(0, c - {Number(before)})", $"Math.Min({Number(x.Shape.Channels)}, c + {Number(after + 1)})",
            Math.Min(Size, x.Shape.Channels)),
    ];

    /// <summary>Roots for the exponents that are in use, which are good to the last place; logarithm and exponential for others.</summary>
    private string Power(string x) => Beta switch
    {
        1 => x,
        0.75 => $"Simd.Sqrt({x} * Simd.Sqrt({x}))",
        0.5 => $"Simd.Sqrt({x})",
        _ => $"VectorMath.Exp({LoopWriter.Constant(Beta)} * VectorMath.Log({x}))",
    };
}
