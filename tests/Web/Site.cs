using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Web.Tests;

/// <summary>The server of samples/Web, as a process of its own on a free port.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly Process _process;

    private Site(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>The folder of the sample's sources.</summary>
    public static string Sources => Path.GetFullPath(Metadata("Site"));

    /// <summary>Starts the server, and waits until it listens.</summary>
    /// <param name="arguments">What the command line says beside the address.</param>
    public static async Task<Site> StartAsync(params string[] arguments)
    {
        string program = Path.Combine(Sources, "bin", Metadata("Configuration"), "net10.0", "Samples.Web.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, line) => TestContext.Current.SendDiagnosticMessage("{0}", line.Data ?? "");
        process.BeginErrorReadLine();
        const string Listening = "Now listening on: ";
        string text = "";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            text += line + "\n";
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Nobody reads the rest, but the pipe must not fill up.
                _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
                return new Site(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"The server ended:\n{text}");
    }

    /// <summary>Trains the server's network to the end.</summary>
    /// <returns>The events, as text.</returns>
    public async Task<string> TrainAsync(int epochs)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri($"api/training?epochs={epochs}", UriKind.Relative), null,
            TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Metadata(string key) => typeof(Site).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
