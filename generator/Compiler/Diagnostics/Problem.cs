using System;
using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Diagnostics;

/// <summary>A rule that a declaration breaks, at a place.</summary>
/// <param name="Slots">What fills the slots of the rule's message.</param>
internal sealed record Problem(Rule Rule, Site Site, EquatableArray<string> Slots)
{
    public string Id => Rule.Id;

    public ProblemKey Key => new(Rule, Site);

    public bool IsError => Rule.IsError;

    public string Message => string.Format(CultureInfo.InvariantCulture, Rule.Message, Slots.ToArray<object>());

    /// <summary>
    /// The problem that this one is only a consequence of; null if there is none. <see cref="ProblemLog.Told"/> says which of the two is
    /// told.
    /// </summary>
    public ProblemKey? FollowsFrom { get; init; }

    /// <summary>The depth of the mistake: the number of blocks on the way to it.</summary>
    public int Depth { get; init; }

    /// <summary>Edits that fix it, the likeliest first. There are none if only the user can know the fix.</summary>
    public EquatableArray<Fix> Fixes { get; init; }

    /// <summary>The other ways to the same mistake.</summary>
    public EquatableArray<Site> Uses { get; init; }

    /// <summary>
    /// Makes a problem. Only the classes of rules call this, such as <c>ShapeProblems</c>. Others call the methods of those classes, whose
    /// parameters have names and types.
    /// </summary>
    /// <param name="slots">Texts, shapes and numbers. Numbers are written alike in every culture.</param>
    public static Problem Create(Rule rule, Site site, params object[] slots) => new(rule, site, slots.Select(TextOf).ToEquatableArray());

    /// <summary>Makes a problem whose message begins with what it is about.</summary>
    public static Problem Create(Rule rule, Subject subject, params object[] slots) =>
        Create(rule, subject.Site, [subject.Label, .. slots]);

    public Problem FixedBy(params Fix[] fixes) => this with { Fixes = EquatableArray.Of(fixes) };

    private static string TextOf(object slot) => slot switch
    {
        string text => text,
        int or long => Arithmetic.Number(Convert.ToInt64(slot, CultureInfo.InvariantCulture)),
        double number => Arithmetic.Number(number),
        _ => slot.ToString(),
    };
}
