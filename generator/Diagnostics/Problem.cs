using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Diagnostics;

/// <summary>
/// Where a problem stands, in terms of the declaration: locations would make every keystroke above the class look like a
/// change. The analyzer finds the syntax again.
/// </summary>
/// <param name="Attribute">Index into the declaration's attributes; −1 for the class itself.</param>
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

        BlockSite[] inside = Inside.ToArray();
        inside[inside.Length - 1] = inside[inside.Length - 1] with { Argument = argument };
        return this with { Inside = inside.ToEquatableArray() };
    }

    /// <summary>An attribute of the block that stands here.</summary>
    public Site Then(string block, int attribute) => this with { Inside = Inside.Append(new BlockSite(block, attribute, "")).ToEquatableArray() };
}

/// <summary>An argument of an attribute of a block.</summary>
internal readonly record struct BlockSite(string Block, int Attribute, string Argument);

/// <summary>A rule that a declaration breaks.</summary>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments)
{
    public static Problem Of(DiagnosticDescriptor rule, Site site, params string[] arguments) =>
        new(rule.Id, site, EquatableArray.Of(arguments));

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
