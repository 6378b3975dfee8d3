using System;
using System.Collections.Generic;
using System.IO;
using Xunit;
using Zoo.Networks;

namespace Strata.Weights.Tests;

/// <summary>Files that the machine's Keras, h5py and PyTorch write now. Without them, the tests are skipped.</summary>
public sealed class PythonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_that_Keras_saves_are_loaded_bit_by_bit()
    {
        Assert.SkipUnless(
            File.Exists(SavedByPython.Python) && SavedByPython.Run("-c", "import keras; assert keras.__version__ > '3'").Code == 0,
            "There is no Keras 3.");
        (int code, string error) = SavedByPython.Run(
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

    /// <summary>
    /// The small networks of the zoo, and ConvNeXt-Tiny, which has layers of its own. `tests/Soak -- zoo` does the same with all of them.
    /// </summary>
    [Theory]
    [InlineData(typeof(LeNet5))]
    [InlineData(typeof(ResNet20))]
    [InlineData(typeof(SqueezeNet))]
    [InlineData(typeof(ShuffleNetV2))]
    [InlineData(typeof(ENet))]
    [InlineData(typeof(M5))]
    [InlineData(typeof(VoxNet))]
    [InlineData(typeof(ConvNeXtTiny))]
    [InlineData(typeof(Net))]
    [InlineData(typeof(MakeModel))]
    public void Networks_of_the_zoo_are_loaded_bit_by_bit_from_files_of_h5py(Type type)
    {
        Assert.SkipUnless(
            File.Exists(SavedByPython.Python) && SavedByPython.Run("-c", "import h5py").Code == 0, "There is no python3-h5py.");
        CompiledNetwork Make(ulong seed) => (CompiledNetwork)Activator.CreateInstance(type, new NetworkOptions { Seed = seed })!;
        using CompiledNetwork source = Make(1);
        SavedByPython.Write(
            source, Path.Combine(AppContext.BaseDirectory, "save_network.py"), Path.GetDirectoryName(_folder["x"])!);
        foreach (string name in SavedByPython.OfKeras)
        {
            using CompiledNetwork found = Make(2);
            Assert.NotEmpty(SavedByPython.Different(source, found));
            found.LoadKeras(_folder[name]);
            Assert.Empty(SavedByPython.Different(source, found));
        }
    }
}
