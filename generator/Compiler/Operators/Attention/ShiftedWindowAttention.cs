using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class ShiftedWindowAttention : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Attention;

    public override string Kind => "ShiftedWindowAttention";

    public override string Stem => "windowattention";

    public override OperatorDocumentation Documentation => new(
        "[ShiftedWindowAttention(heads, window)]", "C×H×W → C×H×W", "attention among the pixels of each window, with a learned bias for "
            + "each head and distance; Shift moves the windows",
        "torchvision.models.swin_transformer.ShiftedWindowAttention", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("4, 6, 6", "ShiftedWindowAttention(2, 3)", "ShiftedWindowAttention(1, 3, Shift = 1)",
            "ShiftedWindowAttention(4, 2, Shift = 1, Bias = false)", "ShiftedWindowAttention(2, 6, Shift = 2)"),
        .. In("4, 5, 7", "ShiftedWindowAttention(2, 3, Shift = 2)", "ShiftedWindowAttention(2, 7, Shift = 3)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("heads"), Required<int>("window"), Property("Shift", 0), Property("Bias", true),
        (heads, window, shift, bias) => new ShiftedWindowAttentionDefinition(heads, window, shift, bias));
}

/// <summary>
/// Self-attention within the windows of an image: products with weights, the windows, their heads, the image again, and another product.
/// </summary>
internal sealed record ShiftedWindowAttentionDefinition(
    Argument<int> Heads, Argument<int> Window, Argument<int> Shift, Argument<bool> Bias) : LayerDefinition
{
    private const string In = "qkv.", Out = "proj.";

    public override IEnumerable<string> ParameterSuffixes => Bias.Value
        ? [In + "weight", In + "bias", WindowBias.Table, Out + "weight", Out + "bias"]
        : [In + "weight", WindowBias.Table, Out + "weight"];

    public override LayerResult? Build(LayerContext layer)
    {
        int heads = layer.AtLeast(1, Heads), window = layer.AtLeast(1, Window), shift = layer.AtLeast(0, Shift);
        if (!layer.HasErrors && shift >= window)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Shift.Name), Shift.Name, shift, $"less than the window, {Arithmetic.Number(window)}"));
        }

        if (layer.HasErrors || !layer.HasDimensions(2) || layer.Input is not { } input)
        {
            return null;
        }

        if (!AttentionDefinition.Divide(layer, Heads, input.Channels, $"Input is {input}"))
        {
            return null;
        }

        if (window > WindowGrid.MaxWindow)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Window.Name), Window.Name, window, $"1 to {Arithmetic.Number(WindowGrid.MaxWindow)}"));
            return null;
        }

        Shape padded = WindowGrid.Whole(input, window);
        var grid = WindowGrid.Of(padded, window, shift);
        Shape all = padded with { Channels = AttentionHeads.Parts * input.Channels };
        int below = padded.Height - input.Height, right = padded.Width - input.Width;
        var before = new List<ImplicitLayer>
        {
            new("qkv", Product(all.Channels, In), all),
            new("windows", new WindowMove(grid, IsBack: false), grid.Apart(all)),
            new("heads", new AttentionHeads(heads) { Grid = grid }, grid.Apart(padded)),
            new("image", new WindowMove(grid, IsBack: true), padded),
        };
        if (below + right > 0)
        {
            before.Insert(0, new("pad", new Pad(default, new Margin(0, below), new Margin(0, right), PaddingMode.Zeros), padded));
            before.Add(new(
                "crop", new Cropping(new CroppedAxis(0, 0, 1), new CroppedAxis(0, below, 1), new CroppedAxis(0, right, 1)), input));
        }

        return new LayerResult(Product(input.Channels, Out), input, PaddedInput: padded) { Before = before };
    }

    private Convolution Product(int features, string prefix) =>
        AttentionDefinition.Product(features, prefix, Bias.Value, Initializer.PyTorchUniform, Initializer.PyTorchUniform);
}
