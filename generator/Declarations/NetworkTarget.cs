using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Declarations;

/// <summary>Where the generated members go: the user's class and what surrounds it.</summary>
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
    /// <summary>Whether no constructor serves by itself, since the class has <c>required</c> members.</summary>
    public bool HasRequiredMembers { get; init; }

    /// <summary>
    /// What the names of its files begin with: the full name, so that two networks of one name do not collide. Types stand before a plus, as in
    /// reflection, so that neither do a network inside of <c>Net</c> that is called Avx2 and that tier's file.
    /// </summary>
    public string FilePrefix => (Namespace.Length == 0 ? "" : Namespace + ".") + string.Concat(Containers.Select(type => type + "+")) + Name;

    /// <summary>
    /// A namespace of its own for the kernels, so that no type or member of the user's can come between them and the names that they use:
    /// Demo.LeNet5 has <c>Strata.Generated.Demo_LeNet5</c>.
    /// </summary>
    /// <remarks>
    /// No two full names become one, since an underscore becomes _0, and no part of a name begins with a digit. Nor is it
    /// what the class itself is called, not even in the global namespace.
    /// </remarks>
    public string GeneratedNamespace =>
        "Strata.Generated." + $"{Namespace}.{string.Concat(Containers.Select(type => type + "."))}{Name}".Replace("@", "").Replace("_", "_0").Replace('.', '_');

    /// <summary>The class's name as it is written where it is no identifier of C#.</summary>
    public string PlainName => Name.TrimStart('@');

    private IEnumerable<string> Containers => ContainingTypes.Select(type => type.Substring(type.LastIndexOf(' ') + 1));
}
