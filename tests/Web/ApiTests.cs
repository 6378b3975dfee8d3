using System;
using System.Linq;
using System.Net;
using System.Net.Http;
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
        await IsProblemAsync(site, "api/photos", new byte[9], HttpStatusCode.ServiceUnavailable, "--PhotoWeights");
        await IsProblemAsync(site, "api/training?epochs=0", [], HttpStatusCode.BadRequest, "1 to 20");
        await IsProblemAsync(site, "api/training?epochs=many", [], HttpStatusCode.BadRequest, "");
        await IsProblemAsync(site, "api/digits", new byte[21_000_000], HttpStatusCode.RequestEntityTooLarge, "");
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
        long begin = Environment.TickCount64;
        do
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            using HttpResponseMessage next = await site.Client.PostAsync(
                new Uri("api/training?epochs=1", UriKind.Relative), null, TestContext.Current.CancellationToken);
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.Conflict && Environment.TickCount64 - begin < 60_000);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"weights\":\"", await site.Client.GetStringAsync(
            new Uri("api/capabilities", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_other_sites_may_not_train_it()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors");
        string own = site.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        string[] foreign =
        [
            "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example", "Origin: null",
            "Origin: http://localhost", $"Origin: {own.Replace("http:", "https:", StringComparison.Ordinal)}",
            $"Origin: {own}.evil.example",
        ];
        foreach (string header in foreign)
        {
            Assert.Equal((header, HttpStatusCode.Forbidden), (header, await AskAsync(HttpMethod.Post, "api/training?epochs=1", header)));
            Assert.Equal((header, HttpStatusCode.Forbidden), (header, await AskAsync(HttpMethod.Get, "api/capabilities", header)));
        }

        foreach (string header in (string[])["Host: evil.example", "Host: evil.example:5000", "Host: 127.0.0.1.evil.example"])
        {
            Assert.Equal((header, HttpStatusCode.BadRequest), (header, await AskAsync(HttpMethod.Post, "api/training?epochs=1", header)));
            Assert.Equal((header, HttpStatusCode.BadRequest), (header, await AskAsync(HttpMethod.Get, "", header)));
        }

        foreach (string header in (string[])[$"Origin: {own}", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Host: localhost:80"])
        {
            Assert.Equal((header, HttpStatusCode.OK), (header, await AskAsync(HttpMethod.Get, "api/capabilities", header)));
        }

        async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string header)
        {
            using var request = new HttpRequestMessage(method, path);
            string[] parts = header.Split(": ", 2);
            Assert.True(request.Headers.TryAddWithoutValidation(parts[0], parts[1]));
            using HttpResponseMessage response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_server_has_the_names_that_it_is_given()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors", "--AllowedHosts", "digits.example");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/capabilities");
        request.Headers.Host = "digits.example";
        using HttpResponseMessage response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
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
        // The server may refuse a body before it has read it all.
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{path}: {response.StatusCode} {answer}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(text, answer, StringComparison.Ordinal);
    }
}
