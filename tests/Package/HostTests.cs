using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>
/// Hosts: five networks are published, run, trained, and compared with what the JIT computes. One of them has operators and an optimizer
/// of its own. runtime/DEPLOYMENT.md has the promise that these tests hold: where the processor has FMA, a tier gives the same bits
/// however the program was compiled.
/// </summary>
public sealed class HostTests(HostFixture hosts) : IClassFixture<HostFixture>
{
    private const string Version3 = "-p:IlcInstructionSet=x86-64-v3", Version4 = "-p:IlcInstructionSet=x86-64-v4";

    private static bool IsLinux64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static string Widest => Vector512.IsHardwareAccelerated ? "avx512" : Fma.IsSupported ? "avx2" : "vector128";

    [Theory]
    [InlineData("avx512")]
    [InlineData("avx2")]
    [InlineData("vector128")]
    public async Task The_JIT_runs_every_tier_of_the_processor_and_says_what_it_lacks(string tier)
    {
        if (tier == "avx512" && !Vector512.IsHardwareAccelerated || tier == "avx2" && !Fma.IsSupported)
        {
            (int code, string output) = await hosts.RunJitAsync(new() { ["STRATA_ISA"] = tier });
            Assert.NotEqual(0, code);
            Assert.Contains($"STRATA_ISA is '{tier}', but ", output, StringComparison.Ordinal);
            return;
        }

        // The tiers differ by the order of some sums.
        (await hosts.ReferenceAsync(tier)).AreNear(await hosts.ReferenceAsync("vector128"));
    }

    [Fact]
    public async Task Without_FMA_the_JITs_results_differ_by_rounding_alone()
    {
        (int code, string output) = await hosts.RunJitAsync(new() { ["DOTNET_EnableHWIntrinsic"] = "0" });
        Assert.True(code == 0, output);
        Outputs.Parse(output).AreNear(await hosts.ReferenceAsync("vector128"));
    }

    [Fact]
    public async Task A_setting_of_NET_is_named_where_it_hides_a_tier()
    {
        Assert.SkipUnless(Fma.IsSupported, "this processor has no FMA");
        (int code, string output) = await hosts.RunJitAsync(new() { ["DOTNET_EnableAVX2"] = "0", ["STRATA_ISA"] = "avx2" });
        Assert.NotEqual(0, code);
        Assert.Contains("STRATA_ISA is 'avx2', but .NET does not use avx2 here", output, StringComparison.Ordinal);
    }

