using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>An argument of a layer, and the value that counts: the one that is written, or the default.</summary>
/// <param name="Value">
/// An <see cref="int"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, a value of an enum, or an array of doubles.
/// </param>
internal sealed record ArgumentValue(string Name, object Value)
{
    /// <summary>The arguments of an attribute in the order of the operator, but for those that are described elsewhere.</summary>
    public static EquatableArray<ArgumentValue> Read(AttributeDeclaration attribute, IReadOnlyList<ArgumentSpec> specs)
    {
        var written = new AttributeArguments(attribute);
        return specs.Where(spec => spec.DescribedAs is null && (spec.HasDefault || written.IsSet(spec.Name)))
            .Select(spec => new ArgumentValue(spec.Name, spec.ValueIn(written))).ToEquatableArray();
    }
}
