using System;
using System.Collections.Generic;
using System.Text.Json;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>Models and answers as JSON.</summary>
internal static class ModelJson
{
    public static void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Name);
        json.WriteStartArray("versions"u8);
        json.WriteStringValue(model.Version);
        json.WriteEndArray();
        json.WriteString("platform"u8, ServerInfo.Platform);
        WriteTensors(json, "inputs", model.Info.Inputs);
        WriteTensors(json, "outputs", model.Info.Outputs);
        json.WriteEndObject();
    }

    /// <summary>The answer to an inference; the bytes of binary outputs stand behind it.</summary>
    public static void WriteAnswer(Utf8JsonWriter json, InferCall call)
    {
        json.WriteStartObject();
        json.WriteString("model_name"u8, call.Model.Name);
        json.WriteString("model_version"u8, call.Model.Version);
        if (call.Id.Length > 0)
        {
            json.WriteString("id"u8, call.Id);
        }

        json.WriteStartArray("outputs"u8);
        foreach ((TensorInfo tensor, int offset, bool isBinary) in call.Answers())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("datatype"u8, Tensors.DataType);
            json.WriteStartArray("shape"u8);
            json.WriteNumberValue(call.Samples);
            foreach (int extent in tensor.Shape)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            WriteValues(json, call, tensor, offset, isBinary);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, InferCall call, TensorInfo tensor, int offset, bool isBinary)
    {
        int length = Tensors.Length(tensor);
        if (isBinary)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("binary_data_size"u8, (long)call.Samples * length * sizeof(float));
            json.WriteEndObject();
            return;
        }

        json.WriteStartArray("data"u8);
        ReadOnlySpan<float> outputs = call.Outputs;
        for (int n = 0; n < call.Samples; n++)
        {
            foreach (float value in outputs.Slice((n * call.Model.OutputLength) + offset, length))
            {
                if (!float.IsFinite(value))
                {
                    throw new ProtocolException(Microsoft.AspNetCore.Http.StatusCodes.Status422UnprocessableEntity,
                        $"The output '{tensor.Name}' of sample {n} is {value}, for which JSON has no number. "
                        + "Look at the inputs, or ask for binary outputs.");
                }

                json.WriteNumberValue(value);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteTensors(Utf8JsonWriter json, string name, IReadOnlyList<TensorInfo> tensors)
    {
        json.WriteStartArray(name);
        foreach (TensorInfo tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("datatype"u8, Tensors.DataType);
            json.WriteStartArray("shape"u8);
            foreach (long extent in Tensors.ShapeOf(tensor))
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
