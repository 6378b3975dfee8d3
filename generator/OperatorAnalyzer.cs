using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;

namespace Strata.Generator;

/// <summary>Reports mistakes in the operators that a project declares, whether or not a network uses them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OperatorAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        .. new[]
        {
            FormulaProblems.NoMethodRule, FormulaProblems.UnreadableRule, FormulaProblems.UnknownFunctionRule,
            FormulaProblems.RecursiveRule, FormulaProblems.NotConstantRule, FormulaProblems.TooLargeRule,
            FormulaProblems.TrainedNumberRule, BuildProblems.InternalErrorRule,
        }.Select(Descriptors.Of),
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!OperatorReader.IsOperator(type, context.Compilation))
        {
            return;
        }

        using Cancellation.Scope scope = Cancellation.Begin(context.CancellationToken);
        try
        {
            foreach (Diagnostic problem in OperatorReader.Read(type, context.Compilation, context.CancellationToken).Problems)
            {
                context.ReportDiagnostic(problem);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An exception would become a mere warning (AD0001).
            context.ReportDiagnostic(Descriptors.DiagnosticOf(BuildProblems.InternalError(type.Name, exception), type.Locations[0]));
        }
    }
}
