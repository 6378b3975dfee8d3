using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>Files that the machine's Keras writes now. Without Keras, the test is skipped.</summary>
public sealed class PythonTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_that_Keras_saves_are_loaded_bit_by_bit()
    {
        Assert.SkipUnless(
            File.Exists(Python) && Run("-c", "import keras; assert keras.__version__ > '3'").Code == 0, "There is no Keras 3.");
        (int code, string error) = Run(
            Path.Combine(AppContext.BaseDirectory, "save_with_keras.py"), Path.GetDirectoryName(_folder["x"])!);
        Assert.True(code == 0, error);
        foreach ((string model, Dictionary<string, (int[] Shape, float[] Values)> expected) in KerasGolden.Describe(
            File.ReadAllBytes(_folder["expected.json"])))
        {
            foreach (string ending in (string[])[".h5", ".weights.h5", ".keras"])
            {
                using CompiledNetwork net = KerasGolden.NetworkOf(model);
                net.LoadKeras(_folder[model + ending]);
                Assert.All(net.Parameters, parameter =>
                {
                    Assert.Equal(expected[parameter.Key].Shape, parameter.Shape);
                    Assert.Equal(expected[parameter.Key].Values, KerasGolden.Values(parameter));
                });
            }
        }
    }

    private static (int Code, string Error) Run(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
