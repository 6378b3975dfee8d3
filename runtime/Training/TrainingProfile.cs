using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Training;

/// <summary>
/// What training a network takes, layer by layer, as <see cref="Trainer.Profile"/> has measured it. Times are milliseconds of all threads
/// together, on average over the batches: on two threads that share all work, half of their sum passes on the clock.
/// </summary>
/// <param name="Batches">Batches that were measured.</param>
/// <param name="Layers">The layers in the order of the network; those that are computed together are one row. A row without a name has what
/// belongs to none.</param>
public sealed record TrainingProfile(int Batches, IReadOnlyList<LayerProfile> Layers)
{
    /// <summary>Choosing, augmenting and mixing samples, of <c>Fit</c>.</summary>
    public double Gathering { get; init; }

    /// <summary>The losses and their gradients.</summary>
    public double Loss { get; init; }

    /// <summary>Adding the gradients of the batch's blocks.</summary>
    public double Sums { get; init; }

    /// <summary>The optimizer's pass; where gradients accumulate over several batches, adding them up, too.</summary>
    public double Update { get; init; }

    /// <summary>All of it.</summary>
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

/// <summary>What training a layer, or several that are computed together, takes.</summary>
/// <param name="Layer">Its name, or all of theirs: <c>conv1 + bn1 + relu1</c>.</param>
/// <param name="Forward">Milliseconds of forward for a batch.</param>
/// <param name="BackwardData">Milliseconds for the gradients of its inputs, with those of parameters where both are one kernel.</param>
/// <param name="BackwardWeights">Milliseconds for the gradients of its parameters.</param>
/// <param name="Bytes">
/// Bytes of tensors, parameters and their gradients that its steps read and write for a batch, from memory or a cache: each tensor counts
/// once for each step, with what pads it. The caller's arrays, scratch memory and the optimizer's pass do not count.
/// </param>
public sealed record LayerProfile(string Layer, double Forward, double BackwardData, double BackwardWeights, double Bytes)
{
    /// <summary>All milliseconds.</summary>
    public double Total => Forward + BackwardData + BackwardWeights;

    /// <summary>The times as text, the same in every country.</summary>
    public override string ToString() => InvariantText.Of(nameof(LayerProfile), PrintMembers);
}
