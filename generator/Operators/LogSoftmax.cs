using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class LogSoftmax : Elementwise
{
    public override string Kind => "LogSoftmax";

    public override string Stem => "logsoftmax";

    public override OperatorDocumentation Documentation => new(
        "[LogSoftmax]", "unchanged", "y[c] = x[c] − ln Σ e^x[k]", "nn.LogSoftmax(dim=1)", "Activation('log_softmax')");

    protected override Operation Operation => new LogarithmOfSoftmax();
}

/// <summary>Logarithms of softmax along the channels, from x − max, so that nothing overflows and small probabilities stay exact.</summary>
internal sealed record LogarithmOfSoftmax : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);

    public override void Forward(LoopPass pass) => pass.Step("", w =>
    {
        LoopTensor x = pass.Input;
        using (w.ForPixels(x))
        {
            w.Line($"Vector largest = {w.Load(x, "0", "z", "y", "x")};");
            using (w.ForChannels(x))
            {
                w.Line($"largest = Simd.Max(largest, {w.Load(x, "c", "z", "y", "x")});");
            }

            w.SumOver([new SumLoop("c", w.Channels(x))], "sum", () => $"VectorMath.Exp({w.Load(x, "c", "z", "y", "x")} - largest)");
            w.Line("Vector logarithm = VectorMath.Log(sum);");
            using (w.ForChannels(x))
            {
                w.Store(pass.Output, "c", "z", "y", "x", $"{w.Load(x, "c", "z", "y", "x")} - largest - logarithm");
            }
        }
    });

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        pass.Step("", w =>
        {
            using (w.ForPixels(dx))
            {
                w.SumOver([new SumLoop("c", w.Channels(dx))], "sum", () => w.Load(pass.OutputGradient, "c", "z", "y", "x"));
                using (w.ForChannels(dx))
                {
                    string probability = $"VectorMath.Exp({w.Load(pass.Output, "c", "z", "y", "x")})";
                    w.Store(dx, "c", "z", "y", "x", $"{w.Load(pass.OutputGradient, "c", "z", "y", "x")} - ({probability} * sum)");
                }
            }
        });
    }
}
