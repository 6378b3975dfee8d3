using System;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Requests that end when the test ends.</summary>
internal static class Requests
{
    public static Task<string> TextAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> GetAsync(this Server server, string path) =>
        server.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public static Task<HttpResponseMessage> PostAsync(this Server server, string path, HttpContent? content = null) =>
        server.Http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
}
