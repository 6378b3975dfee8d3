using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Nodes;

/// <summary>One layer: what <see cref="LayerInfo"/> says, with its inputs, their shapes and its parameters looked up.</summary>
/// <param name="Info">What the network says about it.</param>
/// <param name="Inputs">The layers or inputs of the network that it reads.</param>
/// <param name="InputShapes">The extents of one sample of each of them.</param>
/// <param name="Parameters">The parameters, by what follows the layer's name in their keys (<c>weight</c>).</param>
internal sealed record SavedLayer(
    LayerInfo Info, IReadOnlyList<string> Inputs, IReadOnlyList<IReadOnlyList<int>> InputShapes,
    IReadOnlyDictionary<string, ParameterInfo> Parameters)
{
    public string Name => Info.Name;

    /// <summary>The attribute's name without the number of dimensions.</summary>
    public string Kind => Dimensions > 0 ? Info.Kind[..^2] : Info.Kind;

    public IReadOnlyList<int> InputShape => InputShapes[0];

    public IReadOnlyList<int> OutputShape => Info.OutputShape;

    public int Channels => InputShape[0];

    /// <summary>Of its attribute: 1, 2, 3, or 0 if it has any number of them.</summary>
    public int Dimensions => Info.Kind is [.., >= '1' and <= '3', 'D'] ? Info.Kind[^2] - '0' : 0;

    /// <summary>The axes of the window.</summary>
    public IReadOnlyList<SavedAxis> Axes => [.. Info.Windows.Select((window, axis) => new SavedAxis(
        InputShape[InputShape.Count - Info.Windows.Count + axis], OutputShape[OutputShape.Count - Info.Windows.Count + axis], window))];

    /// <summary>Margins of a layer that pads, before and after each axis.</summary>
    public IReadOnlyList<(int Before, int After)> Margins =>
        [.. Info.Windows.Select(window => (window.PaddingBefore, window.PaddingAfter))];

    /// <summary>The value of an argument.</summary>
    public T Argument<T>(string name) => Info.Argument<T>(name);

    /// <summary>Whether an argument has a value: it is written, or has a default.</summary>
    public bool Has(string name) => Info.Values.Any(argument => argument.Name == name);
}
