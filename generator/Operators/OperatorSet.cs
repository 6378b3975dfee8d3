using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Operators;

/// <summary>
/// The operators that a network can use: the built-in ones. They are found by the full name of their attribute's class.
/// </summary>
internal sealed class OperatorSet
{
    private readonly Dictionary<string, Operator> _byType;

    private OperatorSet(IEnumerable<Operator> operators) =>
        _byType = operators.ToDictionary(known => known.Type, StringComparer.Ordinal);

    /// <summary>The operators of the language. A class of this assembly is one of them, so that there is no list to maintain.</summary>
    public static OperatorSet BuiltIn { get; } = Cancellation.None(() => new OperatorSet(typeof(Operator).Assembly
        .GetTypes()
        .Where(type => !type.IsAbstract && typeof(Operator).IsAssignableFrom(type))
        .Select(type => (Operator)Activator.CreateInstance(type))));

    /// <summary>All operators, by their names.</summary>
    public IEnumerable<Operator> All => _byType.Values.OrderBy(known => known.Kind, StringComparer.Ordinal);

    /// <summary>The operator with an attribute of a type.</summary>
    public Operator? Find(string type) => _byType.TryGetValue(type, out Operator? found) ? found : null;

    /// <summary>The built-in operator with a name: <c>Conv2D</c>.</summary>
    public static Operator? FindBuiltIn(string kind) => BuiltIn.Find(AttributeDeclaration.BuiltInType(kind));
}
