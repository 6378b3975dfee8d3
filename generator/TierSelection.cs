using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Kernels;

namespace Strata.Generator;

/// <summary>The tiers that a project is compiled for: its StrataTiers, or those that build/Strata.targets chose for the host.</summary>
/// <param name="Tiers">
/// The tiers, widest first, for the project's StrataFamily if it names one. If the project names no tier, or a word is unknown, these are
/// all tiers.
/// </param>
/// <param name="Text">What the project says, words separated by semicolons.</param>
/// <param name="Unknown">The first word that names no tier; null if all words do.</param>
/// <param name="UnknownFamily">The project's StrataFamily if it is none; otherwise null.</param>
internal sealed record TierSelection(EquatableArray<Tier> Tiers, string Text, string? Unknown, string? UnknownFamily)
{
    public static readonly TierSelection All = Cancellation.None(() => Parse(""));

    /// <summary>What a project may say, for messages: <c>avx512, avx2 or vector128</c>.</summary>
    public static string Names => string.Join(", ", Tier.All.Take(Tier.All.Count - 1).Select(tier => tier.Setting))
        + $" or {Tier.All[Tier.All.Count - 1].Setting}";

    /// <summary>
    /// Reads a list such as <c>avx2,vector128</c>. build/Strata.targets replaces semicolons by commas, since a semicolon would begin a
    /// comment in the file through which the compiler gets the list.
    /// </summary>
    /// <param name="family">The project's StrataFamily, with or without spaces; empty for all families.</param>
    public static TierSelection Parse(string text, string family = "")
    {
        string[] words = [.. text.Split(',', ';').Select(word => word.Trim()).Where(word => word.Length > 0)];
        bool Names(string word, Tier tier) => string.Equals(word, tier.Setting, StringComparison.OrdinalIgnoreCase);
        string? unknown = words.FirstOrDefault(word => !Tier.All.Any(tier => Names(word, tier)));
        IEnumerable<Tier> tiers = words.Length == 0 || unknown is not null
            ? Tier.All
            : Tier.All.Where(tier => words.Any(word => Names(word, tier)));
        string Folded(string name) => name.Replace(" ", "").ToLowerInvariant();
        string? known = Tier.FamilyNames.FirstOrDefault(name => Folded(name) == Folded(family));
        return new TierSelection(
            tiers.Select(tier => tier.For(known ?? "")).ToEquatableArray(), string.Join(";", words), unknown,
            family.Length > 0 && known is null ? family : null);
    }

    /// <summary>The same tiers, for what is known to be wrong with the settings.</summary>
    public TierSelection WithoutProblems => this with { Unknown = null, UnknownFamily = null };

    /// <summary>What is wrong with the project's settings, for a network.</summary>
    public IEnumerable<Problem> ProblemsOf(string network)
    {
        if (Unknown is not null)
        {
            yield return BuildProblems.UnknownTier(network, Text, Unknown, Names);
        }

        if (UnknownFamily is not null)
        {
            yield return BuildProblems.UnknownFamily(network, UnknownFamily, string.Join(", ", Tier.FamilyNames));
        }
    }
}
