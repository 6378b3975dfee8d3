using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class MaxUnpool1D() : MaxUnpoolOperator(1);

internal sealed class MaxUnpool2D() : MaxUnpoolOperator(2);

internal sealed class MaxUnpool3D() : MaxUnpoolOperator(3);

/// <summary>The base of the inverses of max pooling.</summary>
internal abstract class MaxUnpoolOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Pooling;

    public sealed override string Kind => $"MaxUnpool{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "unpool";

    private const string Pooling = "pool";

    public sealed override string PartnerArgument => Pooling;

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

    public sealed override IReadOnlyList<OperatorCase> Cases => dimensions switch
    {
        1 => [.. In(Sequence, "MaxPool1D(3), MaxUnpool1D(\"pool1\")", "MaxPool1D(2, Name = \"pool\"), MaxUnpool1D(\"pool\")")],
        2 =>
        [
            "MaxPool2D(2), MaxUnpool2D(\"pool1\")", "MaxPool2D(3, Stride = 2), MaxUnpool2D(\"pool1\")",
            "MaxPool2D(2, Name = \"pool\"), Conv2D(4, 1), MaxUnpool2D(\"pool\")",
            "MaxPool2D(3, Stride = 2, Padding = 1, Name = \"pool\"), Sigmoid, MaxUnpool2D(\"pool\")",
        ],
        _ => [.. In(Volume, "MaxPool3D(2), MaxUnpool3D(\"pool1\")", "MaxPool3D(2, Name = \"pool\"), MaxUnpool3D(\"pool\")")],
    };

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<string>(Pooling) with { DescribedAs = new DescribedPart(DescribedPartKind.Inputs) },
        pool => new MaxUnpoolDefinition(dimensions, pool));
}

/// <summary>The inverse of a max pooling.</summary>
/// <param name="Pool">The name of the pooling. The unpooling's second input is its output, and the third one its input.</param>
internal sealed record MaxUnpoolDefinition(int Dimensions, Argument<string> Pool) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.HasErrors || !layer.HasDimensions(Dimensions) || layer.Inputs is not { } inputs)
        {
            return null;
        }

        if (inputs[1].Operation is not Pooling { Kind: PoolingKind.Max } pooling)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Pool.Name), $"'{inputs[1].Name}' is no max pooling", "Name the one whose windows it is to fill"));
            return null;
        }

        if (!(pooling.Depth.IsSolid && pooling.Vertical.IsSolid && pooling.Horizontal.IsSolid))
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Pool.Name), $"the windows of '{inputs[1].Name}' are dilated", "Name a pooling whose Dilation is 1"));
            return null;
        }

        if (inputs[0].Shape != inputs[1].Shape)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Pool.Name), $"its input is {inputs[0].Shape}, but '{inputs[1].Name}' has {inputs[1].Shape}",
                "Each element needs a window"));
            return null;
        }

        return new LayerResult(new MaxUnpooling(pooling), inputs[2].Shape);
    }
}

/// <summary>
/// Puts elements where the maxima of a pooling's windows were (Zeiler and Fergus 2014). The inputs are these elements, the pooling's
/// output, and the pooling's input, in which the maxima are found again. If windows overlap and share a maximum, the last window wins.
/// </summary>
internal sealed record MaxUnpooling(Pooling Pooling) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool IsDifferentiable(int input) => input == 0;

    // An element depends on the windows of the pooling that contain it: on their outputs, and on the pooling's input inside of them, from
    // which these outputs come.
    public override Reach ReachOf(Shape input, Shape output) =>
        new(Windows(Pooling.Depth), Windows(Pooling.Vertical), Windows(Pooling.Horizontal));

    private static AxisReach Windows(WindowAxis axis) => new((double)axis.Kernel / axis.Stride, 1.0 / axis.Stride);

    public override void Forward(LoopPass pass)
    {
        LoopTensor y = pass.Output, read = pass.Inputs[2];
        pass.Clear(y);
        pass.Step("", k => k.ForEach(pass.Input, at =>
        {
            Variable value = k.Let("value", pass.Input[at]);
            SumLoop[] window = Window(at, read.Shape);
            Expression isMaximum = k.FindMaximum(read, at.C, window);
            k.For(window, () => y[Reached(at, window)] = Expression.Select(isMaximum, value, y[Reached(at, window)]));
        }));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, read = pass.Inputs[2];
        pass.Step("", k => k.ForEach(pass.Input, at =>
        {
            SumLoop[] window = Window(at, read.Shape);
            Expression isMaximum = k.FindMaximum(read, at.C, window);
            Variable share = k.Let("share", 0);
            k.For(window, () => k.Set(share, share | (isMaximum & pass.OutputGradient[Reached(at, window)])));
            dx[at] = share;
        }));
    }

    private static ElementIndex Reached(ElementIndex at, SumLoop[] window) =>
        new(at.C, window[0].Variable, window[1].Variable, window[2].Variable);

    /// <summary>The loops over a window of the pooling.</summary>
    private SumLoop[] Window(ElementIndex at, Shape read) =>
    [
        Loop("l", at.Z, Pooling.Depth, read.Depth), Loop("m", at.Y, Pooling.Vertical, read.Height),
        Loop("n", at.X, Pooling.Horizontal, read.Width),
    ];

    private static SumLoop Loop(string variable, Index index, WindowAxis axis, int extent)
    {
        Index first = (index * axis.Stride) - axis.PadBefore;
        return new SumLoop(
            new IndexVariable(variable), axis.PadBefore > 0 ? Index.Max(first, 0) : first,
            Index.Min(first + axis.Kernel, extent), axis.Kernel);
    }
}
