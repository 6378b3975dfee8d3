using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Diagnostics;

namespace Strata.Generator.Declarations;

/// <summary>
/// Whether generated members clash with those that a class has. The layers' properties are checked along with the layers' names.
/// </summary>
internal static class SurfaceNames
{
    private const string Input = "System.ReadOnlySpan<float>", Output = "System.Span<float>";

    /// <summary>Methods that the generator adds, and of which the user may have overloads.</summary>
    public static readonly string[] Methods = ["CreateTrainer", "Forward"];

    /// <summary>The generated methods of a network with their parameters' types, which tell overloads apart.</summary>
    public static IEnumerable<string> SignaturesOf(NetworkSurface surface)
    {
        if (surface.Trainer is not null)
        {
            yield return TrainerSignature;
        }

        if (surface.TakesBytes)
        {
            yield return BytesSignature;
        }

        if (NamedSignature(surface) is { } named)
        {
            yield return named;
        }
    }

    public const string TrainerSignature = "CreateTrainer(int, Strata.Training.Optimizer)";

    /// <summary>
    /// Whether a network that has no loss says so to whoever asks for its trainer: by a method that cannot be called. It has none where
    /// something of the user's has that name.
    /// </summary>
    public static bool RefusesTrainer(NetworkSurface surface, NetworkDeclaration declaration) => surface.Trainer is null
        && declaration.Name != "CreateTrainer" && !declaration.OwnMembers.Contains("CreateTrainer");

    public const string BytesSignature = "Forward(System.ReadOnlySpan<byte>, System.Span<float>)";

    /// <summary>The Forward with a parameter for each tensor; null where that is the one of every network.</summary>
    public static string? NamedSignature(NetworkSurface surface) => surface.Inputs.Count + surface.Outputs.Count <= 2 ? null
        : $"Forward({string.Join(", ", surface.Inputs.Select(_ => Input).Concat(surface.Outputs.Select(_ => Output)))})";

    /// <summary>The name of a method without its parameters.</summary>
    public static string NameOf(string signature) => signature.Substring(0, signature.IndexOfAny(['(', '<']));

    /// <summary>Reports clashes.</summary>
    /// <returns>The members of inputs and outputs whose names something else has.</returns>
    public static EquatableArray<string> Check(NetworkSurface surface, NetworkDeclaration declaration, List<Problem> problems)
    {
        CheckMethods(surface, declaration, problems);
        var leftOut = new List<string>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        void Take(IEnumerable<string> members, Func<string, string> owner)
        {
            foreach (string member in members.Looking().Where(member => !taken.ContainsKey(member)))
            {
                taken.Add(member, owner(member));
            }
        }

        Take(LayerNames.GeneratedMembers, _ => "a member that the generator adds");
        Take([declaration.Name], _ => "the class's own name");
        Take(surface.Members.Select(layer => layer.Property), member => $"the property of a layer, '{member}'");
        Take(declaration.OwnMembers, member => $"the member '{member}' of the class");
        Take(declaration.InheritedMembers, member => $"the member '{member}' that every network has");
        HashSet<string> others = [.. taken.Keys];
        foreach ((string kind, EquatableArray<TensorSurface> tensors) in new[] { ("Input", surface.Inputs), ("Output", surface.Outputs) })
        {
            foreach (TensorSurface tensor in tensors.Count > 1 ? tensors : EquatableArray<TensorSurface>.Empty)
            {
                if (!tensor.IsNamed || LayerNames.Identifier(tensor.Name, out _) is not { } identifier)
                {
                    continue;
                }

                string[] members = [identifier + "Length", identifier + "Shape"];
                string label = $"{kind} '{tensor.Name}'";

                // Two of the same name are one mistake, which has been reported.
                if (members.FirstOrDefault(taken.ContainsKey) is { } clash && taken[clash] != $"that of {label}")
                {
                    problems.Add(Problem.Of(Rules.TensorClash, tensor.Site, label, clash, taken[clash]));
                }

                leftOut.AddRange(members.Where(others.Contains));
                Take(members, _ => $"that of {label}");
            }
        }

        return leftOut.ToEquatableArray();
    }

    private static void CheckMethods(NetworkSurface surface, NetworkDeclaration declaration, List<Problem> problems)
    {
        string[] signatures = [.. SignaturesOf(surface)];
        foreach (string signature in signatures.Where(signature => declaration.OwnMethods.Contains(signature)))
        {
            problems.Add(Problem.Of(Rules.GeneratedMemberClash, Site.Class, declaration.Name, signature));
        }

        // Another member than a method has no overloads.
        HashSet<string> overloaded = [.. declaration.OwnMethods.Select(NameOf)];
        foreach (string name in signatures.Select(NameOf).Distinct().Where(
            name => !LayerNames.GeneratedMembers.Contains(name) && declaration.OwnMembers.Contains(name) && !overloaded.Contains(name)))
        {
            problems.Add(Problem.Of(Rules.GeneratedMemberClash, Site.Class, declaration.Name, name));
        }

        IEnumerable<string> names = LayerNames.GeneratedMembers.Where(member => !Methods.Contains(member))
            .Concat(signatures.Select(NameOf));
        if (names.Contains(declaration.Name))
        {
            problems.Add(Problem.Of(Rules.ClassClash, Site.Class, declaration.Name));
        }
    }
}
