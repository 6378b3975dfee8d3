using System;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Samples.Web;

/// <summary>Who asks.</summary>
internal static class Caller
{
    /// <summary>
    /// Whether a request comes from the server's own page, or from a program that is no browser. Either header is enough to refuse it:
    /// older browsers send Origin only.
    /// </summary>
    public static bool IsOwnPage(HttpRequest request)
    {
        StringValues site = request.Headers["Sec-Fetch-Site"], origin = request.Headers.Origin;
        return site.ToString() is "" or "same-origin" or "none"
            && (origin.Count == 0 || origin.ToString().Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }
}
