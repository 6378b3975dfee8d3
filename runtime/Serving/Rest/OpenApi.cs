using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>The endpoints as an OpenAPI 3.1 document, with the tensors of the models that this app has.</summary>
internal static class OpenApi
{
    public static void Write(Utf8JsonWriter json, ModelRepository repository, ServingOptions options)
    {
        json.WriteStartObject();
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", $"{options.Name}: Open Inference Protocol, version 2");
        json.WriteString("version", ServerInfo.Version);
        json.WriteEndObject();
        json.WriteStartObject("paths");
        Path(json, "/v2", "get", "What the server is", "Server");
        Path(json, "/v2/health/live", "get", "Whether the server runs", "Live");
        Path(json, "/v2/health/ready", "get", "Whether all models are ready", "Ready");
        Path(json, "/v2/repository/index", "post", "All models and their states", "Index");
        foreach (ServedModel model in repository.Models)
        {
            string path = $"/v2/models/{Uri.EscapeDataString(model.Name)}";
            Path(json, path, "get", $"The tensors of {model.Name}", "Model");
            Path(json, path + "/ready", "get", $"Whether {model.Name} is ready", "ModelReady");
            Path(json, path + "/infer", "post", $"Computes the outputs of 1 to {model.MaxBatch} samples", "Answer", InputOf(model));
            foreach (string change in options.AllowLoading ? (string[])["load", "unload"] : [])
            {
                Path(json, $"/v2/repository/models/{Uri.EscapeDataString(model.Name)}/{change}", "post", $"To {change} {model.Name}", null);
            }
        }

        json.WriteEndObject();
        json.WriteStartObject("components");
        json.WriteStartObject("schemas");
        foreach ((string name, string schema) in Schemas)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(schema);
        }

        foreach (ServedModel model in repository.Models)
        {
            WriteInput(json, model);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["Error"] = """{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}}""",
        ["Live"] = """{"type":"object","properties":{"live":{"type":"boolean"}}}""",
        ["Ready"] = """{"type":"object","properties":{"ready":{"type":"boolean"}}}""",
        ["ModelReady"] = """{"type":"object","properties":{"name":{"type":"string"},"ready":{"type":"boolean"}}}""",
        ["Server"] = """
            {"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},
            "extensions":{"type":"array","items":{"type":"string"}}}}
            """,
        ["Tensor"] = """
            {"type":"object","properties":{"name":{"type":"string"},"datatype":{"enum":["FP32","BYTES"]},
            "shape":{"type":"array","items":{"type":"integer"}},"data":{"type":"array"},"parameters":{"type":"object"}}}
            """,
        ["Model"] = """
            {"type":"object","properties":{"name":{"type":"string"},"versions":{"type":"array","items":{"type":"string"}},
            "platform":{"type":"string"},"inputs":{"type":"array","items":{"$ref":"#/components/schemas/Tensor"}},
            "outputs":{"type":"array","items":{"$ref":"#/components/schemas/Tensor"}}}}
            """,
        ["Index"] = """
            {"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"version":{"type":"string"},
            "state":{"enum":["READY","LOADING","UNAVAILABLE"]},"reason":{"type":"string"}}}}
            """,
        ["Answer"] = """
            {"type":"object","properties":{"model_name":{"type":"string"},"model_version":{"type":"string"},"id":{"type":"string"},
            "outputs":{"type":"array","items":{"$ref":"#/components/schemas/Tensor"}}}}
            """,
    };

    private static string InputOf(ServedModel model) => $"Infer.{model.Name}";

    private static void WriteInput(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteStartObject(InputOf(model));
        json.WriteString("type", "object");
        json.WriteStartArray("required");
        json.WriteStringValue("inputs");
        json.WriteEndArray();
        json.WriteStartObject("properties");
        json.WritePropertyName("id");
        json.WriteRawValue("""{"type":"string"}""");
        json.WriteStartObject("inputs");
        json.WriteString("type", "array");
        json.WriteStartArray("prefixItems");
        foreach ((TensorInfo tensor, long[] shape) in model.Info.Inputs.Zip(model.Shapes.Inputs))
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            json.WriteStartObject("name");
            json.WriteString("const", tensor.Name);
            json.WriteEndObject();
            json.WriteStartObject("shape");
            json.WriteString("description", Tensors.Text(shape));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Path(Utf8JsonWriter json, string path, string method, string summary, string? answer, string? input = null)
    {
        json.WriteStartObject(path);
        json.WriteStartObject(method);
        json.WriteString("summary", summary);
        if (input is not null)
        {
            json.WriteStartObject("requestBody");
            Content(json, input);
            json.WriteEndObject();
        }

        json.WriteStartObject("responses");
        json.WriteStartObject("200");
        json.WriteString("description", "done");
        if (answer is not null)
        {
            Content(json, answer);
        }

        json.WriteEndObject();
        json.WriteStartObject("default");
        json.WriteString("description", "what is wrong");
        Content(json, "Error");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Content(Utf8JsonWriter json, string schema)
    {
        json.WriteStartObject("content");
        json.WriteStartObject("application/json");
        json.WriteStartObject("schema");
        json.WriteString("$ref", $"#/components/schemas/{schema}");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
