using System.Collections.Generic;

namespace Strata.Compiler.Declarations;

/// <summary>What is compared between two sizes of a network.</summary>
internal interface ISizedLayers
{
    /// <summary>The size, as messages write it.</summary>
    string Size { get; }

    /// <summary>The parameters, in the order of the layers.</summary>
    IEnumerable<(string Key, string Layer, IReadOnlyList<int> Shape)> Parameters { get; }

    /// <summary>What a layer reads: the layer before it, or an input, with its shape and the arithmetic of it.</summary>
    (string Name, IReadOnlyList<int> Shape, string Formula) ReadBy(string layer);
}
