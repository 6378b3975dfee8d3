using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator.Diagnostics;

namespace Strata.CodeFixes;

/// <summary>Puts [Flatten] before a dense layer whose input is not flat.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FlattenCodeFixProvider)), Shared]
public sealed class FlattenCodeFixProvider : CodeFixProvider
{
    private const string Title = "Put [Flatten] before it";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.NotFlat.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        // Inside a block, the layer stands elsewhere.
        if (context.Diagnostics.All(diagnostic => diagnostic.AdditionalLocations.Count == 0)
            && root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>() is { Parent: AttributeListSyntax } attribute)
        {
            context.RegisterCodeFix(
                CodeAction.Create(Title, token => InsertAsync(context.Document, attribute, token), equivalenceKey: Title),
                context.Diagnostics);
        }
    }

    private static async Task<Document> InsertAsync(Document document, AttributeSyntax attribute, CancellationToken cancellationToken)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        string flatten = Name(attribute, model);
        var list = (AttributeListSyntax)attribute.Parent!;

        // Text, not syntax: nothing but the insertion changes.
        (int position, string insertion) = list.Attributes[0] == attribute
            ? (list.SpanStart, $"[{flatten}]{Gap(text, list.SpanStart)}")
            : (attribute.SpanStart, $"{flatten}, ");
        return document.WithText(text.WithChanges(new TextChange(new TextSpan(position, 0), insertion)));
    }

    /// <summary>What Flatten is called here: qualified as the layer itself is, or in full where that is another type.</summary>
    private static string Name(AttributeSyntax attribute, SemanticModel? model)
    {
        SimpleNameSyntax simple = SyntaxFactory.IdentifierName("Flatten");
        NameSyntax name = attribute.Name switch
        {
            QualifiedNameSyntax qualified => qualified.WithRight(simple),
            AliasQualifiedNameSyntax qualified => qualified.WithName(simple),
            _ => simple,
        };
        ISymbol? constructor = model?.GetSpeculativeSymbolInfo(attribute.SpanStart, SyntaxFactory.Attribute(name)).Symbol;
        return constructor?.ContainingType.ToDisplayString() == "Strata.FlattenAttribute" ? name.ToString() : "global::Strata.Flatten";
    }

    /// <summary>What separates the new bracket from the next: a line break and the indentation where that begins a line.</summary>
    private static string Gap(SourceText text, int position)
    {
        TextLine line = text.Lines.GetLineFromPosition(position);
        string before = text.ToString(TextSpan.FromBounds(line.Start, position));
        if (!string.IsNullOrWhiteSpace(before))
        {
            return before[before.Length - 1] == ']' ? "" : " ";
        }

        string lineBreak = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        return (lineBreak.Length > 0 ? lineBreak : "\n") + before;
    }
}
