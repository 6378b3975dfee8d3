using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Strata.Imaging;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>The code of the package's page compiles, and does what the page says.</summary>
public sealed partial class PageTests
{
    private static string Folder => typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    [Theory]
    [InlineData("PACKAGE.md")]
    [InlineData("PHOTOS.md")]
    public void Each_line_of_the_page_is_compiled(string name)
    {
        string page = File.ReadAllText(Path.Combine(Folder, "..", "..", "runtime", "Serving", name)).ReplaceLineEndings("\n");
        string[] compiled =
        [
            .. new[] { "PageSnippets.cs", "PhotoSnippets.cs" }.SelectMany(file => File.ReadLines(Path.Combine(Folder, file)))
                .Select(line => line.Trim()),
        ];
        string[] lines = [.. Snippets().Matches(page).SelectMany(match => match.Groups[1].Value.Split('\n'))
            .Select(line => Comment().Replace(line, "").Trim()).Where(line => line.Length > 0 && line != "app.Run();")
            .Where(line => !line.StartsWith("using ", StringComparison.Ordinal))];
        Assert.True(lines.Length > 20);
        Assert.Empty(lines.Except(compiled));
    }

    [Fact]
    public async Task The_app_of_the_page_gives_the_service_what_its_network_computes()
    {
        string folder = Directory.CreateTempSubdirectory("strata-page").FullName;
        try
        {
            using var network = new Flowers(seed: 3);
            network.Save(Path.Combine(folder, "flowers.safetensors"));
            await using WebApplication app = PageSnippets.Build(["--contentRoot", folder]);
            await app.Services.GetRequiredService<ModelRepository>().Find("flowers")!.LoadAsync(TestContext.Current.CancellationToken);
            var sorter = new Sorter(app.Services.GetRequiredService<IInference<Flowers>>());
            float[] image = Server.Samples(1, 3 * 32 * 32);
            Assert.Equal(Server.Alone(network, image), await sorter.ScoresAsync(image, TestContext.Current.CancellationToken));
            await app.Services.GetRequiredService<ModelRepository>().Find("flowers")!.UnloadAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_app_of_the_page_about_photos_says_what_is_on_one()
    {
        string folder = Directory.CreateTempSubdirectory("strata-photos").FullName;
        string[] names = ["daisy", "dandelion", "rose", "sunflower", "tulip"];
        try
        {
            using var network = new Flowers(seed: 3);
            string weights = Path.Combine(folder, "flowers.safetensors");
            network.Save(weights);
            ClassNames.Save(weights, names);
            await using WebApplication app = PhotoSnippets.Build(["--contentRoot", folder]);
            await app.StartAsync(TestContext.Current.CancellationToken);
            string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
                .Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            byte[] jpeg = await File.ReadAllBytesAsync(Path.Combine(Folder, "photo.jpg"), TestContext.Current.CancellationToken);
            float[] input = new float[3 * 32 * 32];
            new ImagePreprocessing(32, 32).Apply(ImageFile.Read(jpeg), input);
            IReadOnlyList<(int Class, float Score)> expected = ClassNames.Top(Server.Alone(network, input), 3);

            using JsonDocument labels = JsonDocument.Parse(await PostAsync("label", jpeg, HttpStatusCode.OK));
            Assert.Equal(
                expected.Select(one => (names[one.Class], one.Score)),
                labels.RootElement.EnumerateArray().Select(
                    one => (one.GetProperty("label").GetString()!, one.GetProperty("probability").GetSingle())));
            Assert.Contains("image", await PostAsync("label", [1, 2, 3], HttpStatusCode.BadRequest), StringComparison.Ordinal);
            string data = string.Join(',', input.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            string request = $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[{{{data}}}]}],"""
                + """ "outputs":[{"name":"output","parameters":{"classification":1}}]}""";
            Assert.Contains(
                $":{expected[0].Class}:{names[expected[0].Class]}\"",
                await PostAsync("v2/models/flowers/infer", Encoding.UTF8.GetBytes(request), HttpStatusCode.OK), StringComparison.Ordinal);
            await app.StopAsync(TestContext.Current.CancellationToken);

            async Task<string> PostAsync(string path, byte[] body, HttpStatusCode status)
            {
                using HttpResponseMessage response = await client.PostAsync(
                    new Uri(path, UriKind.Relative), new ByteArrayContent(body), TestContext.Current.CancellationToken);
                Assert.Equal(status, response.StatusCode);
                return await Requests.TextAsync(response);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"\s*//.*$")]
    private static partial Regex Comment();
}
