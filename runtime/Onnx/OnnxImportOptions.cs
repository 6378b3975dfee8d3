using System.Collections.Generic;

namespace Strata.Onnx;

/// <summary>How an ONNX file becomes a class.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>The class's name; by default the file's name as an identifier, such as <c>MobilenetV2</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The class's namespace; none by default.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// The shapes of the inputs without the batch, by the inputs' names, for inputs whose extents the file leaves open. The shape of an
    /// only input may have the empty name. As many extents as the file has say that the input has no batch.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Inputs { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>
    /// Numbers that inputs always have, by the inputs' names, such as a sample rate or a threshold. The network has no such input, and what
    /// depends on these alone is computed: a branch that a sample rate chooses is the only one.
    /// </summary>
    public IReadOnlyDictionary<string, double> Constants { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// The sizes that the class declares with <c>[Sizes]</c>: <c>[[48, 160], [48, 320]]</c>, the extents of an input without its channels.
    /// The file leaves these extents open, and must be the same layers at each size. The size of <see cref="Inputs"/> is one more; without
    /// it, the first size is that of <c>[Input]</c>. They are all products of the extents of each axis, perhaps but one. A file that is
    /// loaded has the sizes of <c>CompileOptions.Sizes</c> instead.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Sizes { get; init; } = [];

    /// <summary>Names of the tensors at which the network ends; by default the file's outputs.</summary>
    public IReadOnlyList<string> Until { get; init; } = [];

    /// <summary>
    /// A loss without arguments, such as <c>CrossEntropy</c>, which makes the class trainable; none by default. If the loss wants logits, a
    /// softmax at the end is left out.
    /// </summary>
    public string? Loss { get; init; }

    /// <summary>
    /// Names of other classes in the namespace, without <c>Attribute</c>. A block that would have one of them begins with the network's
    /// name: <c>MobileNetInverted</c>.
    /// </summary>
    public IReadOnlyCollection<string> TakenNames { get; init; } = [];
}
