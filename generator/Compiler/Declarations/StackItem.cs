using System.Collections.Generic;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>An item of a stack whose blocks are expanded and whose names are given.</summary>
/// <param name="site">Its place in the source.</param>
/// <param name="attribute">The attribute, with values instead of expressions.</param>
/// <param name="scope">The block that contains it; null for the network itself.</param>
/// <param name="name">Its full key; empty if it has no name.</param>
internal abstract class StackItem(Site site, AttributeDeclaration attribute, StackBlock? scope, string name)
{
    public Site Site { get; } = site;

    public AttributeDeclaration Attribute { get; } = attribute;

    public StackBlock? Scope { get; } = scope;

    public string Name { get; } = name;

    /// <summary>Whether the user chose the name.</summary>
    public bool IsNamed => Attribute.Find("Name") is string;

    /// <summary>The name as a C# identifier; empty if there is no name or no such identifier.</summary>
    public string Identifier { get; set; } = "";

    /// <summary>Its property in the scope that contains it; empty if it has none.</summary>
    public string Property { get; set; } = "";

    /// <summary>
    /// The problem because of which nothing is known about it, such as an argument without a value; null if there is none.
    /// </summary>
    public ProblemKey? BrokenBy { get; init; }

    public bool IsBroken => BrokenBy is not null;

    public bool IsFrozen => Attribute.Find("Frozen") is true || Scope is { IsFrozen: true };

    public string? From => Attribute.Find("From") as string;

    /// <summary>What a problem of the whole attribute is about.</summary>
    public Subject Here => new(Site, Label);

    /// <summary>Its name in messages.</summary>
    public virtual string Label => Name.Length > 0 ? $"{Attribute.Kind} '{Name}'" : $"[{Attribute.Kind}]";

    /// <summary>What a problem of an argument is about.</summary>
    public Subject At(string argument) => Here.At(argument);
}

/// <summary>An attribute that is not a block.</summary>
/// <param name="known">Its operator; null if this generator does not know the attribute, though the runtime has it.</param>
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

    /// <summary>How the keys of its layers begin.</summary>
    public string Prefix { get; } = name.Length > 0 ? name + "." : scope?.Prefix ?? "";

    /// <summary>Whether it is a copy of a repeated block, and reads the output of the copy before it.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>For the last copy, the name without a number, by which others can read its output. Otherwise empty.</summary>
    public string Alias { get; init; } = "";

    /// <summary>For a shortcut, the number of channels of its output. Otherwise 0.</summary>
    public int ShortcutFilters { get; init; }

    /// <summary>Whether its layers belong to the scope that contains it.</summary>
    public bool IsTransparent => Name.Length == 0;
}
