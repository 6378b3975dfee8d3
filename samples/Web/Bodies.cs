using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Samples.Web;

/// <summary>Reads bodies of requests.</summary>
internal static class Bodies
{
    /// <summary>Reads a body, but not much more than a limit.</summary>
    /// <param name="request">The request.</param>
    /// <param name="most">The limit in bytes.</param>
    /// <returns>The bytes; <paramref name="most"/> + 1 of them if there are more.</returns>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int most)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[81920];
        int read;
        while (bytes.Length <= most && (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            bytes.Write(buffer, 0, (int)long.Min(read, most + 1 - bytes.Length));
        }

        return bytes.ToArray();
    }
}
