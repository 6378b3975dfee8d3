using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Strata.CodeFixes;

/// <summary>Changes a document's text at one place.</summary>
internal static class DocumentChange
{
    public static async Task<Document> WithChangeAsync(this Document document, TextChange change, CancellationToken cancellationToken)
    {
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        return document.WithText(text.WithChanges(change));
    }
}
