using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>Models and answers as JSON.</summary>
internal static class ModelJson
{
    public const string ContentType = "application/json";

    /// <summary>Quotes and letters stay as they are: the type of the content says that this is no HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Name);
        json.WriteStartArray("versions"u8);
        json.WriteStringValue(model.Version);
        json.WriteEndArray();
        json.WriteString("platform"u8, ServerInfo.Platform);
        WriteTensors(json, "inputs", model.Info.Inputs, model.Shapes.Inputs);
        WriteTensors(json, "outputs", model.Info.Outputs, model.Shapes.Outputs);
        json.WriteEndObject();
    }

    public static void WriteIndex(Utf8JsonWriter json, IEnumerable<ServedModel> models)
    {
        json.WriteStartArray();
        foreach (ServedModel model in models)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, model.Name);
            json.WriteString("version"u8, model.Version);
            json.WriteString("state"u8, ServerInfo.StateOf(model));
            json.WriteString("reason"u8, model.Failure ?? "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
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
        foreach (Answer answer in call.Answers())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, answer.Tensor.Name);
            json.WriteString("datatype"u8, answer.DataType);
            json.WriteStartArray("shape"u8);
            json.WriteNumberValue(call.Samples);
            foreach (int extent in answer.Shape)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            if (answer.IsBinary)
            {
                json.WriteStartObject("parameters"u8);
                json.WriteNumber("binary_data_size"u8, answer.Classes > 0 ? ClassificationOutput.BytesOf(call, answer).Length
                    : (long)call.Samples * Tensors.Length(answer.Tensor) * sizeof(float));
                json.WriteEndObject();
            }
            else
            {
                WriteValues(json, call, answer);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, InferCall call, Answer answer)
    {
        json.WriteStartArray("data"u8);
        foreach (string text in answer.Classes > 0 ? ClassificationOutput.TextsOf(call, answer) : [])
        {
            json.WriteStringValue(text);
        }

        int length = answer.Classes > 0 ? 0 : Tensors.Length(answer.Tensor);
        ReadOnlySpan<float> outputs = call.Outputs;
        for (int n = 0; n < call.Samples; n++)
        {
            foreach (float value in outputs.Slice((n * call.OutputLength) + answer.Offset, length))
            {
                if (!float.IsFinite(value))
                {
                    throw new ProtocolException(Microsoft.AspNetCore.Http.StatusCodes.Status422UnprocessableEntity,
                        $"The output '{answer.Tensor.Name}' of sample {n} is {value}, for which JSON has no number. "
                        + "Look at the inputs, or ask for binary outputs.");
                }

                json.WriteNumberValue(value);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteTensors(
        Utf8JsonWriter json, string name, IReadOnlyList<TensorInfo> tensors, IReadOnlyList<long[]> shapes)
    {
        json.WriteStartArray(name);
        foreach ((TensorInfo tensor, long[] shape) in tensors.Zip(shapes))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("datatype"u8, Tensors.DataType);
            json.WriteStartArray("shape"u8);
            foreach (long extent in shape)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
