using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>Further sizes of the network's input.</summary>
internal sealed class Sizes : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    /// <summary>What the name of a range ends with.</summary>
    public const string RangeSuffix = "Range";

    public override string Kind => nameof(Sizes);

    /// <summary>The axes, and the arguments that list extents of them.</summary>
    public static IReadOnlyList<ArgumentSpec<EquatableArray<int>>> Lists { get; } =
        [.. new[] { "Length", "Depth", "Height", "Width" }.Select(Numbers)];

    /// <summary>For each list, the argument that has a range instead: from, to, step.</summary>
    public static IReadOnlyList<ArgumentSpec<EquatableArray<int>>> Ranges { get; } =
        [.. Lists.Select(list => Numbers(list.Name + RangeSuffix))];

    public override IReadOnlyList<ArgumentSpec> Arguments => [.. Lists, .. Ranges];

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "Sizes(Length = new[] { 5, 16 }), Conv1D(2, 3), ReLU", "Sizes(LengthRange = new[] { 9, 12, 3 }), Tanh"),
        .. In(Image, "Sizes(Height = new[] { 6 }, Width = new[] { 7, 12 }), Conv2D(4, 3), ReLU, GlobalAveragePool2D, Flatten, Dense(3)",
            "Sizes(HeightRange = new[] { 9, 17, 4 }, WidthRange = new[] { 7, 7, 1 }), MaxPool2D(2)"),
        .. In(Volume, "Sizes(Depth = new[] { 3 }), Conv3D(2, 3, Padding = 1)",
            "Sizes(DepthRange = new[] { 4, 6, 2 }), ReLU"),
    ];

    public override OperatorDocumentation Documentation => new(
        "[Sizes(Width = new[] { … })]", "that of the tensor before it", "further sizes of the input, for net.At", "", "");

    private static ArgumentSpec<EquatableArray<int>> Numbers(string name) => new(name, ArgumentForm.Property, []);
}
