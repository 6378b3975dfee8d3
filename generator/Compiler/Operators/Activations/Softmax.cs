using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Softmax : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Softmax";

    public override string Stem => "softmax";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("it runs along the channels, or along the Axes that are set")];

    public override OperatorDocumentation Documentation => new(
        "[Softmax]", "unchanged", "y[c] = e^x[c]/Σ e^x[k], over the channels or other Axes", "nn.Softmax(dim=1)", "Softmax");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Softmax", "Softmax(Axes = Axes.Pixels)", "Softmax(Axes = Axes.Width)"),
        .. In(Flat, "Softmax"),
        .. In(Sequence, "Softmax"),
        .. In(Volume, "Softmax"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Axes", Axes.Channels), axes => new SoftmaxDefinition(axes, IsLogarithm: false));
}

/// <summary>Softmax along some axes, or its logarithm.</summary>
internal sealed record SoftmaxDefinition(Argument<Axes> Axes, bool IsLogarithm) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer) =>
        layer.AxesOf(Axes) is { } axes && layer.Input is { } input ? new LayerResult(OperationAlong(axes), input) : null;

    private Operation OperationAlong(Axes axes) => axes != Operators.Axes.Channels ? new SoftmaxAlongAxes(axes, IsLogarithm)
        : IsLogarithm ? new LogarithmOfSoftmax() : new SoftmaxOperation();
}

/// <summary>Softmax along the channels.</summary>
internal sealed record SoftmaxOperation : Operation
{
    public override bool IsActivation => true;

    public override bool GivesProbabilities => true;

    public override bool ReadsInSequence(Shape input, bool training) => input.Rank == 1;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);
}

/// <summary>Softmax along any axes, or its logarithm. No exponential overflows, since the largest element is subtracted first.</summary>
internal sealed record SoftmaxAlongAxes(Axes Along, bool IsLogarithm) : LoopOperation
{
    public override Dependence Dependence => AxisSets.DependenceAlong(Along);

    public override bool TrainsInBlocks => Dependence == Dependence.Channel;

    public override bool IsActivation => true;

    public override Reach ReachOf(Shape input, Shape output) => AxisSets.ReachAlong(Along, input);

    public override LoopWork WorkOf(IReadOnlyList<Shape> inputs, Shape output, bool isBackward) =>
        new(0, isBackward && !IsLogarithm ? 0 : output.Length);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForOthers(x, Along, at =>
        {
            IReadOnlyList<SumLoop> loops = k.LoopsAlong(x, Along);
            Variable largest = k.Let("largest", double.NegativeInfinity);
            k.For(loops, () => k.Set(largest, Max(largest, x[at])));
            if (IsLogarithm)
            {
                Variable total = k.SumOver(loops, "sum", () => Exp(x[at] - largest));
                Variable logarithm = k.Let("logarithm", Log(total));
                k.For(loops, () => y[at] = x[at] - largest - logarithm);
                return;
            }

            Variable sum = k.SumOver(loops, "sum", () =>
            {
                Variable term = k.Let("term", Exp(x[at] - largest));
                y[at] = term;
                return term;
            });
            Variable scale = k.Let("scale", 1 / sum);
            k.For(loops, () => y[at] = y[at] * scale);
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        LoopTensor y = pass.Output, dy = pass.OutputGradient;
        pass.Step("", k => k.ForOthers(dx, Along, at =>
        {
            IReadOnlyList<SumLoop> loops = k.LoopsAlong(dx, Along);
            Variable sum = k.SumOver(loops, "sum", () => IsLogarithm ? dy[at] : y[at] * dy[at]);
            k.For(loops, () => dx[at] = IsLogarithm ? dy[at] - (Exp(y[at]) * sum) : y[at] * (dy[at] - sum));
        }));
    }
}
