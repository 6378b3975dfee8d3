using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using System.Threading.Tasks;
using Strata.Samples.Tests;

namespace Strata.Soak;

/// <summary>Runs the commands of the pages as a reader types them: in a fresh clone, or beside the packages that are made from it.</summary>
internal sealed class PageRuns : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(typeof(PageRuns).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProjectDirectory").Value!, "..", ".."));

    /// <summary>What is packed: the projects of which pages name the packages.</summary>
    private static readonly string[] Packed =
    [
        "runtime", "runtime/Imaging", "runtime/Onnx", "runtime/Serving", "runtime/Published", "runtime/Keras", "runtime/Tensors",
        "runtime/Embeddings", "generator/Tool", "samples/Templates",
    ];

    /// <summary>Pages whose commands belong to a clone. Those of the packages begin in an empty folder.</summary>
    private static readonly string[] InClone = ["README.md", "CONTRIBUTING.md", "samples/"];

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-pages-").FullName;
    private readonly List<Process> _servers = [];

    private string Clone => Path.Combine(_folder, "clone");

    private string Work => Path.Combine(_folder, "work");

    private string Feed => Path.Combine(Work, "feed");

    /// <summary>Runs all commands, or those of the pages whose names contain a text.</summary>
    public static async Task<bool> RunAsync(string name)
    {
        using var runs = new PageRuns();
        return await runs.RunPagesAsync(name);
    }

    public void Dispose()
    {
        End();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> RunPagesAsync(string name)
    {
        IGrouping<string, PageCommand>[] pages =
        [
            .. PageCommands.All.Where(command => command.Runner != Runner.Nobody && command.Page.Contains(name, StringComparison.Ordinal))
                .GroupBy(command => command.Page),
        ];
        bool needsFeed = pages.Any(page => !IsInClone(page.Key));
        if (!await RunAsync(_folder, $"git clone --quiet \"{Root}\" clone") || (needsFeed && !await PackAsync()))
        {
            return false;
        }

        int failed = 0, run = 0;
        foreach (IGrouping<string, PageCommand> page in pages)
        {
            Console.WriteLine($"== {page.Key}");
            string at = IsInClone(page.Key) ? Clone : Directory.CreateDirectory(Path.Combine(Work, $"{run}")).FullName;
            foreach (PageCommand command in page)
            {
                run++;
                long start = Stopwatch.GetTimestamp();
                string text = (command.Instead ?? command.Text).Replace("{feed}", Feed, StringComparison.Ordinal);
                bool isGood = command.Runner == Runner.Server ? await ServeAsync(at, text, command.Note) : await RunAsync(at, text);
                Console.WriteLine($"{(isGood ? "ok    " : "FAILED")} {Stopwatch.GetElapsedTime(start).TotalSeconds,6:F1} s  {command.Text}");
                failed += isGood ? 0 : 1;
                at = await FolderAfterAsync(at);
            }

            End();
        }

        Console.WriteLine($"{run} commands, {failed} failed");
        return failed == 0 && run > 0;
    }

    private static bool IsInClone(string page) =>
        page != "samples/Templates/PACKAGE.md" && InClone.Any(begin => page.StartsWith(begin, StringComparison.Ordinal));

    /// <summary>Makes the packages, with a version that nobody else has, and names their folder as a source.</summary>
    private async Task<bool> PackAsync()
    {
        // What the user has already is found where it is; the packages of the clone go into a folder that goes away.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(Feed);
        await File.WriteAllTextAsync(Path.Combine(Work, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><add key="strata" value="feed" /></packageSources>
              <fallbackPackageFolders><add key="user" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        if (!await RunAsync(Clone, "dotnet restore Compiler.sln"))
        {
            return false;
        }

        foreach (string project in Packed)
        {
            if (!await RunAsync(Clone, $"dotnet pack {project} -c Release -o \"{Feed}\" -p:PackageVersion=0.1.0"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs a command of the shell to its end. A pipe fails if one of its programs does, and curl if the answer is an error.</summary>
    private async Task<bool> RunAsync(string folder, string command)
    {
        using Process process = Start(folder, command);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            Console.WriteLine($"{await output}\n{await error}\nexit code {process.ExitCode}");
        }

        return process.ExitCode == 0;
    }

    /// <summary>Starts a server, and waits until it answers.</summary>
    private async Task<bool> ServeAsync(string folder, string command, string address)
    {
        Process server = Start(folder, command);
        _servers.Add(server);
        var said = new List<string>();
        server.OutputDataReceived += (_, line) => said.Add(line.Data ?? "");
        server.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        using var http = new HttpClient();
        for (long start = Stopwatch.GetTimestamp(); !server.HasExited && Stopwatch.GetElapsedTime(start).TotalMinutes < 10; await Task.Delay(200))
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri(address));
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Console.WriteLine(string.Join('\n', said));
        return false;
    }

    /// <summary>Starts a shell that runs a command, and notes in which folder it ends, so that <c>cd</c> lasts.</summary>
    private Process Start(string folder, string command)
    {
        string place = Path.Combine(_folder, "place");
        var start = new ProcessStartInfo("bash", ["-o", "pipefail", "-c", $"curl() {{ command curl --fail --silent --show-error \"$@\"; }}\n"
            + $"{command}\ncode=$?; pwd > \"{place}\"; exit $code"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLONE"] = Clone;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["ASPNETCORE_URLS"] = "";
        File.Delete(place);
        return Process.Start(start)!;
    }

    private async Task<string> FolderAfterAsync(string before)
    {
        string place = Path.Combine(_folder, "place");
        return File.Exists(place) ? (await File.ReadAllTextAsync(place)).TrimEnd() : before;
    }

    private void End()
    {
        foreach (Process server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        _servers.Clear();
    }
}