    /// <summary>Of the tiers that StrataTiers leaves, the widest runs.</summary>
    [Fact]
    public async Task ReadyToRun_with_two_tiers_computes_the_JITs_bits()
    {
        Assert.SkipUnless(Fma.IsSupported, "this processor has no AVX2");
        (string folder, _) = await hosts.PublishAsync(
            "r2r", "--use-current-runtime", "--self-contained", "false", "-p:PublishReadyToRun=true", "-p:StrataTiers=avx2%3Bvector128");
        Outputs outputs = await RunAsync(folder);
        Assert.Equal("avx2", outputs.Tier);
        outputs.AreBitsOf(await hosts.ReferenceAsync("avx2"));
        if (Vector512.IsHardwareAccelerated)
        {
            (int code, string output) = await RunAsync(folder, new() { ["STRATA_ISA"] = "avx512" });
            Assert.NotEqual(0, code);
            Assert.Contains(
                "LeNet5 was compiled for avx2 and vector128 alone (by StrataTiers or IlcInstructionSet), not for avx512, which STRATA_ISA names.",
                output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_trimmed_single_file_computes_the_JITs_bits()
    {
        (string folder, _) = await hosts.PublishAsync(
            "trimmed", "--use-current-runtime", "-p:PublishSingleFile=true", "-p:PublishTrimmed=true");
        (await RunAsync(folder)).AreBitsOf(await hosts.ReferenceAsync(Widest));
    }

    /// <summary>The binary had 6.1 MB while it held the code of tiers that could not run.</summary>
    [Fact]
    public async Task NativeAOT_for_AVX2_computes_the_JITs_bits_in_a_small_binary()
    {
        Need(IsLinux64, "clang", "clang");
        (string folder, string log) = await hosts.PublishAsync("aot3", "-r", "linux-x64", "-p:PublishAot=true", Version3);
        Assert.DoesNotContain("STRATA", log, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(folder, "App")).Length, 1, 3_500_000);
        Outputs outputs = await RunAsync(folder);
        Assert.Equal("avx2", outputs.Tier);
        outputs.AreBitsOf(await hosts.ReferenceAsync("avx2"));
    }

    [Fact]
    public async Task NativeAOT_for_AVX512_computes_the_JITs_bits_or_refuses_other_processors()
    {
        Need(IsLinux64, "clang", "clang");
        (string folder, _) = await hosts.PublishAsync("aot4", "-r", "linux-x64", "-p:PublishAot=true", Version4);
        Assert.InRange(new FileInfo(Path.Combine(folder, "App")).Length, 1, 3_500_000);
        if (Vector512.IsHardwareAccelerated)
        {
            (await RunAsync(folder)).AreBitsOf(await hosts.ReferenceAsync("avx512"));
        }
        else
        {
            (int code, string output) = await RunAsync(folder, []);
            Assert.NotEqual(0, code);
            Assert.Contains("required instruction sets are not supported", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task NativeAOT_without_an_instruction_set_warns_and_computes_with_128_bits()
    {
        Need(IsLinux64, "clang", "clang");
        (string folder, string log) = await hosts.PublishAsync("aot", "-r", "linux-x64", "-p:PublishAot=true");
        Assert.Contains(
            "warning STRATA063: Project 'App' is published with NativeAOT for the oldest processors", log, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(folder, "App")).Length, 1, 3_500_000);
        Outputs outputs = await RunAsync(folder);
        Assert.Equal("vector128", outputs.Tier);
        outputs.AreNear(await hosts.ReferenceAsync("vector128"));

        // The processor may have it, but this program does not.
        (int code, string output) = await RunAsync(folder, new() { ["STRATA_ISA"] = "avx2" });
        Assert.NotEqual(0, code);
        Assert.Contains(
            Fma.IsSupported
                ? "this program was compiled without avx2, though the processor has it"
                : "this processor does not support avx2",
            output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NativeAOT_for_arm64_computes_the_bits_of_128_bits_with_FMA()
    {
        Need(IsLinux64, "qemu-aarch64-static", "qemu-user-static");
        Need(IsLinux64, "aarch64-linux-gnu-objcopy", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross clang");
        (string folder, string log) = await hosts.PublishAsync(
            "arm64", "-r", "linux-arm64", "-p:PublishAot=true", Version3,
            "-p:CppCompilerAndLinker=clang", "-p:ObjCopyName=aarch64-linux-gnu-objcopy");
        Assert.DoesNotContain("STRATA", log, StringComparison.Ordinal);
        (int code, string output) = await Cli.RunAsync(
            folder, "qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", Path.Combine(folder, "App"));
        Assert.True(code == 0, output);
        Outputs outputs = Outputs.Parse(output);
        Assert.Equal("vector128", outputs.Tier);
        if (Fma.IsSupported)
        {
            outputs.AreBitsOf(await hosts.ReferenceAsync("vector128"));
        }
    }

    [Fact]
    public async Task A_program_for_musl_is_published()
    {
        Need(IsLinux64, "dotnet", ".NET");
        (string folder, _) = await hosts.PublishAsync("musl", "-r", "linux-musl-x64", "--self-contained", "-p:StrataTiers=vector128");
        byte[] host = await File.ReadAllBytesAsync(Path.Combine(folder, "App"), TestContext.Current.CancellationToken);
        Assert.True(host.AsSpan().IndexOf("/lib/ld-musl-x86_64.so.1"u8) > 0);
    }

    [Fact]
    public async Task A_page_in_a_browser_computes_and_trains()
    {
        string chromium = Need(IsLinux64, "chromium|google-chrome", "chromium");
        string root = await hosts.PublishBrowserAsync();
        using var server = new PageServer(root);
        string profile = Directory.CreateTempSubdirectory("strata-chromium-").FullName;
        try
        {
            using Process browser = Cli.Start(
                root, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0",
                $"--user-data-dir={profile}", server.Address);
            try
            {
                browser.BeginOutputReadLine();
                browser.BeginErrorReadLine();
                string report = await server.Report.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
                Outputs outputs = Outputs.Parse(report);
                Assert.Equal("vector128", outputs.Tier);
                outputs.AreNear(await hosts.ReferenceAsync("vector128"));
            }
            finally
            {
                browser.Kill(entireProcessTree: true);
                await browser.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    private static async Task<Outputs> RunAsync(string folder)
    {
        (int code, string output) = await RunAsync(folder, []);
        Assert.True(code == 0, output);
        return Outputs.Parse(output);
    }

    private static Task<(int Code, string Output)> RunAsync(string folder, Dictionary<string, string> environment) =>
        Cli.RunAsync(folder, environment, Path.Combine(folder, OperatingSystem.IsWindows() ? "App.exe" : "App"));

    /// <summary>Skips a test on another system, or for want of a program; on the build server that program must be there.</summary>
    /// <returns>The program's path: the first of several.</returns>
    private static string Need(bool isSystem, string programs, string packages)
    {
        Assert.SkipUnless(isSystem, "this host is tested on Linux x64");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = programs.Split('|')
            .SelectMany(program => folders.Select(folder => Path.Combine(folder, program)))
            .FirstOrDefault(File.Exists);
        Assert.False(found is null && Environment.GetEnvironmentVariable("CI") == "true", $".ci/run has to install {packages}");
        Assert.SkipWhen(found is null, $"install {packages}");
        return found;
    }

    /// <summary>Serves a published page to one browser, and takes what it sends.</summary>
    private sealed class PageServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly TaskCompletionSource<string> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PageServer(string root)
        {
            // Port 0 is not known to HttpListener: a free one is found and given back.
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = ServeAsync(root);
        }

        public string Address { get; }

        public Task<string> Report => _report.Task;

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(string root)
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                await AnswerAsync(root, context);
            }
        }

        private async Task AnswerAsync(string root, HttpListenerContext context)
        {
            using HttpListenerResponse response = context.Response;
            if (context.Request.HttpMethod == "POST")
            {
                using var reader = new StreamReader(context.Request.InputStream);
                _report.TrySetResult(await reader.ReadToEndAsync());
                return;
            }

            string path = context.Request.Url!.AbsolutePath.TrimStart('/');
            string file = Path.Combine(root, path.Length == 0 ? "index.html" : path);
            if (!File.Exists(file))
            {
                response.StatusCode = 404;
                return;
            }

            response.ContentType = Path.GetExtension(file) switch
            {
                ".html" => "text/html",
                ".js" => "text/javascript",
                ".json" => "application/json",
                ".wasm" => "application/wasm",
                _ => "application/octet-stream",
            };
            byte[] content = await File.ReadAllBytesAsync(file);
            response.ContentLength64 = content.Length;
            await response.OutputStream.WriteAsync(content);
        }
    }
}
