using System;

namespace Strata.Compiler.Diagnostics;

/// <summary>How serious it is to break a rule.</summary>
internal enum Severity
{
    /// <summary>It is no mistake, but something to show. It is off until a project asks for it.</summary>
    Info,

    /// <summary>The network is compiled, but is hardly what was meant.</summary>
    Warning,

    /// <summary>The network cannot be compiled. No setting turns it off.</summary>
    Error,
}

/// <summary>
/// A rule of the network language. It stands beside the methods that make its problems, in a class such as <c>WindowProblems</c>.
/// </summary>
/// <param name="Id">Such as <c>STRATA030</c>; it is never used for another rule.</param>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Message">The message. <c>{0}</c>, <c>{1}</c> … are filled by those methods, and by nothing else.</param>
/// <param name="Category">The group of rules: a constant of <see cref="Diagnostics.Category"/>.</param>
/// <param name="Severity">Whether the build stops. Errors cannot be configured away: a network that cannot be compiled must stop every
/// build.</param>
internal sealed record Rule(string Id, string Title, string Message, string Category, Severity Severity)
{
    public bool IsError => Severity == Severity.Error;

    /// <summary>No two rules have the same id.</summary>
    public bool Equals(Rule? other) => other is not null && other.Id == Id;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);
}
