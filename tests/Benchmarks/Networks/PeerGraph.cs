using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Strata.Compiler.Catalogue;
using Strata.Onnx.Nodes;
using Strata.Onnx.Operators;
using Strata.Training;

namespace Strata.Benchmarks.Networks;

/// <summary>
/// A network as peer_training.py is told of it. All of it comes from the network's public description, so that it needs no twin that is
/// written by hand; that both sides then compute the same is checked at each measurement.
/// </summary>
internal static class PeerGraph
{
    /// <summary>What the script calls the network's input.</summary>
    private const string InputName = "input";

    /// <exception cref="NotSupportedException">The script does not know such a network.</exception>
    public static byte[] ToJson(NetworkInfo info)
    {
        if (info.Inputs is not [{ Layer: InputName }])
        {
            throw new NotSupportedException($"it has an input of its own, '{info.Inputs[^1].Name}'");
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("layers");
            foreach (SavedLayer layer in new SavedGraph(info).Layers)
            {
                WriteLayer(json, layer);
            }

            json.WriteEndArray();
            json.WriteStartArray("losses");
            foreach (LossInfo loss in info.Losses)
            {
                WriteLoss(json, loss);
            }

            json.WriteEndArray();
            WriteTexts(json, "parameters", info.Parameters.Select(parameter => parameter.Key));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteLayer(Utf8JsonWriter json, SavedLayer layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("kind", layer.Kind);
        json.WriteNumber("dimensions", layer.Dimensions);
        WriteTexts(json, "inputs", layer.Inputs);
        WriteNumbers(json, "input_shape", layer.InputShape);
        WriteNumbers(json, "output_shape", layer.OutputShape);
        if (layer.Info.Windows.Count > 0)
        {
            IReadOnlyList<SavedAxis> axes = layer.Axes;
            WriteNumbers(json, "kernel", axes.Select(axis => axis.Kernel));
            WriteNumbers(json, "stride", axes.Select(axis => axis.Stride));
            WriteNumbers(json, "dilation", axes.Select(axis => axis.Dilation));
            WriteNumbers(json, "before", axes.Select(axis => axis.Before));
            WriteNumbers(json, "after", axes.Select(axis => axis.After));
            WriteNumbers(json, "output_padding", axes.Select(axis => axis.OutputPadding));
            json.WriteNumber("groups", Value(layer, "Groups", 1));
            json.WriteBoolean("ceil", Value(layer, "CeilMode", false));
            json.WriteBoolean("count_padding", Value(layer, "CountIncludePad", true));
            json.WriteString("padding_mode", Text(Value(layer, layer.Kind == "Pad" ? "Mode" : "PaddingMode", PaddingMode.Zeros)));
        }

        switch (layer.Kind)
        {
            case "Slice" or "Split":
                json.WriteNumber("first", Slices.First(layer));
                json.WriteNumber("along", Slices.Axis(layer));
                break;
            case "ChannelShuffle":
                json.WriteNumber("shuffled_groups", layer.Argument<int>("groups"));
                break;
            case "BatchNorm":
                json.WriteNumber("epsilon", layer.Argument<double>("Epsilon"));
                json.WriteNumber("momentum", layer.Argument<double>("Momentum"));
                break;
            case "LayerNorm":
                json.WriteNumber("epsilon", layer.Argument<double>("Epsilon"));
                json.WriteBoolean("over_channels", layer.Argument<bool>("OverChannels"));
                break;
            case "LeakyReLU":
                json.WriteNumber("slope", layer.Argument<double>("slope"));
                break;
            case "Dropout" or "SpatialDropout" or "StochasticDepth":
                json.WriteNumber("rate", layer.Argument<double>("rate"));
                break;
            case "Upsample":
                json.WriteString("mode", Text(layer.Argument<UpsampleMode>("Mode")));
                json.WriteBoolean("align_corners", layer.Argument<bool>("AlignCorners"));
                break;
        }

        json.WriteStartObject("parameters");
        foreach ((string suffix, ParameterInfo parameter) in layer.Parameters)
        {
            json.WriteString(suffix, parameter.Key);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Text(Enum member) => EnumText.Format(member.GetType(), Convert.ToInt32(member, CultureInfo.InvariantCulture));

    /// <summary>The value of an argument, or what a layer without it does.</summary>
    private static T Value<T>(SavedLayer layer, string name, T without) => layer.Has(name) ? layer.Argument<T>(name) : without;

    private static void WriteLoss(Utf8JsonWriter json, LossInfo loss)
    {
        json.WriteStartObject();
        json.WriteString("kind", loss.Name);
        json.WriteString("tensor", loss.Tensor);
        json.WriteNumber("weight", loss.Weight);
        json.WriteString("reduction", loss.Reduction == Reduction.Mean ? "mean" : "sum");
        json.WriteBoolean("takes_classes", loss.TakesClasses);
        json.WriteNumber("target_offset", loss.TargetOffset);
        json.WriteNumber("target_length", loss.TargetLength);
        json.WriteNumber("ignore_index", loss.IgnoreIndex ?? -100);
        json.WriteBoolean("weighs_classes", loss.MeanWeights is not null);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
