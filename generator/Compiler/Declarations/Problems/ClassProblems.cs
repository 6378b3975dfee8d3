using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Classes that cannot be a network.</summary>
internal static class ClassProblems
{
    public static readonly Rule NotPartialRule = new(
        "STRATA001", "Network is not partial",
        "Network '{0}' is not partial, but the generator has to add its members. Write 'partial class {0}'.",
        Category.Declaration, Severity.Error);

    public static Problem NotPartial(string network) => Problem.Create(NotPartialRule, Site.Class, network);

    public static readonly Rule UnsupportedRule = new(
        "STRATA002", "Class cannot be a network",
        "Network '{0}' is {1}. {2}.",
        Category.Declaration, Severity.Error);

    /// <param name="what">What it is, and why that is wrong.</param>
    public static Problem Unsupported(string network, string what, string remedy, params Fix[] fixes) =>
        Problem.Create(UnsupportedRule, Site.Class, network, what, remedy).FixedBy(fixes);

    public static readonly Rule UnsupportedContainerRule = new(
        "STRATA003", "Network is nested in a type that cannot be extended",
        "Network '{0}' is nested in '{1}', which is {2}. {3}.",
        Category.Declaration, Severity.Error);

    public static Problem UnsupportedContainer(string network, string container, string what, string remedy) =>
        Problem.Create(UnsupportedContainerRule, Site.Class, network, container, what, remedy);

    public static readonly Rule HasBaseClassRule = new(
        "STRATA004", "Network has a base class of its own",
        "Network '{0}' derives from '{1}', but its generated part derives from Strata.CompiledNetwork. "
        + "Remove the base class; interfaces are fine.",
        Category.Declaration, Severity.Error);

    /// <param name="isHere">Whether the base class is on the part with [Network], where an edit can remove it.</param>
    public static Problem HasBaseClass(string network, string baseClass, bool isHere) =>
        Problem.Create(HasBaseClassRule, Site.Class, network, baseClass).FixedBy(isHere ? [new Fix(FixKind.RemoveBaseClass)] : []);

    public static readonly Rule TwoPartsRule = new(
        "STRATA006", "Layers stand on two parts of a class",
        "{0} stands on another part of '{1}' than {2}, so its place in the order is not defined. Move it to the part with {2}.",
        Category.Declaration, Severity.Error);

    /// <param name="kind">The attribute on the other part.</param>
    /// <param name="first">An attribute on the part where it should be.</param>
    public static Problem TwoParts(Site site, string kind, string type, string first) =>
        Problem.Create(TwoPartsRule, site, $"[{kind}]", type, $"[{first}]");

    public static readonly Rule NotANetworkRule = new(
        "STRATA007", "Layers stand on a class that is no network",
        "Class '{0}' has layers but is no network, so nothing is compiled. Add [Network] above them.",
        Category.Declaration, Severity.Warning);

    public static Problem NotANetwork(string type) =>
        Problem.Create(NotANetworkRule, Site.Class, type).FixedBy(new Fix(FixKind.AddToClass, "Network"));

    public static readonly Rule MemberClashRule = new(
        "STRATA043", "Member has the name of a generated one",
        "Network '{0}' declares '{1}', which the generator adds. Rename or remove it.",
        Category.Names, Severity.Error);

    /// <param name="member">Its name, or its signature.</param>
    public static Problem MemberClash(string network, string member) => Problem.Create(MemberClashRule, Site.Class, network, member);

    /// <summary>The member of the user's that a problem is about; null if it is about something else.</summary>
    public static string? ClashingMember(Problem problem) => problem.Rule == MemberClashRule ? problem.Slots[1] : null;

    public static readonly Rule NameClashRule = new(
        "STRATA047", "Network is called like one of its members",
        "Network '{0}' has the name of a member that the generator adds. Rename the class.",
        Category.Names, Severity.Error);

    public static Problem NameClash(string network) => Problem.Create(NameClashRule, Site.Class, network);
}
