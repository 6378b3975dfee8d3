using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Diagnostics;
using Strata.Generator.Printing;

namespace Strata.Generator;

/// <summary>Reports the problems of networks in the user's source. It uses the same code as the generator to find them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // Networks can be in generated code, too. Without this, they would fail to compile without a message.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            var known = KnownSymbols.Of(start.Compilation);
            if (known.Network is not null)
            {
                start.RegisterSymbolAction(symbol => Analyze(symbol, known), SymbolKind.NamedType);
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, KnownSymbols known)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
        {
            return;
        }

        ImmutableArray<AttributeData> attributes = type.GetAttributes();
        if (attributes.Any(attribute => known.IsNetworkAttribute(attribute.AttributeClass)))
        {
            // An exception would become a mere warning (AD0001), and the broken network would build.
            try
            {
                AnalyzeNetwork(context, type, known);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                context.ReportDiagnostic(
                    Descriptors.DiagnosticOf(BuildProblems.InternalError(type.Name, exception), type.Locations[0]));
            }
        }
        else if (!known.IsBlock(type) && attributes.FirstOrDefault(
            attribute => attribute.AttributeClass is { } c
                && known.IsStackAttribute(c)) is { ApplicationSyntaxReference: { } reference })
        {
            Location location = reference.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part
                ? part.Identifier.GetLocation()
                : type.Locations[0];
            context.ReportDiagnostic(Descriptors.DiagnosticOf(ClassProblems.NotANetwork(type.Name), location));
        }
    }

    private static void AnalyzeNetwork(SymbolAnalysisContext context, INamedTypeSymbol type, KnownSymbols known)
    {
        CancellationToken cancellationToken = context.CancellationToken;
        using Cancellation.Scope scope = Cancellation.Begin(cancellationToken);
        NetworkDeclaration? declaration = DeclarationReader.Read(
            type, context.Compilation, out DeclarationOrigin origin, cancellationToken);

        // If the compiler refuses an attribute, no analyzer runs in a build, and the generator has reported everything.
        if (declaration is not { IsBound: true })
        {
            return;
        }

        Location classLocation = ClassLocation(type, known, cancellationToken);
        NetworkModel model = GraphBuilder.Build(declaration, cancellationToken, out IReadOnlyList<LayerSource> sources);
        Report(context, model.Problems, type, origin);
        if (model.Graph is null)
        {
            return;
        }

        if (classLocation.SourceTree is { } tree
            && Descriptors.AreAsked(LayerProblems.ShapeRule, context.Compilation, tree, cancellationToken))
        {
            Report(context, LayerFacts.Of(declaration, model.Graph, sources), type, origin);
        }

        var settings = BuildSettings.From(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        foreach (Problem problem in settings.Tiers.ProblemsOf(type.Name))
        {
            context.ReportDiagnostic(Descriptors.DiagnosticOf(problem, classLocation));
        }

        // The generator found the network invalid, or did not see it at all because another generator wrote the class.
        bool isInvalid =
            context.Compilation.Assembly.GetTypeByMetadataName($"{declaration.Target!.GeneratedNamespace}.{DescriptionWriter.Description}")?
            .GetMembers(SurfaceWriter.Marker).Length > 0;
        if (isInvalid && StrataGenerator.Write(model, settings.Tiers.WithoutProblems, cancellationToken).Errors is { Count: > 0 } errors)
        {
            // Times, and some sizes, are known only after all addresses are planned, which is too expensive here for a valid network.
            Report(context, errors, type, origin);
        }
        else if (isInvalid || !known.IsNetwork(type.BaseType))
        {
            context.ReportDiagnostic(Descriptors.DiagnosticOf(BuildProblems.NotCompiled(type.Name), classLocation));
        }

        if (!settings.AreVisible)
        {
            context.ReportDiagnostic(Descriptors.DiagnosticOf(BuildProblems.PropertiesNotImported(type.Name), classLocation));
        }

        // Kernels that stand apart are not compiled by the C# compiler.
        bool areApart = settings.KernelIndex.Length > 0 && model.Sizes.Count == 0;
        if (context.Compilation.Options.OptimizationLevel == OptimizationLevel.Debug && !settings.AllowUnoptimized && !areApart)
        {
            context.ReportDiagnostic(Descriptors.DiagnosticOf(BuildProblems.Unoptimized(type.Name), classLocation));
        }
    }

    private static void Report(
        SymbolAnalysisContext context, EquatableArray<Problem> problems, INamedTypeSymbol type, DeclarationOrigin origin)
    {
        if (problems.Count == 0)
        {
            return;
        }

        var locations = new Dictionary<Place, Location>();
        DeclarationPlaces places = DeclarationPlaces.Read(
            type,
            origin,
            context.Compilation,
            node =>
            {
                Place place = Place.From(node);
                locations[place] = node.GetLocation()!;
                return place;
            },
            context.CancellationToken);
        foreach (Problem problem in problems)
        {
            Location location = locations[places.Find(problem, out List<Place> others, out bool isInnermost)];
            context.ReportDiagnostic(Descriptors.DiagnosticOf(
                problem, location, others.Select(other => locations[other]), isInnermost ? problem.Fixes : EquatableArray<Fix>.Empty));
        }
    }

    private static Location ClassLocation(INamedTypeSymbol type, KnownSymbols known, CancellationToken cancellationToken) =>
        DeclarationReader.NetworkPart(type, known, cancellationToken)?.Identifier.GetLocation() ?? type.Locations[0];
}
