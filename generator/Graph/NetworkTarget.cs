namespace Strata.Generator.Graph;

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
    /// <summary>File names come from the full name, so that two networks of one name do not collide.</summary>
    public string HintPrefix
    {
        get
        {
            string name = Namespace.Length == 0 ? "" : Namespace + ".";
            foreach (string type in ContainingTypes)
            {
                name += type.Substring(type.LastIndexOf(' ') + 1) + ".";
            }

            return name + Name;
        }
    }
}
