using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Web.Tests;

/// <summary>What the server of samples/Web answers.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task Requests_that_cannot_be_answered_get_a_problem_that_says_why()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors");
        await IsProblemAsync(site, "api/digits", new byte[784], HttpStatusCode.ServiceUnavailable, "train the network first");
        await IsProblemAsync(site, "api/digits", new byte[783], HttpStatusCode.BadRequest, "784 bytes");
        await IsProblemAsync(site, "api/digits", new byte[1_000_000], HttpStatusCode.BadRequest, "784 bytes");
        await IsProblemAsync(site, "api/photographs", new byte[9], HttpStatusCode.ServiceUnavailable, "--PhotoWeights");
        await IsProblemAsync(site, "api/training?epochs=0", [], HttpStatusCode.BadRequest, "1 to 20");
        await IsProblemAsync(site, "api/training?epochs=many", [], HttpStatusCode.BadRequest, "");
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(site, "api/weights")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(site, "api/examples/10")).StatusCode);
    }

    [Fact]
    public async Task One_training_runs_at_a_time_and_ends_when_its_reader_leaves()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors");
        using (var request = new HttpRequestMessage(HttpMethod.Post, "api/training?epochs=20"))
        using (HttpResponseMessage first = await site.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            first.EnsureSuccessStatusCode();
            await IsProblemAsync(site, "api/training?epochs=1", [], HttpStatusCode.Conflict, "Another training runs");
        }

        // The server notices that the reader has left at its next report.
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage next = await site.Client.PostAsync(
                new Uri("api/training?epochs=1", UriKind.Relative), null, TestContext.Current.CancellationToken);
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument abilities = JsonDocument.Parse(
            await site.Client.GetStringAsync(new Uri("api/abilities", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(1, abilities.RootElement.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task The_page_may_load_from_its_own_server_alone()
    {
        await using Site site = await Site.StartAsync();
        using HttpResponseMessage page = await GetAsync(site, "");
        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        string text = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http", text, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> GetAsync(Site site, string path) =>
        site.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private static async Task IsProblemAsync(Site site, string path, byte[] body, HttpStatusCode status, string text)
    {
        using var content = new ByteArrayContent(body);
        using HttpResponseMessage response = await site.Client.PostAsync(
            new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{path}: {response.StatusCode} {answer}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(text, answer, StringComparison.Ordinal);
    }
}
