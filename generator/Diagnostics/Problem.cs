using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Diagnostics;

/// <summary>
/// Where a problem stands, in terms of the declaration: locations would make every keystroke above the class look like a
/// change. The analyzer finds the syntax again.
/// </summary>
/// <param name="Attribute">Index into the declaration's attributes; −1 for the class itself, or for [Network] where an argument is
/// given.</param>
/// <param name="Argument">The argument's parameter or property; empty for the whole attribute.</param>
/// <param name="Inside">Where the attribute is a block: the attributes inside it that lead to the problem, outermost first.</param>
internal readonly record struct Site(int Attribute, string Argument, EquatableArray<BlockSite> Inside = default)
{
    public static readonly Site Class = new(-1, "");

    /// <summary>The same attribute's argument.</summary>
    public Site At(string argument)
    {
        if (Inside.Count == 0)
        {
            return this with { Argument = argument };
        }

        return At(Inside.Count, argument);
    }

    /// <summary>The same way with an argument of the attribute at a depth: 0 is the network's.</summary>
    public Site At(int depth, string argument)
    {
        if (depth == 0)
        {
            return this with { Argument = argument };
        }

        BlockSite[] inside = Inside.ToArray();
        inside[depth - 1] = inside[depth - 1] with { Argument = argument };
        return this with { Inside = inside.ToEquatableArray() };
    }

    /// <summary>One of several values that an argument takes, counted from 0.</summary>
    public Site At(string argument, int element) => At($"{argument}[{element.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>The argument's name without the element.</summary>
    /// <param name="element">−1 where the argument is meant as a whole.</param>
    public static string Element(string argument, out int element)
    {
        int bracket = argument.IndexOf('[');
        element = bracket < 0 ? -1 : int.Parse(argument.Substring(bracket + 1).TrimEnd(']'), CultureInfo.InvariantCulture);
        return bracket < 0 ? argument : argument.Substring(0, bracket);
    }

    public string ArgumentAt(int depth) => depth == 0 ? Argument : Inside[depth - 1].Argument;

    /// <summary>The attribute at a depth by itself: inside a block it is the same one for all uses of the block.</summary>
    public Site Only(int depth) => depth == 0 ? this with { Inside = default } : new Site(-1, "", EquatableArray.Of(Inside[depth - 1]));

    /// <summary>What leads to the problem from the block of a depth on, however that is reached.</summary>
    public string Way(int depth) => string.Join(
        "/", Inside.Skip(depth - 1).Select(site => site.Block + "#" + site.Attribute.ToString(CultureInfo.InvariantCulture)));

    public Site WithoutArguments() =>
        this with { Argument = "", Inside = Inside.Select(site => site with { Argument = "" }).ToEquatableArray() };

    /// <summary>An attribute of the block that stands here.</summary>
    public Site Then(string block, int attribute) =>
        this with { Inside = Inside.Append(new BlockSite(block, attribute, "")).ToEquatableArray() };
}

/// <summary>An argument of an attribute of a block.</summary>
internal readonly record struct BlockSite(string Block, int Attribute, string Argument);

/// <summary>A rule that a declaration breaks.</summary>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments)
{
    /// <summary>How many blocks deep on the way to the problem the mistake stands.</summary>
    public int Depth { get; init; }

    /// <summary>Edits that mend it, of which the first is the likeliest; none where only the author can know.</summary>
    public EquatableArray<Mend> Mends { get; init; }

    /// <summary>Other ways to the same mistake.</summary>
    public EquatableArray<Site> Uses { get; init; }

    public static Problem Of(DiagnosticDescriptor rule, Site site, params string[] arguments) =>
        new(rule.Id, site, EquatableArray.Of(arguments));

    public Problem MendedBy(params Mend[] mends) => this with { Mends = EquatableArray.Of(mends) };

    public DiagnosticDescriptor Rule => Rules.Find(Id);

    public bool IsError => Rule.DefaultSeverity == DiagnosticSeverity.Error;

    public string Message => string.Format(
        CultureInfo.InvariantCulture, Rule.MessageFormat.ToString(CultureInfo.InvariantCulture), Arguments.ToArray<object>());

    /// <summary>
    /// Drops the problems from an index on that stand where one of the same rule stood before it: every copy of a block has the
    /// mistakes of the first.
    /// </summary>
    public static void DropRepeated(List<Problem> problems, int first)
    {
        if (problems.Count > first)
        {
            var known = new HashSet<(string, Site)>(problems.Take(first).Select(problem => (problem.Id, problem.Site)));
            List<Problem> kept = problems.Skip(first).Where(problem => !known.Contains((problem.Id, problem.Site))).ToList();
            problems.RemoveRange(first, problems.Count - first);
            problems.AddRange(kept);
        }
    }
}
