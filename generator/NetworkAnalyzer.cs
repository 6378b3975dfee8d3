using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Printing;

namespace Strata.Generator;

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
        if (attributes.FirstOrDefault(
            attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, networkAttribute)) is { } network)
        {
            // An exception would become a mere warning (AD0001), and the broken network would build.
            try
            {
                AnalyzeNetwork(context, type, network);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.InternalError, type.Locations[0], type.Name, $"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}"));
            }
        }
        else if (!StackReader.IsBlock(type) && attributes.FirstOrDefault(
            attribute => attribute.AttributeClass is { } c
                && StackReader.IsStackAttribute(c)) is { ApplicationSyntaxReference: { } reference })
        {
            Location location = reference.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part
                ? part.Identifier.GetLocation()
                : type.Locations[0];
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.NotANetwork, location, Mend.ToProperties([new Mend(MendKind.AddToClass, "Network")]), type.Name));
        }
    }

    private static void AnalyzeNetwork(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData network)
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
        IEnumerable<Location?> Way(Site site) => site.Inside
            .Select(inside => AttributeLocation(origin.Blocks[inside.Block][inside.Attribute], inside.Argument, cancellationToken))
            .Prepend(site.Attribute >= 0 ? AttributeLocation(origin.Attributes[site.Attribute], site.Argument, cancellationToken)
                : site.Argument.Length > 0 ? AttributeLocation(network, site.Argument, cancellationToken) : classLocation)
            .Select(location => location?.SourceTree is { } tree && context.Compilation.ContainsSyntaxTree(tree) ? location : null);
        foreach (Problem problem in model.Problems)
        {
            // A mistake inside a block stands there once; from another assembly it cannot be seen, but where it is used.
            Location?[] way = Way(problem.Site).ToArray();
            Location location = way.Take(problem.Depth + 1).LastOrDefault(place => place is not null) ?? classLocation;
            IEnumerable<Location> others = way.Concat(problem.Uses.SelectMany(Way)).OfType<Location>()
                .Where(place => place != location).Distinct();
            bool isInnermost = location == way[way.Length - 1];
            context.ReportDiagnostic(Diagnostic.Create(
                problem.Rule, location, others, isInnermost ? Mend.ToProperties(problem.Mends) : null,
                problem.Arguments.ToArray<object>()));
        }

        if (model.Graph is null)
        {
            return;
        }

        var settings = BuildSettings.From(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        if (settings.Tiers.Unknown is not null)
        {
            Problem problem = StrataGenerator.UnknownTier(type.Name, settings.Tiers);
            context.ReportDiagnostic(Diagnostic.Create(problem.Rule, classLocation, problem.Arguments.ToArray<object>()));
        }

        // The generator saw an invalid network, or, where another generator wrote the class, none at all.
        bool isInvalid =
            context.Compilation.Assembly.GetTypeByMetadataName($"{declaration.Target!.GeneratedNamespace}.{DescriptionWriter.Description}")?
            .GetMembers(SurfaceWriter.Marker).Length > 0;
        if (isInvalid && StrataGenerator.Write(model, TierSelection.All, cancellationToken).Errors is { Count: > 0 } errors)
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
            string wanted = Site.Element(argument, out int element);
            for (int i = 0; i < list.Arguments.Count; i++)
            {
                AttributeArgumentSyntax candidate = list.Arguments[i];
                string? name = candidate.NameEquals?.Name.Identifier.ValueText
                    ?? candidate.NameColon?.Name.Identifier.ValueText
                    ?? attribute.AttributeConstructor?.Parameters.ElementAtOrDefault(i)?.Name;
                if (name == wanted)
                {
                    return Element(list, i, element).GetLocation();
                }
            }
        }

        return syntax.GetLocation();
    }

    /// <summary>One of the values of an argument: of an array, or of those that stand one by one.</summary>
    private static SyntaxNode Element(AttributeArgumentListSyntax list, int first, int element)
    {
        AttributeArgumentSyntax argument = list.Arguments[first];
        IReadOnlyList<SyntaxNode>? elements = argument.Expression switch
        {
            ArrayCreationExpressionSyntax array => array.Initializer?.Expressions,
            ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
            CollectionExpressionSyntax collection => collection.Elements,
            _ => null,
        };
        if (elements is { } written)
        {
            return element >= 0 && element < written.Count ? written[element] : argument;
        }

        return element > 0 && list.Arguments.ElementAtOrDefault(first + element) is { NameEquals: null } other ? other : argument;
    }
}
