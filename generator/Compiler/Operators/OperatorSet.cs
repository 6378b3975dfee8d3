using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>
/// The operators that a network can use: the built-in ones, and those that its project and its references declare. They are found by the
/// full name of the attribute's class. Two sets are equal if they declare the same operators, so that later stages stay cached.
/// </summary>
internal sealed class OperatorSet : IEquatable<OperatorSet>
{
    private OperatorSet(EquatableArray<Operator> declared) => Declared = declared;

    /// <summary>The built-in operators: all classes of this assembly that derive from <see cref="Operator"/>. There is no list.</summary>
    private static Dictionary<string, Operator> Known => BuiltIns.Known;

    /// <summary>The built-in operators alone.</summary>
    public static OperatorSet BuiltIn { get; } = new(EquatableArray<Operator>.Empty);

    /// <summary>Those that a project or a reference declares.</summary>
    public EquatableArray<Operator> Declared { get; }

    /// <summary>All operators, by their names.</summary>
    public IEnumerable<Operator> All => Known.Values.Concat(Declared).OrderBy(known => known.Kind, StringComparer.Ordinal);

    /// <summary>A set of the built-in operators and some declared ones.</summary>
    public static OperatorSet With(IEnumerable<Operator> declared) =>
        new(declared.OrderBy(one => one.Type, StringComparer.Ordinal).ToEquatableArray());

    /// <summary>The built-in operator with a name: <c>Conv2D</c>.</summary>
    public static Operator? FindBuiltIn(string kind) => BuiltIn.Find(AttributeDeclaration.BuiltInType(kind));

    /// <summary>Whether several operators have a name, in different namespaces.</summary>
    public bool IsAmbiguous(string kind) => All.Count(one => one.Kind == kind) > 1;

    /// <summary>The operator whose attribute's class has a full name; null if there is none.</summary>
    public Operator? Find(string type) =>
        Known.TryGetValue(type, out Operator? found) ? found : Declared.FirstOrDefault(one => one.Type == type);

    private const string Kept = "ILLink.Descriptors.xml keeps all operators with their constructors.";

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Kept)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Kept)]
    private static Dictionary<string, Operator> Find() => typeof(Operator).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(Operator).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null)
        .Select(type => (Operator)Activator.CreateInstance(type))
        .ToDictionary(known => known.Type, StringComparer.Ordinal);

    public bool Equals(OperatorSet? other) => other is not null && Declared.Equals(other.Declared);

    public override bool Equals(object? other) => Equals(other as OperatorSet);

    public override int GetHashCode() => Declared.GetHashCode();

    /// <summary>In a class of its own, so that a set of declared operators does not make them all.</summary>
    private static class BuiltIns
    {
        public static readonly Dictionary<string, Operator> Known = Cancellation.None(Find);
    }
}
