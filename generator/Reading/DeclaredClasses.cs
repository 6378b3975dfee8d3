using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// The blocks and operators that a referenced assembly declares in its metadata. They are kept as long as the compiler keeps the
/// reference, that is from edit to edit. A text is parsed when a network first uses its class.
/// </summary>
internal sealed class DeclaredClasses
{
    private static readonly ConditionalWeakTable<IAssemblySymbol, DeclaredClasses> Known = new();

    private readonly ConcurrentDictionary<string, DeclaredBlock> _blocks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeclaredOperator> _operators = new(StringComparer.Ordinal);
    private readonly DeclaredTexts _texts;
    private readonly string _name;

    private DeclaredClasses(IAssemblySymbol assembly) => (_texts, _name) = (DeclaredTexts.Of(assembly), assembly.Identity.Name);

    public static DeclaredClasses Of(IAssemblySymbol assembly) => Known.GetValue(assembly, static key => new DeclaredClasses(key));

    /// <summary>
    /// A block; null if the assembly does not declare it, as with older versions of Strata. A block that cannot be read has a reason.
    /// </summary>
    /// <param name="name">The full name of its class.</param>
    public DeclaredBlock? Block(string name) => _texts.Has(DeclaredFormat.Blocks, name) ? _blocks.GetOrAdd(name, ReadBlock) : null;

    /// <summary>An operator. If it cannot be read, it has a reason instead of a formula.</summary>
    /// <param name="name">The full name of its class.</param>
    /// <param name="key">Its key in the project that uses it.</param>
    /// <param name="isLoss">Whether the class is a loss.</param>
    public DeclaredOperator Operator(string name, string key, bool isLoss) =>
        _operators.GetOrAdd(name, _ => ReadOperator(name, key, isLoss));

    /// <summary>A block that cannot be read because a block or an operator that it uses is missing.</summary>
    public BlockDeclaration Without(string key, string nested)
    {
        string assembly = ClassKey.AssemblyOf(nested, out string name) ?? _name;
        string problem = $"uses {name} of {assembly}, which this project does not have";
        return Refused(
            key, new Refusal(_texts.Assembly, problem, $"Reference the version of {assembly} that it was built with")).Block;
    }

    /// <summary>The class of a block, an operator or a network that another block refers to; null if it does not exist.</summary>
    /// <param name="assembly">The assembly of the block that refers to it.</param>
    /// <param name="key">Its key in that assembly.</param>
    public static INamedTypeSymbol? FindType(IAssemblySymbol assembly, string key)
    {
        if (ClassKey.AssemblyOf(key, out string name) is { } other)
        {
            IAssemblySymbol? found = assembly.Modules.SelectMany(module => module.ReferencedAssemblySymbols)
                .FirstOrDefault(reference => reference.Identity.Name == other);
            return found is null ? null : FindType(found, name);
        }

        // In full names of nested classes, a dot may also precede a class.
        for (int dot = name.Length; dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            string metadataName = name.Substring(0, dot) + name.Substring(dot).Replace('.', '+');
            if (assembly.GetTypeByMetadataName(metadataName) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    private DeclaredBlock ReadBlock(string name) => _texts.Read(
            DeclaredFormat.Blocks, name, (string text, out string problem) => BlockText.TryRead(name, text, out problem),
            out Refusal? refusal)
        ?? Refused(name, refusal!);

    private DeclaredOperator ReadOperator(string name, string key, bool isLoss)
    {
        Refusal? refusal = new(
            _texts.Assembly, "is not declared there: its method has mistakes, or Strata's compiler did not run",
            "Build that assembly without errors, with Strata's compiler");
        DeclaredOperator? read = !_texts.Has(DeclaredFormat.Operators, name) ? null : _texts.Read(
            DeclaredFormat.Operators, name,
            (string text, out string problem) => OperatorText.TryRead(key, isLoss, text, out problem), out refusal);
        return read ?? new DeclaredOperator(
            key, AttributeDeclaration.KindOf(key), isLoss, isLoss ? EquatableArray.Of("output", "target") : EquatableArray.Of("x"),
            EquatableArray<BlockConstant>.Empty, EquatableArray<ParameterDefault>.Empty, EquatableArray<ConstantExpression>.Empty,
            EquatableArray<TrainedConstant>.Empty, null)
        {
            Refusal = refusal,
        };
    }

    private static DeclaredBlock Refused(string key, Refusal refusal) => new(
        new BlockDeclaration(key, true, EquatableArray<BlockConstant>.Empty, EquatableArray<AttributeDeclaration>.Empty, 0)
        {
            Refusal = refusal,
        },
        EquatableArray<ParameterDefault>.Empty);
}
