using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>The tensors of a file under the keys of a network, in its order of axes and features.</summary>
internal static class NetworkTensors
{
    private const string Heads = "heads";

    /// <summary>All tensors; those of layers that the network does not have are as they are in the file.</summary>
    /// <param name="model">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">How much must fit, and under which names.</param>
    /// <param name="read">Reads the bytes of an array.</param>
    public static List<NamedTensor> Of(KerasModel model, NetworkInfo network, WeightsLoadOptions options, Func<Hdf5Array, byte[]> read)
    {
        var orders = new FeatureOrders(network);
        var match = new LayerMatch(model, network, orders, options.Strict);
        List<(NetworkLayer Network, KerasLayer File)> pairs = options.Rename is { } rename ? match.Find(rename, options.Prefix)
            : match.Find(options.Prefix);
        if (pairs.GroupBy(pair => pair.Network.Matched).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new DamagedFileException($"the layers {MessageText.List([.. twice.Select(pair => $"{pair.File}")], "")} of the file are "
                + $"both for the layer '{twice.Key}'.");
        }

        Dictionary<string, ParameterInfo> parameters = network.Parameters.ToDictionary(parameter => parameter.Key, StringComparer.Ordinal);
        var tensors = new List<NamedTensor>();
        foreach ((NetworkLayer layer, KerasLayer file) in pairs)
        {
            (long input, long output) = orders.Of(layer.Info);
            CheckFormat(model, layer, long.Max(input, output));
            var plan = new LayerPlan(KerasClasses.Of(file, layer), input, output)
            {
                Heads = layer.Info.Kind == "Attention" ? layer.Info.Argument<int>(Heads) : 0,
            };
            foreach (KerasTensor tensor in LayerTensors.Of(file, plan, read).Select(layer.Shaped))
            {
                string key = layer.KeyOf(tensor.Name);
                if (!options.SkipMismatched && parameters.TryGetValue(key, out ParameterInfo? parameter)
                    && !tensor.Shape.SequenceEqual(parameter.Shape.Select(extent => (long)extent)))
                {
                    throw new DamagedFileException(
                        $"expected {MessageText.Shape(parameter.Shape)}, found {MessageText.Shape(tensor.Shape)} in the file's layer "
                        + $"{file}.", key);
                }

                tensors.Add(tensor with { Name = key });
            }
        }

        HashSet<KerasLayer> used = [.. pairs.Select(pair => pair.File)];
        return [.. tensors, .. model.Layers.Where(layer => !used.Contains(layer)).SelectMany(layer => AsTheyAre(layer, read))];
    }

    /// <summary>With channels first, Keras flattens as Strata does, or not, as its layers say.</summary>
    private static void CheckFormat(KerasModel model, NetworkLayer layer, long channels)
    {
        if (channels > 0 && model.Config?.All.FirstOrDefault(one => one["data_format"] == "channels_first") is { } other)
        {
            throw new DamagedFileException($"its layer '{MessageText.Show(other.Name)}' has data_format = \"channels_first\", so the order "
                + $"of the features that '{layer.Name}' reads or makes cannot be decided.");
        }
    }

    private static IEnumerable<KerasTensor> AsTheyAre(KerasLayer layer, Func<Hdf5Array, byte[]> read) =>
        from weight in layer.Weights
        let type = weight.Type
        where type is not null
        select new KerasTensor($"{layer.Name}/{weight.Full}", type, weight.Array.Shape, [ArrayView.Of(weight.Array)], read);
}
