using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Strata.Generator.Declarations;

/// <summary>The default of a constructor's parameter that is an expression of the constants of its class.</summary>
/// <param name="Constructor">The types of the constructor's parameters, which identify it: <c>System.Int32,System.Double</c>.</param>
internal sealed record ParameterDefault(string Constructor, string Parameter, ConstantExpression Value)
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
