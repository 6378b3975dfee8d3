using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class LogSoftmax : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "LogSoftmax";

    public override string Stem => "logsoftmax";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("it runs along the channels, or along the Axes that are set")];

    public override OperatorDocumentation Documentation => new(
        "[LogSoftmax]", "unchanged", "y[c] = x[c] − ln Σ e^x[k], over the channels or other Axes", "nn.LogSoftmax(dim=1)",
        "Activation('log_softmax')");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "LogSoftmax", "LogSoftmax(Axes = Axes.Channels | Axes.Height)", "LogSoftmax(Axes = Axes.All)"),
        .. In(Flat, "LogSoftmax"),
        .. In(Volume, "LogSoftmax", "LogSoftmax(Axes = Axes.Channels | Axes.Height)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Axes", Axes.Channels), axes => new SoftmaxDefinition(axes, IsLogarithm: true));
}

/// <summary>
/// Logarithms of softmax along the channels. They are computed from x − max, so that nothing overflows and small probabilities stay exact.
/// </summary>
internal sealed record LogarithmOfSoftmax : LoopOperation
{
    public override Dependence Dependence => Dependence.Pixel;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);

    public override void Forward(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForPixels(x, 0, pixel =>
        {
            Variable largest = k.Let("largest", x[pixel]);
            k.ForChannels(x, c => k.Set(largest, Max(largest, x[pixel with { C = c }])));
            var channel = new SumLoop("c", k.Channels(x));
            Variable sum = k.SumOver([channel], "sum", () => Exp(x[pixel with { C = channel.Variable }] - largest));
            Variable logarithm = k.Let("logarithm", Log(sum));
            k.ForChannels(x, c => y[pixel with { C = c }] = x[pixel with { C = c }] - largest - logarithm);
        }));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        LoopTensor y = pass.Output, dy = pass.OutputGradient;
        pass.Step("", k => k.ForPixels(dx, 0, pixel =>
        {
            var channel = new SumLoop("c", k.Channels(dx));
            Variable sum = k.SumOver([channel], "sum", () => dy[pixel with { C = channel.Variable }]);
            k.ForChannels(dx, c =>
            {
                Expression probability = Exp(y[pixel with { C = c }]);
                dx[pixel with { C = c }] = dy[pixel with { C = c }] - (probability * sum);
            });
        }));
    }
}
