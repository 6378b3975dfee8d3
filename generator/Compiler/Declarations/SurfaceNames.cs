using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Checks whether generated members clash with existing ones. The properties of layers are checked together with the layers' names.
/// </summary>
internal static class SurfaceNames
{
    private const string Input = "System.ReadOnlySpan<float>", Output = "System.Span<float>";

    /// <summary>Generated methods of which the user may write overloads.</summary>
    public static readonly string[] Methods = ["CreateTrainer", "Forward"];

    /// <summary>The generated methods of a network, with the types of their parameters.</summary>
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
    /// Whether a network without a loss gets a CreateTrainer that cannot be called. The compiler error of a call says that a loss is
    /// missing. It is not generated if the user has a member of that name.
    /// </summary>
    public static bool RefusesTrainer(NetworkSurface surface, NetworkDeclaration declaration) => surface.Trainer is null
        && declaration.Name != "CreateTrainer" && !declaration.OwnMembers.Contains("CreateTrainer");

    public const string BytesSignature = "Forward(System.ReadOnlySpan<byte>, System.Span<float>)";

    /// <summary>The Forward with a parameter for each tensor; null if it is the same as the Forward of every network.</summary>
    public static string? NamedSignature(NetworkSurface surface) => surface.Inputs.Count + surface.Outputs.Count <= 2 ? null
        : $"Forward({string.Join(", ", surface.Inputs.Select(_ => Input).Concat(surface.Outputs.Select(_ => Output)))})";

    /// <summary>The name of a method without its parameters.</summary>
    public static string NameOf(string signature) => signature.Substring(0, signature.IndexOfAny(['(', '<']));

    /// <summary>Reports clashes of names.</summary>
    /// <returns>The members of inputs and outputs that are left out, because their names are taken.</returns>
    public static EquatableArray<string> Check(NetworkSurface surface, NetworkDeclaration declaration, ProblemLog problems)
    {
        CheckMethods(surface, declaration, problems);
        var leftOut = new List<string>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        void Take(IEnumerable<string> members, Func<string, string> owner)
        {
            foreach (string member in members.WithCancellation().Where(member => !taken.ContainsKey(member)))
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

                // Two tensors of the same name are one mistake, which has already been reported.
                if (members.FirstOrDefault(taken.ContainsKey) is { } clash && taken[clash] != $"that of {label}")
                {
                    problems.Add(NameProblems.TensorClash(new Subject(tensor.Site, label), clash, taken[clash]));
                }

                leftOut.AddRange(members.Where(others.Contains));
                Take(members, _ => $"that of {label}");
            }
        }

        return leftOut.ToEquatableArray();
    }

    private static void CheckMethods(NetworkSurface surface, NetworkDeclaration declaration, ProblemLog problems)
    {
        string[] signatures = [.. SignaturesOf(surface)];
        foreach (string signature in signatures.Where(signature => declaration.OwnMethods.Contains(signature)))
        {
            problems.Add(ClassProblems.MemberClash(declaration.Name, signature));
        }

        // Only methods can have overloads.
        HashSet<string> overloaded = [.. declaration.OwnMethods.Select(NameOf)];
        foreach (string name in signatures.Select(NameOf).Distinct().Where(
            name => !LayerNames.GeneratedMembers.Contains(name) && declaration.OwnMembers.Contains(name) && !overloaded.Contains(name)))
        {
            problems.Add(ClassProblems.MemberClash(declaration.Name, name));
        }

        IEnumerable<string> names = LayerNames.GeneratedMembers.Where(member => !Methods.Contains(member))
            .Concat(signatures.Select(NameOf));
        if (names.Contains(declaration.Name))
        {
            problems.Add(ClassProblems.NameClash(declaration.Name));
        }
    }
}
