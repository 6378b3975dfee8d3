using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Foundation;

namespace Strata.CodeFixes;

/// <summary>Renames layers. A name that is taken gets the next free number. A name that is no identifier is turned into one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LayerNameCodeFixProvider)), Shared]
public sealed class LayerNameCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        [NameProblems.DuplicateRule.Id, NameProblems.InvalidRule.Id, NameProblems.MemberClashRule.Id];

    /// <summary>Fixes one name after the other, because a new name is taken for the next fix.</summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(
        (context, document, diagnostics) => RenameAllAsync(document, diagnostics, context.CancellationToken));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await FindAsync(context.Document, context.Span, context.CancellationToken).ConfigureAwait(false) is { } change)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Name it {change.NewText}", token => context.Document.WithChangeAsync(change, token),
                    equivalenceKey: nameof(LayerNameCodeFixProvider)),
                context.Diagnostics);
        }
    }

    private static async Task<Document?> RenameAllAsync(
        Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        int moved = 0;
        foreach (TextSpan span in diagnostics.Select(diagnostic => diagnostic.Location.SourceSpan).Distinct().OrderBy(span => span.Start))
        {
            if (await FindAsync(document, new TextSpan(span.Start + moved, span.Length), cancellationToken)
                .ConfigureAwait(false) is { } change)
            {
                document = await document.WithChangeAsync(change, cancellationToken).ConfigureAwait(false);
                moved += change.NewText!.Length - change.Span.Length;
            }
        }

        return document;
    }

    /// <summary>The literal of the name, and its replacement. Null if there is no literal, or if it must not be changed.</summary>
    private static async Task<TextChange?> FindAsync(Document document, TextSpan span, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);

        // Don't change a name that comes from a constant. A default name is not written in the source.
        return model is not null
            && root?.FindNode(span).FirstAncestorOrSelf<AttributeArgumentSyntax>() is
            { NameEquals.Name.Identifier.ValueText: "Name", Expression: LiteralExpressionSyntax literal } argument
            && argument.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute
            && attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part
            && model.GetDeclaredSymbol(part, cancellationToken) is { } type
            && FreeName(type, model.Compilation, attribute, literal.Token.ValueText, cancellationToken) is { } name
                ? new TextChange(literal.Span, $"\"{name}\"")
                : null;
    }

    /// <summary>The valid name that is most similar to the given one.</summary>
    private static string? FreeName(
        INamedTypeSymbol type, Compilation compilation, AttributeSyntax attribute, string name, CancellationToken cancellationToken)
    {
        using Cancellation.Scope scope = Cancellation.Begin(cancellationToken);
        if (DeclarationReader.Read(type, compilation, out DeclarationOrigin origin, cancellationToken)
            is not { } declaration)
        {
            return null;
        }

        int index = origin.Attributes.ToList().FindIndex(candidate => candidate.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == attribute.SyntaxTree && reference.Span == attribute.Span);
        name = Repair(name);
        if (index < 0 || LayerNames.Identifier(name, out _) is null)
        {
            return null;
        }

        // Each of these names can exclude only one candidate.
        int names = declaration.Attributes.Count + declaration.OwnMembers.Count + declaration.InheritedMembers.Count
            + LayerNames.GeneratedMembers.Length;
        string stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        string digits = name.Substring(stem.Length);
        long next = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number + 1L : 2;
        IReadOnlyList<Problem> before = Problems(declaration, cancellationToken);
        return Enumerable.Range(0, names + 1)
            .Select(i => stem + (next + i).ToString(CultureInfo.InvariantCulture))
            .Prepend(name)
            .FirstOrDefault(candidate => IsFree(declaration, before, index, candidate, cancellationToken));
    }

    /// <summary>
    /// Whether a name is free. With it, this layer must have no problem, and no other layer a new one. Names of later layers count, too.
    /// </summary>
    private static bool IsFree(NetworkDeclaration declaration, IReadOnlyList<Problem> before, int index, string name,
        CancellationToken cancellationToken)
    {
        AttributeDeclaration[] attributes = declaration.Attributes.ToArray();
        attributes[index] = attributes[index] with
        {
            Arguments = attributes[index].Arguments
                .Select(argument => argument.Name == "Name" ? argument with { Value = name } : argument)
                .ToEquatableArray(),
        };
        return Problems(declaration with { Attributes = attributes.ToEquatableArray() }, cancellationToken)
            .All(problem => problem.Site.Attribute != index && before.Any(known => known.Site == problem.Site));
    }

    private static IReadOnlyList<Problem> Problems(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog();
        _ = Expansion.Expand(declaration, problems, cancellationToken);
        return problems.Told();
    }

    /// <summary>Turns a name into an identifier: my-layer becomes my_layer, 1st becomes _1st, and a..b becomes a.b.</summary>
    private static string Repair(string name)
    {
        string repaired = string.Join(".", name.Split('.').Where(part => part.Length > 0).Select(part => string.Concat(part
            .Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            .Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_'))));
        return repaired.Length == 0 || SyntaxFacts.IsIdentifierStartCharacter(repaired[0]) ? repaired : "_" + repaired;
    }
}
