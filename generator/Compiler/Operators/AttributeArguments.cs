using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>
/// The arguments of one attribute, by name. An operator's <c>Bind</c> turns them into its definition; no other code uses the names.
/// </summary>
internal sealed class AttributeArguments(AttributeDeclaration attribute)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The arguments that are written, but have not been read so far.</summary>
    public IEnumerable<string> Unread => attribute.Arguments.Select(argument => argument.Name).Where(name => !_read.Contains(name));

    public bool IsSet(string name) => attribute.Find(name) is not null;

    /// <summary>Whether some argument is written with the name of its parameter: <c>channels: 28</c>.</summary>
    public bool AreNamed => attribute.NamesArguments;

    /// <summary>Those of the given names that are written, in the given order.</summary>
    public IEnumerable<string> Written(params string[] names) => names.Where(IsSet);

    public Argument<int> Int(string name, int absent = 0) =>
        new(Find(name) is int value ? value : absent, name, IsSet(name));

    /// <summary>The first of several arguments that is written. If none is written, it is the last one, with its default.</summary>
    public Argument<int> FirstInt(int absent, params string[] names) =>
        Int(Written(names).FirstOrDefault() ?? names[names.Length - 1], absent);

    public Argument<bool> Bool(string name, bool absent) =>
        new(Find(name) is bool value ? value : absent, name, IsSet(name));

    public Argument<double> Double(string name, double absent) => new(
        Find(name) switch { double value => value, int value => value, _ => absent }, name, IsSet(name));

    /// <summary>An array of numbers; empty if none is written.</summary>
    public Argument<EquatableArray<double>> Doubles(string name) => new(
        Find(name) is EquatableArray<double> values ? values : EquatableArray<double>.Empty, name, IsSet(name));

    /// <summary>An enum's value. It is read as a number, so it may be none of the enum's members.</summary>
    public Argument<T> Enum<T>(string name, T absent = default)
        where T : struct, Enum =>
        new(Find(name) is int value ? (T)System.Enum.ToObject(typeof(T), value) : absent, name, IsSet(name));

    public Argument<string> Text(string name, string absent = "") => new(Find(name) as string ?? absent, name, IsSet(name));

    private object? Find(string name)
    {
        _read.Add(name);
        return attribute.Find(name);
    }
}
