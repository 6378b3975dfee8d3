using System;
using System.IO;
using Strata.Tests;
using Xunit;
using Zoo.Networks;

namespace Strata.Weights.Tests;

/// <summary>Limits of the package.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_TensorFlow_checkpoint_is_refused()
    {
        using var net = new Picture(seed: 1);
        string path = _folder.Write("model.ckpt.index", [.. new byte[40], 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]);
        Limit.Throws<WeightsFormatException>("no weights of TensorFlow's checkpoints", () => net.LoadKeras(path));
    }

    [Fact]
    public void Branches_with_other_names_are_refused()
    {
        using CompiledNetwork source = new GoogLeNet(seed: 1), target = new GoogLeNet(seed: 2);
        int count = 0;
        byte[] file = Hdf5Writer.Legacy(KerasExport.LayersOf(source, _ => $"layer_{count++}"));
        Limit.Throws<WeightsFormatException>(
            "Keras' layers in branches are matched by names only", () => target.LoadKeras(new MemoryStream(file)));
    }

    [Fact]
    public void A_dense_layer_that_may_be_behind_Flatten_is_not_converted()
    {
        string path = _folder.Write("model.h5", KerasGolden.Files["picture-2.h5"]);
        Limit.Throws<WeightsFormatException>(
            "files of Keras are converted without a network only where nothing may be flattened",
            () => KerasWeights.ConvertToSafetensors(path, _folder["model.safetensors"]));
    }
}
