using System;
using System.Collections.Generic;
using System.Composition;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator.Reading;

namespace Strata.CodeFixes;

/// <summary>
/// Offers the names of inputs, layers and blocks where an attribute names one: in <c>From = "…"</c>, in <c>[Add("…", "…")]</c>, in
/// <c>FreezeUntil = "…"</c>.
/// </summary>
[ExportCompletionProvider(nameof(TensorNameCompletionProvider), LanguageNames.CSharp), Shared]
public sealed class TensorNameCompletionProvider : CompletionProvider
{
    /// <summary>A dot is part of a name here, and ends no word.</summary>
    private static readonly CompletionItemRules Rules = CompletionItemRules.Default.WithCommitCharacterRules(
        [CharacterSetModificationRule.Create(CharacterSetModificationKind.Replace, '"')]);

    /// <inheritdoc/>
    public override bool ShouldTriggerCompletion(SourceText text, int caretPosition, CompletionTrigger trigger, OptionSet options) =>
        trigger is { Kind: CompletionTriggerKind.Insertion, Character: '"' or '.' };

    /// <inheritdoc/>
    public override async Task ProvideCompletionsAsync(CompletionContext context)
    {
        CancellationToken cancellationToken = context.CancellationToken;
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        if (root is null || context.Position == 0 || ArgumentAt(root, context.Position, out TextSpan span) is not { } argument
            || argument.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } part
            || await context.Document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } model
            || model.GetDeclaredSymbol(part, cancellationToken) is not { } type)
        {
            return;
        }

        context.CompletionListSpan = span;
        IReadOnlyList<(string Name, string Kind)> names = Names(type, argument, model.Compilation, cancellationToken);
        for (int i = 0; i < names.Count; i++)
        {
            context.AddItem(CompletionItem.Create(
                names[i].Name, sortText: i.ToString("D6", CultureInfo.InvariantCulture), tags: [WellKnownTags.Field], rules: Rules,
                inlineDescription: names[i].Kind));
        }
    }

    private static IReadOnlyList<(string Name, string Kind)> Names(
        INamedTypeSymbol type, AttributeArgumentSyntax argument, Compilation compilation, CancellationToken cancellationToken)
    {
        try
        {
            return NameReader.NamesFor(type, argument, compilation, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Code that is still being typed may cause any exception. The analyzer reports it if it is a bug.
            return [];
        }
    }

    /// <summary>The argument of an attribute in whose literal a position is, and the name around the position.</summary>
    private static AttributeArgumentSyntax? ArgumentAt(SyntaxNode root, int position, out TextSpan name)
    {
        // A literal that is not ended yet reaches to the end of its line.
        SyntaxToken token = root.FindToken(position - 1);
        string text = token.Text;
        int start = token.SpanStart + text.IndexOf('"') + 1, length = token.Span.End - start;
        int end = length > 0 && text[text.Length - 1] == '"' ? token.Span.End - 1 : token.Span.End;
        name = default;
        if (!token.IsKind(SyntaxKind.StringLiteralToken) || position < start || position > end)
        {
            return null;
        }

        int from = position, to = position;
        bool IsPart(int at) =>
            text[at - token.SpanStart] is '.' or '-' || SyntaxFacts.IsIdentifierPartCharacter(text[at - token.SpanStart]);
        while (from > start && IsPart(from - 1))
        {
            from--;
        }

        while (to < end && IsPart(to))
        {
            to++;
        }

        name = TextSpan.FromBounds(from, to);
        return token.Parent?.FirstAncestorOrSelf<AttributeArgumentSyntax>();
    }
}
