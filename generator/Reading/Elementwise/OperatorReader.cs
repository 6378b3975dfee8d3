using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>Reads the attribute classes that derive from <c>ElementwiseAttribute</c> or <c>ElementwiseLossAttribute</c>.</summary>
internal sealed class OperatorReader
{
    /// <summary>The name of the method that is read.</summary>
    public const string Method = "Value";

    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<ISymbol, ReadOperator>> Known = new();

    private readonly INamedTypeSymbol _type;
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _isLoss;
    private readonly List<Diagnostic> _problems = [];

    private OperatorReader(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        (_type, _compilation, _cancellationToken) = (type, compilation, cancellationToken);
        _isLoss = KnownSymbols.Of(compilation).IsElementwiseLoss(type);
    }

    /// <summary>Whether a class is an operator. An abstract class is not; it may be a base class of operators.</summary>
    public static bool IsOperator(INamedTypeSymbol type, Compilation compilation) =>
        type is { TypeKind: TypeKind.Class, IsAbstract: false }
        && (KnownSymbols.Of(compilation).IsElementwise(type) || KnownSymbols.Of(compilation).IsElementwiseLoss(type));

    /// <summary>Reads the class of an operator, once for each compilation.</summary>
    public static ReadOperator Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        Known.GetValue(compilation, static _ => new(SymbolEqualityComparer.Default))
            .GetOrAdd(type, key => new OperatorReader((INamedTypeSymbol)key, compilation, cancellationToken).Read());

