using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>One layer: what <see cref="LayerInfo"/> says, with its inputs, their shapes and its parameters looked up.</summary>
/// <param name="Info">What the network says about it.</param>
/// <param name="Inputs">The layers or inputs of the network that it reads.</param>
/// <param name="InputShapes">The extents of one sample of each of them.</param>
/// <param name="Parameters">The parameters, by the last part of their keys (<c>weight</c>).</param>
internal sealed record SavedLayer(
    LayerInfo Info, IReadOnlyList<string> Inputs, IReadOnlyList<IReadOnlyList<int>> InputShapes,
    IReadOnlyDictionary<string, ParameterInfo> Parameters)
{
    private static readonly string[] Suffixes = ["Depth", "Height", "Width"];
    private static readonly string[] Befores = ["Front", "Top", "Left"], Afters = ["Back", "Bottom", "Right"];

    public LayerArguments Arguments { get; } = new(Info.Arguments);

    public string Name => Info.Name;

    /// <summary>The attribute's name without the number of dimensions.</summary>
    public string Kind => Dimensions > 0 ? Info.Kind[..^2] : Info.Kind;

    public IReadOnlyList<int> InputShape => InputShapes[0];

    public IReadOnlyList<int> OutputShape => Info.OutputShape;

    public int Channels => InputShape[0];

    /// <summary>Of its attribute: 1, 2, 3, or 0 if it has any number of them.</summary>
    public int Dimensions => Info.Kind is [.., >= '1' and <= '3', 'D'] ? Info.Kind[^2] - '0' : 0;

    public bool HasWindow => Kind is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "L2Pool" or "LogSumExpPool";

    /// <summary>The axes of the window, resolved as the attributes' documentation says.</summary>
    public IReadOnlyList<LayerAxis> Axes => [.. Enumerable.Range(3 - Dimensions, Dimensions).Select(Axis)];

    public int Groups => Arguments.Integer(1, "Groups");

    /// <summary>The first channel that a slice or a part takes.</summary>
    public int FirstChannel => Kind == "Split" ? Arguments.Integer(0, "0") * OutputShape[0]
        : Arguments.Integer(0, "0") is >= 0 and var start ? start : Channels + Arguments.Integer(0, "0");

    /// <summary>Margins of a layer that pads, before and after each axis.</summary>
    public IReadOnlyList<(int Before, int After)> Margins => MarginsOf("Padding", "Padding", "Padding");

    /// <summary>
    /// Margins by what arguments begin with: those for all axes and for one axis, those for one side, and the one for all.
    /// </summary>
    public IReadOnlyList<(int Before, int After)> MarginsOf(string axes, string sides, string all) =>
    [
        .. Enumerable.Range(3 - Dimensions, Dimensions).Select(axis => (
            Arguments.Integer(0, sides + Befores[axis], axes + Suffixes[axis], all, "0"),
            Arguments.Integer(0, sides + Afters[axis], axes + Suffixes[axis], all, "0"))),
    ];

    /// <summary>What was written for each axis, if anything was: <c>ScaleHeight</c>, <c>ScaleWidth</c>.</summary>
    public string AxisName(int axis, string prefix) => prefix + Suffixes[3 - Dimensions + axis];

    private LayerAxis Axis(int axis)
    {
        bool pools = Kind.EndsWith("Pool", StringComparison.Ordinal);
        string suffix = Suffixes[axis];
        int kernel = Arguments.Integer(0, "Kernel" + suffix, pools ? "0" : "1");
        int stride = Arguments.Integer(pools ? kernel : 1, "Stride" + suffix, "Stride");
        int dilation = Arguments.Integer(1, "Dilation" + suffix, "Dilation");
        int extent = InputShape[InputShape.Count - 3 + axis];
        int span = (dilation * (kernel - 1)) + 1;
        var numbers = new LayerAxis(
            extent, OutputShape[OutputShape.Count - 3 + axis], kernel, stride, dilation,
            Arguments.Integer(0, "Padding" + Befores[axis], "Padding" + suffix, "Padding"),
            Arguments.Integer(0, "Padding" + Afters[axis], "Padding" + suffix, "Padding"),
            Arguments.Integer(0, "OutputPadding" + suffix, "OutputPadding"));
        switch (Arguments.Choice("None", "AutoPad"))
        {
            case "Same" when Kind == "ConvTranspose":
                int surplus = int.Max(0, span - stride);
                return numbers with { Before = surplus / 2, After = (surplus + 1) / 2, OutputPadding = int.Max(0, stride - span) };
            case "Same":
                int total = int.Max(0, ((((extent + stride - 1) / stride) - 1) * stride) + span - extent);
                return numbers with { Before = total / 2, After = total - (total / 2) };
            case "Full":
                return numbers with { Before = span - 1, After = span - 1 };
            default:
                return numbers;
        }
    }
}
