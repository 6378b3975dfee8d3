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
internal readonly record struct Site(int Attribute, string Argument)
{
    public static readonly Site Class = new(-1, "");
}

/// <summary>A rule that a declaration breaks.</summary>
internal sealed record Problem(string Id, Site Site, EquatableArray<string> Arguments)
{
    public static Problem Of(DiagnosticDescriptor rule, Site site, params string[] arguments) =>
        new(rule.Id, site, EquatableArray.Of(arguments));

    public DiagnosticDescriptor Rule => Rules.Find(Id);

    public bool IsError => Rule.DefaultSeverity == DiagnosticSeverity.Error;

    public string Message => string.Format(
        CultureInfo.InvariantCulture, Rule.MessageFormat.ToString(CultureInfo.InvariantCulture), Arguments.ToArray<object>());
}
