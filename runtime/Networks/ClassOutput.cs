using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>Which outputs of a network tell the class of a sample, and how they become probabilities.</summary>
/// <param name="Offset">Where they begin among a sample's outputs.</param>
/// <param name="Classes">How many they are.</param>
/// <param name="AreProbabilities">Whether the network has applied softmax. Otherwise they are logits.</param>
internal sealed record ClassOutput(int Offset, int Classes, bool AreProbabilities)
{
    /// <summary>Layers that change no number in inference.</summary>
    private static readonly string[] Passing = ["Flatten", "Reshape", "Dropout", "SpatialDropout"];

    private static readonly string[] Sigmoids = ["Sigmoid", "HardSigmoid", "LogSigmoid"];

    /// <exception cref="InvalidOperationException">The network does not tell a class of each sample.</exception>
    public static ClassOutput Find(NetworkInfo network)
    {
        if (network.Losses.FirstOrDefault(loss => loss is { TakesClasses: true, OutputOffset: not null }) is { } scored)
        {
            return scored.TargetLength == 1
                ? new ClassOutput(scored.OutputOffset!.Value, scored.Classes, EndsWith(network, scored.Tensor)?.Kind == "Softmax")
                : throw Refusal(network,
                    $"tells the class of each of {scored.TargetLength} places in a sample, such as pixels. Call Forward; the class of a "
                    + "place is the channel with the largest output");
        }

        TensorInfo output = network.Outputs[0];
        int classes = CompiledNetwork.Product(output.Shape);
        string? reason = network.Losses.Count > 0 ? "has no loss on an output that takes classes, such as [CrossEntropy]"
            : network.Outputs.Count > 1 ? $"has {network.Outputs.Count} outputs and no loss that tells which of them are classes"
            : classes != output.Shape[0] || classes < 2
                ? $"has the output {MessageText.Shape(output.Shape)}, which is not one number for each of several classes"
            : Sigmoids.Contains(EndsWith(network, output.Layer)?.Kind)
                ? "ends with a sigmoid and has no loss on classes, so that each output is a probability by itself"
            : null;
        return reason is null ? new ClassOutput(0, classes, EndsWith(network, output.Layer)?.Kind == "Softmax")
            : throw Refusal(network, reason + ". Call Forward for its outputs");
    }

    /// <summary>The class with the largest output, and its probability; null if some output is not finite.</summary>
    public ClassPrediction? Read(ReadOnlySpan<float> scores)
    {
        int best = 0;
        bool isFinite = true;
        for (int c = 0; c < scores.Length; c++)
        {
            best = scores[c] > scores[best] ? c : best;
            isFinite &= !float.IsNaN(scores[c]) && scores[c] < float.PositiveInfinity;
        }

        if (!isFinite || scores[best] == float.NegativeInfinity)
        {
            return null;
        }

        if (AreProbabilities)
        {
            return new ClassPrediction(best, scores[best]);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp((double)score - scores[best]);
        }

        return new ClassPrediction(best, (float)(1 / sum));
    }

    /// <summary>The layer that computes a tensor's numbers; null if it is an input.</summary>
    private static LayerInfo? EndsWith(NetworkInfo network, string tensor)
    {
        IReadOnlyList<LayerInfo> layers = network.Layers;
        while (true)
        {
            int index = layers.Count - 1;
            while (index >= 0 && layers[index].Name != tensor)
            {
                index--;
            }

            if (index < 0)
            {
                return null;
            }

            LayerInfo layer = layers[index];
            if (!Passing.Contains(layer.Kind) || (layer.Inputs.Count == 0 && index == 0))
            {
                return layer;
            }

            tensor = layer.Inputs.Count > 0 ? layer.Inputs[0] : layers[index - 1].Name;
        }
    }

    private static InvalidOperationException Refusal(NetworkInfo network, string reason) => new($"{network.Name} {reason}.");
}
