using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Weights;

/// <summary>
/// Files of <c>save_weights("x.weights.h5")</c>, and the weights in <c>.keras</c> archives: groups within groups as the model's objects
/// are, and in each a group <c>vars</c> with numbered arrays.
/// </summary>
internal static class VariablesLayout
{
    private const string Variables = "vars";

    /// <summary>The groups that have a model's layers. The second name is that of Keras 2.12.</summary>
    private static readonly string[] Containers = ["layers", "_layer_checkpoint_dependencies"];

    /// <summary>What has numbers that are no weights.</summary>
    private static readonly string[] Others = ["optimizer", "metrics", "_metrics", "loss_tracker", "seed_generator", "compile_metrics"];

    /// <summary>What a file holds; null if it has another layout.</summary>
    /// <param name="file">The file.</param>
    /// <param name="config">The model's configuration, if there is one.</param>
    public static KerasModel? Read(Hdf5File file, ConfigLayer? config)
    {
        Hdf5Group root = file.Root;
        if (!root.Groups.Any(group => Containers.Contains(group.Name) || group.Name == Variables || group.Find(Variables) is not null))
        {
            return null;
        }

        var layers = new List<KerasLayer>();
        bool isOrdered = ReadModel(root, config, "", layers);
        return new KerasModel(layers, isOrdered, config);
    }

    /// <summary>Reads a model, or a model within one.</summary>
    /// <returns>Whether the layers are in the model's order.</returns>
    private static bool ReadModel(Hdf5Group model, ConfigLayer? config, string prefix, List<KerasLayer> layers)
    {
        bool isOrdered = config is { Layers.Count: > 0 };
        if (Containers.Select(model.Find).FirstOrDefault(group => group is not null) is { } container)
        {
            foreach ((Hdf5Group group, ConfigLayer? own, string name) in isOrdered ? Ordered(container, config!) : Unordered(container))
            {
                string full = prefix + name;
                if (Containers.Any(one => group.Find(one) is not null))
                {
                    isOrdered &= ReadModel(group, own, full + ".", layers);
                }
                else
                {
                    layers.AddRange(LayerParts.Divide(
                        full, own?.Snake ?? KerasNames.WithoutNumber(group.Name), own, Weights(group, []),
                        config is { Layers.Count: > 0 } ? "" : prefix));
                }
            }
        }

        // The attributes of a model of one's own class. Those of a model of layers have the same layers again, which are not written twice.
        foreach (Hdf5Group group in model.Groups.Where(one => !Containers.Contains(one.Name) && !Others.Contains(one.Name)))
        {
            KerasLayer[] own = group.Name == Variables ? [.. Own(model, prefix)]
                : [.. LayerParts.Divide(prefix + group.Name, "", null, Weights(group, []), prefix + group.Name)];
            layers.AddRange(own);
            isOrdered &= own.Length == 0;
        }

        return isOrdered;
    }

    /// <summary>Weights of the model itself.</summary>
    private static IEnumerable<KerasLayer> Own(Hdf5Group model, string prefix) => LayerParts.Divide(
        prefix.TrimEnd('.') is { Length: > 0 } name ? name : "model", "", null, Numbered(model, []), $"{prefix} itself");

    /// <summary>The layers in the configuration's order. Each class has numbers of its own.</summary>
    private static IEnumerable<(Hdf5Group Group, ConfigLayer? Config, string Name)> Ordered(Hdf5Group container, ConfigLayer config)
    {
        Dictionary<string, Hdf5Group> groups = container.Groups.ToDictionary(group => group.Name, StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ConfigLayer layer in config.Layers)
        {
            int count = counts[layer.Snake] = counts.GetValueOrDefault(layer.Snake, -1) + 1;
            string name = count == 0 ? layer.Snake : string.Create(CultureInfo.InvariantCulture, $"{layer.Snake}_{count}");
            if (groups.Remove(name, out Hdf5Group? group))
            {
                string? told = NameOf(group);
                yield return told is null || told == layer.Name ? (group, layer, layer.Name) : throw new DamagedFileException(
                    $"its weights have a layer '{MessageText.Show(told)}' where its configuration has '{MessageText.Show(layer.Name)}'.");
            }
        }

        if (groups.Values.FirstOrDefault(group => Weights(group, []).Any()) is { } left)
        {
            throw new DamagedFileException($"its configuration has no layer for the weights in '{MessageText.Show(left.Path)}'.");
        }
    }

    private static IEnumerable<(Hdf5Group Group, ConfigLayer? Config, string Name)> Unordered(Hdf5Group container) =>
        from @group in container.Groups
        let kind = KerasNames.WithoutNumber(@group.Name)
        orderby kind, @group.Name.Length, @group.Name
        select (@group, (ConfigLayer?)null, NameOf(@group) ?? @group.Name);

    /// <summary>The layer's name, which Keras writes from 3.2 on.</summary>
    private static string? NameOf(Hdf5Group group) => group.Find(Variables)?.Texts("name")?.FirstOrDefault();

    /// <summary>All weights in a layer's groups, with where they are.</summary>
    private static IEnumerable<(string[] Places, KerasWeight Weight)> Weights(Hdf5Group group, string[] places) =>
        Numbered(group, places).Concat(group.Groups
            .Where(inner => inner.Name != Variables && !Others.Contains(inner.Name))
            .SelectMany(inner => Weights(inner, [.. places, inner.Name])));

    private static IEnumerable<(string[] Places, KerasWeight Weight)> Numbered(Hdf5Group group, string[] places)
    {
        if (group.Find(Variables) is not { } variables)
        {
            return [];
        }

        return variables.Arrays.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).Select(name =>
        {
            Hdf5Array array = variables.ArrayOf(name);
            bool isBrain = array.Type.Size == ElementType.BF16.Size && variables.TextOf(name, "dtype") == "bfloat16";
            return (places, new KerasWeight("", name, array, isBrain ? ElementType.BF16 : array.Type.Numbers));
        });
    }
}
