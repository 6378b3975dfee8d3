using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading;

namespace Samples;

internal enum PackageKind
{
    Npm,
    NuGet,
}

/// <summary>
/// A published package. It comes from the registry that npm or NuGet is set up with, and stays in a cache in the user's folders.
/// </summary>
internal sealed record Package(PackageKind Kind, string Id, string Version)
{
    private static readonly TimeSpan LongestDownload = TimeSpan.FromMinutes(5);

    private static readonly Lock OneAtATime = new();

    private static string Cache
    {
        get
        {
            string own = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(own.Length > 0 ? own : Path.GetTempPath(), "strata", "packages");
        }
    }

    /// <summary>The folder with what is in the package; null if it cannot be had, for a reason.</summary>
    public string? Find(out string reason)
    {
        reason = "";
        string folder = Path.Combine(Cache, $"{Id.Replace('/', '+').ToLowerInvariant()}-{Version}");
        lock (OneAtATime)
        {
            if (Directory.Exists(folder))
            {
                return folder;
            }

            // It appears complete or not at all, also where two processes want it.
            string making = $"{folder}.{Guid.NewGuid():N}";
            Directory.CreateDirectory(making);
            try
            {
                string made = Kind == PackageKind.Npm ? FromNpm(making) : FromNuGet(making);
                if (!Directory.Exists(folder))
                {
                    Directory.Move(made, folder);
                }

                return folder;
            }
            catch (Exception exception) when (exception is IOException or Win32Exception or InvalidOperationException)
            {
                reason = $"{Id} {Version} cannot be had: {exception.Message}";
                return null;
            }
            finally
            {
                if (Directory.Exists(making))
                {
                    Directory.Delete(making, recursive: true);
                }
            }
        }
    }

    private string FromNpm(string folder)
    {
        Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", folder, "pack", $"{Id}@{Version}", "--ignore-scripts", "--loglevel=error");
        string content = Directory.CreateDirectory(Path.Combine(folder, "content")).FullName;
        using FileStream packed = File.OpenRead(Directory.GetFiles(folder, "*.tgz").Single());
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, content, overwriteFiles: false);
        return content;
    }

    private string FromNuGet(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "Fetch.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageDownload Include="{Id}" Version="[{Version}]" /></ItemGroup>
            </Project>
            """);
        Run("dotnet", folder, "restore", "Fetch.csproj", "--packages", "content");
        return Path.Combine(folder, "content", Id.ToLowerInvariant(), Version);
    }

    /// <exception cref="InvalidOperationException">The program fails, or takes too long.</exception>
    private static void Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LongestDownload))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {arguments[0]} takes more than {LongestDownload.TotalMinutes} minutes");
        }

        if (process.ExitCode != 0)
        {
            string[] said = (errors.GetAwaiter().GetResult() + output.GetAwaiter().GetResult()).Split('\n', StringSplitOptions.TrimEntries);
            IEnumerable<string> first = said.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Take(4);
            throw new InvalidOperationException($"{program} {arguments[0]} says: {string.Join("; ", first)}");
        }
    }
}
