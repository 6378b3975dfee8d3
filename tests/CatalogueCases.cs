using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;

namespace Strata.Tests;

/// <summary>The cases of the operators of the catalogue, as classes.</summary>
internal static class CatalogueCases
{
    /// <summary>Each network once: some are cases of two operators.</summary>
    public static IReadOnlyList<OperatorCase> All { get; } =
        [.. OperatorSet.BuiltIn.All.SelectMany(one => one.Cases).DistinctBy(one => one.Stack)];

    /// <summary>All attributes behind <c>Network</c>. Without a loss of its own, the case gets the caller's loss.</summary>
    public static string Trained(OperatorCase one) =>
        Losses.Any(loss => Regex.IsMatch(one.Layers, $@"\b{loss}\b")) ? one.Stack : $"{one.Stack}, ExternalLoss";

    private static IEnumerable<string> Losses =>
        OperatorSet.BuiltIn.All.Where(one => one is LossOperator or ExternalLoss).Select(one => one.Kind);

    /// <summary>The class of a case.</summary>
    /// <param name="one">The case.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="options">The arguments of its attribute <c>Network</c>.</param>
    public static string Declare(OperatorCase one, string name, string options = "") =>
        $"[Network{(options.Length > 0 ? $"({options})" : "")}, {one.Stack}]\npublic partial class {name};\n";

    /// <summary>The other classes that the cases name.</summary>
    public static string OthersOf(IEnumerable<OperatorCase> cases) => string.Join('\n', cases.Select(one => one.Others).Distinct());
}
