using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using System.Text.Json.Nodes;

namespace Strata.Runtime.Tests;

/// <summary>A checkpoint's bytes, whose metadata tests change.</summary>
internal static class CheckpointFile
{
    private const string Key = "strata.checkpoint";

    /// <summary>The file with other metadata; the tensors stay.</summary>
    public static byte[] Edit(byte[] file, Action<JsonObject> edit)
    {
        JsonObject header = Header(file), metadata = Metadata(header);
        edit(metadata);
        return With(file, header, metadata.ToJsonString());
    }

    /// <summary>The file with a text in place of its metadata.</summary>
    public static byte[] With(byte[] file, string metadata) => With(file, Header(file), metadata);

    /// <summary>The metadata's text.</summary>
    public static string Text(byte[] file) => Metadata(Header(file)).ToJsonString();

    /// <summary>The paths of all values: learningRate, fit, fit/step, fit/epochs/0, …</summary>
    public static IReadOnlyList<string> Paths(byte[] file)
    {
        var paths = new List<string>();
        Walk(Metadata(Header(file)), "");
        return paths;

        void Walk(JsonNode? node, string prefix)
        {
            if (node is JsonObject members)
            {
                foreach ((string name, JsonNode? value) in members)
                {
                    paths.Add(prefix + name);
                    Walk(value, $"{prefix}{name}/");
                }
            }
            else if (node is JsonArray items)
            {
                for (int i = 0; i < items.Count; i++)
                {
                    paths.Add($"{prefix}{i}");
                    Walk(items[i], $"{prefix}{i}/");
                }
            }
        }
    }

    /// <summary>Sets the value at a path, or removes it where there is none.</summary>
    public static void Set(JsonObject metadata, string path, string? json)
    {
        JsonNode parent = metadata;
        string[] names = path.Split('/');
        foreach (string name in names[..^1])
        {
            parent = (parent is JsonArray list ? list[int.Parse(name, null)] : parent[name])!;
        }

        JsonNode? value = json is null ? null : JsonNode.Parse(json);
        if (parent is JsonArray items)
        {
            int index = int.Parse(names[^1], null);
            items.RemoveAt(index);
            if (json is not null)
            {
                items.Insert(index, value);
            }
        }
        else if (json is null)
        {
            parent.AsObject().Remove(names[^1]);
        }
        else
        {
            parent[names[^1]] = value;
        }
    }

    private static JsonObject Header(byte[] file) =>
        JsonNode.Parse(file.AsSpan(8, (int)BinaryPrimitives.ReadUInt64LittleEndian(file)))!.AsObject();

    private static JsonObject Metadata(JsonObject header) => JsonNode.Parse((string)header["__metadata__"]![Key]!)!.AsObject();

    private static byte[] With(byte[] file, JsonObject header, string metadata)
    {
        header["__metadata__"]![Key] = metadata;
        byte[] text = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. file.AsSpan(8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file))];
    }
}
