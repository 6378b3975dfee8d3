using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>
/// The arguments of one attribute, by name. An operator's signature turns them into its definition.
/// </summary>
internal sealed class AttributeArguments(AttributeDeclaration attribute)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>The arguments that are written, but have not been read so far.</summary>
    public IEnumerable<string> Unread => attribute.Arguments.Select(argument => argument.Name).Where(name => !_read.Contains(name));

    public bool IsSet(string name) => attribute.Find(name) is not null;

    /// <summary>Whether some argument is written with the name of its parameter: <c>channels: 28</c>.</summary>
    public bool AreNamed => attribute.NamesArguments;

    /// <summary>An argument, or its default.</summary>
    public Argument<T> Read<T>(ArgumentSpec<T> spec)
    {
        object? value = Find(spec.Name);
        return new Argument<T>(
            value switch
            {
                T typed => typed,
                int number when typeof(T) == typeof(double) => (T)(object)(double)number,

                // An enum is its number, which may be none of its members.
                int number when typeof(T).IsEnum => (T)Enum.ToObject(typeof(T), number),
                _ => spec.Absent,
            },
            spec.Name, value is not null);
    }

    /// <summary>The first argument of several that is written, or else the default of one that stands for them all.</summary>
    public Argument<int> First(ArgumentSpec<int> all, IEnumerable<string> others) =>
        Read(others.FirstOrDefault(IsSet) is { } name ? all with { Name = name } : all);

    private object? Find(string name)
    {
        _read.Add(name);
        return attribute.Find(name);
    }
}
