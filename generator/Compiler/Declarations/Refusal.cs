namespace Strata.Compiler.Declarations;

/// <summary>Why a block or an operator of another assembly cannot be read.</summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Reason">What is wrong with it there.</param>
/// <param name="Remedy">What helps.</param>
internal sealed record Refusal(string Assembly, string Reason, string Remedy);
