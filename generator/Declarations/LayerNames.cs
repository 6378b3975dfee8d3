using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Diagnostics;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>The names of layers and their C# identifiers, and checks of both.</summary>
internal sealed class LayerNames
{
    /// <summary>Members that the generator adds to every network, besides the layers' properties.</summary>
    public static readonly string[] GeneratedMembers =
    [
        "InputLength", "OutputLength", "InputShape", "OutputShape", "ParameterCount", "CreateTrainer",
    ];

    /// <summary>Members of every struct. A block's properties cannot have their names.</summary>
    private static readonly string[] ObjectMembers = ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone",
        "ReferenceEquals", "Finalize"];

    /// <summary>The property of a parameter or of a part of a layer: running_mean gives RunningMean.</summary>
    public static string PropertyOf(string suffix)
    {
        Cancellation.Look();
        return string.Concat(suffix.Split('_').Where(part => part.Length > 0)
            .Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));
    }

    /// <summary>
    /// A name's identifier: conv1 gives Conv1, layer2.1 gives Layer2_1, and 0 gives _0. Null, with the reason, if there is none.
    /// </summary>
    public static string? Identifier(string name, out string reason)
    {
        Cancellation.Look();
        reason = "";
        if (name.Length == 0)
        {
            reason = "it is empty";
            return null;
        }

        string[] segments = name.Split('.');
        if (segments.Any(segment => segment.Length == 0))
        {
            reason = "a part between dots is empty";
            return null;
        }

        string identifier = string.Join("_", segments.Select(segment => char.ToUpperInvariant(segment[0]) + segment.Substring(1)));
        if (segments[0].All(c => c is >= '0' and <= '9'))
        {
            // PyTorch names the modules of an nn.Sequential 0, 1, ….
            identifier = "_" + identifier;
        }
        else if (identifier[0] is >= '0' and <= '9')
        {
            reason = "it begins with a digit";
            return null;
        }

        // The compiler ignores formatting characters, so with them two names could become one.
        if (!SyntaxFacts.IsValidIdentifier(identifier) || identifier.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.Format))
        {
            char wrong = identifier.FirstOrDefault(c => !SyntaxFacts.IsIdentifierPartCharacter(c));
            reason = wrong == 0 || char.IsControl(wrong) || char.IsSurrogate(wrong) || char.IsWhiteSpace(wrong)
                ? "it holds a character that identifiers cannot hold"
                : $"it holds '{wrong}'";
            return null;
        }

        return identifier;
    }

    /// <summary>Gives every named item of a network its identifiers, and reports names that have none or are not unique.</summary>
    public static void Check(StackBlock network, NetworkDeclaration declaration, List<Problem> problems)
    {
        var items = new List<StackItem>();
        Collect(network, items);
        var members = new HashSet<string>(declaration.OwnMembers, StringComparer.Ordinal);
        var inherited = new HashSet<string>(declaration.InheritedMembers, StringComparer.Ordinal);
        var taken = new Dictionary<string, StackItem>(StringComparer.Ordinal);
        var properties = new HashSet<(string Scope, string Property)>();
        var reported = new HashSet<(string, Site)>();
        void Report(Microsoft.CodeAnalysis.DiagnosticDescriptor rule, StackItem item, params string[] arguments)
        {
            // All copies of a block have this mistake at the same place.
            Site site = item.IsNamed ? item.Site.At("Name") : item.Site;
            if (reported.Add((rule.Id, site)))
            {
                problems.Add(Problem.Of(rule, site, arguments.Prepend(item.Label).ToArray()));
            }
        }

        // Default names come first. So a collision is reported at the name that the user chose.
        foreach (StackItem item in items.OrderBy(item => Cancellation.Looked(item.IsNamed ? 1 : 0)).Looking())
        {
            string name = item.Name;
            string relative = name.Substring(item.Scope!.Prefix.Length);
            if (Identifier(name, out string reason) is not { } identifier || Identifier(relative, out reason) is not { } property)
            {
                Report(Rules.InvalidName, item, name, reason);
                continue;
            }

            if (taken.TryGetValue(identifier, out StackItem other))
            {
                string advice = other.Name == name
                    ? other.IsNamed ? "Choose another name" : "That is the default name of that layer; choose another one"
                    : $"Both names become the property '{identifier}'; choose another name";
                Report(Rules.DuplicateName, item, name, other.Label, advice);
                continue;
            }

            taken.Add(identifier, item);
            if (!properties.Add((item.Scope.Prefix, property)))
            {
                // 0 and _0 would both become _0.
                StackItem same = items.Looking()
                    .First(candidate => candidate.Property == property && candidate.Scope!.Prefix == item.Scope.Prefix);
                Report(Rules.DuplicateName, item, name, same.Label, $"Both names become the property '{property}'; choose another name");
                continue;
            }

            string? clash = item.Scope.Prefix.Length > 0
                ? ObjectMembers.Contains(property) ? $"the member '{property}' that every object has" : null
                : identifier == declaration.Name.TrimStart('@') ? "the class's own name" :
                GeneratedMembers.Contains(identifier) ? "a member that the generator adds" :
                members.Contains(identifier) ? $"the member '{identifier}' of the class" :
                inherited.Contains(identifier) ? $"the member '{identifier}' that every network has" : null;
            if (clash is not null)
            {
                Report(Rules.MemberClash, item, property, clash);
                continue;
            }

            item.Identifier = identifier;
            item.Property = property;
        }
    }

    private static void Collect(StackBlock block, List<StackItem> items)
    {
        foreach (StackItem item in block.Items)
        {
            // A block with an empty name has no name, which is allowed. A layer needs one.
            if (item.Name.Length > 0 || item is StackLayer { Operator: LayerOperator })
            {
                items.Add(item);
            }

            if (item is StackBlock inner)
            {
                Collect(inner, items);
            }
        }
    }
}
