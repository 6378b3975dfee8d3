using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Components.WebAssembly.Http;

namespace Samples.Web.Client;

/// <summary>The server.</summary>
/// <param name="client">The way to it.</param>
internal sealed class Api(HttpClient client)
{
    /// <summary>What the server can do; null if there is none, as where the page is served as plain files.</summary>
    public async Task<Abilities?> AbilitiesAsync()
    {
        try
        {
            return await client.GetFromJsonAsync(Address("api/abilities"), ContractJson.Default.Abilities);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    public Task<byte[]> WeightsAsync() => client.GetByteArrayAsync(Address("api/weights"));

    /// <summary>A test image of a digit: 28×28 bytes.</summary>
    public Task<byte[]> ExampleAsync(int digit) => client.GetByteArrayAsync(Address($"api/examples/{digit}"));

    public Task<Reading> ReadAsync(byte[] pixels) => PostAsync("api/digits", pixels, ContractJson.Default.Reading);

    public Task<Sight> LookAsync(byte[] file) => PostAsync("api/photographs", file, ContractJson.Default.Sight);

    /// <summary>Trains the server's network.</summary>
    public async IAsyncEnumerable<TrainingReport> TrainAsync(int epochs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"api/training?epochs={epochs}"));
        request.SetBrowserResponseStreamingEnabled(true);
        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await CheckAsync(response);
        using Stream events = await response.Content.ReadAsStreamAsync(cancellationToken);
        SseParser<TrainingReport> parser = SseParser.Create(
            events, (_, data) => JsonSerializer.Deserialize(data, ContractJson.Default.TrainingReport)!);
        await foreach (SseItem<TrainingReport> item in parser.EnumerateAsync(cancellationToken))
        {
            yield return item.Data;
        }
    }

    private static Uri Address(string path) => new(path, UriKind.Relative);

    private static async Task CheckAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            ProblemText? problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(ContractJson.Default.ProblemText) : null;
            throw new HttpRequestException(problem?.Detail ?? problem?.Title ?? $"The server answered {(int)response.StatusCode}.");
        }
    }

    private async Task<T> PostAsync<T>(string path, byte[] body, JsonTypeInfo<T> type)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage response = await client.PostAsync(Address(path), content);
        await CheckAsync(response);
        return (await response.Content.ReadFromJsonAsync(type))!;
    }
}
