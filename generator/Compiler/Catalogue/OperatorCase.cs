using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>A small network around an operator, with some of its options. Tests draw from those of all operators.</summary>
/// <param name="Input">The arguments of the network's input: <c>4, 9, 7</c>.</param>
/// <param name="Layers">
/// The attributes behind the input, as users write them: <c>MaxPool2D(2), MaxUnpool2D("pool1")</c>. The operator is one of them. Others
/// are there because it needs them: branches, further inputs, the pooling of an unpooling, the outputs of a loss.
/// </param>
internal sealed record OperatorCase(string Input, string Layers)
{
    /// <summary>An input of each rank, with few elements.</summary>
    public const string Flat = "10", Sequence = "3, 11", Image = "4, 9, 7", Volume = "2, 5, 6, 4";

    /// <summary>Other classes that the layers name, as users write them. Several cases may have the same ones. Else empty.</summary>
    public string Others { get; init; } = "";

    /// <summary>All attributes behind <c>Network</c>.</summary>
    public string Stack => $"Input({Input}), {Layers}";

    /// <summary>Cases of one input.</summary>
    public static IEnumerable<OperatorCase> In(string input, params IEnumerable<string> layers) =>
        layers.Select(one => new OperatorCase(input, one));

    /// <summary>A case on an image.</summary>
    public static implicit operator OperatorCase(string layers) => new(Image, layers);
}
