using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Strata.Imaging;
using Strata.Pictures;

namespace Strata.Serving.Tests;

/// <summary>The code of the page about photos. <see cref="PageTests"/> compares it with the page, line by line.</summary>
internal static class PhotoSnippets
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddStrataEndpoints(restPort: 0, grpcPort: 0);
        string weights = Path.Combine(builder.Environment.ContentRootPath, "flowers.safetensors");
        IReadOnlyList<string> names = ClassNames.Load(weights);
        var toInput = new ImagePreprocessing(32, 32);
        builder.Services.AddStrata().AddModel<Flowers>("flowers", options =>
        {
            options.Weights = weights;
            options.ClassNames = names;
        });

        var app = builder.Build();
        app.MapStrata();
        app.MapPost("/label", async (HttpRequest request, IInference<Flowers> flowers, CancellationToken cancellation) =>
        {
            using var file = new MemoryStream();
            await request.Body.CopyToAsync(file, cancellation);
            try
            {
                Picture photo = ImageFile.Read(file.ToArray(), new ImageReadOptions { ApplyOrientation = true, MaxPixels = 24_000_000 });
                float[] input = new float[flowers.InputLength], scores = new float[flowers.OutputLength];
                toInput.Apply(photo, input);
                await flowers.InferAsync(input, scores, cancellation: cancellation);
                return Results.Ok(ClassNames.Top(scores, 3).Select(top => new { label = names[top.Class], probability = top.Score }));
            }
            catch (ImageFormatException e)
            {
                return Results.Problem(e.Message, statusCode: 400);
            }
            catch (QueueFullException e)
            {
                return Results.Problem(e.Message, statusCode: 503);
            }
        });
        return app;
    }
}
