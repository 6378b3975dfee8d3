using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace Strata.Benchmarks.Workers;

/// <summary>A worker as the measuring process sees it.</summary>
internal sealed class WorkerProcess : IMeasured
{
    private readonly Process _process;

    private WorkerProcess(Process process)
    {
        _process = process;
        string[] parts = Expect("ready").Split(WorkerServer.SettingsMark, 2);
        Version = parts[0];
        Settings = parts.Length > 1 ? parts[1] : null;
    }

    public string Version { get; }

    public string? Settings { get; }

    /// <summary>Starts a worker, and waits until it is ready.</summary>
    /// <param name="fileName">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Variables of its environment; null takes one away.</param>
    /// <exception cref="WorkerException">It did not start, or says why it cannot work.</exception>
    public static WorkerProcess Start(string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? variables = null)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string? value) in variables ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return new WorkerProcess(Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new WorkerException(exception.Message);
        }
    }

    /// <summary>A worker in this program, by a hidden command.</summary>
    public static WorkerProcess StartSelf(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? variables = null)
    {
        (string fileName, IReadOnlyList<string> prefix) = Self();
        return Start(fileName, [.. prefix, .. arguments], variables);
    }

    /// <summary>How this program is started: by its own executable, or by <c>dotnet</c> and its assembly.</summary>
    public static (string FileName, IReadOnlyList<string> Arguments) Self()
    {
        string path = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? (path, [typeof(WorkerProcess).Assembly.Location])
            : (path, []);
    }

    public float[] Check(string path)
    {
        Send("check " + path);
        Expect("ok");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
    }

    public double Run(int calls)
    {
        Send(string.Create(CultureInfo.InvariantCulture, $"run {calls}"));
        return double.Parse(Expect("time"), CultureInfo.InvariantCulture);
    }

    public double? PeakMegabytes
    {
        get
        {
            Send("peak");
            return double.Parse(Expect("peak"), CultureInfo.InvariantCulture);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            try
            {
                Send("exit");
            }
            catch (IOException)
            {
                // It has just ended by itself.
            }

            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private void Send(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
    }

    private string Expect(string word)
    {
        string? line = _process.StandardOutput.ReadLine();
        if (line is not null && (line == word || line.StartsWith(word + " ", StringComparison.Ordinal)))
        {
            return line[Math.Min(word.Length + 1, line.Length)..];
        }

        throw new WorkerException(line is null
            ? "The worker ended without a word."
            : line.StartsWith("error ", StringComparison.Ordinal) ? line["error ".Length..] : $"The worker says '{line}'.");
    }
}
