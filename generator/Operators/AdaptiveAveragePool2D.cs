using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class AdaptiveAveragePool2D : LayerOperator
{
    public override string Kind => "AdaptiveAveragePool2D";

    public override string Stem => "pool";

    public override OperatorDocumentation Documentation => new(
        "[AdaptiveAveragePool2D(size)]",
        "C×H×W → C×size×size",
        "y[c, i, j] = mean of x[c, m, n] over ⌊i·H/H′⌋ ≤ m < ⌈(i + 1)·H/H′⌉, n likewise",
        "nn.AdaptiveAvgPool2d",
        "");

    public override LayerResult? Build(LayerContext layer)
    {
        int size = layer.AtLeast(1, "size");
        int height = layer.AtLeast(1, "Height", size), width = layer.AtLeast(1, "Width", size);
        if (layer.HasErrors || !layer.HasDimensions(2) || layer.Input is not { } input)
        {
            return null;
        }

        return new LayerResult(new AdaptiveAverage(height, width), Shape.Image(input.Channels, height, width));
    }
}

/// <summary>Means over windows that divide the input as evenly as whole pixels allow; neighbours may share a row.</summary>
internal sealed record AdaptiveAverage(int Height, int Width) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        LoopTensor x = pass.Input, y = pass.Output;
        using (w.For(("c", w.Channels(x)), ("i", Height), ("j", Width)))
        {
            WriteBounds(w, x.Shape);
            w.Line("Vector sum = Vector.Zero;");
            w.Line("for (int m = top; m < bottom; m++)");
            using (w.Block("for (int n = left; n < right; n++)"))
            {
                w.Line($"sum += {w.Load(x, "c", "m", "n")};");
            }

            w.Store(y, "c", "i", "j", "sum * scale");
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        pass.Clear(dx);
        pass.Step("", w =>
        {
            using (w.For(("c", w.Channels(dx)), ("i", Height), ("j", Width)))
            {
                WriteBounds(w, dx.Shape);
                w.Line($"Vector share = {w.Load(pass.OutputGradient, "c", "i", "j")} * scale;");
                w.Line("for (int m = top; m < bottom; m++)");
                using (w.Block("for (int n = left; n < right; n++)"))
                {
                    w.Add(dx, "c", "m", "n", "share");
                }
            }
        });
    }

    private void WriteBounds(LoopWriter w, Shape input)
    {
        w.Line($"int top = i * {input.Height} / {Height}, bottom = (((i + 1) * {input.Height}) + {Height - 1}) / {Height};");
        w.Line($"int left = j * {input.Width} / {Width}, right = (((j + 1) * {input.Width}) + {Width - 1}) / {Width};");
        w.Line("Vector scale = Simd.Create(1f / ((bottom - top) * (right - left)));");
    }
}
