using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>Whole numbers in a row, of which an attribute has several constructors with some each: the extents of a shape.</summary>
internal static class NumberList
{
    /// <summary>All names of a shape's extents, slowest first.</summary>
    public static readonly string[] ExtentNames = ["features", "channels", "depth", "height", "length", "width"];

    /// <summary>The names of axes that have no other: those of more than four, and those of a result.</summary>
    public static readonly string[] AxisNames = ["first", "second", "third", "fourth", "fifth", "sixth"];

    /// <summary>The names of the extents of an input with so many of them.</summary>
    /// <exception cref="System.ArgumentException">No input has so many.</exception>
    public static IReadOnlyList<string> ExtentNamesOf(int count) => count switch
    {
        1 => ["features"],
        2 => ["channels", "length"],
        3 => ["channels", "height", "width"],
        4 => ["channels", "depth", "height", "width"],
        _ => throw new System.ArgumentException($"An input has 1 to 4 extents; found {count}."),
    };

    /// <summary>The arguments of these names that are written.</summary>
    /// <param name="required">So many of them are arguments of all constructors.</param>
    public static IArgumentSource<EquatableArray<Argument<int>>> Named(string[] names, int required = 0)
    {
        ArgumentSpec<int>[] specs =
        [
            .. names.Select((name, i) => new ArgumentSpec<int>(name, i < required ? ArgumentForm.Required : ArgumentForm.Optional, 0)
            {
                HasDefault = false,
            }),
        ];
        return new ArgumentGroup<EquatableArray<Argument<int>>>(
            specs, written => specs.Where(spec => written.IsSet(spec.Name)).Select(written.Read).ToEquatableArray());
    }
}
