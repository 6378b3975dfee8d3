using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>Whole numbers in a row, of which an attribute has several constructors with some each: the extents of a shape.</summary>
internal static class NumberList
{
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
