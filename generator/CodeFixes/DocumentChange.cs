using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Strata.CodeFixes;

/// <summary>A document with one place of its text changed.</summary>
internal static class DocumentChange
{
    public static async Task<Document> WithChangeAsync(this Document document, TextChange change, CancellationToken cancellationToken)
    {
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }
}
