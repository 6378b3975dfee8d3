using System;
using System.IO;
using System.Linq;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class AugmentationTests
{
    private const int Channels = 3, Height = 7, Width = 9;

    private static readonly int[] Shape = [Channels, Height, Width];

    // What make_goldens.py calls image().
    private static readonly float[] Image = [.. Enumerable.Range(0, Channels * Height * Width).Select(i => (float)(i * 37 % 101 / 101.0))];

    public static TheoryData<string> Goldens => [.. TrainingGoldens.All.Transforms.Keys];

    public static TheoryData<string> Kinds =>
        ["flip", "affine", "crop", "resized", "jitter", "noise", "erase", "all"];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Transforms_are_torchvisions(string name)
    {
        double[] expected = TrainingGoldens.All.Transforms[name];
        float[] result = [.. Image];
        var image = new SampleImage(result, Channels, Height, Width, new Augmentation());
        switch (name)
        {
            case "brighter":
                ColorJitter.AdjustBrightness(image, 1.4);
                break;
            case "darker":
                ColorJitter.AdjustBrightness(image, 0.3);
                break;
            case "contrast":
                ColorJitter.AdjustContrast(image, 1.7);
                break;
            case "flat":
                ColorJitter.AdjustContrast(image, 0.2);
                break;
            case "colourful":
                ColorJitter.AdjustSaturation(image, 1.8);
                break;
            case "pale":
                ColorJitter.AdjustSaturation(image, 0.3);
                break;
            case "hue":
                ColorJitter.AdjustHue(image, 0.2);
                break;
            case "hue back":
                ColorJitter.AdjustHue(image, -0.45);
                break;
            default:
                AffineMap map = MapOf(name);
                map.Resample(Image, result, Channels, Height, Width, fill: 0);
                int compared = 0;
                for (int i = 0; i < result.Length; i++)
                {
                    // At edges torchvision mixes with what is outside; here the edge's values reach half a pixel further.
                    if (IsInside(map, i / Width % Height, i % Width, name == "crop"))
                    {
                        Assert.Equal(expected[i], result[i], 1e-5);
                        compared++;
                    }
                    else
                    {
                        result[i] = (float)expected[i];
                    }
                }

                Assert.True(compared >= 3 * 20);
                break;
        }

        NetworkTests.AssertClose(expected, result, 1e-5);
    }

    [Fact]
    public void Small_cases_are_as_drawn_by_hand()
    {
        float[] image = [1, 2, 3, 4, 5, 6];
        float[] Apply(AffineMap map)
        {
            float[] result = new float[6];
            map.Resample(image, result, 1, 2, 3, fill: 9);
            return result;
        }

        Assert.Equal(image, Apply(AffineMap.Identity));
        Assert.Equal([3, 2, 1, 6, 5, 4], Apply(AffineMap.Scale(-1, 1)));
        Assert.Equal([4, 5, 6, 1, 2, 3], Apply(AffineMap.Scale(1, -1)));
        Assert.Equal([2, 3, 9, 5, 6, 9], Apply(AffineMap.Shift(1, 0)));
        Assert.Equal([9, 9, 9, 1, 2, 3], Apply(AffineMap.Shift(0, -1)));
        Assert.Equal([6, 5, 4, 3, 2, 1], Apply(RandomAffine.Map(180, 0, 0, 1)));

        // Half a pixel to the left: between neighbours, and the last column still shows its edge.
        Assert.Equal([1.5f, 2.5f, 3, 4.5f, 5.5f, 6], Apply(AffineMap.Shift(0.5, 0)));

        // The middle column, three times as wide: its neighbours shine in by a third.
        float[] wide = Apply(RandomResizedCrop.Map(0, 1, 2, 1, 2, 3));
        NetworkTests.AssertClose([5.0 / 3, 2, 7.0 / 3, 14.0 / 3, 5, 16.0 / 3], wide);

        // A quarter turn of a square, clockwise.
        float[] square = [1, 2, 3, 4], turned = new float[4];
        RandomAffine.Map(90, 0, 0, 1).Resample(square, turned, 1, 2, 2, fill: 9);
        NetworkTests.AssertClose([3, 1, 4, 2], turned);
    }

    [Fact]
    public void Settings_of_identity_change_nothing()
    {
        var augmentation = new Augmentation(
            new RandomHorizontalFlip(0),
            new RandomVerticalFlip(0),
            new RandomAffine(),
            new RandomCrop(0),
            new RandomResizedCrop { Scale = (1, 1), Ratio = ((double)Width / Height, (double)Width / Height) },
            new ColorJitter(),
            new GaussianNoise(0),
            new RandomErasing(0));
        for (int epoch = 1; epoch < 20; epoch++)
        {
            Assert.Equal(Image, Apply(augmentation, epoch, index: epoch));
        }
    }

    [Fact]
    public void Mirroring_twice_is_the_identity_and_once_is_not()
    {
        Assert.Equal(Image, Apply(new Augmentation(new RandomHorizontalFlip(1), new RandomHorizontalFlip(1))));
        Assert.Equal(Image, Apply(new Augmentation(new RandomVerticalFlip(1), new ColorJitter(), new RandomVerticalFlip(1))));
        float[] once = Apply(new Augmentation(new RandomHorizontalFlip(1)));
        Assert.Equal(Image.Chunk(Width).SelectMany(row => row.Reverse()), once);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_stay_in_range_and_differ_between_samples_and_epochs(string kind)
    {
        Augmentation augmentation = Make(kind);
        float[][] results =
        [
            .. Enumerable.Range(1, 30).Select(epoch => Apply(augmentation, epoch, 0)),
            .. Enumerable.Range(1, 30).Select(index => Apply(augmentation, 1, index)),
            .. Enumerable.Range(1, 30).Select(seed => Apply(augmentation, 1, 0, (ulong)seed)),
        ];
        Assert.All(results, result => Assert.All(result, value => Assert.InRange(value, 0, 1)));
        foreach (float[][] group in results.Chunk(30))
        {
            Assert.True(group.Select(r => string.Join(' ', r)).Distinct().Count() >= 2);
        }

        // The same three numbers give the same sample.
        Assert.Equal(results[4], Apply(augmentation, 5, 0));
    }

    [Fact]
    public void Transforms_happen_as_often_and_as_strongly_as_they_should()
    {
        var flip = new Augmentation(new RandomHorizontalFlip(0.3));
        Assert.InRange(Enumerable.Range(0, 2000).Count(i => !Apply(flip, 1, i).SequenceEqual(Image)), 530, 670);

        // Shifts of up to 2 pixels: all 25 places.
        var crop = new Augmentation(new RandomCrop(2));
        Assert.Equal(25, Enumerable.Range(0, 500).Select(i => string.Join(' ', Apply(crop, 1, i))).Distinct().Count());

        // Noise around the middle of a wide range has the deviation that was asked for.
        var noise = new Augmentation(new GaussianNoise(0.5)) { Range = (-100, 100) };
        double[] errors = [.. Enumerable.Range(0, 200).SelectMany(i => Apply(noise, 1, i).Zip(Image, (a, b) => (double)(a - b)))];
        Assert.Equal(0, errors.Average(), 0.01);
        Assert.Equal(0.5, Math.Sqrt(errors.Average(e => e * e)), 0.01);
        Assert.Equal(0.6827, errors.Count(e => Math.Abs(e) < 0.5) / (double)errors.Length, 0.01);

        // Cutout: a square of 3 × 3, the same in all channels.
        var cutout = new Augmentation(new RandomErasing(1) { Scale = (9.0 / 63, 9.0 / 63), Ratio = (1, 1) }) { Fill = 7 };
        for (int i = 0; i < 50; i++)
        {
            float[] result = Apply(cutout, 1, i);
            int[] erased = [.. Enumerable.Range(0, result.Length).Where(k => result[k] == 7)];
            Assert.Equal(27, erased.Length);
            Assert.Equal((2, 2), (erased[8] / Width - erased[0] / Width, erased[8] % Width - erased[0] % Width));
            Assert.Equal(erased[..9].Select(k => k + (Height * Width)), erased[9..18]);
        }
    }

    [Fact]
    public void Signals_and_volumes_are_changed_along_their_last_axes()
    {
        var flip = new Augmentation(new RandomHorizontalFlip(1));
        float[] result = new float[6];
        flip.Apply([1, 2, 3, 4, 5, 6], result, [2, 3], 0, 1, 0);
        Assert.Equal([3, 2, 1, 6, 5, 4], result);
        flip.Apply([1, 2, 3, 4, 5, 6], result, [1, 3, 1, 2], 0, 1, 0);
        Assert.Equal([2, 1, 4, 3, 6, 5], result);
        Assert.Throws<ArgumentException>("shape", () => flip.Apply(new float[6], new float[6], [6], 0, 1, 0));
        new Augmentation(new GaussianNoise()).Apply(new float[6], new float[6], [6], 0, 1, 0);
        Assert.Throws<ArgumentException>("sample", () => flip.Apply(new float[6], new float[5], [2, 3], 0, 1, 0));
    }

    [Fact]
    public void A_crop_shifts_a_signal_along_its_length_alone()
    {
        float[] signal = [.. Enumerable.Range(1, 40).Select(i => (float)i)];
        var crop = new Augmentation(new RandomCrop(4)) { Fill = -1 };
        int[] shifts = [.. Enumerable.Range(0, 300).Select(i =>
        {
            float[] result = ApplyToSignal(crop, signal, i);
            int shift = (int)result[10] - 11;
            Assert.Equal(Enumerable.Range(0, 40).Select(k => k % 20 + shift is >= 0 and < 20 ? signal[k + shift] : -1), result);
            return shift;
        })];
        Assert.Equal(Enumerable.Range(-4, 9), shifts.Distinct().Order());

        // So is a map of classes, and an image of height 1.
        int[] classes = [.. Enumerable.Range(1, 20)];
        crop.ApplyToClasses(classes, new int[20], 1, 20, beyond: -1, new SampleKey(0, 1, 0));
        float[] image = new float[20];
        crop.Apply(signal.AsSpan(0, 20), image, [1, 1, 20], 0, 1, 0);
        Assert.Equal(image.Select(value => (int)value), classes);
        Assert.Equal(ApplyToSignal(crop, signal, 0)[..20], image);
    }

    [Fact]
    public void A_resized_crop_takes_a_share_of_a_signals_length()
    {
        // A ramp shows by its slope how long the part is.
        float[] ramp = [.. Enumerable.Range(0, 2000).Select(i => i % 1000 / 1000f)];
        var crop = new Augmentation(new RandomResizedCrop { Scale = (0.2, 0.6) });
        double[] shares = [.. Enumerable.Range(0, 300).Select(i =>
        {
            float[] result = ApplyToSignal(crop, ramp, i);
            Assert.Equal(result[..1000], result[1000..]);
            return (double)(result[700] - result[300]) / 0.4;
        })];
        Assert.All(shares, share => Assert.InRange(share, 0.199, 0.601));
        Assert.Equal((0.2, 0.6), (Math.Round(shares.Min(), 2), Math.Round(shares.Max(), 2)));
        Assert.Equal(ramp, ApplyToSignal(new Augmentation(new RandomResizedCrop { Scale = (1, 1) }), ramp, 0));

        // The shortest part is one value, which blends with its neighbours at its ends.
        crop = new Augmentation(new RandomResizedCrop { Scale = (1e-6, 1e-6) });
        float[] line = [.. Enumerable.Range(0, 40).Select(i => i % 20 / 20f)];
        double[] middles = [.. Enumerable.Range(0, 300).Select(i => (double)(ApplyToSignal(crop, line, i)[9] * 20))];
        Assert.Equal(Enumerable.Range(0, 20), middles.Select(middle => (int)Math.Round(middle)).Distinct().Order());
    }

    [Fact]
    public void Erasing_blots_out_a_share_of_a_signals_length()
    {
        float[] signal = [.. Enumerable.Repeat(1f, 200)];
        var erasing = new Augmentation(new RandomErasing(1) { Scale = (0.1, 0.3) }) { Fill = 7 };
        int[][] erased = [.. Enumerable.Range(0, 300).Select(i =>
        {
            float[] result = ApplyToSignal(erasing, signal, i);
            int[] places = [.. Enumerable.Range(0, 100).Where(k => result[k] == 7)];
            Assert.Equal(Enumerable.Range(places[0], places.Length), places);
            Assert.Equal(result[..100], result[100..]);
            return places;
        })];
        Assert.Equal((10, 30), (erased.Min(places => places.Length), erased.Max(places => places.Length)));
        Assert.InRange(erased.Min(places => places[0]), 0, 3);
        Assert.InRange(erased.Max(places => places[^1]), 96, 99);
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => ApplyToSignal(new Augmentation(new RandomErasing()), signal, i).Contains(0)),
            430, 570);
    }

    [Fact]
    public void A_signal_is_scaled_and_shifted_but_neither_turned_nor_moved_up_or_down()
    {
        float[] signal = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        var change = new RandomAffine { Translate = (0.2, 0), Scale = (2, 2), Shear = (30, 0) };
        var affine = new Augmentation(change, new RandomVerticalFlip(1)) { Fill = -1 };
        for (int i = 0; i < 50; i++)
        {
            float[] result = ApplyToSignal(affine, signal, i);
            Assert.All(Enumerable.Range(1, 17), k => Assert.Equal(0.5f, result[k + 1] - result[k], 1e-5));
            Assert.InRange(result[9] + result[10], 10, 28);
        }

        foreach (RandomAffine refused in (RandomAffine[])[new() { Degrees = 5 }, new() { Translate = (0, 0.1) }, new() { Shear = (0, 5) }])
        {
            var augmentation = new Augmentation(new GaussianNoise(0), refused);
            var e = Assert.Throws<ArgumentException>("shape", () => ApplyToSignal(augmentation, signal, 0));
            Assert.Contains($"A sample of (2, 20) has a single row, which {refused} would leave", e.Message);
            Assert.Throws<ArgumentException>("shape", () => augmentation.Apply(signal, new float[40], [2, 1, 20], 0, 1, 0));
            augmentation.Apply(signal, new float[40], [1, 2, 20], 0, 1, 0);
        }
    }

    [Fact]
    public void Fit_augments_alike_on_any_number_of_threads_and_goes_on_to_the_bit()
    {
        float[] inputs = [.. LinearNetwork.Noise(200 * LinearNetwork.Inputs, 1).Select(Math.Abs)];
        float[] targets = LinearNetwork.Noise(200 * LinearNetwork.Outputs, 2);
        FitOptions options = new()
        {
            Epochs = 3,
            Seed = 3,
            Augmentation = new Augmentation(new GaussianNoise(0.2), new ColorJitter { Brightness = 0.3 })
        };
        float[] Train(int threads, FitOptions options, int batch = 64)
        {
            using var network = new LinearNetwork(new NetworkOptions { Threads = threads });
            using var trainer = new RegressionTrainer(network, batch, new Sgd(0.1));
            trainer.Fit(inputs, targets, options);
            return network.Values(0);
        }

        float[] expected = Train(1, options);
        Assert.Equal(expected, Train(2, options));
        Assert.Equal(expected, Train(5, options));
        Assert.NotEqual(expected, Train(1, options with { Augmentation = null }));
        Assert.NotEqual(expected, Train(1, options with { Augmentation = new Augmentation(new GaussianNoise(0.2)) }));

        // One step on all samples equals a step on samples that were augmented by hand.
        float[] changed = new float[inputs.Length];
        for (int s = 0; s < 200; s++)
        {
            options.Augmentation.Apply(
                inputs.AsSpan(s * 7, 7), changed.AsSpan(s * 7, 7), [LinearNetwork.Inputs], options.Seed, epoch: 1, s);
        }

        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 200, new Sgd(0.1));
        trainer.Step(changed, targets);
        Assert.Equal(network.Values(0), Train(1, options with { Epochs = 1, Shuffle = false }, batch: 200));

        string path = Path.GetTempFileName();
        try
        {
            options = options with { Checkpoint = new FitCheckpoint(path) };
            Train(2, options with { Epochs = 1 });
            options = options with { Checkpoint = new FitCheckpoint(path) { Resume = true } };
            var e = Assert.Throws<WeightsFormatException>(() => Train(2, options with { Augmentation = null }));
            Assert.Contains(
                "Augmentation = GaussianNoise { Sigma = 0.2 }, ColorJitter { Brightness = 0.3, Contrast = 0, "
                + "Saturation = 0, Hue = 0 }; range (0, 1)", e.Message);
            Assert.Equal(expected, Train(2, options));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Maps_of_classes_move_with_the_image()
    {
        // Classes that can be read off the image: each pixel's own number. Moves by whole pixels keep them together.
        float[] image = [.. Enumerable.Range(0, 63).Select(i => (i + 1) / 64f)], moved = new float[63];
        int[] scratch = new int[63];
        var augmentation = new Augmentation(
            new RandomHorizontalFlip(), new GaussianNoise(0), new RandomVerticalFlip(), new RandomCrop(3), new RandomErasing(0));
        for (int index = 0; index < 20; index++)
        {
            int[] classes = [.. Enumerable.Range(0, 63)];
            augmentation.Apply(image, moved, [1, Height, Width], seed: 5, epoch: 2, index);
            augmentation.ApplyToClasses(classes, scratch, Height, Width, beyond: -1, new SampleKey(5, 2, index));
            Assert.Equal(moved.Select(v => (int)Math.Round(v * 64) - 1), classes);
        }

        // Between pixels, the nearer one counts.
        int[] turned = new int[6];
        AffineMap.Shift(0.4, 0).Pick([1, 2, 3, 4, 5, 6], turned, 2, 3, beyond: -100);
        Assert.Equal([1, 2, 3, 4, 5, 6], turned);
        AffineMap.Shift(0.6, -1).Pick([1, 2, 3, 4, 5, 6], turned, 2, 3, beyond: -100);
        Assert.Equal([-100, -100, -100, 2, 3, -100], turned);
    }

    [Fact]
    public void Samples_outside_the_range_are_refused_where_values_change()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        float[] inputs = LinearNetwork.Noise(10 * LinearNetwork.Inputs, 1), targets = LinearNetwork.Noise(10 * LinearNetwork.Outputs, 2);
        var e = Assert.Throws<ArgumentException>(
            "inputs", () => trainer.Fit(inputs, targets, new FitOptions { Augmentation = new Augmentation(new GaussianNoise()) }));
        Assert.Contains("but the augmentation keeps values from 0 to 1; set its Range.", e.Message);
        trainer.Fit(inputs, targets, new FitOptions { Augmentation = new Augmentation(new GaussianNoise()) { Range = (-1, 1) } });
        Assert.Throws<ArgumentException>(
            "options.Augmentation",
            () => trainer.Fit(inputs, targets, new FitOptions { Augmentation = new Augmentation(new RandomCrop(1)) }));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Probability", () => new RandomHorizontalFlip(1.1));
        Assert.Throws<ArgumentOutOfRangeException>("Probability", () => new RandomErasing { Probability = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("Degrees", () => new RandomAffine { Degrees = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("Translate", () => new RandomAffine { Translate = (0, 2) });
        Assert.Throws<ArgumentOutOfRangeException>("Scale", () => new RandomAffine { Scale = (0, 1) });
        Assert.Throws<ArgumentOutOfRangeException>("Scale", () => new RandomAffine { Scale = (2, 1) });
        Assert.Throws<ArgumentOutOfRangeException>("Scale", () => new RandomResizedCrop { Scale = (0.5, 1.5) });
        Assert.Throws<ArgumentOutOfRangeException>("padding", () => new RandomCrop(-1));
        Assert.Throws<ArgumentOutOfRangeException>("Contrast", () => new ColorJitter { Contrast = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("Saturation", () => new ColorJitter { Saturation = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("Hue", () => new ColorJitter { Hue = 0.6 });
        Assert.Throws<ArgumentOutOfRangeException>("Shear", () => new RandomAffine { Shear = (0, 90) });
        Assert.Throws<ArgumentOutOfRangeException>("Sigma", () => new GaussianNoise(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("Range", () => new Augmentation { Range = (1, 0) });
        Assert.Throws<ArgumentOutOfRangeException>("Fill", () => new Augmentation { Fill = float.NaN });
        Assert.Throws<ArgumentNullException>("transforms", () => new Augmentation((Transform)null!));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void The_preview_is_a_picture_of_samples_and_variants(int channels)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            float[] two = [.. Image.Take(channels * 63), .. Image.Take(channels * 63).Reverse()];
            var augmentation = new Augmentation(new RandomHorizontalFlip(1));
            augmentation.SavePreview(path, two, [channels, Height, Width], variants: 4);
            var picture = Picture.Load(path);
            Assert.Equal((2 + (5 * 11), 2 + (2 * 9)), (picture.Width, picture.Height));

            // Second row, third column: the second sample, mirrored; and the margin before it.
            Assert.Equal(new Rgb(128, 128, 128), picture[2 + 22 - 1, 11]);
            for (int c = 0; c < channels; c++)
            {
                for (int y = 0; y < Height; y++)
                {
                    for (int x = 0; x < Width; x++)
                    {
                        float value = two[(channels * 63) + (((c * Height) + y) * Width) + Width - 1 - x];
                        Rgb pixel = picture[24 + x, 11 + y];
                        Assert.Equal((int)MathF.Round(255 * value), c == 0 ? pixel.Red : c == 1 ? pixel.Green : pixel.Blue);
                    }
                }
            }

            Assert.Throws<ArgumentException>("shape", () => augmentation.SavePreview(path, two, [63]));
            Assert.Throws<ArgumentException>("samples", () => augmentation.SavePreview(path, two.AsSpan(1), [channels, Height, Width]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static float[] Apply(Augmentation augmentation, int epoch = 1, int index = 0, ulong seed = 0)
    {
        float[] result = new float[Image.Length];
        augmentation.Apply(Image, result, Shape, seed, epoch, index);
        return result;
    }

    /// <summary>What becomes of a signal of two channels.</summary>
    private static float[] ApplyToSignal(Augmentation augmentation, float[] signal, int index)
    {
        float[] result = new float[signal.Length];
        augmentation.Apply(signal, result, [2, signal.Length / 2], 0, 1, index);
        return result;
    }

    private static Augmentation Make(string kind) => kind switch
    {
        "flip" => new Augmentation(new RandomHorizontalFlip(), new RandomVerticalFlip()),
        "affine" => new Augmentation(new RandomAffine { Degrees = 40, Translate = (0.2, 0.2), Scale = (0.7, 1.4), Shear = (20, 10) }),
        "crop" => new Augmentation(new RandomCrop(3)),
        "resized" => new Augmentation(new RandomResizedCrop()),
        "jitter" => new Augmentation(new ColorJitter { Brightness = 0.5, Contrast = 0.5, Saturation = 0.5, Hue = 0.3 }),
        "noise" => new Augmentation(new GaussianNoise(0.3)),
        "erase" => new Augmentation(new RandomErasing(1)),
        _ => new Augmentation(
            new RandomHorizontalFlip(), new RandomAffine { Degrees = 10 }, new ColorJitter { Contrast = 0.4 }, new RandomCrop(1),
            new GaussianNoise(0.05), new RandomErasing()),
    };

    private static AffineMap MapOf(string name) => name switch
    {
        "rotate" => RandomAffine.Map(30, 0, 0, 1),
        "shift" => RandomAffine.Map(0, 2, -1, 1),
        "shrink" => RandomAffine.Map(0, 0, 0, 0.8),
        "affine" => RandomAffine.Map(-17, 1, 2, 1.3),
        "shear" => RandomAffine.Map(10, 1, 0, 1.1, 20, -8),
        "flip" => AffineMap.Scale(-1, 1),
        "turn over" => AffineMap.Scale(1, -1),
        _ => RandomResizedCrop.Map(1, 2, 5, 6, Height, Width),
    };

    /// <summary>Whether a pixel comes from between the centres of four pixels of the image, or of the part that is cut out.</summary>
    private static bool IsInside(AffineMap map, int row, int column, bool crop)
    {
        double x = column - ((Width - 1) * 0.5), y = row - ((Height - 1) * 0.5);
        double sourceX = (map.XX * x) + (map.XY * y) + map.X + ((Width - 1) * 0.5);
        double sourceY = (map.YX * x) + (map.YY * y) + map.Y + ((Height - 1) * 0.5);
        (double left, double right, double top, double bottom) = crop ? (2, 7, 1, 5) : (0.0, Width - 1, 0.0, Height - 1);
        return sourceX >= left && sourceX <= right && sourceY >= top && sourceY <= bottom;
    }
}
