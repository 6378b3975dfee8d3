using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Samples.Web;

/// <summary>Reads the bodies of requests.</summary>
internal static class RequestBody
{
    /// <summary>Reads a body, up to the byte after a limit.</summary>
    /// <param name="request">The request.</param>
    /// <param name="max">The limit in bytes.</param>
    /// <returns>The bytes. If there are more than the limit, <paramref name="max"/> + 1 of them.</returns>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int max)
    {
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[int.Min(max + 1, 81920)];
        int read;
        while (bytes.Length <= max && (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            bytes.Write(buffer, 0, (int)long.Min(read, max + 1 - bytes.Length));
        }

        return bytes.ToArray();
    }
}
