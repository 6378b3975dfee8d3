using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace Strata.CompilerServices;

/// <summary>The methods of a class that was emitted, now or into an assembly that was saved.</summary>
internal sealed class MethodTable
{
    private const string Kept = "What is made or loaded at run time is not trimmed. An app that references an assembly keeps all of it.";

    private readonly string _class;
    private readonly Dictionary<string, MethodInfo> _methods;

    /// <param name="code">The module with the class.</param>
    /// <param name="name">The full name of the class.</param>
    /// <exception cref="BadImageFormatException">There is no such class.</exception>
    public MethodTable(Module code, string name) =>
        (_class, _methods) = (name, MethodsOf(code, name).ToDictionary(method => method.Name, StringComparer.Ordinal));

    /// <summary>A method by its name.</summary>
    /// <exception cref="BadImageFormatException">There is none.</exception>
    public MethodInfo this[string name] => _methods.TryGetValue(name, out MethodInfo? method) ? method
        : throw new BadImageFormatException($"{_class} has no method {name}.");

    /// <summary>A delegate for a method.</summary>
    public T Delegate<T>(string name)
        where T : Delegate => this[name].CreateDelegate<T>();

    /// <summary>A delegate for a method that not every program has.</summary>
    public T? Find<T>(string name)
        where T : Delegate => _methods.GetValueOrDefault(name)?.CreateDelegate<T>();

    /// <summary>Delegates for methods with the same name and the numbers from 0 on, as many as there are.</summary>
    public T[] All<T>(string stem)
        where T : Delegate => [.. Numbered(stem).TakeWhile(_methods.ContainsKey).Select(Delegate<T>)];

    /// <summary>The names of methods that differ by a number.</summary>
    public static IEnumerable<string> Numbered(string stem) =>
        Enumerable.Range(0, int.MaxValue).Select(i => stem + i.ToString(CultureInfo.InvariantCulture));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Kept)]
    private static MethodInfo[] MethodsOf(Module code, string name)
    {
        Type type = code.GetType(name) ?? throw new BadImageFormatException($"{code.Assembly.FullName} has no class {name}.");
        return type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
    }
}
