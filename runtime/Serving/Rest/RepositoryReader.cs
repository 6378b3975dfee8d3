using System.Buffers;
using System.Text.Json;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>Reads the body of a call of the repository, which may have none.</summary>
internal sealed class RepositoryReader
{
    /// <summary>Whether the index lists models that are ready only.</summary>
    public bool OnlyReady { get; private set; }

    /// <exception cref="ProtocolException">The request is not as the protocol says, or asks for what this server does not do.</exception>
    public void Read(ReadOnlySequence<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw ProtocolException.Bad($"The request is no JSON: {e.Message}");
        }
    }

    private void Read(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            throw ProtocolException.Bad($"The request is no object: {request.ValueKind}.");
        }

        if (request.TryGetProperty("ready", out JsonElement ready))
        {
            OnlyReady = ready.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False or JsonValueKind.Null => false,
                _ => throw ProtocolException.Bad($"'ready' is neither true nor false: {ready.ValueKind}."),
            };
        }

        if (request.TryGetProperty("parameters", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty parameter in parameters.EnumerateObject())
            {
                Parameters.CheckLoad(parameter.Name);
            }
        }
    }
}
