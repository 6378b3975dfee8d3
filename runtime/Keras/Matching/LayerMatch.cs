using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>Finds the layer of a file for each layer of a network: by their names, or by their order.</summary>
internal sealed class LayerMatch
{
    private readonly KerasModel _model;
    private readonly List<NetworkLayer> _layers;
    private readonly FeatureOrders _orders;
    private readonly bool _isStrict;
    private readonly Dictionary<string, HashSet<string>> _ancestors = new(StringComparer.Ordinal);

    /// <param name="model">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="orders">What its layers read.</param>
    /// <param name="isStrict">Whether all layers must have a counterpart.</param>
    public LayerMatch(KerasModel model, NetworkInfo network, FeatureOrders orders, bool isStrict)
    {
        (_model, _orders, _isStrict) = (model, orders, isStrict);
        _layers = NetworkLayer.Of(network);
        foreach (LayerInfo layer in network.Layers)
        {
            var above = new HashSet<string>(StringComparer.Ordinal);
            foreach (string input in orders.InputsOf(layer.Name))
            {
                above.Add(input);
                above.UnionWith(_ancestors.GetValueOrDefault(input) ?? []);
            }

            _ancestors[layer.Name] = above;
        }
    }

    /// <summary>The counterparts of the network's layers.</summary>
    /// <param name="prefix">What the file's names have before the network's.</param>
    public List<(NetworkLayer Network, KerasLayer File)> Find(string prefix)
    {
        List<KerasLayer> offered = [.. _model.Layers.Where(layer => layer.Name.StartsWith(prefix, StringComparison.Ordinal))];
        Dictionary<string, KerasLayer> names = offered.ToDictionary(layer => layer.Name[prefix.Length..], StringComparer.Ordinal);
        var named = _layers.Where(layer => names.ContainsKey(layer.Matched)).Select(layer => (layer, names[layer.Matched])).ToList();
        bool isPart = prefix.Length > 0 || (!_isStrict && offered.Count != _layers.Count);
        return named.Count == _layers.Count || (named.Count > 0 && isPart) ? named : ByOrder(offered);
    }

    /// <summary>
    /// The counterparts by names that a user's function gives. It gets PyTorch's names of the file's weights, and gives keys of the
    /// network.
    /// </summary>
    /// <param name="rename">The function.</param>
    /// <param name="prefix">What the file's names have before those that it gets.</param>
    public List<(NetworkLayer Network, KerasLayer File)> Find(Func<string, string?> rename, string prefix)
    {
        var found = new List<(NetworkLayer Network, KerasLayer File)>();
        foreach (KerasLayer layer in _model.Layers.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (KerasClasses.Of(layer) is not { } kind)
            {
                continue;
            }

            string[] suffixes = [.. LayerTensors.Of(layer, new LayerPlan(kind), _ => []).Select(tensor => tensor.Name)];
            string name = layer.Name[prefix.Length..];
            (string Suffix, string? Key)[] keys = [.. suffixes.Select(suffix => (suffix, rename($"{name}.{suffix}")))];
            if (keys.FirstOrDefault(pair => pair.Key is not null) is not { Key: not null } first)
            {
                continue;
            }

            NetworkLayer own = _layers.Find(one => one.KeyOf(first.Suffix) == first.Key) ?? throw new DamagedFileException(
                $"{nameof(WeightsLoadOptions.Rename)} gives '{MessageText.Show(first.Key)}' for '{MessageText.Show(name)}.{first.Suffix}'; "
                + $"the network has no such key that ends with {first.Suffix}.");
            string? other = keys.Where(pair => pair.Key != own.KeyOf(pair.Suffix)).Select(pair => pair.Suffix).FirstOrDefault();
            found.Add(other is null ? (own, layer) : throw new DamagedFileException(
                $"{nameof(WeightsLoadOptions.Rename)} gives '{MessageText.Show(first.Key)}' for a weight of the file's layer {layer}, and "
                + $"another layer's key for its {other}."));
        }

        return found;
    }

