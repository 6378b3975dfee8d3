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
    /// What the names of its files begin with: the full name, so that two networks of one name do not collide. Nested types follow a plus,
    /// as in reflection, so that a network called Avx2 inside of <c>Net</c> does not collide with the file of that tier.
    /// </summary>
    public string FilePrefix =>
        (Namespace.Length == 0 ? "" : Namespace + ".") + string.Concat(Containers.Select(type => type + "+")) + Name;

    /// <summary>
    /// A namespace of its own for the kernels, so that no type or member of the user's can come between them and the names that they use:
    /// Demo.LeNet5 has <c>Strata.Generated.Demo_LeNet5</c>.
    /// </summary>
    /// <remarks>
    /// Different full names stay different, since an underscore becomes _0, and no part of a name begins with a digit. Nor is it
    /// what the class itself is called, not even in the global namespace.
    /// </remarks>
    public string GeneratedNamespace =>
        "Strata.Generated."
        + $"{Namespace}.{string.Concat(Containers.Select(type => type + "."))}{Name}".Replace("@", "").Replace("_", "_0").Replace('.', '_');

    /// <summary>The class's name as it is written where it is no identifier of C#.</summary>
    public string PlainName => Name.TrimStart('@');

    private IEnumerable<string> Containers => ContainingTypes.Select(type => type.Substring(type.LastIndexOf(' ') + 1));
}
