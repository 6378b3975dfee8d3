using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class MaxUnpool1D() : MaxUnpoolOperator(1);

internal sealed class MaxUnpool2D() : MaxUnpoolOperator(2);

internal sealed class MaxUnpool3D() : MaxUnpoolOperator(3);

/// <summary>What the inverses of max pooling have in common.</summary>
internal abstract class MaxUnpoolOperator(int dimensions) : LayerOperator
{
    public sealed override string Kind => $"MaxUnpool{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "unpool";

    public sealed override string PartnerArgument => "pool";

    public sealed override OperatorDocumentation Documentation
    {
        get
        {
            string from = dimensions switch { 1 => "C×L′ → C×L", 2 => "C×H′×W′ → C×H×W", _ => "C×D′×H′×W′ → C×D×H×W" };
            return new(
                $"[{Kind}(\"pool1\")]", $"{from}: from the named pooling's output to its input",
                "each element to where its window's maximum stood, 0 elsewhere", $"nn.MaxUnpool{Arithmetic.Number(dimensions)}d", "");
        }
    }

    public sealed override LayerResult? Build(LayerContext layer)
    {
        if (layer.HasErrors || !layer.HasDimensions(dimensions) || layer.Inputs is not { } inputs)
        {
            return null;
        }

        if (inputs[1].Operation is not Pooling { Kind: PoolingKind.Max } pooling)
        {
            layer.Report(Rules.UnsupportedArgument, "pool", $"'{inputs[1].Name}' is no max pooling", "Name the one whose windows it is to fill");
            return null;
        }

        if (inputs[0].Shape != inputs[1].Shape)
        {
            layer.Report(
                Rules.UnsupportedArgument, "pool", $"its input is {inputs[0].Shape}, but '{inputs[1].Name}' has {inputs[1].Shape}",
                "Each element needs a window");
            return null;
        }

        return new LayerResult(new MaxUnpooling(pooling), inputs[2].Shape);
    }
}

/// <summary>
/// Elements go where the maxima of a pooling's windows stood (Zeiler and Fergus 2014). Inputs are these elements, the pooling's output
/// and its input, in which the maxima are looked for once more. Where windows overlap and share a maximum, the last of them wins.
/// </summary>
internal sealed record MaxUnpooling(Pooling Pooling) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool IsDifferentiable(int input) => input == 0;

    // Of all inputs those of the windows that an element is in, as many as the pooling has outputs there. What is looked for in its input
    // lies in the same windows: they are what these outputs depend on.
    public override Reach ReachOf(Shape input, Shape output) => new(Windows(Pooling.Depth), Windows(Pooling.Vertical), Windows(Pooling.Horizontal));

    private static AxisReach Windows(WindowAxis axis) => new((double)axis.Kernel / axis.Stride, 1.0 / axis.Stride);

    public override void Forward(LoopPass pass)
    {
        pass.Clear(pass.Output);
        pass.Step("", w =>
        {
            using (w.ForEach(pass.Input))
            {
                w.Line($"Vector value = {w.Load(pass.Input, "c", "z", "y", "x")};");
                w.FindMaximum(pass.Inputs[2], Window(pass));
                using (w.For(Window(pass)))
                {
                    LoopTensor y = pass.Output;
                    w.Store(y, "c", "l", "m", "n", $"Simd.ConditionalSelect({LoopWriter.IsMaximum(pass.Inputs[2])}, value, {w.Load(y, "c", "l", "m", "n")})");
                }
            }
        });
    }

    public override void Backward(LoopPass pass) => pass.Step("", w =>
    {
        using (w.ForEach(pass.Input))
        {
            w.FindMaximum(pass.Inputs[2], Window(pass));
            w.Line("Vector share = Vector.Zero;");
            using (w.For(Window(pass)))
            {
                w.Line($"share |= {LoopWriter.IsMaximum(pass.Inputs[2])} & {w.Load(pass.OutputGradient, "c", "l", "m", "n")};");
            }

            w.Store(pass.InputGradient!, "c", "z", "y", "x", "share");
        }
    });

    /// <summary>The loops over a window of the pooling.</summary>
    private SumLoop[] Window(LoopPass pass)
    {
        Shape read = pass.Inputs[2].Shape;
        return [Loop("l", "z", Pooling.Depth, read.Depth), Loop("m", "y", Pooling.Vertical, read.Height), Loop("n", "x", Pooling.Horizontal, read.Width)];
    }

    private static SumLoop Loop(string variable, string index, WindowAxis axis, int extent)
    {
        string first = Expression.Sum((index, axis.Stride)) + (axis.PadBefore > 0 ? $" - {Expression.Number(axis.PadBefore)}" : "");
        return new SumLoop(
            variable, axis.PadBefore > 0 ? $"Math.Max({first}, 0)" : $"({first})", $"Math.Min({first} + {Expression.Number(axis.Kernel)}, {Expression.Number(extent)})",
            axis.Kernel);
    }
}
