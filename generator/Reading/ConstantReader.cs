using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>Reads the constants of a block or an operator. Arguments of a use may replace some of them.</summary>
internal static class ConstantReader
{
    /// <summary>The constants of a class, in source order.</summary>
    public static EquatableArray<BlockConstant> Read(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        var constants = new List<BlockConstant>();
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsConst))
        {
            ExpressionSyntax? initializer =
                (field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken)
                    as VariableDeclaratorSyntax)?.Initializer?.Value;

            // If the compiler could not compute the value, the constant has none.
            ConstantExpression value = initializer is null || !field.HasConstantValue
                ? new ConstantValue(field.HasConstantValue ? field.ConstantValue : null)
                : new ExpressionReader(compilation.GetSemanticModel(initializer.SyntaxTree), type, cancellationToken).Read(initializer);
            constants.Add(new BlockConstant(field.Name, StackReader.TypeOf(field.Type), value));
        }

        return constants.ToEquatableArray();
    }

    /// <summary>Whether the compiler could compute all constants of a class.</summary>
    public static bool AreComplete(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().All(field => !field.IsConst || field.HasConstantValue);
}
