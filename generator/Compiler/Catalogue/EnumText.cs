using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>Values of enums as users write them.</summary>
internal static class EnumText
{
    /// <summary>
    /// The member of an enum, or several of a set: <c>Axes.Channels | Axes.Width</c>. Of several with one value, it is the shortest:
    /// <c>UpsampleMode.Linear</c>, not <c>UpsampleMode.Bilinear</c>.
    /// </summary>
    /// <param name="type">The enum.</param>
    /// <param name="number">The value.</param>
    /// <param name="prefix">What stands before the name of the enum.</param>
    public static string Format(Type type, int number, string prefix = "")
    {
        IEnumerable<string> names = type.IsDefined(typeof(FlagsAttribute), inherit: false)
            ? Enum.ToObject(type, number).ToString().Split([", "], StringSplitOptions.None)
            : Enum.GetNames(type).Where(name => Convert.ToInt32(Enum.Parse(type, name), CultureInfo.InvariantCulture) == number)
                .OrderBy(name => name.Length).Take(1).DefaultIfEmpty(number.ToString(CultureInfo.InvariantCulture));
        return string.Join(" | ", names.Select(name => $"{prefix}{type.Name}.{name}"));
    }
}
