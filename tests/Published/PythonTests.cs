using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>Files that the machine's PyTorch writes now. Without PyTorch, the tests are skipped.</summary>
public sealed class PythonTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Slices, transposed and expanded tensors, of all types, in both containers and all protocols.</summary>
    [Fact]
    public void Random_tensors_are_converted_with_their_bits()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import torch") == 0, "There is no python3-torch.");
        for (int seed = 1; seed <= 6; seed++)
        {
            Assert.Equal(0, Run(Path.Combine(AppContext.BaseDirectory, "save_random.py"), $"{seed}", Path.GetDirectoryName(_folder["x"])!));
            PyTorchWeights.ConvertToSafetensors(_folder["saved.pth"], _folder["saved.safetensors"]);
            Assert.Equal(
                File.ReadAllBytes(_folder["raw"]),
                Golden.OfSafetensors(File.ReadAllBytes(_folder["saved.safetensors"])).Values.SelectMany(tensor => tensor.Bytes));
        }
    }

    private static int Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
