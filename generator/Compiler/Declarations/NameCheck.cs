using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Gives every named item of a network its identifiers, and reports names that have none or are not unique.</summary>
internal sealed class NameCheck
{
    /// <summary>Members of every struct. The properties of blocks and layers cannot have their names.</summary>
    public static readonly string[] ObjectMembers = ["Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone",
        "ReferenceEquals", "Finalize"];

    private readonly NetworkDeclaration _declaration;
    private readonly ProblemLog _problems;
    private readonly List<StackItem> _items = [];
    private readonly HashSet<string> _members, _inherited;
    private readonly Dictionary<string, StackItem> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<(string Scope, string Property)> _properties = [];

    private NameCheck(NetworkDeclaration declaration, ProblemLog problems)
    {
        (_declaration, _problems) = (declaration, problems);
        _members = new HashSet<string>(declaration.OwnMembers, StringComparer.Ordinal);
        _inherited = new HashSet<string>(declaration.InheritedMembers, StringComparer.Ordinal);
    }

    /// <param name="problems">Receives the reports.</param>
    public static void Run(StackBlock network, NetworkDeclaration declaration, ProblemLog problems)
    {
        var check = new NameCheck(declaration, problems);
        check.Collect(network);

        // Default names come first. So a collision is reported at the name that the user chose.
        foreach (StackItem item in check._items.OrderBy(item => Cancellation.Checked(item.IsNamed ? 1 : 0)).WithCancellation())
        {
            check.Identify(item);
        }
    }

    private void Collect(StackBlock block)
    {
        foreach (StackItem item in block.Items)
        {
            // A block with an empty name has no name, which is allowed. A layer needs one.
            if (item.Name.Length > 0 || item is StackLayer { Operator: LayerOperator })
            {
                _items.Add(item);
            }

            if (item is StackBlock inner)
            {
                Collect(inner);
            }
        }
    }

    private void Identify(StackItem item)
    {
        string name = item.Name;
        string relative = name.Substring(item.Scope!.Prefix.Length);
        if (LayerNames.Identifier(name, out string reason) is not { } identifier
            || LayerNames.Identifier(relative, out reason) is not { } property)
        {
            _problems.AddOnce(NameProblems.Invalid(Named(item), name, reason));
            return;
        }

        if (_taken.TryGetValue(identifier, out StackItem other))
        {
            string advice = other.Name == name
                ? other.IsNamed ? "Choose another name" : "That is the default name of that layer; choose another one"
                : $"Both names become the property '{identifier}'; choose another name";
            _problems.AddOnce(NameProblems.Duplicate(Named(item), name, other.Label, advice));
            return;
        }

        _taken.Add(identifier, item);
        if (!_properties.Add((item.Scope.Prefix, property)))
        {
            // 0 and _0 would both become _0.
            StackItem same = _items.WithCancellation()
                .First(candidate => candidate.Property == property && candidate.Scope!.Prefix == item.Scope.Prefix);
            _problems.AddOnce(NameProblems.Duplicate(
                Named(item), name, same.Label, $"Both names become the property '{property}'; choose another name"));
            return;
        }

        if (ClashOf(item, identifier, property) is { } clash)
        {
            _problems.AddOnce(NameProblems.MemberClash(Named(item), property, clash));
            return;
        }

        item.Identifier = identifier;
        item.Property = property;
    }

    /// <summary>The member whose name an item's property would have; null if there is none.</summary>
    private string? ClashOf(StackItem item, string identifier, string property) =>
        item.Scope!.Prefix.Length > 0
            ? ObjectMembers.Contains(property) ? $"the member '{property}' that every object has" : null
        : identifier == _declaration.Name.TrimStart('@') ? "the class's own name"
        : LayerNames.GeneratedMembers.Contains(identifier) ? "a member that the generator adds"
        : _members.Contains(identifier) ? $"the member '{identifier}' of the class"
        : _inherited.Contains(identifier) ? $"the member '{identifier}' that every network has" : null;

    /// <summary>What a problem of an item's name is about.</summary>
    private static Subject Named(StackItem item) => item.IsNamed ? item.At("Name") : item.Here;
}
