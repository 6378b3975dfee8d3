using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;

namespace Strata.Serving.Tests;

/// <summary>The code of the package's page. <see cref="PageTests"/> compares it with the page, line by line.</summary>
internal static class PageSnippets
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddStrataEndpoints();
        builder.Services.AddStrata().AddModel<Flowers>("flowers", options =>
        {
            options.Weights = "flowers.safetensors";
            options.MaxBatch = 16;
            options.MaxDelay = TimeSpan.FromMilliseconds(2);
        });

        var app = builder.Build();
        app.MapStrata();
        return app;
    }

    public static void Watch(ModelOptions options, float[] inputs, float[] outputs)
    {
        options.WatchInterval = TimeSpan.FromSeconds(1);
        options.Check = new ModelCheck(inputs, outputs);
    }
}

[Network, Input(3, 32, 32), Conv2D(16, 3, Padding = 1), ReLU, GlobalAveragePool2D, Flatten, Dense(5), Softmax, CrossEntropy]
public partial class Flowers;

public sealed class Sorter(IInference<Flowers> flowers)
{
    public async Task<float[]> ScoresAsync(float[] image, CancellationToken cancellation)
    {
        float[] scores = new float[flowers.OutputLength];
        await flowers.InferAsync(image, scores, new InferenceOptions { Priority = InferencePriority.High }, cancellation);
        return scores;
    }
}

/// <summary>The page's server of an ONNX file.</summary>
public static class OnnxSnippet
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddStrata().AddOnnx("flowers", "flowers.onnx", options => options.WatchInterval = TimeSpan.FromSeconds(1));
    }

    public static void AddSizes(WebApplicationBuilder builder)
    {
        builder.Services.AddStrata().AddOnnx(
            "text", "text.onnx", import: new() { Inputs = new Dictionary<string, IReadOnlyList<int>> { ["x"] = [3, 48, 320] } },
            compile: new CompileOptions { Sizes = [[48, 160], [48, 640]] });
    }
}
