using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using Strata.Generator.Printing;

namespace Strata.Generator;

/// <summary>Compiles classes with [Network]: declaration → model → sources, each step cached by content.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class StrataGenerator : IIncrementalGenerator
{
    // File systems allow names of 255 bytes. The files of a class differ in their last characters, of at most 3 bytes each.
    private const int MostHintBytes = 190, HintBeginBytes = 70, HintEnd = 40;

    private static readonly KeptReadings<ReadNetwork> KeptNetworks = new();

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ReadNetwork> read = context.SyntaxProvider
            .CreateSyntaxProvider(
                MayBeNetwork,
                static (syntax, cancellationToken) => Within(() => Read(syntax, cancellationToken), cancellationToken))
            .Where(static network => network is not null)
            .Select(static (network, _) => network!);

        IncrementalValuesProvider<NetworkDeclaration> declarations = read
            .Select(static (network, _) => network.Declaration)
            .WithTrackingName(TrackingNames.Declarations);

        ReportUnbound(context, read);
        Declare(
            context, DeclarationsFile.Blocks, OwnBlocks.MayBe, OwnBlocks.Read, block => (block.Block.Key, BlockText.Write(block)),
            (TrackingNames.OwnBlocks, TrackingNames.BlockTexts));
        Declare(
            context, DeclarationsFile.Operators, OwnOperators.MayBe, OwnOperators.Read, one => (one.Key, OperatorText.Write(one)),
            (TrackingNames.OwnOperators, TrackingNames.OperatorTexts));

        IncrementalValueProvider<BuildSettings> settings = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => BuildSettings.From(options.GlobalOptions))
            .WithTrackingName(TrackingNames.Settings);

        IncrementalValuesProvider<NetworkSources> sources = Compile(declarations, settings);

        IncrementalValueProvider<EquatableArray<string>> ambiguousNames = declarations
            .Select(static (declaration, _) => declaration.FullName)
            .Collect()
            .Select(static (names, _) => Ambiguous(names.Add(DeclarationsFile.Blocks.Name).Add(DeclarationsFile.Operators.Name)))
            .WithTrackingName(TrackingNames.AmbiguousNames);

        IncrementalValueProvider<EquatableArray<BorrowedMethods>> borrowed = sources
            .Collect()
            .Select(static (all, cancellationToken) => Within(() => Borrowed(all, cancellationToken), cancellationToken))
            .WithTrackingName(TrackingNames.BorrowedMethods);

        IncrementalValuesProvider<PlacedSources> placed = sources
            .Combine(borrowed)
            .Select(static (step, cancellationToken) => Within(() => step.Left.PlacedBy(step.Right), cancellationToken))
            .WithTrackingName(TrackingNames.PlacedSources);

        context.RegisterSourceOutput(
            placed.Combine(settings.Combine(ambiguousNames)),
            static (output, step) => Add(output, step.Left, step.Right.Left, step.Right.Right));
    }

    /// <summary>Declarations become models, and models sources.</summary>
    private static IncrementalValuesProvider<NetworkSources> Compile(
        IncrementalValuesProvider<NetworkDeclaration> declarations, IncrementalValueProvider<BuildSettings> settings)
    {
        IncrementalValueProvider<TierSelection> tiers = settings
            .Select(static (settings, _) => settings.Tiers)
            .WithTrackingName(TrackingNames.Tiers);

        IncrementalValueProvider<string> kernelIndex = settings
            .Select(static (settings, _) => settings.KernelIndex)
            .WithTrackingName(TrackingNames.KernelIndex);

        IncrementalValuesProvider<NetworkModel> models = declarations
            .Combine(kernelIndex)
            .Select(static (step, cancellationToken) => Within(
                () => Build(step.Left, cancellationToken) with { Declaration = step.Right.Length > 0 ? step.Left : null },
                cancellationToken))
            .WithTrackingName(TrackingNames.Models);

        return models
            .Combine(tiers.Combine(kernelIndex))
            .Select(static (step, cancellationToken) => Within(
                () => Write(step.Left, step.Right.Left, cancellationToken, step.Right.Right), cancellationToken))
            .WithTrackingName(TrackingNames.Sources);
    }

    /// <summary>
    /// Reports the problems of networks with an attribute that the C# compiler refuses. In a build, no analyzer runs for them.
    /// </summary>
    private static void ReportUnbound(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ReadNetwork> read)
    {
        IncrementalValuesProvider<ReadNetwork> unbound = read
            .Where(static network => network.Places is not null)
            .WithTrackingName(TrackingNames.Unbound);

        // Problems are computed apart from places. An edit above the class only moves them, and computes none anew.
        IncrementalValueProvider<ImmutableArray<EquatableArray<Problem>>> problems = unbound
            .Select(static (network, _) => network.Declaration)
            .Select(static (declaration, cancellationToken) =>
                Within(() => Problems(declaration, cancellationToken), cancellationToken))
            .WithTrackingName(TrackingNames.UnboundProblems)
            .Collect();

        IncrementalValueProvider<ImmutableArray<DeclarationPlaces>> places = unbound
            .Select(static (network, _) => network.Places!)
            .Collect();

        IncrementalValuesProvider<Report> reports = problems
            .Combine(places)
            .SelectMany(static (networks, _) => Report.Collect(networks.Left.Zip(networks.Right, (left, right) => (left, right))))
            .WithTrackingName(TrackingNames.Reports);

        context.RegisterSourceOutput(reports, static (output, report) => output.ReportDiagnostic(report.ToDiagnostic()));
    }

    /// <summary>Writes blocks or operators of the assembly into its metadata, so that projects which reference it can use them.</summary>
    private static void Declare<T>(
        IncrementalGeneratorInitializationContext context, DeclarationsFile file, Func<SyntaxNode, CancellationToken, bool> mayBe,
        Func<GeneratorSyntaxContext, CancellationToken, T?> read, Func<T, (string Class, string Text)> write,
        (string Declared, string Texts) trackingNames)
        where T : class
    {
        IncrementalValuesProvider<T> declared = context.SyntaxProvider
            .CreateSyntaxProvider(
                mayBe, (syntax, cancellationToken) => Within(() => read(syntax, cancellationToken), cancellationToken))
            .Where(static one => one is not null)
            .Select(static (one, _) => one!)
            .WithTrackingName(trackingNames.Declared);

        IncrementalValuesProvider<string> texts = declared
            .Collect()
            .SelectMany((all, cancellationToken) => Within(() => file.Write(all.Select(write)).ToList(), cancellationToken))
            .WithTrackingName(trackingNames.Texts);

        context.RegisterSourceOutput(texts, (output, text) => output.AddSource(file.HintName, SourceText.From(text, Encoding.UTF8)));
    }

    /// <summary>Runs a step of the pipeline. Code of the step checks its cancellation token.</summary>
    private static T Within<T>(Func<T> step, CancellationToken cancellationToken)
    {
        using Cancellation.Scope scope = Cancellation.Begin(cancellationToken);
        return step();
    }

    private static bool MayBeNetwork(SyntaxNode node, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return node is TypeDeclarationSyntax { AttributeLists.Count: > 0 };
    }

    /// <summary>
    /// The network of a part of a class. <c>ForAttributeWithMetadataName</c> would ask the C# compiler for the attributes of all networks
    /// after each edit, which takes most of the time.
    /// </summary>
    private static ReadNetwork? Read(GeneratorSyntaxContext context, CancellationToken cancellationToken)
    {
        SemanticModel model = context.SemanticModel;
        INamedTypeSymbol? Declared() => model.GetDeclaredSymbol(context.Node, cancellationToken) as INamedTypeSymbol;
        try
        {
            return KeptNetworks.Get(
                context.Node, model.Compilation,
                files => AttributeNames.MayBeNetwork((TypeDeclarationSyntax)context.Node, model.Compilation, cancellationToken)
                    && Declared() is { } type ? Read(context.Node, type, model.Compilation, files, cancellationToken) : null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            INamedTypeSymbol type = Declared()!;
            Problem bug = BuildProblems.InternalError(type.Name, exception);
            return new ReadNetwork(NetworkDeclaration.Unreadable(type.Name, DeclarationReader.FullName(type), bug), null);
        }
    }

    private static ReadNetwork? Read(
        SyntaxNode node, INamedTypeSymbol type, Compilation compilation, ISet<SyntaxTree> files, CancellationToken cancellationToken)
    {
        // The C# compiler refuses [Network] on two parts. One of them is read.
        files.UnionWith(StackReader.FilesOf(type));
        if (!DeclarationReader.IsNetworkPart(node, type, KnownSymbols.Of(compilation), cancellationToken)
            || DeclarationReader.Read(type, compilation, out DeclarationOrigin origin, cancellationToken) is not { } declaration)
        {
            return null;
        }

        files.UnionWith(origin.Files);
        return new ReadNetwork(
            declaration,
            declaration.IsBound ? null : DeclarationPlaces.Read(type, origin, compilation, Place.From, cancellationToken));
    }

    private static EquatableArray<Problem> Problems(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        try
        {
            return GraphBuilder.ProblemsOf(declaration, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A declaration that the C# compiler refuses may cause any exception. The C# compiler reports its own error.
            return EquatableArray<Problem>.Empty;
        }
    }

    private static NetworkModel Build(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        try
        {
            return GraphBuilder.Build(declaration, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new NetworkModel(
                declaration.Name,
                declaration.FullName,
                declaration.Target,
                null,
                // A declaration that the C# compiler refuses may cause any exception, which is no bug then.
                EquatableArray.Of(declaration.IsComplete
                    ? BuildProblems.InternalError(declaration.Name, exception) : BuildProblems.NotCompiled(declaration.Name)),
                NetworkSurface.Unknown)
            {
                MaySuppress = declaration.IsComplete || declaration.MaySuppress,
            };
        }
    }

    /// <summary>
    /// Writes the sources of a network. The analyzer calls it, too, for networks that only the generator found invalid.
    /// </summary>
    /// <param name="kernelIndex">The class that finds the assemblies with the kernels; empty if they are written here.</param>
    internal static NetworkSources Write(
        NetworkModel model, TierSelection selection, CancellationToken cancellationToken, string kernelIndex = "")
    {
        cancellationToken.ThrowIfCancellationRequested();
        EquatableArray<Problem> errors = model.Problems.Where(problem => problem.IsError)
            .Concat(selection.ProblemsOf(model.Name)).ToEquatableArray();
        try
        {
            if (model.Graph is not null && model.Time?.Exceeded(model.Graph, cancellationToken) is { } tooSlow)
            {
                return Invalid(model, errors.Append(tooSlow).ToEquatableArray());
            }

            EquatableArray<Tier> tiers = selection.Tiers;
            if (model is { Graph: { } whole, Target: { } place, Declaration: { } declaration, Sizes.Count: 0 })
            {
                var separate = new SeparateKernels(kernelIndex, model.FullName, new NetworkText(declaration, tiers));
                return new NetworkSources(
                    model.FullName,
                    NetworkWriter.WriteSurface(place, whole, model.Surface, tiers, cancellationToken, separate: separate),
                    EquatableArray<ProgramText>.Empty, errors, false);
            }

            return model is { Graph: { } graph, Target: { } target }
                ? new NetworkSources(
                    model.FullName, NetworkWriter.WriteSurface(target, graph, model.Surface, tiers, cancellationToken, model.Sizes),
                    NetworkWriter.WritePrograms(target, graph, tiers, cancellationToken, model.Sizes), errors, false)
                : Invalid(model, errors);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Invalid(model, EquatableArray.Of(BuildProblems.OfLowering(model.Name, exception)));
        }
    }

    private static NetworkSources Invalid(NetworkModel model, EquatableArray<Problem> errors) =>
        new(model.FullName, NetworkWriter.WriteInvalid(model, errors), EquatableArray<ProgramText>.Empty, errors, model.MaySuppress);

    /// <summary>Goes through the networks by name, so that the order of their files does not decide which class keeps a method.</summary>
    private static EquatableArray<BorrowedMethods> Borrowed(ImmutableArray<NetworkSources> networks, CancellationToken cancellationToken) =>
        BorrowedMethods.Find(
            networks.OrderBy(network => network.FullName, StringComparer.Ordinal).SelectMany(network => network.Programs),
            cancellationToken);

    private static void Add(
        SourceProductionContext output, PlacedSources placed, BuildSettings settings, EquatableArray<string> ambiguousNames)
    {
        using Cancellation.Scope scope = Cancellation.Begin(output.CancellationToken);
        NetworkSources network = placed.Network;
        string Hint(string name) => HintName(name, network.FullName, ambiguousNames.Contains(network.FullName));

        (EquatableArray<Problem> errors, bool stopBuild) = (network.Errors, network.StopBuild);
        try
        {
            // Add all files or none: with only some of a network's files, the C# compiler would report errors that say nothing.
            foreach (SourceFile file in placed.Files(output.CancellationToken).ToList())
            {
                output.AddSource(Hint(file.HintName), SourceText.From(file.Text, Encoding.UTF8));
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Report the bug, and go on with the other networks.
            (errors, stopBuild) = (EquatableArray.Of(BuildProblems.InternalError(network.FullName, exception)), true);
        }

        // Usually the analyzer reports the errors. The generator stops the build if:
        // - the analyzer does not run,
        // - the analyzer cannot know of the errors, or
        // - the errors may be suppressed.
        if (errors.Count > 0 && (!settings.AnalyzersRun || stopBuild))
        {
            output.AddSource(
                Hint(network.FullName + ".Errors.g.cs"), SourceText.From(NetworkErrors.Directives(errors), Encoding.UTF8));
        }
    }

    /// <summary>
    /// A file name that the C# compiler and file systems accept: EmitCompilerGeneratedFiles writes the sources to disk. It begins with a
    /// hash of the class's full name if it is cut, or if it differs from another one only in case.
    /// </summary>
    /// <param name="name">The class's name with the ending of this file.</param>
    /// <param name="fullName">The full name of the class.</param>
    /// <param name="isAmbiguous">Whether the name of another class differs only in case.</param>
    private static string HintName(string name, string fullName, bool isAmbiguous)
    {
        string hint = Escape(name);
        if (Encoding.UTF8.GetByteCount(hint) > MostHintBytes)
        {
            isAmbiguous = true;
            int bytes = 0, end = hint.Length - HintEnd;
            string begin = new([.. hint.Take(end).TakeWhile(c => (bytes += Encoding.UTF8.GetByteCount([c])) <= HintBeginBytes)]);
            hint = begin + hint.Substring(end);
        }

        return isAmbiguous ? $"{Hash(fullName).ToString("x8", System.Globalization.CultureInfo.InvariantCulture)}.{hint}" : hint;
    }

    private static uint Hash(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }

    private static string Escape(string name)
    {
        var hint = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsLetterOrDigit(c) || c is '.' or '_' or '+')
            {
                hint.Append(c);
            }
            else if (c != '@')
            {
                hint.Append('(').Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)).Append(')');
            }
        }

        return hint.ToString();
    }

    private static EquatableArray<string> Ambiguous(ImmutableArray<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .SelectMany(group => group)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>A network as it was read.</summary>
    /// <param name="Places">Where its attributes are, if the C# compiler refuses one of them and the generator has to report the problems;
    /// otherwise null.</param>
    private sealed record ReadNetwork(NetworkDeclaration Declaration, DeclarationPlaces? Places);

    /// <summary>The sources of one network without regard to others, and its errors for builds without the analyzer.</summary>
    /// <param name="Surface">The file with the other part of the network's class; null if there can be none.</param>
    /// <param name="StopBuild">Whether the generator has to stop the build even if the analyzer runs.</param>
    internal sealed record NetworkSources(string FullName, SourceFile? Surface, EquatableArray<ProgramText> Programs,
        EquatableArray<Problem> Errors, bool StopBuild)
    {
        /// <summary>Adds the methods that this network calls in other networks.</summary>
        /// <param name="borrowed">The shared methods of all networks.</param>
        public PlacedSources PlacedBy(EquatableArray<BorrowedMethods> borrowed) =>
            new(this, borrowed.Where(methods => Programs.Any(program => program.KernelClassName == methods.Class)).ToEquatableArray());
    }

    /// <summary>The sources of one network and the methods that it calls in others. Its files depend on nothing else.</summary>
    internal sealed record PlacedSources(NetworkSources Network, EquatableArray<BorrowedMethods> Borrowed)
    {
        public IEnumerable<SourceFile> Files(CancellationToken cancellationToken)
        {
            IEnumerable<SourceFile> programs = Network.Programs.SelectMany(
                program => program.Files(Borrowed.FirstOrDefault(methods => methods.Class == program.KernelClassName), cancellationToken));
            return Network.Surface is { } surface ? programs.Prepend(surface) : programs;
        }
    }
}
