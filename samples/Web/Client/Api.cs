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
    /// <exception cref="ServerException">The server does not answer, or refuses.</exception>
    public Task<ServerCapabilities> CapabilitiesAsync() => CallAsync(async () =>
    {
        using HttpResponseMessage response = await client.GetAsync(Address("api/capabilities"));
        return await ResultAsync(response, ContractJson.Default.ServerCapabilities);
    });

    /// <summary>The weights that read digits, a safetensors file, and their id.</summary>
    /// <exception cref="ServerException">The server does not answer, or has no weights.</exception>
    public Task<(byte[] File, string Id)> WeightsAsync() => CallAsync(async () =>
    {
        using HttpResponseMessage response = await client.GetAsync(Address("api/weights"));
        await CheckAsync(response);
        return (await response.Content.ReadAsByteArrayAsync(), response.Headers.ETag?.Tag.Trim('"') ?? "");
    });

    /// <summary>A test image of a digit: 28×28 bytes.</summary>
    /// <exception cref="ServerException">The server does not answer.</exception>
    public Task<byte[]> ExampleAsync(int digit) => CallAsync(() => client.GetByteArrayAsync(Address($"api/examples/{digit}")));

    /// <exception cref="ServerException">The server does not answer, or refuses.</exception>
    public Task<ExplainedReading> ReadAsync(byte[] pixels) => PostAsync("api/digits", pixels, ContractJson.Default.ExplainedReading);

    /// <exception cref="ServerException">The server does not answer, or refuses.</exception>
    public Task<PhotoResult> ClassifyAsync(byte[] file) => PostAsync("api/photos", file, ContractJson.Default.PhotoResult);

    /// <summary>Trains the server's network.</summary>
    /// <exception cref="ServerException">The server does not answer, or refuses.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public async IAsyncEnumerable<TrainingReport> TrainAsync(int epochs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address($"api/training?epochs={epochs}"));
        request.SetBrowserResponseStreamingEnabled(true);
        using HttpResponseMessage response = await CallAsync(
            () => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);
        await CheckAsync(response);
        using Stream events = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using IAsyncEnumerator<SseItem<TrainingReport>> reports = SseParser
            .Create(events, (_, data) => JsonSerializer.Deserialize(data, ContractJson.Default.TrainingReport)!)
            .EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync(() => reports.MoveNextAsync().AsTask(), cancellationToken))
        {
            yield return reports.Current.Data;
        }
    }

    private static Uri Address(string path) => new(path, UriKind.Relative);

    /// <summary>Turns all that can go wrong on the way into one exception.</summary>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken = default)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            throw new ServerException("The server does not answer.", exception);
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            ProblemText? problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(ContractJson.Default.ProblemText) : null;
            throw new ServerException(problem?.Detail ?? problem?.Title ?? $"The server answered {(int)response.StatusCode}.");
        }
    }

    private static async Task<T> ResultAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type)
    {
        await CheckAsync(response);
        return await response.Content.ReadFromJsonAsync(type) ?? throw new JsonException();
    }

    private Task<T> PostAsync<T>(string path, byte[] body, JsonTypeInfo<T> type) => CallAsync(async () =>
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage response = await client.PostAsync(Address(path), content);
        return await ResultAsync(response, type);
    });
}

/// <summary>The server does not answer, or refuses. The message is for the page's visitors.</summary>
internal sealed class ServerException(string message, Exception? innerException = null) : Exception(message, innerException);
