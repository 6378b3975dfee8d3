using System;
using System.IO;
using System.Threading.Tasks;
using Strata.Onnx;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>ONNX files that are served as they are.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-onnx").FullName;

    private string File => Path.Combine(_folder, "small.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Save(ulong seed)
    {
        using var network = new Small(new NetworkOptions { Seed = seed });
        OnnxFile.Save(network, File);
    }

    private static float[] Expected(ulong seed, float[] input)
    {
        using var network = new Small(new NetworkOptions { Seed = seed });
        float[] output = new float[Small.OutputLength];
        network.Forward(input, output);
        return output;
    }

    private static async Task<float[]> AskAsync(ServedModel model, float[] input)
    {
        float[] output = new float[model.OutputLength];
        await model.InferAsync(input, output, cancellation: TestContext.Current.CancellationToken);
        return output;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Fact]
    public async Task A_file_is_served_and_loaded_again_when_it_changed()
    {
        Save(1);
        await using Server server = await Server.StartAsync(models => models.AddOnnx("small", File));
        ServedModel model = server.Models.Find("small")!;
        float[] input = Server.Samples(5, model.InputLength);
        AssertClose(Expected(1, input), await AskAsync(model, input));
        Save(2);
        await model.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, model.Generation);
        AssertClose(Expected(2, input), await AskAsync(model, input));
        string described = await server.Http.GetStringAsync("v2/models/small", TestContext.Current.CancellationToken);
        Assert.Contains("small", described, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_another_input_or_a_damaged_one_leaves_the_old_network_serving()
    {
        Save(1);
        await using Server server = await Server.StartAsync(models => models.AddOnnx("small", File));
        ServedModel model = server.Models.Find("small")!;
        float[] input = Server.Samples(5, model.InputLength);
        using (CompiledNetwork other = new NetworkBuilder(1, 4, 4).Flatten().Dense(3).Compile())
        {
            OnnxFile.Save(other, File);
        }

        var different = await Assert.ThrowsAsync<InvalidDataException>(() => model.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Contains("but the model serves", different.Message, StringComparison.Ordinal);
        await System.IO.File.WriteAllBytesAsync(File, new byte[100], TestContext.Current.CancellationToken);
        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => model.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Contains(File, damaged.Message, StringComparison.Ordinal);
        Assert.Equal((ModelState.Ready, 1), (model.State, model.Generation));
        AssertClose(Expected(1, input), await AskAsync(model, input));
    }

    [Fact]
    public async Task Weights_beside_the_file_are_refused()
    {
        Save(1);
        await Assert.ThrowsAsync<ArgumentException>(
            () => Server.StartAsync(models => models.AddOnnx("small", File, options => options.Seed = 1)));
    }
}
