using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator.Reading;

namespace Strata.CodeFixes;

/// <summary>
/// Replaces <c>net.OutputLength</c> by <c>LeNet5.OutputLength</c>. The value is the same for all networks of a class, so the member is
/// static, and the compiler refuses to read it from an instance.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StaticMemberCodeFixProvider)), Shared]
public sealed class StaticMemberCodeFixProvider : CodeFixProvider
{
    /// <summary>The compiler's error: a member cannot be accessed with an instance reference.</summary>
    private const string InstanceReference = "CS0176";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [InstanceReference];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            TextChange? found =
                await FindAsync(context.Document, diagnostic.Location.SourceSpan, context.CancellationToken).ConfigureAwait(false);
            if (found is { } change)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Write {change.NewText}",
                        token => context.Document.WithChangeAsync(change, token),
                        equivalenceKey: nameof(StaticMemberCodeFixProvider)),
                    diagnostic);
            }
        }
    }

    /// <summary>The access to a member of a network's class, and its replacement. Null if the class is no network.</summary>
    private static async Task<TextChange?> FindAsync(Document document, TextSpan span, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        SyntaxNode? node = root?.FindNode(span, getInnermostNodeForTie: true);
        (ExpressionSyntax? whole, SimpleNameSyntax? name) = node?.FirstAncestorOrSelf<ExpressionSyntax>(
            candidate => candidate is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax) switch
        {
            MemberAccessExpressionSyntax access => (access, access.Name),
            MemberBindingExpressionSyntax { Parent: ConditionalAccessExpressionSyntax conditional } binding => (conditional, binding.Name),
            _ => ((ExpressionSyntax?)null, (SimpleNameSyntax?)null),
        };
        if (model is null || whole is null || name is null)
        {
            return null;
        }

        SymbolInfo info = model.GetSymbolInfo(name, cancellationToken);
        ISymbol? member = info.Symbol ?? (info.CandidateSymbols.Length > 0 ? info.CandidateSymbols[0] : null);
        return member is { IsStatic: true, ContainingType: { } type } && KnownSymbols.Of(model.Compilation).IsNetwork(type.BaseType)
            ? new TextChange(whole.Span, $"{type.ToMinimalDisplayString(model, whole.SpanStart)}.{name}")
            : null;
    }
}
