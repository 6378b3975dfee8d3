using System;
using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Catalogue;

/// <summary>One argument of an attribute.</summary>
/// <param name="Name">The constructor's parameter (<c>kernel</c>) or the property (<c>Padding</c>).</param>
/// <param name="Value">
/// An <see cref="int"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="string"/>, or an array of them; enums are their numbers.
/// On a block it may be an expression of its constants.
/// </param>
/// <param name="IsDefault">Whether the argument was left out at the use of a block. Its expression then refers to the constants of that
/// block.</param>
internal sealed record AttributeArgument(string Name, object? Value, bool IsDefault = false)
{
    /// <summary>An argument with a value of C#: an enum's member, or an array of numbers.</summary>
    public static AttributeArgument Create(string name, object value) => new(name, value switch
    {
        Enum member => Convert.ToInt32(member, CultureInfo.InvariantCulture),
        double[] numbers => numbers.ToEquatableArray(),
        _ => value,
    });
}

/// <summary>One attribute of a stack.</summary>
/// <param name="Type">The full name of its class: <c>Strata.Conv2DAttribute</c>.</param>
/// <param name="Block">Key of the block whose layers it stands for; null for all other attributes.</param>
internal sealed record AttributeDeclaration(string Type, EquatableArray<AttributeArgument> Arguments, string? Block = null)
{
    private const string Suffix = "Attribute";

    /// <summary>Its name as users write it, without namespace and suffix: <c>Conv2D</c>.</summary>
    public string Kind => KindOf(Type);

    /// <summary>For an input: whether an argument has its parameter's name, as in <c>channels: 28</c>.</summary>
    public bool NamesArguments { get; init; }

    /// <summary>Whether the C# compiler knows the attribute and all its arguments. If not, it reports an error of its own.</summary>
    public bool IsBound { get; init; } = true;

    /// <summary>Whether there is no such attribute class. The kind is then that of the operator that was most likely meant.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>
    /// What is wrong with an attribute that the compiler refuses. The problems' sites are relative to this attribute.
    /// </summary>
    public EquatableArray<Problem> BindingErrors { get; init; }

    /// <summary>The full name of a class of the language: <c>Strata.Conv2DAttribute</c>.</summary>
    public static string BuiltInType(string kind) => $"Strata.{kind}{Suffix}";

    /// <summary>The name of an attribute as users write it.</summary>
    public static string KindOf(string type)
    {
        string name = type.Substring(type.LastIndexOf('.') + 1);
        int arity = name.IndexOf('`');
        name = arity < 0 ? name : name.Substring(0, arity);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }

    /// <summary>The value of an argument; null if it is left out.</summary>
    public object? Find(string argument)
    {
        foreach (AttributeArgument candidate in Arguments)
        {
            if (candidate.Name == argument)
            {
                return candidate.Value;
            }
        }

        return null;
    }
}
