using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Benchmarks.Networks;

/// <summary>One axis of a window, with the padding that <c>AutoPad</c> stands for.</summary>
internal readonly record struct PeerAxis(int Kernel, int Stride, int Dilation, int Before, int After, int OutputPadding);

/// <summary>
/// One layer as the peers are told of it: what <see cref="LayerInfo"/> says, with its inputs, their shapes and its parameters looked up.
/// </summary>
/// <param name="Info">What the network says about it.</param>
/// <param name="Inputs">Layers before it, or <see cref="PeerGraph.InputName"/>.</param>
/// <param name="InputShapes">Extents of one sample of each of them.</param>
/// <param name="Parameters">The keys, by the last part of each (<c>weight</c>).</param>
internal sealed record PeerLayer(
    LayerInfo Info, IReadOnlyList<string> Inputs, IReadOnlyList<IReadOnlyList<int>> InputShapes, IReadOnlyDictionary<string, string> Parameters)
{
    private static readonly string[] Suffixes = ["Depth", "Height", "Width"], Befores = ["Front", "Top", "Left"], Afters = ["Back", "Bottom", "Right"];

    public LayerArguments Arguments { get; } = new(Info.Arguments);

    public string Name => Info.Name;

    /// <summary>The attribute's name without the number of dimensions.</summary>
    public string Kind => Dimensions > 0 ? Info.Kind[..^2] : Info.Kind;

    public IReadOnlyList<int> InputShape => InputShapes[0];

    public IReadOnlyList<int> OutputShape => Info.OutputShape;

    /// <summary>Of its attribute: 1, 2, 3, or 0 where it has any number of them.</summary>
    public int Dimensions => Info.Kind is [.., >= '1' and <= '3', 'D'] ? Info.Kind[^2] - '0' : 0;

    public bool HasWindow => Kind is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool";

    /// <summary>The axes of the window, resolved as the attributes' documentation says.</summary>
    /// <exception cref="NoPeerException">The peers have no such window.</exception>
    public IReadOnlyList<PeerAxis> Axes => Enumerable.Range(3 - Dimensions, Dimensions).Select(Axis).ToList();

    /// <summary>Margins of a padding layer, before and after each axis.</summary>
    public IReadOnlyList<(int Before, int After)> Margins => Enumerable.Range(3 - Dimensions, Dimensions).Select(axis => (
        Arguments.Integer(0, "Padding" + Befores[axis], "Padding" + Suffixes[axis], "Padding", "0"),
        Arguments.Integer(0, "Padding" + Afters[axis], "Padding" + Suffixes[axis], "Padding", "0"))).ToList();

    /// <summary>The first channel that a slice takes, as its attribute's documentation says.</summary>
    public int FirstChannel => Kind == "Split" ? Arguments.Integer(0, "0") * OutputShape[0]
        : Arguments.Integer(0, "0") is >= 0 and var start ? start : InputShape[0] + Arguments.Integer(0, "0");

    private PeerAxis Axis(int axis)
    {
        bool pools = Kind is "MaxPool" or "AveragePool";
        string suffix = Suffixes[axis];
        int kernel = Arguments.Integer(0, "Kernel" + suffix, pools ? "0" : "1");
        int stride = Arguments.Integer(pools ? kernel : 1, "Stride" + suffix, "Stride");
        int dilation = Arguments.Integer(1, "Dilation" + suffix, "Dilation");
        int before = Arguments.Integer(0, "Padding" + Befores[axis], "Padding" + suffix, "Padding");
        int after = Arguments.Integer(0, "Padding" + Afters[axis], "Padding" + suffix, "Padding");
        int span = (dilation * (kernel - 1)) + 1;
        switch (Arguments.Text("AutoPad"))
        {
            case "AutoPad.Same" when Kind == "ConvTranspose":
                throw new NoPeerException($"{Info.Kind} '{Name}' with AutoPad.Same is not written out for peers");
            case "AutoPad.Same":
                int extent = InputShape[InputShape.Count - 3 + axis];
                int total = Math.Max(0, ((((extent + stride - 1) / stride) - 1) * stride) + span - extent);
                (before, after) = (total / 2, total - (total / 2));
                break;
            case "AutoPad.Full":
                before = after = span - 1;
                break;
        }

        return new PeerAxis(kernel, stride, dilation, before, after, Arguments.Integer(0, "OutputPadding" + suffix, "OutputPadding"));
    }
}
