using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Declarations;

/// <summary>Where the generated members go: the user's class and the types around it.</summary>
/// <param name="Namespace">Empty for the global namespace.</param>
/// <param name="ContainingTypes">Headers of the types around the class, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Accessibility"><c>public</c>, <c>internal</c>, …</param>
/// <param name="HasSummary">Whether the user wrote XML documentation with a summary.</param>
internal sealed record NetworkTarget(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Accessibility,
    string Name,
    bool IsSealed,
    bool HasSummary)
{
    /// <summary>Whether the class has <c>required</c> members. Then calls of its constructors need an object initializer.</summary>
    public bool HasRequiredMembers { get; init; }

    /// <summary>
    /// The beginning of the files' names. It is the full name, so that two networks of the same name do not collide. Nested types follow a
    /// plus sign, as in reflection. So a network Avx2 inside of <c>Net</c> does not collide with the file of that tier.
    /// </summary>
    public string FilePrefix =>
        (Namespace.Length == 0 ? "" : Namespace + ".") + string.Concat(Containers.Select(type => type + "+")) + Name;

    /// <summary>
    /// The namespace of the kernels: <c>Strata.Generated.Demo_LeNet5</c> for Demo.LeNet5. Kernels have a namespace of their own so that the
    /// names that they use never mean a type or member of the user.
    /// </summary>
    /// <remarks>
    /// Different full names give different namespaces: an underscore becomes _0, and no part of a name begins with a digit. The result also
    /// differs from the class's own name, even in the global namespace.
    /// </remarks>
    public string GeneratedNamespace =>
        "Strata.Generated."
        + $"{Namespace}.{string.Concat(Containers.Select(type => type + "."))}{Name}".Replace("@", "").Replace("_", "_0").Replace('.', '_');

    /// <summary>The class's name without the @ of C#.</summary>
    public string PlainName => Name.TrimStart('@');

    private IEnumerable<string> Containers => ContainingTypes.Select(type => type.Substring(type.LastIndexOf(' ') + 1));
}
