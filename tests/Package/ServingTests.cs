using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>A server that is published as a native program.</summary>
public sealed class ServingTests(PackageFixture package)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_native_server_without_reflection_answers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "not Linux x64");
        string folder = package.NewFolder("server");
        (int rest, int grpc) = (FreePort(), FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "Shop.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <PublishAot>true</PublishAot>
                <IlcInstructionSet>x86-64-v3</IlcInstructionSet>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Strata" Version="{PackageFixture.Version}" />
                <PackageReference Include="Strata.Serving" Version="{PackageFixture.Version}" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), $$"""
            using Strata;
            using Strata.Serving;

            var builder = WebApplication.CreateSlimBuilder(args);
            builder.AddStrataEndpoints({{rest}}, {{grpc}});
            builder.Services.AddStrata().AddModel<Flowers>("flowers", options => options.Seed = 1);
            var app = builder.Build();
            app.MapStrata();
            app.Run();

            [Network, Input(1, 4, 4), Conv2D(4, 3), ReLU, Flatten, Dense(5), Softmax]
            public partial class Flowers;
            """, TestContext.Current.CancellationToken);
        await Cli.DotnetAsync(folder, "publish", "-c", "Release", "-r", "linux-x64", "-o", "out");
        using Process server = Cli.Start(folder, Path.Combine(folder, "out", "Shop"));
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{rest}/v2/") };
            await UntilAsync(http, "health/ready");
            JsonElement model = await http.GetFromJsonAsync<JsonElement>("models/flowers", TestContext.Current.CancellationToken);
            Assert.Equal("flowers", model.GetProperty("name").GetString());
            string data = string.Join(',', Enumerable.Repeat("0.5", 16));
            using var request = new StringContent(
                $$"""{"inputs":[{"name":"input","shape":[1,1,4,4],"datatype":"FP32","data":[{{data}}]}]}""");
            using HttpResponseMessage response = await http.PostAsync(
                "models/flowers/infer", request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            float[] probabilities =
                [.. answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];
            Assert.Equal(5, probabilities.Length);
            Assert.Equal(1, probabilities.Sum(), 1e-5);
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task UntilAsync(HttpClient http, string path)
    {
        for (long start = Stopwatch.GetTimestamp(); ; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            try
            {
                if ((await http.GetAsync(path, TestContext.Current.CancellationToken)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(start) < Soon)
            {
                // It does not listen yet.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
