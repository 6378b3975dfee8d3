using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// The operators that a referenced assembly declares in its metadata. A text is parsed when the first network uses its operator.
/// </summary>
internal sealed class DeclaredOperators
{
    /// <summary>The attribute that holds an operator's text. An assembly has one for each of its operators.</summary>
    public const string Attribute = "DeclaredOperatorAttribute";

    private static readonly ConditionalWeakTable<IAssemblySymbol, DeclaredOperators> Known = new();

    private readonly ConcurrentDictionary<string, DeclaredOperator> _operators = new(StringComparer.Ordinal);
    private readonly DeclaredTexts _texts;

    private DeclaredOperators(IAssemblySymbol assembly) => _texts = DeclaredTexts.Of(assembly);

    public static DeclaredOperators Of(IAssemblySymbol assembly) => Known.GetValue(assembly, static key => new DeclaredOperators(key));

    /// <summary>The operator of a class. If it cannot be read, it has a reason instead of a formula.</summary>
    /// <param name="name">The full name of the class.</param>
    /// <param name="key">Its key in the project that uses it.</param>
    /// <param name="isLoss">Whether the class is a loss.</param>
    public DeclaredOperator Find(string name, string key, bool isLoss) => _operators.GetOrAdd(name, _ => Read(name, key, isLoss));

    private DeclaredOperator Read(string name, string key, bool isLoss)
    {
        EquatableArray<string> refusal = EquatableArray.Of(
            _texts.Assembly, "is not declared there: its method has mistakes, or Strata's compiler did not run",
            "Build that assembly without errors, with Strata's compiler");
        DeclaredOperator? read = _texts.Has(Attribute, name)
            ? _texts.Read(
                Attribute, name, (string text, out string problem) => OperatorText.TryRead(key, isLoss, text, out problem), out refusal)
            : null;
        return read ?? new DeclaredOperator(
            key, AttributeDeclaration.KindOf(key), isLoss, isLoss ? EquatableArray.Of("output", "target") : EquatableArray.Of("x"),
            EquatableArray<BlockConstant>.Empty, EquatableArray<ParameterDefault>.Empty, EquatableArray<ConstantExpression>.Empty,
            EquatableArray<TrainedConstant>.Empty, null)
        {
            Refusal = refusal,
        };
    }
}
