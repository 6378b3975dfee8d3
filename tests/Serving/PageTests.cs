using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>The code of the package's page compiles, and does what the page says.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Each_line_of_the_page_is_compiled()
    {
        string folder = typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!;
        string page = File.ReadAllText(Path.Combine(folder, "..", "..", "runtime", "Serving", "PACKAGE.md")).ReplaceLineEndings("\n");
        string[] compiled = [.. File.ReadLines(Path.Combine(folder, "PageSnippets.cs")).Select(line => line.Trim())];
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

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"\s*//.*$")]
    private static partial Regex Comment();
}
