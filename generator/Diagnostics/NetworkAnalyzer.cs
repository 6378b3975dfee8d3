using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Generator.Declarations;
using Strata.Generator.Emission;
using Strata.Generator.Graph;

namespace Strata.Generator.Diagnostics;

/// <summary>Reports the problems of networks where they stand, by the same inference as the generator's.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // A network in generated code would otherwise fail to compile without a word.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(DeclarationReader.NetworkAttribute) is { } networkAttribute)
            {
                start.RegisterSymbolAction(symbol => Analyze(symbol, networkAttribute), SymbolKind.NamedType);
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, INamedTypeSymbol networkAttribute)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Class)
        {
            return;
        }

        ImmutableArray<AttributeData> attributes = type.GetAttributes();
        if (attributes.Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, networkAttribute)))
        {
            // An exception would become a mere warning (AD0001), and the broken network would build.
            try
            {
                AnalyzeNetwork(context, type);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.InternalError, type.Locations[0], type.Name, $"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}"));
            }
        }
        else if (!StackReader.IsBlock(type) && attributes.FirstOrDefault(
            attribute => attribute.AttributeClass is { } c && StackReader.IsStackAttribute(c)) is { ApplicationSyntaxReference: { } reference })
        {
            Location location = reference.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part
                ? part.Identifier.GetLocation()
                : type.Locations[0];
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotANetwork, location, type.Name));
        }
    }

    private static void AnalyzeNetwork(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        CancellationToken cancellationToken = context.CancellationToken;
        NetworkDeclaration? declaration = DeclarationReader.Read(
            type, context.Compilation, isFinal: true, out DeclarationOrigin origin, cancellationToken);

        // What is not complete, the compiler reports.
        if (declaration is not { IsComplete: true })
        {
            return;
        }

        Location classLocation = ClassLocation(type, cancellationToken);
        NetworkModel model = GraphBuilder.Build(declaration, cancellationToken);
        foreach (Problem problem in model.Problems)
        {
            Location location = problem.Site.Attribute < 0
                ? classLocation
                : AttributeLocation(origin.Attributes[problem.Site.Attribute], problem.Site.Argument, cancellationToken) ?? classLocation;

            // A block may be wrong for one of its uses only: that is where the error stands.
            IEnumerable<Location> inside = problem.Site.Inside
                .Select(site => AttributeLocation(origin.Blocks[site.Block][site.Attribute], site.Argument, cancellationToken))
                .OfType<Location>()
                .Where(location => location.SourceTree is { } tree && context.Compilation.ContainsSyntaxTree(tree));
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, location, inside, problem.Arguments.ToArray<object>()));
        }

        if (model.Graph is null)
        {
            return;
        }

        // The generator saw an invalid network, or, where another generator wrote the class, none at all.
        bool isInvalid = type.GetMembers(InvalidNetworkWriter.Marker).Length > 0;
        if (isInvalid && StrataGenerator.Write(model, cancellationToken).Errors is { Count: > 0 } errors)
        {
            // Some sizes are known only when programs are laid out, which is too costly to do for a network that is valid.
            foreach (Problem problem in errors)
            {
                context.ReportDiagnostic(Diagnostic.Create(problem.Rule, classLocation, problem.Arguments.ToArray<object>()));
            }
        }
        else if (isInvalid || type.BaseType?.ToDisplayString() != DeclarationReader.BaseClass)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotCompiled, classLocation, type.Name));
        }

        var settings = BuildSettings.From(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        if (!settings.AreVisible)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.PropertiesNotImported, classLocation, type.Name));
        }

        if (context.Compilation.Options.OptimizationLevel == OptimizationLevel.Debug && !settings.AllowUnoptimized)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.Unoptimized, classLocation, type.Name));
        }
    }

    private static Location ClassLocation(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        DeclarationReader.NetworkPart(type, cancellationToken)?.Identifier.GetLocation() ?? type.Locations[0];

    /// <summary>
    /// The argument by its name or position; the attribute where the argument is left out; null where it comes from another assembly.
    /// </summary>
    private static Location? AttributeLocation(AttributeData attribute, string argument, CancellationToken cancellationToken)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
        {
            return null;
        }

        if (argument.Length > 0 && syntax.ArgumentList is { } list)
        {
            for (int i = 0; i < list.Arguments.Count; i++)
            {
                AttributeArgumentSyntax candidate = list.Arguments[i];
                string? name = candidate.NameEquals?.Name.Identifier.ValueText
                    ?? candidate.NameColon?.Name.Identifier.ValueText
                    ?? attribute.AttributeConstructor?.Parameters.ElementAtOrDefault(i)?.Name;
                if (name == argument)
                {
                    return candidate.GetLocation();
                }
            }
        }

        return syntax.GetLocation();
    }
}
