using System.Collections.Generic;

namespace Strata.Compiler.Catalogue;

/// <summary>The arguments that all layers have, or all losses.</summary>
internal static class CommonArguments
{
    public static readonly ArgumentSpec<string> Name = new("Name", ArgumentForm.Property, ""),
        From = new("From", ArgumentForm.Property, ""), Weights = new("Weights", ArgumentForm.Property, ""),
        Target = new("Target", ArgumentForm.Property, "");

    /// <summary>The layer whose weight another one uses in the opposite direction. Few layers have the argument.</summary>
    public static readonly ArgumentSpec<string> Tied =
        new("Tied", ArgumentForm.Property, "") { DescribedAs = new DescribedPart(DescribedPartKind.Inputs) };

    public static readonly ArgumentSpec<bool> Frozen = new("Frozen", ArgumentForm.Property, false);

    public static readonly ArgumentSpec<double> Weight = new("Weight", ArgumentForm.Property, 1);

    public static IReadOnlyList<ArgumentSpec> OfLayers { get; } = [Name, From, Frozen, Weights];

    public static IReadOnlyList<ArgumentSpec> OfLosses { get; } = [From, Weight, Target];
}
