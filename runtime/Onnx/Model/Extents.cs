using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Model;

/// <summary>Computes with shapes.</summary>
internal static class Extents
{
    public static int Product(IEnumerable<int> shape) => shape.Aggregate(1, (product, extent) => checked(product * extent));
}
