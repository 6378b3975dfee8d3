using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Operators;

namespace Strata.Generator.Graph;

/// <summary>The names of the layers, their C# identifiers, and what is wrong with them.</summary>
internal sealed class LayerNames
{
    /// <summary>Members that the generator adds to every network, besides the layers' properties.</summary>
    public static readonly string[] GeneratedMembers =
    [
        "InputLength", "OutputLength", "InputShape", "OutputShape", "ParameterCount", "CreateTrainer",
    ];

    private readonly string[] _names;
    private readonly string[] _identifiers;

    public LayerNames(NetworkDeclaration declaration, List<Problem> problems)
    {
        EquatableArray<AttributeDeclaration> attributes = declaration.Attributes;
        _names = new string[attributes.Count];
        _identifiers = new string[attributes.Count];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var named = new bool[attributes.Count];
        for (int i = 0; i < attributes.Count; i++)
        {
            _names[i] = _identifiers[i] = "";
            if (OperatorCatalog.Find(attributes[i].Kind) is LayerOperator layer)
            {
                counts.TryGetValue(layer.Stem, out int count);
                counts[layer.Stem] = ++count;
                string? name = (string?)attributes[i].Arguments.FirstOrDefault(argument => argument.Name == "Name")?.Value;
                named[i] = name is not null;
                _names[i] = name ?? layer.Stem + count.ToString(CultureInfo.InvariantCulture);
            }
        }

        Check(declaration, problems, named);
    }

    /// <summary>The layer's key, also where it is not valid.</summary>
    public string NameOf(int attribute) => _names[attribute];

    /// <summary>The layer's property, or empty where it has none.</summary>
    public string IdentifierOf(int attribute) => _identifiers[attribute];

    /// <summary>conv1 → Conv1, layer2.1 → Layer2_1; null where no identifier comes out, with the reason.</summary>
    public static string? Identifier(string name, out string reason)
    {
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
        if (identifier[0] is >= '0' and <= '9')
        {
            reason = "it begins with a digit";
            return null;
        }

        // The compiler drops formatting characters, so that two names could become one.
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

    private void Check(NetworkDeclaration declaration, List<Problem> problems, bool[] named)
    {
        EquatableArray<AttributeDeclaration> attributes = declaration.Attributes;
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);

        // Default names come first, so that a collision is reported at the name that was chosen.
        foreach (int i in Enumerable.Range(0, attributes.Count).OrderBy(i => named[i] ? 1 : 0).ThenBy(i => i))
        {
            if (OperatorCatalog.Find(attributes[i].Kind) is not LayerOperator)
            {
                continue;
            }

            string name = _names[i], label = $"{attributes[i].Kind} '{name}'";
            var site = new Site(i, named[i] ? "Name" : "");
            if (Identifier(name, out string reason) is not { } identifier)
            {
                problems.Add(Problem.Of(Rules.InvalidName, site, label, name, reason));
                continue;
            }

            if (taken.TryGetValue(identifier, out int other))
            {
                string advice = _names[other] == name
                    ? named[other] ? "Choose another name" : "That is the default name of that layer; choose another one"
                    : $"Both names become the property '{identifier}'; choose another name";
                problems.Add(Problem.Of(
                    Rules.DuplicateName, site, label, name, $"{attributes[other].Kind} '{_names[other]}'", advice));
                continue;
            }

            taken.Add(identifier, i);
            string? clash =
                identifier == declaration.Name.TrimStart('@') ? "the class's own name" :
                GeneratedMembers.Contains(identifier) ? "a member that the generator adds" :
                declaration.OwnMembers.Contains(identifier) ? $"the member '{identifier}' of the class" :
                declaration.InheritedMembers.Contains(identifier) ? $"the member '{identifier}' that every network has" : null;
            if (clash is not null)
            {
                problems.Add(Problem.Of(Rules.MemberClash, site, label, identifier, clash));
                continue;
            }

            _identifiers[i] = identifier;
        }
    }
}
