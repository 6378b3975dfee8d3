using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>The tensors of a file with PyTorch's names and shapes, without a network that says what it wants.</summary>
internal static class PlainTensors
{
    /// <summary>Layers that leave features as they are, one behind the other. Files of strangers have more, and cost time.</summary>
    private const int MostSteps = 100;

    private const string Flatten = "flatten", WayOut = " A network tells it: load the file with LoadKeras, and save it with Save.";

    /// <summary>Classes whose features are those that they read, each computed in the same way.</summary>
    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "activation", "activity_regularization", "alpha_dropout", "batch_normalization", "dropout", "elu", "gaussian_dropout",
        "gaussian_noise", "leaky_re_lu", "p_re_lu", "re_lu", "softmax",
    };

    /// <summary>Classes whose output is flat, and whose features have an order of their own.</summary>
    private static readonly HashSet<string> Sources = new(StringComparer.Ordinal)
    {
        "dense", "global_average_pooling1d", "global_average_pooling2d", "global_average_pooling3d", "global_max_pooling1d",
        "global_max_pooling2d", "global_max_pooling3d",
    };

    /// <summary>Kinds of layers that a model without images is made of.</summary>
    private static readonly WeightKind[] OfFeatures = [WeightKind.Dense, WeightKind.BatchNorm, WeightKind.Norm, WeightKind.Slopes];

    /// <summary>All tensors.</summary>
    /// <param name="model">The file.</param>
    /// <param name="read">Reads the bytes of an array.</param>
    /// <exception cref="DamagedFileException">The order of a layer's weights cannot be decided.</exception>
    public static List<NamedTensor> Of(KerasModel model, Func<Hdf5Array, byte[]> read)
    {
        var tensors = new List<NamedTensor>();
        for (int i = 0; i < model.Layers.Count; i++)
        {
            KerasLayer layer = model.Layers[i];
            WeightKind kind = KerasClasses.Of(layer) ?? throw new DamagedFileException(
                $"the order of the weights of its layer {layer} is not known.{WayOut}");
            bool isFlat = kind == WeightKind.Dense
                || (kind is WeightKind.BatchNorm or WeightKind.Slopes && layer.Weights[0].Array.Shape.Length == 1);
            long order = isFlat ? OrderBefore(model, i) : 0;
            tensors.AddRange(LayerTensors.Of(layer, new LayerPlan(kind, order), read)
                .Select(tensor => tensor with { Name = $"{layer.Name}.{tensor.Name}" }));
        }

        return tensors;
    }

    /// <summary>The channels of the tensor that was flattened before a layer; 0 if none was.</summary>
    private static long OrderBefore(KerasModel model, int index)
    {
        KerasLayer layer = model.Layers[index];
        KerasWeight first = layer.Weights[0];

        // Where the layer reads as many features as the one before it gives, nothing was flattened but single elements.
        KerasLayer? before = model.Layers.Take(index).LastOrDefault(
            one => KerasClasses.Of(one) is not (WeightKind.Slopes or WeightKind.Norm));
        bool isChained = model.IsOrdered && before is not null && first.Array.Shape is [var count, ..] && FeaturesOf(before) == count
            && layer.Scope.Length == 0;

        // Beside layers of images, a Reshape behind a dense layer, or a branch, may lie between the two.
        isChained &= KerasClasses.Of(layer) != WeightKind.Dense
            || model.Layers.All(one => KerasClasses.Of(one) is { } kind && OfFeatures.Contains(kind));
        if (layer.Config is { } own && model.Config is { } config && config.Layers.Contains(own))
        {
            if (config.All.Any(one => one.Snake is "reshape" or "permute" || one["data_format"] == "channels_first"))
            {
                throw Undecided(layer, "the model has a Reshape, a Permute, or channels first");
            }

            return Follow(layer, config, own);
        }

        return isChained ? 0 : throw Undecided(layer, "it may stand behind Flatten");
    }

    private static long Follow(KerasLayer layer, ConfigLayer config, ConfigLayer start)
    {
        ConfigLayer? at = start;
        for (int steps = 0; steps <= MostSteps; steps++)
        {
            at = Before(config, at);
            if (at is null || at.Snake == "input_layer")
            {
                return 0;
            }

            if (at.Snake == Flatten)
            {
                return at.InputShape is [.., var channels] shape && !shape.Contains(0)
                    ? (channels > 1 && shape[..^1].Any(extent => extent > 1) ? channels : 0)
                    : throw Undecided(layer, $"the file does not tell what '{MessageText.Show(at.Name)}' flattens");
            }

            if (!Unchanged.Contains(at.Snake))
            {
                // A layer of channels reads what is no flat tensor.
                bool isOfChannels = layer.Class is "batch_normalization" or "p_re_lu"
                    || at.Snake.StartsWith("conv", StringComparison.Ordinal);
                return isOfChannels || Sources.Contains(at.Snake) ? 0
                    : throw Undecided(layer, $"it reads '{MessageText.Show(at.Name)}' ({at.Class})");
            }
        }

        throw Undecided(layer, $"{MostSteps} layers before it leave features as they are, or its configuration leads in a circle");
    }

    /// <summary>The layer that a layer reads; null if it reads several.</summary>
    private static ConfigLayer? Before(ConfigLayer config, ConfigLayer layer)
    {
        if (config.Class == "Sequential")
        {
            int index = config.Layers.ToList().IndexOf(layer);
            return index > 0 ? config.Layers[index - 1] : null;
        }

        ConfigLayer[] inputs = [.. config.Layers.Where(one => one != layer && layer.Inputs.Contains(one.Name))];
        return inputs.Length == 1 ? inputs[0] : throw new DamagedFileException(
            $"its layer '{MessageText.Show(layer.Name)}' reads {inputs.Length} layers, so that the order of the features behind it is not "
            + $"known.{WayOut}");
    }

    /// <summary>The features or channels that a layer gives; null if its weights do not tell.</summary>
    private static long? FeaturesOf(KerasLayer layer) => (KerasClasses.Of(layer), layer.Weights[0].Array.Shape) switch
    {
        (WeightKind.Convolution or WeightKind.Dense, [.., var features]) => features,
        (WeightKind.Depthwise, [.., var channels, var multiplier]) => channels * multiplier,
        (WeightKind.BatchNorm, [var features]) => features,
        _ => null,
    };

    private static DamagedFileException Undecided(KerasLayer layer, string why) => new(
        $"the order of the features of its layer {layer} cannot be decided: {why}.{WayOut}");
}
