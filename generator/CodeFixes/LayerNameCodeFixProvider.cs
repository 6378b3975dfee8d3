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
using Strata.Generator;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.CodeFixes;

/// <summary>Gives a layer whose name is taken the next number, and one whose name yields no identifier a name that does.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LayerNameCodeFixProvider)), Shared]
public sealed class LayerNameCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.DuplicateName.Id, Rules.InvalidName.Id];

    /// <summary>None: each fix looks for a free name by itself, so that two of them would find the same.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        CancellationToken cancellationToken = context.CancellationToken;
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);

        // A name from a constant is not ours to change, nor is a default name there to be changed.
        if (model is null
            || root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeArgumentSyntax>() is not
            { NameEquals.Name.Identifier.ValueText: "Name", Expression: LiteralExpressionSyntax literal } argument
            || argument.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute
            || attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } part
            || model.GetDeclaredSymbol(part, cancellationToken) is not { } type
            || FreeName(type, model.Compilation, attribute, literal.Token.ValueText, cancellationToken) is not { } name)
        {
            return;
        }

        string title = $"Name it '{name}'";
        context.RegisterCodeFix(
            CodeAction.Create(
                title,
                async token =>
                {
                    SourceText text = await context.Document.GetTextAsync(token).ConfigureAwait(false);
                    return context.Document.WithText(text.WithChanges(new TextChange(literal.Span, $"\"{name}\"")));
                },
                equivalenceKey: nameof(LayerNameCodeFixProvider)),
            context.Diagnostics);
    }

    /// <summary>The name nearest to the one given that the generator accepts for this layer.</summary>
    private static string? FreeName(
        INamedTypeSymbol type, Compilation compilation, AttributeSyntax attribute, string name, CancellationToken cancellationToken)
    {
        if (DeclarationReader.Read(type, compilation, isFinal: true, out DeclarationOrigin origin, cancellationToken)
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

        // Each of these names can rule out one candidate only.
        int names = declaration.Attributes.Count + declaration.OwnMembers.Count + declaration.InheritedMembers.Count
            + LayerNames.GeneratedMembers.Length;
        string stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        string digits = name.Substring(stem.Length);
        long next = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number + 1L : 2;
        List<Problem> before = Problems(declaration, cancellationToken);
        return Enumerable.Range(0, names + 1)
            .Select(i => stem + (next + i).ToString(CultureInfo.InvariantCulture))
            .Prepend(name)
            .FirstOrDefault(candidate => IsFree(declaration, before, index, candidate, cancellationToken));
    }

    /// <summary>Whether this layer then has no problem, and no other one a new problem: the name of a later layer is taken too.</summary>
    private static bool IsFree(NetworkDeclaration declaration, List<Problem> before, int index, string name, CancellationToken cancellationToken)
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

    private static List<Problem> Problems(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        _ = Expansion.Of(declaration, problems, cancellationToken);
        return problems;
    }

    /// <summary>my-layer → my_layer, 1st → _1st, a..b → a.b.</summary>
    private static string Repair(string name)
    {
        string repaired = string.Join(".", name.Split('.').Where(part => part.Length > 0).Select(part => string.Concat(part
            .Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            .Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_'))));
        return repaired.Length == 0 || SyntaxFacts.IsIdentifierStartCharacter(repaired[0]) ? repaired : "_" + repaired;
    }
}
