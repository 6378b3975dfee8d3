namespace Strata.Compiler.Diagnostics;

/// <summary>A rule and the place where it is broken. Problems that have both in common are one mistake of the user.</summary>
internal readonly record struct ProblemKey(Rule Rule, Site Site);
