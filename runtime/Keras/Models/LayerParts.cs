using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>
/// Divides the weights of what Keras calls a layer into layers: a model within a model has several, and so has a layer of one's own that
/// has others in it. A bidirectional layer, attention, and what has one cell or wraps one layer is one.
/// </summary>
internal static class LayerParts
{
    /// <summary>The parts of attention, by the names of their groups and of their layers.</summary>
    private static readonly Dictionary<string, string> Attention = new (string Part, string Place)[]
    {
        ("query", "query"), ("query", "query_dense"), ("query", "_query_dense"),
        ("key", "key"), ("key", "key_dense"), ("key", "_key_dense"),
        ("value", "value"), ("value", "value_dense"), ("value", "_value_dense"),
        ("attention_output", "attention_output"), ("attention_output", "output_dense"), ("attention_output", "_output_dense"),
    }.ToDictionary(pair => pair.Place, pair => pair.Part, StringComparer.Ordinal);

    /// <summary>The layers of which some weights are.</summary>
    /// <param name="name">The layer's name in the model.</param>
    /// <param name="kind">Its class in snake case; empty if it is unknown.</param>
    /// <param name="config">Its configuration, if there is one.</param>
    /// <param name="weights">Its weights: the places within the layer, outermost first, and the weight.</param>
    /// <param name="scope">
    /// That of the layer. Several parts of it have scopes of their own: Keras writes those that are trained first.
    /// </param>
    public static IEnumerable<KerasLayer> Divide(
        string name, string kind, ConfigLayer? config, IEnumerable<(string[] Places, KerasWeight Weight)> weights,
        string scope = "")
    {
        var layers = new List<(string Name, List<KerasWeight> Weights)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = new HashSet<(string Layer, string Weight)>();
        foreach ((string[] groups, KerasWeight weight) in weights)
        {
            int end = groups.Length;
            string part = "";
            for (; end > 0 && PartOf(groups[end - 1]) is { } found; end--)
            {
                part = found.Length > 0 ? found : part;
            }

            string own = string.Join('.', groups[..end].Prepend(name));
            if (!places.TryGetValue(own, out int index))
            {
                places.Add(own, index = layers.Count);
                layers.Add((own, []));
            }

            KerasWeight placed = weight with { Part = part };
            layers[index].Weights.Add(known.Add((own, placed.Full)) ? placed
                : throw new DamagedFileException($"the layer '{MessageText.Show(own)}' has '{MessageText.Show(placed.Full)}' twice."));
        }

        bool isOne = layers.Count == 1 && layers[0].Name == name;
        return layers.SelectMany(layer => Separate(new KerasLayer(
            layer.Name, isOne ? kind : ClassOf(layer.Name), layer.Weights, isOne ? config : Find(config, layer.Name))
        {
            Scope = layers.Count > 1 ? layer.Name : scope,
        }));
    }

    /// <summary>A separable convolution is two layers: one of each channel by itself, and one of one element.</summary>
    private static IEnumerable<KerasLayer> Separate(KerasLayer layer)
    {
        bool isNumbered = layer.Class.StartsWith("separable_conv", StringComparison.Ordinal)
            && layer.Weights.Select(weight => weight.Name).Take(2).SequenceEqual(["0", "1"]);
        KerasWeight? Find(string name, string number) => layer.Weights.FirstOrDefault(
            weight => weight.Name == name || (isNumbered && weight.Name == number));
        KerasWeight? depth = Find("depthwise_kernel", "0"), point = Find("pointwise_kernel", "1");
        return depth is null || point is null ? [layer]
            :
            [
                layer with
                {
                    Name = layer.Name + ".depthwise",
                    Class = "depthwise_conv",
                    Weights = [depth with { Name = "depthwise_kernel" }],
                },
                layer with
                {
                    Name = layer.Name + ".pointwise",
                    Class = "conv",
                    Weights =
                    [
                        point with { Name = "kernel" },
                        .. layer.Weights.Where(weight => weight != depth && weight != point)
                            .Select(weight => weight with { Name = "bias" }),
                    ],
                },
            ];
    }

    /// <summary>The part that a place stands for; empty for a cell or what is wrapped; null for a layer.</summary>
    private static string? PartOf(string place) =>
        Attention.TryGetValue(place, out string? part) ? part
        : KerasNames.WithoutNumber(place) is "lstm_cell" or "gru_cell" or "simple_rnn_cell" or "layer" or "cell" ? ""
        : place.StartsWith("forward_", StringComparison.Ordinal) ? "forward"
        : place.StartsWith("backward_", StringComparison.Ordinal) ? "backward"
        : null;

    private static ConfigLayer? Find(ConfigLayer? config, string name)
    {
        string last = name[(name.LastIndexOf('.') + 1)..];
        ConfigLayer[] found = [.. config?.All.Where(layer => layer.Name == last) ?? []];
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>The class by which Keras has named a layer, or a group: <c>conv2d_3</c>.</summary>
    private static string ClassOf(string name) => KerasNames.WithoutNumber(name[(name.LastIndexOf('.') + 1)..]);
}
