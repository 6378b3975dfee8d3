using System;
using System.Linq;

namespace Strata.Weights;

/// <summary>Names that Keras makes up.</summary>
internal static class KerasNames
{
    /// <summary>A name without the number that tells it from others: <c>conv2d</c> of <c>conv2d_12</c>.</summary>
    public static string WithoutNumber(string name)
    {
        int line = name.LastIndexOf('_');
        return line > 0 && line + 1 < name.Length && name.AsSpan(line + 1).ToArray().All(char.IsAsciiDigit) ? name[..line] : name;
    }
}