    /// <summary>
    /// Layers with the same parameters, in order. Keras has layers behind those that they read, but nobody knows in which order it has
    /// those of two branches.
    /// </summary>
    private List<(NetworkLayer Network, KerasLayer File)> ByOrder(List<KerasLayer> offered)
    {
        ILookup<string, KerasLayer> bySignature = offered.ToLookup(SignatureOf, StringComparer.Ordinal);
        var found = new List<(NetworkLayer Network, KerasLayer File)>();
        foreach (IGrouping<string, NetworkLayer> group in _layers.GroupBy(layer => layer.Signature, StringComparer.Ordinal))
        {
            NetworkLayer[] own = [.. group];
            KerasLayer[] others = [.. bySignature[group.Key]];
            if (own.Length != others.Length)
            {
                if (_isStrict)
                {
                    throw Mismatch(group.Key, own, others);
                }

                continue;
            }

            CheckOrder(own, others);
            found.AddRange(own.Zip(others));
        }

        if (_isStrict && found.Count < offered.Count)
        {
            throw Mismatch("", [], [.. offered.Where(layer => found.TrueForAll(pair => pair.File != layer))]);
        }

        CheckPlaces(found);
        return found;
    }

    private static string SignatureOf(KerasLayer layer) => KerasClasses.Of(layer) is not { } kind ? ""
        : NetworkLayer.SignatureOf(LayerTensors.Of(layer, new LayerPlan(kind), _ => [])
            .Select(tensor => (tensor.Name, (IEnumerable<long>)tensor.Shape)));

    private DamagedFileException Mismatch(string signature, NetworkLayer[] own, KerasLayer[] others)
    {
        string Names(IEnumerable<string> names) => MessageText.List([.. names], "none");
        string them = signature.Length == 0 ? "layers that the network has no counterpart for"
            : $"{MessageText.Count(others.Length, "layer")} with {signature}, where the network has {own.Length}: "
                + Names(own.Select(one => one.Matched));
        return new DamagedFileException($"the file has {them}; in the file: {Names(others.Select(layer => $"{layer}"))}. Its layers were "
            + $"matched by their order, since it has none of the names {Names(_layers.Select(layer => layer.Matched).Where(
                name => _model.Layers.All(layer => layer.Name != name)))}.");
    }

    private void CheckOrder(NetworkLayer[] own, KerasLayer[] others)
    {
        if (others.Select(layer => layer.Scope).Distinct().Skip(1).Any()
            || (!_model.IsOrdered && others.Select(layer => layer.Class).Distinct().Skip(1).Any()))
        {
            throw new DamagedFileException($"the file does not tell the order of the layers {MessageText.List(
                [.. others.Select(layer => $"{layer}")], "")}. A .keras file does, or an .h5 file of Keras' older format without models "
                + $"in the model. Or {nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.Rename)} gives the network's keys.");
        }

        for (int i = 1; i < own.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (own[i].Info != own[j].Info && !_ancestors[own[i].Name].Contains(own[j].Name))
                {
                    throw new DamagedFileException($"the layers '{own[j].Matched}' and '{own[i].Matched}' have the same shapes and are in "
                        + "different branches, whose order in Keras is not known, and the file has other names: "
                        + $"{MessageText.List([.. others.Select(layer => layer.Name)], "")}. {nameof(WeightsLoadOptions)}."
                        + $"{nameof(WeightsLoadOptions.Rename)} gets names such as conv2d.weight, and gives the network's keys.");
                }
            }
        }
    }

    /// <summary>A layer stands behind those that it reads, in the file as in the network.</summary>
    private void CheckPlaces(List<(NetworkLayer Network, KerasLayer File)> found)
    {
        Dictionary<KerasLayer, int> places = _model.Layers.Select((layer, i) => (layer, i)).ToDictionary(
            pair => pair.layer, pair => pair.i, ReferenceEqualityComparer.Instance as IEqualityComparer<KerasLayer>);
        foreach ((NetworkLayer network, KerasLayer file) in found)
        {
            foreach ((NetworkLayer other, KerasLayer before) in found)
            {
                if (_ancestors[network.Name].Contains(other.Name) && places[before] > places[file]
                    && (_model.IsOrdered || before.Class == file.Class))
                {
                    throw new DamagedFileException($"the file's layers have another order: {before} behind {file}, where the network has "
                        + $"'{other.Matched}' before '{network.Matched}'.");
                }
            }
        }
    }
}
