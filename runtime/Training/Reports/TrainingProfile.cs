using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Training;

/// <summary>
/// Where the time of training goes, layer by layer, as measured by <see cref="Trainer.Profile"/>. Times are milliseconds per batch, summed
/// over all threads: if two threads share all the work, the clock shows half of it.
/// </summary>
/// <param name="Batches">Batches that were measured.</param>
/// <param name="Layers">The layers in the order of the network. Layers that are computed together are one row. A row without a name is for
/// what belongs to no layer.</param>
public sealed record TrainingProfile(int Batches, IReadOnlyList<LayerProfile> Layers)
{
    /// <summary>Choosing, augmenting and mixing samples in <c>Fit</c>.</summary>
    public double Gathering { get; init; }

    /// <summary>The losses and their gradients.</summary>
    public double Loss { get; init; }

    /// <summary>Adding the gradients of the batch's blocks.</summary>
    public double Sums { get; init; }

    /// <summary>The optimizer's update. If gradients accumulate over several batches, adding them up counts here, too.</summary>
    public double Update { get; init; }

    /// <summary>The sum of all times.</summary>
    public double Total => Layers.Sum(layer => layer.Total) + Gathering + Loss + Sums + Update;

    /// <summary>A table: a line for each layer, with its share of the whole and the megabytes (10⁶) that it moves.</summary>
    public override string ToString()
    {
        (string Name, double Time)[] others =
            [("gathering of samples", Gathering), ("loss", Loss), ("sums of gradients", Sums), ("update", Update)];
        int width = Layers.Select(NameOf).Concat(others.Select(row => row.Name)).Max(name => name.Length);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{Batches} {(Batches == 1 ? "batch" : "batches")}, {Total:F3} ms each, of all threads together\n");
        text.Append("layer".PadRight(width)).Append("    forward  backward data  backward weights      MB   share");
        foreach (LayerProfile layer in Layers)
        {
            text.Append('\n').Append(NameOf(layer).PadRight(width)).Append(
                CultureInfo.InvariantCulture,
                $"{layer.Forward,11:F3}{layer.BackwardData,15:F3}{layer.BackwardWeights,18:F3}{layer.Bytes / 1e6,8:F1}"
                + $"{Share(layer.Total)}");
        }

        foreach ((string name, double time) in others)
        {
            text.Append('\n').Append(name.PadRight(width)).Append(CultureInfo.InvariantCulture, $"{time,11:F3}{"",41}{Share(time)}");
        }

        return text.ToString();

        string Share(double time) => string.Create(CultureInfo.InvariantCulture, $"{(Total > 0 ? time / Total : 0),8:P1}");
    }

    private static string NameOf(LayerProfile layer) => layer.Layer.Length > 0 ? layer.Layer : "(no layer)";
}

/// <summary>The time of training one layer, or several that are computed together.</summary>
/// <param name="Layer">The layer's name, or all names: <c>conv1 + bn1 + relu1</c>.</param>
/// <param name="Forward">Milliseconds of the forward pass, per batch.</param>
/// <param name="BackwardData">Milliseconds for the gradients of the layer's inputs, and of its parameters if one kernel computes
/// both.</param>
/// <param name="BackwardWeights">Milliseconds for the gradients of the layer's parameters.</param>
/// <param name="Bytes">
/// Bytes of tensors, parameters and gradients that the layer's steps read and write per batch, from memory or a cache. A tensor counts once
/// per step, with its padding. The caller's arrays, scratch memory and the optimizer's update don't count.
/// </param>
public sealed record LayerProfile(string Layer, double Forward, double BackwardData, double BackwardWeights, double Bytes)
{
    /// <summary>The sum of the three times.</summary>
    public double Total => Forward + BackwardData + BackwardWeights;

    /// <summary>The times as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(LayerProfile), PrintMembers);
}
