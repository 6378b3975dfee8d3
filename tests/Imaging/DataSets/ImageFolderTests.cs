using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImagePreprocessing Small = new(4, 4) { Fit = ImageFit.Stretch };

    private readonly string _folder = Directory.CreateTempSubdirectory("folder").FullName;

    public ImageFolderTests()
    {
        // The brightness of a picture is its number.
        foreach ((string name, int first, int count) in new[] { ("cat", 0, 7), ("Ant", 100, 4), ("bee", 200, 1) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, name, "more"));
            for (int i = 0; i < count; i++)
            {
                byte light = (byte)(first + i);
                var picture = new Picture(6, 5);
                for (int y = 0; y < 5; y++)
                {
                    picture.Row(y).Fill(new Rgb(light, light, light));
                }

                picture.Save(Path.Combine(_folder, name, i % 2 == 0 ? $"{i}.png" : Path.Combine("more", $"{i}.PNG")));
            }
        }

        File.WriteAllText(Path.Combine(_folder, "cat", "notes.txt"), "no picture");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Classes_are_the_folders_and_batches_come_in_order()
    {
        var folder = new ImageFolder(_folder, Small) { BatchSize = 5 };
        Assert.Equal(["Ant", "bee", "cat"], folder.ClassNames);
        List<(int Light, int Class)> read = await Read(folder);
        Assert.Equal([100, 102, 101, 103, 200, 0, 2, 4, 6, 1, 3, 5], read.Select(r => r.Light));
        Assert.Equal([0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2], read.Select(r => r.Class));
        LabeledData all = folder.ReadAll();
        Assert.Equal(read.Select(r => r.Class), all.Targets.ToArray());
        Assert.Equal(102 / 255f, all[1][0]);
        Assert.Equal([3, 4, 4], all.Shape);
    }

    [Fact]
    public async Task Files_that_are_not_wanted_are_not_read()
    {
        int[] lights = [100, 102, 101, 103, 200, 0, 2, 4, 6, 1, 3, 5];
        File.WriteAllBytes(Path.Combine(_folder, "cat", "6.png"), [1, 2, 3]);
        var folder = new ImageFolder(_folder, Small) { BatchSize = 5 };
        var read = new List<(float First, int Class)>();
        var pieces = folder.GetAsyncEnumerator(position => position % 2 == 1, TestContext.Current.CancellationToken);
        while (await pieces.MoveNextAsync())
        {
            SampleBatch piece = pieces.Current;
            int length = piece.Inputs.Length / piece.Classes.Length;
            read.AddRange(Enumerable.Range(0, piece.Classes.Length)
                .Select(i => (piece.Inputs.Span[i * length], piece.Classes.Span[i])));
        }

        await pieces.DisposeAsync();
        Assert.Equal(lights.Select((light, i) => i % 2 == 1 ? light / 255f : 0), read.Select(r => r.First));
        Assert.Equal([0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2], read.Select(r => r.Class));
    }

    [Fact]
    public async Task Each_epoch_has_an_order_that_only_the_seed_decides()
    {
        var folder = new ImageFolder(_folder, Small) { Shuffle = true, BatchSize = 3, Seed = 5, Threads = 1 };
        var first = await Read(folder);
        var second = await Read(folder);
        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
        var again = new ImageFolder(_folder, Small) { Shuffle = true, BatchSize = 3, Seed = 5, Threads = 4 };
        Assert.Equal(first, await Read(again));
        Assert.Equal(second, await Read(again));
    }

    [Fact]
    public async Task Augmentation_depends_on_the_sample_not_on_the_threads()
    {
        var augmentation = new Augmentation(new ColorJitter { Brightness = 0.5 });
        var one = await Read(new ImageFolder(_folder, Small) { Augmentation = augmentation, Threads = 1 });
        var many = await Read(new ImageFolder(_folder, Small) { Augmentation = augmentation, Threads = 3, BatchSize = 2 });
        Assert.Equal(one, many);
        Assert.NotEqual(one, await Read(new ImageFolder(_folder, Small)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_more_threads_read_than_are_allowed(int threads)
    {
        var means = new Watched();
        await Read(new ImageFolder(_folder, Small with { Mean = means }) { Threads = threads, BatchSize = 1 });
        Assert.InRange(means.Most, 1, threads);
    }

    [Fact]
    public void A_split_keeps_classes_and_settings()
    {
        (ImageFolder training, ImageFolder validation) = new ImageFolder(_folder, Small) { BatchSize = 2 }.Split(0.25);
        Assert.Equal((9, 3), (training.Count, validation.Count));
        Assert.Equal(2, validation.BatchSize);
        Assert.Equal(3, validation.ClassNames.Count);
        Assert.Empty(training.Files.Intersect(validation.Files));
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_an_epoch_can_be_left()
    {
        string damaged = Path.Combine(_folder, "cat", "6.png");
        File.WriteAllBytes(damaged, [1, 2, 3]);
        var folder = new ImageFolder(_folder, Small) { BatchSize = 1 };
        Assert.Contains(damaged, (await Assert.ThrowsAsync<ImageFormatException>(() => Read(folder))).Message);
        await foreach (SampleBatch batch in folder)
        {
            Assert.Equal(0, batch.Classes.Span[0]);
            break;
        }

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SampleBatch _ in folder.WithCancellation(cancelled.Token))
            {
            }
        });
    }

    [Fact]
    public void A_folder_without_classes_or_pictures_is_refused()
    {
        Assert.Throws<DirectoryNotFoundException>(() => new ImageFolder(Path.Combine(_folder, "none"), Small));
        Assert.Contains("has no folders", Assert.Throws<InvalidDataException>(
            () => new ImageFolder(Path.Combine(_folder, "bee", "more"), Small)).Message);
        Directory.CreateDirectory(Path.Combine(_folder, "dog"));
        Assert.Contains("dog has no pictures", Assert.Throws<InvalidDataException>(() => new ImageFolder(_folder, Small)).Message);
    }

    [Fact]
    public void A_class_without_pictures_says_what_is_there_and_what_is_read()
    {
        string dog = Path.Combine(_folder, "dog");
        Directory.CreateDirectory(dog);
        File.WriteAllText(Path.Combine(dog, "a.heic"), "");
        File.WriteAllText(Path.Combine(dog, "b.heic"), "");
        Assert.Equal(
            $"{dog} has no pictures, but 2 other files (.heic); files that end in .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff are read.",
            Assert.Throws<InvalidDataException>(() => new ImageFolder(_folder, Small)).Message);
    }

    /// <summary>A file that torchvision reads and Strata does not is named, instead of being left out without a word.</summary>
    [Theory]
    [InlineData("x.webp", "RIFF....WEBPVP8 ", "this is a WebP file")]
    [InlineData("x.ppm", "P6 1 1 255 ...", "this is a PNM file")]
    public void All_pictures_at_once_fail_as_one_does(string name, string content, string reason)
    {
        string path = Path.Combine(_folder, "Ant", name);
        File.WriteAllText(path, content);
        File.WriteAllText(Path.Combine(_folder, "cat", "zzz.png"), "damaged, too");
        foreach (int threads in new[] { 1, 4 })
        {
            ImageFormatException failure = Assert.Throws<ImageFormatException>(
                () => new ImageFolder(_folder, Small) { Threads = threads }.ReadAll());
            Assert.StartsWith($"{path}: {reason}", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Links_are_followed_but_not_in_circles()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        using var other = new Temporary();
        Directory.CreateDirectory(Path.Combine(other.Path, "deep"));
        new Picture(2, 2).Save(Path.Combine(other.Path, "deep", "far.png"));
        int plain = new ImageFolder(_folder, Small).Count;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "cat", "other"), other.Path);
        Assert.Equal(plain + 1, new ImageFolder(_folder, Small).Count);

        // To itself, to the folder above, to all classes, from another folder back, as a class, and to nothing.
        Directory.CreateSymbolicLink(Path.Combine(_folder, "cat", "self"), Path.Combine(_folder, "cat"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "cat", "more", "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "bee", "all"), _folder);
        Directory.CreateSymbolicLink(Path.Combine(other.Path, "deep", "back"), Path.Combine(_folder, "cat"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "zoo"), _folder);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "cat", "gone"), Path.Combine(_folder, "nowhere"));
        var folder = new ImageFolder(_folder, Small);
        Assert.Equal(plain + 1, folder.Count);
        Assert.Equal(["Ant", "bee", "cat"], folder.ClassNames);
        Assert.Equal(folder.Count, folder.Files.Select(file => file.Path).Distinct().Count());
    }

    /// <summary>torchvision's order: the part is cut out of the photograph and resized to the input, then the rest follows.</summary>
    [Fact]
    public async Task RandomResizedCrop_cuts_its_part_out_of_the_photograph()
    {
        using var photographs = new Temporary();
        var random = new Random(1);
        Picture photo = Noise(random, 90, 61);
        Directory.CreateDirectory(Path.Combine(photographs.Path, "one"));
        photo.Save(Path.Combine(photographs.Path, "one", "a.png"));
        var crop = new RandomResizedCrop();
        ImagePreprocessing whole = new(8, 6) { Fit = ImageFit.Stretch };
        float[] expected = new float[whole.Length], mirrored = new float[whole.Length];
        foreach (Augmentation augmentation in new[]
        {
            new Augmentation(crop), new Augmentation(crop, new RandomHorizontalFlip(1)),
            new Augmentation(new RandomHorizontalFlip(1), crop),
        })
        {
            // The default of the preprocessing cuts out the middle: with a crop at random, it has no say.
            var folder = new ImageFolder(photographs.Path, new ImagePreprocessing(8, 6)) { Augmentation = augmentation, Seed = 7 };
            for (int epoch = 1; epoch <= 3; epoch++)
            {
                (int left, int top, int width, int height) = crop.PartOf(90, 61, seed: 7, epoch, index: 0);
                whole.Apply(new PixelBuffer(photo).Crop(left, top, width, height), expected);
                new Augmentation(new RandomHorizontalFlip(1)).Apply(expected, mirrored, [3, 6, 8], 0, 1, 0);
                float[] read = [];
                await foreach (SampleBatch batch in folder)
                {
                    read = batch.Inputs.ToArray();
                }

                Assert.Equal(augmentation.Transforms.Count == 1 ? expected : mirrored, read);
            }

            // Without augmentation, the middle.
            new ImagePreprocessing(8, 6).Apply(photo, expected);
            Assert.Equal(expected, folder.ReadAll().Inputs.ToArray());
        }
    }

    [Fact]
    public void Parts_are_those_of_torchvision_in_area_and_proportions()
    {
        var crop = new RandomResizedCrop();
        double least = 1, most = 0;
        for (int i = 0; i < 2_000; i++)
        {
            (int left, int top, int width, int height) = crop.PartOf(400, 300, seed: 3, epoch: 1, i);
            Assert.True(left >= 0 && top >= 0 && left + width <= 400 && top + height <= 300);
            Assert.InRange((double)width / height, 0.74, 1.36);
            double share = (double)width * height / (400 * 300);
            (least, most) = (double.Min(least, share), double.Max(most, share));
        }

        Assert.InRange(least, 0.075, 0.1);
        Assert.InRange(most, 0.9, 1);

        // No part of this shape fits: the middle, as torchvision takes it.
        Assert.Equal((1993, 0, 13, 10), crop.PartOf(4000, 10, seed: 0, epoch: 1, index: 0));
        Assert.Equal((0, 0, 1, 1), crop.PartOf(1, 1, seed: 0, epoch: 1, index: 0));
        Assert.NotEqual(crop.PartOf(400, 300, 0, 1, 0), crop.PartOf(400, 300, 0, 2, 0));
    }

    [Fact]
    public void Grayscale_gives_one_channel()
    {
        var gray = new ImageFolder(_folder, new ImagePreprocessing(4, 4) { Fit = ImageFit.Stretch, Grayscale = true });
        Assert.Equal([1, 4, 4], gray.SampleShape);
        LabeledData all = gray.ReadAll();
        Assert.Equal([1, 4, 4], all.Shape);
        Assert.Equal(102 / 255f, all[1][0]);
    }

    private static Picture Noise(Random random, int width, int height)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(picture.Row(y)));
        }

        return picture;
    }

    private sealed class Temporary : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("other").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    [Fact]
    public void Names_of_classes_are_kept_beside_the_networks_file()
    {
        string weights = Path.Combine(_folder, "net.safetensors");
        ClassNames.Save(weights, ["cat", "schöner Hund"]);
        Assert.Equal(["cat", "schöner Hund"], ClassNames.Load(weights));
        Assert.True(File.Exists(Path.Combine(_folder, "net.classes.txt")));
        Assert.Throws<ArgumentException>(() => ClassNames.Save(weights, ["a\nb"]));
        Assert.Throws<FileNotFoundException>(() => ClassNames.Load(Path.Combine(_folder, "other.safetensors")));
        Assert.Equal([(2, 0.7f), (0, 0.2f)], ClassNames.Top([0.2f, 0.1f, 0.7f], 2));
    }

    private static async Task<List<(int Light, int Class)>> Read(ImageFolder folder)
    {
        var read = new List<(int, int)>();
        await foreach (SampleBatch batch in folder)
        {
            for (int i = 0; i < batch.Classes.Length; i++)
            {
                read.Add(((int)float.Round(255 * batch.Inputs.Span[i * Small.Length]), batch.Classes.Span[i]));
            }
        }

        return read;
    }

    /// <summary>Three means of 0. It counts how many threads ask for them at the same time: each waits a little.</summary>
    private sealed class Watched : IReadOnlyList<float>
    {
        private int _now, _most;

        public int Most => _most;

        public int Count
        {
            get
            {
                int now = Interlocked.Increment(ref _now);
                Interlocked.CompareExchange(ref _most, now, now - 1);
                Thread.Sleep(10);
                Interlocked.Decrement(ref _now);
                return 3;
            }
        }

        public float this[int index] => 0;

        public IEnumerator<float> GetEnumerator() => Enumerable.Repeat(0f, 3).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
