using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;

namespace Strata.Generator;

/// <summary>
/// Reports calls that pass bytes or other numbers to a network instead of floats, and says what to write. The C# compiler refuses such a
/// call, too, but only says that there is no conversion.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAnalyzer : DiagnosticAnalyzer
{
    private const string Forward = "Forward";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Of(CallProblems.TakesFloatsRule)];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.InvocationExpression);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        SimpleNameSyntax? method = (call.Expression as MemberAccessExpressionSyntax)?.Name
            ?? (call.Expression as MemberBindingExpressionSyntax)?.Name;
        if (method?.Identifier.ValueText is not ("Forward" or "Step" or "Accumulate" or "Evaluate" or "Fit")
            || call.ArgumentList.Arguments.Count == 0
            || context.SemanticModel.GetSymbolInfo(call, context.CancellationToken).Symbol is not null)
        {
            return;
        }

        ExpressionSyntax? receiver = (call.Expression as MemberAccessExpressionSyntax)?.Expression
            ?? call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression;
        var type = receiver is null
            ? null : context.SemanticModel.GetTypeInfo(receiver, context.CancellationToken).Type as INamedTypeSymbol;
        var known = KnownSymbols.Of(context.Compilation);
        bool isNetwork = method.Identifier.ValueText == Forward && Bases(type).Any(known.IsNetwork);
        if (type is null || (!isNetwork && !Bases(type).Any(known.IsTrainer)))
        {
            return;
        }

        bool takesBytes = isNetwork && type.GetMembers(Forward).OfType<IMethodSymbol>().Any(
            candidate => candidate.Parameters.Length > 0
                && ElementOf(candidate.Parameters[0].Type) is { SpecialType: SpecialType.System_Byte });
        foreach (ArgumentSyntax argument in call.ArgumentList.Arguments)
        {
            ITypeSymbol? element = ElementOf(context.SemanticModel.GetTypeInfo(argument.Expression, context.CancellationToken).Type);
            bool isByte = element?.SpecialType == SpecialType.System_Byte;
            if ((isByte && !takesBytes) || element?.SpecialType == SpecialType.System_Double)
            {
                string how = !isByte ? "Convert each of them with (float)"
                    : !isNetwork ? "Divide each by 255f, as Forward behind [Normalize] does with bytes"
                    : "Put [Normalize(means, deviations)] behind [Input], so that it takes bytes, too, or divide each by 255f";
                context.ReportDiagnostic(Descriptors.DiagnosticOf(
                    CallProblems.TakesFloats($"{type.Name}.{method.Identifier.ValueText}", isByte ? "bytes" : "doubles", how),
                    argument.GetLocation()));
                return;
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    /// <summary>The element type of an array, a span or a list.</summary>
    private static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } => arguments[0],
        _ => null,
    };
}
