using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// The operators that a referenced assembly declares in its metadata. They are read once for as long as the compiler keeps the reference.
/// </summary>
internal sealed class DeclaredOperators
{
    private const string Attribute = "Strata.CompilerServices.DeclaredOperatorAttribute";

    private static readonly ConditionalWeakTable<IAssemblySymbol, DeclaredOperators> Known = new();

    private readonly ConcurrentDictionary<string, DeclaredOperator> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Version, string Text)> _texts = new(StringComparer.Ordinal);
    private readonly string _assembly;

    private DeclaredOperators(IAssemblySymbol assembly)
    {
        _assembly = $"{assembly.Identity.Name} {assembly.Identity.Version.ToString(3)}";
        foreach (AttributeData attribute in assembly.GetAttributes().Where(one => one.AttributeClass?.ToDisplayString() == Attribute))
        {
            // In several formats, the one that is known here counts.
            object?[] arguments = [.. attribute.ConstructorArguments
                .Select(argument => argument.Kind == TypedConstantKind.Primitive ? argument.Value : null)];
            if (arguments.Length == 3 && arguments[0] is string type && arguments[1] is int version && arguments[2] is string text
                && (version == OperatorText.Version || !_texts.ContainsKey(type)))
            {
                _texts[type] = (version, text);
            }
        }
    }

    public static DeclaredOperators Of(IAssemblySymbol assembly) => Known.GetValue(assembly, static key => new DeclaredOperators(key));

    /// <summary>The operator of a class. One that cannot be read has no formula, and says why.</summary>
    /// <param name="name">The full name of the class.</param>
    /// <param name="key">Its key in the project that uses it.</param>
    public DeclaredOperator Find(string name, string key) => _operators.GetOrAdd(name, _ => Read(name, key));

    private DeclaredOperator Read(string name, string key)
    {
        string own = $"Strata {DeclaredBlocks.OwnVersion}, which this project uses,";
        const string Remedy = "Build both with the same version of Strata";
        if (!_texts.TryGetValue(name, out (int Version, string Text) found))
        {
            return Refused(key, "is not declared there: it was built without Strata's compiler, or its method has mistakes", Remedy);
        }

        if (found.Version != OperatorText.Version)
        {
            string written = found.Version.ToString(CultureInfo.InvariantCulture);
            string read = OperatorText.Version.ToString(CultureInfo.InvariantCulture);
            return Refused(key, $"is declared there in format {written}, but {own} reads format {read}", Remedy);
        }

        return OperatorText.TryRead(key, found.Text, out string problem)
            ?? Refused(key, $"is declared there in a text that {own} cannot read: {problem}", Remedy);
    }

    private DeclaredOperator Refused(string key, string problem, string remedy) => new(
        key, AttributeDeclaration.KindOf(key), false, EquatableArray.Of("x"),
        EquatableArray<BlockConstant>.Empty, EquatableArray<ConstantExpression>.Empty, EquatableArray<TrainedConstant>.Empty, null, "")
    {
        Refusal = EquatableArray.Of(_assembly, problem, remedy),
    };
}
