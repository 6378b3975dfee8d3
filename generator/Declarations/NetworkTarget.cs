using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Declarations;

/// <summary>Where the generated members go: the user's class and the types around it.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="ContainingTypes">Headers of the types around the class, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Accessibility"><c>public</c>, <c>internal</c>, …</param>
/// <param name="HasSummary">Whether the user wrote XML documentation with a summary of their own.</param>
internal sealed record NetworkTarget(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Accessibility,
    string Name,
    bool IsSealed,
    bool HasSummary)
{
    /// <summary>Whether constructors need an object initializer, since the class has <c>required</c> members.</summary>
    public bool HasRequiredMembers { get; init; }

    /// <summary>
    /// The beginning of the names of its files: the full name, so that two networks of the same name do not collide. Nested types follow a
    /// plus sign, as in reflection, so that a network Avx2 inside of <c>Net</c> does not collide with the file of that tier.
    /// </summary>
    public string FilePrefix =>
        (Namespace.Length == 0 ? "" : Namespace + ".") + string.Concat(Containers.Select(type => type + "+")) + Name;

    /// <summary>
    /// The namespace of the kernels: <c>Strata.Generated.Demo_LeNet5</c> for Demo.LeNet5. In a namespace of their own, the names that
    /// kernels use cannot mean a type or member of the user's.
    /// </summary>
    /// <remarks>
    /// Different full names give different namespaces, since an underscore becomes _0, and no part of a name begins with a digit. The
    /// result differs from the class's own name, too, even in the global namespace.
    /// </remarks>
    public string GeneratedNamespace =>
        "Strata.Generated."
        + $"{Namespace}.{string.Concat(Containers.Select(type => type + "."))}{Name}".Replace("@", "").Replace("_", "_0").Replace('.', '_');

    /// <summary>The class's name without the @ of C#.</summary>
    public string PlainName => Name.TrimStart('@');

    private IEnumerable<string> Containers => ContainingTypes.Select(type => type.Substring(type.LastIndexOf(' ') + 1));
}
