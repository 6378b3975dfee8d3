using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Weights that others write while they are read, and new ones that look like the old ones.</summary>
public sealed class WeightsFileTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20), Often = TimeSpan.FromMilliseconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-weights").FullName;

    private string Weights => Path.Combine(_folder, "small.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The writer takes the file in pieces, with a pause between two, as a copy over a slow network does.</summary>
    [Fact]
    public async Task A_file_that_is_overwritten_in_place_while_it_is_read_serves_as_the_old_one_or_the_new_one()
    {
        byte[][] files = [Save(1), Save(2)];
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options => options.Weights = Weights));
        ServedModel model = server.Models.Find("small")!;
        using var end = new CancellationTokenSource();
        Task writer = Task.Run(
            async () =>
            {
                for (int i = 0; !end.IsCancellationRequested; i++)
                {
                    Overwrite(files[i % 2], pause: TimeSpan.FromMilliseconds(2));
                    await Task.Delay(300, CancellationToken.None);
                }
            },
            TestContext.Current.CancellationToken);
        int loaded = 0;
        for (int i = 0; i < 12; i++)
        {
            try
            {
                await model.LoadAsync(TestContext.Current.CancellationToken);
                loaded++;
            }
            catch (Exception e) when (e is IOException or FormatException or InvalidDataException)
            {
                // No moment was quiet enough. The old weights go on serving.
            }

            Assert.InRange(await SeedOfAsync(server), 1, 2);
        }

        await end.CancelAsync();
        await writer;
        Assert.True(loaded > 0);
    }

    [Fact]
    public async Task A_file_that_never_rests_is_refused_and_the_old_weights_go_on()
    {
        byte[] file = Save(2);
        Save(1);
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options => options.Weights = Weights));
        using var end = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Overwrite(file, pause: TimeSpan.Zero);
            }
        });
        writer.Start();
        try
        {
            IOException refused = await Assert.ThrowsAsync<IOException>(
                () => server.Models.Find("small")!.LoadAsync(TestContext.Current.CancellationToken));
            Assert.Contains($"{Weights}: the file changed each time while it was read.", refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, await SeedOfAsync(server));
        }
        finally
        {
            await end.CancelAsync();
            writer.Join();
        }
    }

    /// <summary>Kubernetes mounts a link to a file below a link to a folder, and exchanges that.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("folder")]
    [InlineData("rename")]
    [InlineData("overwrite")]
    public async Task New_weights_of_the_same_time_and_length_are_noticed(string way)
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        foreach (int seed in new[] { 2, 1 })
        {
            Directory.CreateDirectory(Path.Combine(_folder, $"{seed}"));
            File.WriteAllBytes(In(seed), Save(seed));
            File.SetLastWriteTimeUtc(In(seed), time);
        }

        File.Delete(Weights);
        string data = Path.Combine(_folder, "data");
        Directory.CreateSymbolicLink(data, Path.Combine(_folder, "1"));
        switch (way)
        {
            case "link":
                File.CreateSymbolicLink(Weights, In(1));
                break;
            case "folder":
                File.CreateSymbolicLink(Weights, Path.Combine(data, "weights"));
                break;
            default:
                File.Copy(In(1), Weights);
                break;
        }

        File.SetLastWriteTimeUtc(Weights, time);
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>(
            "small", options => (options.Weights, options.WatchInterval) = (Weights, Often)));
        Assert.Equal(1, await SeedOfAsync(server));
        string other = Path.Combine(_folder, "other");
        switch (way)
        {
            case "link":
                File.CreateSymbolicLink(other, In(2));
                File.Move(other, Weights, overwrite: true);
                break;
            case "folder":
                Directory.Delete(data);
                Directory.CreateSymbolicLink(data, Path.Combine(_folder, "2"));
                break;
            case "rename":
                File.Copy(In(2), other);
                File.SetLastWriteTimeUtc(other, time);
                File.Move(other, Weights, overwrite: true);
                break;
            default:
                Overwrite(File.ReadAllBytes(In(2)), TimeSpan.Zero);
                File.SetLastWriteTimeUtc(Weights, time);
                break;
        }

        using var end = new CancellationTokenSource(Soon);
        while (await SeedOfAsync(server) != 2)
        {
            await Task.Delay(Often, end.Token);
        }

        string In(int seed) => Path.Combine(_folder, $"{seed}", "weights");
    }

    /// <summary>The seed of the weights that serve; 0 if they are none of those that the tests write.</summary>
    private static async Task<int> SeedOfAsync(Server server)
    {
        float[] inputs = Server.Samples(3, 36), outputs = new float[3];
        await server.Services.GetRequiredService<IInference<Small>>().InferAsync(inputs, outputs);
        return Enumerable.Range(1, 2).FirstOrDefault(seed =>
        {
            using var network = new Small(seed: (ulong)seed);
            return Server.Alone(network, inputs).SequenceEqual(outputs);
        });
    }

    private void Overwrite(byte[] file, TimeSpan pause)
    {
        using var stream = new FileStream(Weights, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        foreach (byte[] piece in file.Chunk(64))
        {
            stream.Write(piece);
            if (pause > TimeSpan.Zero)
            {
                Thread.Sleep(pause);
            }
        }
    }

    private byte[] Save(int seed)
    {
        using var network = new Small(seed: (ulong)seed);
        network.Save(Weights);
        return File.ReadAllBytes(Weights);
    }
}
