using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>Gives numbered weights the names that Keras has for them, in the order in which its layers add them.</summary>
internal static class WeightNames
{
    private static readonly string[] Recurrent = ["kernel", "recurrent_kernel", "bias"];

    /// <summary>A layer's weights by their parts and names.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="kind">What it computes.</param>
    public static Dictionary<string, KerasWeight> Of(KerasLayer layer, WeightKind kind)
    {
        var names = new Dictionary<string, KerasWeight>(StringComparer.Ordinal);
        foreach (IGrouping<string, KerasWeight> part in layer.Weights.GroupBy(weight => weight.Part))
        {
            string[] known = part.All(weight => weight.Number is null) ? [] : Names(layer, kind, part.Count());
            foreach (KerasWeight weight in part)
            {
                string name = weight.Number is not { } number ? weight.Name
                    : number < known.Length ? known[number]
                    : throw new DamagedFileException($"the file's layer {layer} has more weights than a layer of the kind {kind}.");
                names[name.Length == 0 || part.Key.Length == 0 ? name : $"{part.Key}/{name}"] = weight;
            }
        }

        return names;
    }

    private static string[] Names(KerasLayer layer, WeightKind kind, int count) => kind switch
    {
        WeightKind.LSTM or WeightKind.GRU => Recurrent,
        WeightKind.Slopes => ["alpha"],
        WeightKind.Embedding => ["embeddings"],
        WeightKind.Scale => ["gamma"],
        WeightKind.BatchNorm => [.. Affine(layer, count - 2), "moving_mean", "moving_variance"],
        WeightKind.Norm => Affine(layer, count),
        _ => ["kernel", "bias"],
    };

    /// <summary>Which of the two numbers of a feature a normalisation has.</summary>
    private static string[] Affine(KerasLayer layer, int count) => count switch
    {
        0 => [],
        1 when layer.Config is { } config && (config["scale"], config["center"]) is ("True" or "False", _) flags =>
            [flags.Item1 == "True" ? "gamma" : "beta"],
        1 => throw new DamagedFileException($"the file's layer {layer} has either a scale or a shift, and does not tell which. The model's "
            + "configuration does: load a .keras file, or an .h5 file of the whole model."),
        2 => ["gamma", "beta"],
        _ => throw new DamagedFileException($"the file's layer {layer} has other weights than a normalisation."),
    };
}