    /// <summary>A name in PyTorch's style: <c>MaxSlope</c> becomes <c>max_slope</c>.</summary>
    public static string SnakeCase(string name) => string.Concat(name.Select((c, i) =>
        char.IsUpper(c) && i > 0 && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))) && name[i - 1] != '_'
            ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private string Kind => AttributeDeclaration.KindOf(_type.Name);

    private ReadOperator Read()
    {
        IMethodSymbol[] methods = [.. _type.GetMembers(Method).OfType<IMethodSymbol>()];
        EquatableArray<BlockConstant> constants = ConstantReader.Read(_type, _compilation, _cancellationToken);
        EquatableArray<TrainedConstant> trained = Trained(constants);
        IMethodSymbol? method = methods.Length == 1 && IsRight(methods[0]) ? methods[0] : null;
        if (methods.Length != 1)
        {
            Report(methods.Length == 0 ? _type : methods[1], FormulaProblems.NoMethod(
                Kind, methods.Length == 0 ? "the class has no method Value" : "the class has several methods Value", Signature(methods)));
        }

        MethodReader? reader = method is null
            ? null : new MethodReader(_type, _compilation, trained, _problems, _cancellationToken);
        Expression? value = reader?.Read(method!);
        if (value is null && _problems.Count == 0 && reader is { HasErrors: false })
        {
            throw new InvalidOperationException($"'{Kind}' has no formula, but no mistake was found in it.");
        }

        if (value is not null && _problems.Count == 0)
        {
            ReportUnread(trained, value);
        }

        return new ReadOperator(
            new DeclaredOperator(
                DeclarationReader.FullName(_type), Kind, _isLoss,
                (method?.Parameters.Select(parameter => parameter.Name) ?? []).ToEquatableArray(), constants,
                ParameterDefaultReader.ReadAll(_type, _compilation, _cancellationToken),
                reader?.Numbers ?? EquatableArray<ConstantExpression>.Empty, trained, _problems.Count == 0 ? value : null),

            // A method that is called twice has each of its mistakes twice.
            [.. _problems.GroupBy(problem => problem.ToString()).Select(same => same.First())],
            [.. StackReader.FilesOf(_type).Concat(reader?.Files ?? [])]);
    }

    /// <summary>Whether the method has a form that can be read. Types that do not exist are left to the compiler.</summary>
    private bool IsRight(IMethodSymbol method)
    {
        if (method.ReturnType.TypeKind == TypeKind.Error || method.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Error))
        {
            return false;
        }

        IParameterSymbol? other = method.Parameters.FirstOrDefault(
            parameter => parameter.Type.SpecialType != SpecialType.System_Single || parameter.RefKind != RefKind.None);
        string? wrong =
            !method.IsStatic ? "Value is not static"
            : (method.PartialImplementationPart ?? method).IsExtern ? "Value is extern, without a formula"
            : method.IsGenericMethod || _type.IsGenericType ? "it has type parameters"
            : method.ReturnType.SpecialType != SpecialType.System_Single ? $"Value returns {Name(method.ReturnType)}, not float"
            : other is not null ? $"its parameter '{other.Name}' is no plain float"
            : _isLoss && method.Parameters.Length != 2 ? "a loss compares two numbers, an output and a target"
            : method.Parameters.Length is not (1 or 2) ? $"Value has {Arithmetic.Count(method.Parameters.Length, "parameter")}"
            : null;
        if (wrong is not null)
        {
            Report(method, FormulaProblems.NoMethod(Kind, wrong, Signature(method)));
        }

        return wrong is null;
    }

    private string Signature(params IMethodSymbol[] methods) =>
        _isLoss ? "public static float Value(float output, float target)"
        : methods.Length == 1 && methods[0].Parameters.Length >= 2 ? "public static float Value(float a, float b)"
        : "public static float Value(float x)";

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private EquatableArray<TrainedConstant> Trained(EquatableArray<BlockConstant> constants)
    {
        var numbers = new List<TrainedConstant>();
        foreach (IFieldSymbol field in _type.GetMembers().OfType<IFieldSymbol>())
        {
            AttributeData? attribute = field.GetAttributes().FirstOrDefault(
                candidate => KnownSymbols.Of(_compilation).IsTrained(candidate.AttributeClass));
            if (attribute is null)
            {
                continue;
            }

            object? Named(string name) => attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;
            string key = Named("Key") as string ?? SnakeCase(field.Name);
            (string Wrong, string Instead)? problem =
                _isLoss ? ("belongs to a loss, which has no parameters", "Remove [Trained], or make it a layer")
                : !field.IsConst ? ("is no constant", "Write 'private const double', with the value where training begins")
                : StackReader.TypeOf(field.Type) is not (ConstantType.Single or ConstantType.Double)
                    ? ($"is of type {Name(field.Type)}", "Make it a double")
                : TrainedConstant.ProblemOf(key, numbers) is { } ofKey ? ofKey
                : constants.FirstOrDefault(constant => Reads(constant.Value, field.Name)) is { } reader
                    ? ($"is a part of the constant '{reader.Name}', which would keep its initial value", "Compute that in Value")
                : null;
            if (problem is { } found)
            {
                Report(field, FormulaProblems.TrainedNumber(Kind, field.Name, found.Wrong, found.Instead));
            }
            else
            {
                numbers.Add(new TrainedConstant(field.Name, key, Named("PerChannel") is true));
            }
        }

        return numbers.ToEquatableArray();
    }

    private static bool Reads(ConstantExpression expression, string name) =>
        expression is ConstantReference reference ? reference.Name == name : expression.Parts.Any(part => Reads(part, name));

    /// <summary>Reports trained numbers that the formula does not read. They would look trained, but have no gradient.</summary>
    private void ReportUnread(EquatableArray<TrainedConstant> trained, Expression value)
    {
        foreach (TrainedConstant number in trained.Where(number => !value.Reads(DeclaredOperator.TrainedOf(number.Name))))
        {
            Report(_type.GetMembers(number.Name).First(), FormulaProblems.TrainedNumber(
                Kind, number.Name, "is not read by Value", "Read it there, or remove it"));
        }
    }

    private void Report(ISymbol symbol, Problem problem)
    {
        SyntaxNode? syntax = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken);
        SyntaxNodeOrToken? place = syntax switch
        {
            TypeDeclarationSyntax type => type.Identifier,
            MethodDeclarationSyntax method => method.Identifier,
            VariableDeclaratorSyntax field => field.Identifier,
            { } other => other,
            _ => (SyntaxNodeOrToken?)null,
        };
        if (place is { } where)
        {
            _problems.Add(Descriptors.DiagnosticOf(problem, where.GetLocation()!));
        }
    }
}
