using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Weights;

/// <summary>
/// Files of <c>save_weights("x.h5")</c> of Keras 1 and 2, and of <c>save("x.h5")</c> of all versions: a group for each layer, with
/// attributes that have the order of layers and weights.
/// </summary>
internal static class LegacyLayout
{
    private const string LayerNames = "layer_names", WeightNames = "weight_names", TopLevel = "top_level_model_weights";

    /// <summary>The backends whose kernels have other axes, or are mirrored.</summary>
    private static readonly string[] OtherOrders = ["theano", "cntk"];

    /// <summary>What a file holds; null if it has another layout.</summary>
    public static KerasModel? Read(Hdf5File file)
    {
        Hdf5Group root = file.Root, group = root.Find("model_weights") ?? root;
        if (List(group, LayerNames) is not { } names)
        {
            return null;
        }

        if (group.Texts("backend") is [string backend, ..] && OtherOrders.Contains(backend))
        {
            throw new DamagedFileException($"it was written with the backend {MessageText.Show(backend)}, whose kernels have another "
                + "order. Load it in Keras with another backend, and save it again.");
        }

        ConfigLayer? config = root.Texts("model_config") is [string text, ..] ? ConfigLayer.Parse(Encoding.UTF8.GetBytes(text)) : null;
        ILookup<string, ConfigLayer>? configs = config?.Layers.ToLookup(layer => layer.Name, StringComparer.Ordinal);
        Dictionary<string, Hdf5Group> groups = group.Groups.ToDictionary(one => one.Name, StringComparer.Ordinal);
        var layers = new List<KerasLayer>();
        foreach (string name in names.Append(TopLevel))
        {
            if (groups.Remove(name, out Hdf5Group? layer))
            {
                layers.AddRange(Layers(name, layer, configs?[name].FirstOrDefault()));
            }
            else if (name != TopLevel)
            {
                throw new DamagedFileException(
                    $"the layer '{MessageText.Show(name)}' of its list '{LayerNames}' is missing, or there twice.");
            }
        }

        return new KerasModel(layers, IsOrdered: true, config);
    }

    private static IEnumerable<KerasLayer> Layers(string name, Hdf5Group group, ConfigLayer? config)
    {
        string[] paths = List(group, WeightNames) ?? throw new DamagedFileException(
            $"the layer '{MessageText.Show(name)}' has no list '{WeightNames}'.");
        if (paths.Distinct(StringComparer.Ordinal).Count() != paths.Length)
        {
            throw new DamagedFileException($"the layer '{MessageText.Show(name)}' has a weight twice in its list '{WeightNames}'.");
        }

        if (paths.Length == 0)
        {
            return [];
        }

        IReadOnlyList<string[]> places = Places(name, paths);
        return LayerParts.Divide(name, config?.Snake ?? "", config, paths.Select((path, i) =>
        {
            Hdf5Array array = group.ArrayOf(path);
            return (places[i], new KerasWeight("", Bare(name, path), array, array.Type.Numbers));
        }));
    }

    /// <summary>
    /// Where weights are within their layer: what stands behind the layer's name in their paths. In old files, the name there may have
    /// another number, or it is that of a model within the model; then what all paths begin with is taken away.
    /// </summary>
    private static IReadOnlyList<string[]> Places(string name, string[] paths)
    {
        string[][] places = [.. paths.Select(path => path.Split('/')[..^1])];
        int[] own = [.. places.Select(place => Array.LastIndexOf(place, name))];
        if (Array.TrueForAll(own, index => index >= 0))
        {
            return [.. places.Select((place, i) => place[(own[i] + 1)..])];
        }

        int common = places.Min(place => place.Length);
        while (common > 0 && !Array.TrueForAll(places, place => place.AsSpan(0, common).SequenceEqual(places[0].AsSpan(0, common))))
        {
            common--;
        }

        return [.. places.Select(place => place[common..])];
    }

    /// <summary>What Keras calls a weight: <c>kernel</c> of <c>conv1/kernel:0</c>, and of <c>conv1_W:0</c>.</summary>
    private static string Bare(string layer, string path)
    {
        string last = path[(path.LastIndexOf('/') + 1)..].Split(':')[0];
        if (last.StartsWith(layer + "_", StringComparison.Ordinal))
        {
            last = last[(layer.Length + 1)..];
        }

        last = KerasNames.WithoutNumber(last);
        return last switch
        {
            // Keras 1. Its running_std is a variance.
            "W" => "kernel",
            "b" => "bias",
            "running_mean" => "moving_mean",
            "running_std" => "moving_variance",
            _ => last,
        };
    }

    /// <summary>A list of names, which Keras divides where it is too long for one attribute.</summary>
    private static string[]? List(Hdf5Group group, string name)
    {
        if (group.Texts(name) is { } whole)
        {
            return whole;
        }

        var parts = new List<string>();
        int count = 0;
        while (group.Texts($"{name}{count}") is { } part)
        {
            parts.AddRange(part);
            count++;
        }

        return count == 0 ? null : [.. parts];
    }
}
