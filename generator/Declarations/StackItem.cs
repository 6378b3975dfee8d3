using System.Collections.Generic;
using Strata.Generator.Diagnostics;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>An item of a stack, after names have been given and blocks written out.</summary>
/// <param name="site">Its place in the source.</param>
/// <param name="attribute">With values instead of expressions.</param>
/// <param name="scope">The block around it; null for the network itself.</param>
/// <param name="name">Its whole key; empty where it has none.</param>
internal abstract class StackItem(Site site, AttributeDeclaration attribute, StackBlock? scope, string name)
{
    public Site Site { get; } = site;

    public AttributeDeclaration Attribute { get; } = attribute;

    public StackBlock? Scope { get; } = scope;

    public string Name { get; } = name;

    /// <summary>Whether the user chose the name.</summary>
    public bool IsNamed => Attribute.Find("Name") is string;

    /// <summary>The name as a C# identifier; empty where the name is empty or not valid.</summary>
    public string Identifier { get; set; } = "";

    /// <summary>Its property in the scope around it; empty where it has none.</summary>
    public string Property { get; set; } = "";

    /// <summary>Whether an argument has no value, which has been reported.</summary>
    public bool IsBroken { get; init; }

    public bool IsFrozen => Attribute.Find("Frozen") is true || Scope is { IsFrozen: true };

    public string? From => Attribute.Find("From") as string;

    /// <summary>How messages call it.</summary>
    public virtual string Label => Name.Length > 0 ? $"{Attribute.Kind} '{Name}'" : $"[{Attribute.Kind}]";
}

/// <summary>Any attribute but a block.</summary>
/// <param name="known">Null where the runtime has an attribute that this generator does not know.</param>
internal sealed class StackLayer(Site site, AttributeDeclaration attribute, StackBlock scope, string name, Operator? known)
    : StackItem(site, attribute, scope, name)
{
    public Operator? Operator { get; } = known;

    public override string Label => Operator is LayerOperator ? $"{Attribute.Kind} '{Name}'" : base.Label;
}

/// <summary>The network, one copy of a block, or the layers of a shortcut.</summary>
internal sealed class StackBlock(Site site, AttributeDeclaration attribute, StackBlock? scope, string name)
    : StackItem(site, attribute, scope, name)
{
    public List<StackItem> Items { get; } = [];

    /// <summary>What the keys of its layers begin with.</summary>
    public string Prefix { get; } = name.Length > 0 ? name + "." : scope?.Prefix ?? "";

    /// <summary>Whether another copy of the same use comes before it, whose output it reads.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>For the last of several copies: the name without a number, by which others can read its output; otherwise empty.</summary>
    public string Alias { get; init; } = "";

    /// <summary>For a shortcut: the channels of its output; otherwise 0.</summary>
    public int ShortcutFilters { get; init; }

    /// <summary>Whether its layers belong to the scope around it.</summary>
    public bool IsTransparent => Name.Length == 0;
}
