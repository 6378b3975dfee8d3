using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>Reads the defaults of constructors' parameters that depend on the constants of their class.</summary>
internal static class ParameterDefaultReader
{
    /// <summary>The defaults of a class of this compilation that depend on its constants.</summary>
    public static EquatableArray<ParameterDefault> ReadAll(
        INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .Select(parameter => Read(parameter, type, compilation, cancellationToken) is { } value
                ? new ParameterDefault(SignatureOf(parameter), parameter.Name, value) : null)
            .OfType<ParameterDefault>().ToEquatableArray();

    /// <summary>The default of a parameter; null if it is a plain value.</summary>
    public static ConstantExpression? Find(EquatableArray<ParameterDefault> defaults, IParameterSymbol parameter) =>
        defaults.FirstOrDefault(known => known.Parameter == parameter.Name && known.Constructor == SignatureOf(parameter))?.Value;

    private static ConstantExpression? Read(
        IParameterSymbol parameter, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(
                cancellationToken) is not ParameterSyntax { Default.Value: { } value })
        {
            return null;
        }

        ConstantExpression expression =
            new ExpressionReader(compilation.GetSemanticModel(value.SyntaxTree), type, cancellationToken).Read(value);
        return expression is ConstantValue ? null : expression;
    }

    private static string SignatureOf(IParameterSymbol parameter)
    {
        string id = parameter.ContainingSymbol.GetDocumentationCommentId() ?? "";
        return id.Substring(id.IndexOf('(') + 1).TrimEnd(')');
    }
}
