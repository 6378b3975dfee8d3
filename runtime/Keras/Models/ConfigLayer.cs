using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Strata.Weights;

/// <summary>A layer, or a model of layers, in a model's configuration.</summary>
/// <param name="Class">Its class: <c>BatchNormalization</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Layers">The layers of a model, in order; empty for a layer.</param>
/// <param name="Values">Those of its settings that are texts or bools.</param>
/// <param name="InputShape">The extents of a sample that it gets, channels last; null if they are not there.</param>
/// <param name="Inputs">All texts in its connections, among them the names of the layers that it reads.</param>
internal sealed record ConfigLayer(
    string Class, string Name, IReadOnlyList<ConfigLayer> Layers, IReadOnlyDictionary<string, string> Values, long[]? InputShape,
    IReadOnlyCollection<string> Inputs)
{
    // Models within models, and the settings of layers.
    private const int MostDepth = 128;

    /// <summary>The class in snake case, as the groups of files have it.</summary>
    public string Snake => SnakeOf(Class);

    /// <summary>The layer, and all layers in it.</summary>
    public IEnumerable<ConfigLayer> All => Layers.SelectMany(layer => layer.All).Prepend(this);

    /// <summary>A setting; null if it is not there, or something else than a text or a bool.</summary>
    public string? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">JSON text.</param>
    /// <exception cref="DamagedFileException">It is none.</exception>
    public static ConfigLayer Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DamagedFileException($"the model's configuration is damaged: {MessageText.Show(e.Message)}");
        }
    }

    /// <summary>A class as the groups of files have it: <c>conv2d_transpose</c>, <c>p_re_lu</c>.</summary>
    public static string SnakeOf(string name)
    {
        // A line goes before a capital with small letters behind it, and before one behind a small letter.
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            bool isFirst = char.IsAsciiLetterUpper(name[i]) && i > 0 && name[i - 1] != '_'
                && (char.IsAsciiLetterLower(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1])));
            text.Append(isFirst ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static ConfigLayer Read(JsonElement element)
    {
        JsonElement config = element.TryGetProperty("config", out JsonElement own) ? own : default;
        bool isList = config.ValueKind == JsonValueKind.Array;
        bool isObject = config.ValueKind == JsonValueKind.Object;

        // Before Keras 2.2.3, a Sequential's configuration was the list of its layers.
        IEnumerable<JsonElement> layers = isList ? config.EnumerateArray()
            : isObject && config.TryGetProperty("layers", out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray() : [];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (isObject)
        {
            foreach (JsonProperty property in config.EnumerateObject())
            {
                if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False)
                {
                    values[property.Name] = property.Value.ToString();
                }
            }
        }

        return new ConfigLayer(
            TextOf(element, "class_name"), values.GetValueOrDefault("name", TextOf(element, "name")), [.. layers.Select(Read)], values,
            InputShapeOf(element), element.TryGetProperty("inbound_nodes", out JsonElement nodes) ? [.. TextsIn(nodes)] : []);
    }

    private static IEnumerable<string> TextsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(TextsIn),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => TextsIn(property.Value)),
        _ => [],
    };

    private static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static long[]? InputShapeOf(JsonElement element)
    {
        if (!element.TryGetProperty("build_config", out JsonElement build) || build.ValueKind != JsonValueKind.Object
            || !build.TryGetProperty("input_shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        JsonElement[] extents = [.. shape.EnumerateArray().Skip(1)];
        return Array.TrueForAll(extents, extent => extent.ValueKind == JsonValueKind.Number && extent.TryGetInt64(out _))
            ? [.. extents.Select(extent => extent.GetInt64())] : null;
    }
}
