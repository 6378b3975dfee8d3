using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Strata;
using Strata.Imaging;
using Strata.Pictures;
using Zoo.Networks;

namespace Samples.Web;

/// <summary>Says what is in a photograph: MobileNetV2 with ImageNet's classes.</summary>
internal sealed class PhotoClassifier : IDisposable
{
    private const int Shown = 5;

    // A photograph of 24 megapixels; more costs more memory than a sample should.
    private static readonly ImageReadOptions Limits = new() { ApplyOrientation = true, MaxPixels = 24_000_000 };

    private readonly MobileNetV2 _network;
    private readonly IReadOnlyList<string>? _names;

    /// <summary>Creates the network.</summary>
    /// <param name="weights">A file that samples/Zoo/to_safetensors.py has written. The classes' names are beside it, if anywhere.</param>
    public PhotoClassifier(string weights)
    {
        _network = new MobileNetV2(new NetworkOptions { Weights = weights });
        string names = Path.ChangeExtension(weights, null) + ".classes.txt";
        _names = File.Exists(names) ? ClassNames.Load(weights) : null;
    }

    /// <summary>Classifies a photograph.</summary>
    /// <param name="file">JPEG, PNG, BMP, GIF or TIFF.</param>
    /// <exception cref="ImageFormatException">The file is none of these, is damaged, or has too many pixels.</exception>
    public PhotoResult Classify(ReadOnlySpan<byte> file)
    {
        Picture picture = ImageFile.Read(file, Limits);
        ImagePreprocessing toInput = ImagePreprocessing.ImageNet;
        float[] input = new float[toInput.Length], scores = new float[MobileNetV2.OutputLength];
        toInput.Apply(picture, input);
        long start = Stopwatch.GetTimestamp();
        _network.Forward(input, scores);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        using var middle = new MemoryStream();
        picture.Resize(toInput.ShorterSide).CenterCrop(toInput.Width, toInput.Height).Save(middle);
        return new PhotoResult(
            [.. ClassNames.Top(Softmax(scores), Shown).Select(top => new PhotoClass(NameOf(top.Class), top.Score))], milliseconds,
            middle.ToArray());
    }

    public void Dispose() => _network.Dispose();

    private static float[] Softmax(float[] scores)
    {
        float largest = scores.Max();
        float[] powers = Array.ConvertAll(scores, score => MathF.Exp(score - largest));
        float sum = powers.Sum();
        return Array.ConvertAll(powers, power => power / sum);
    }

    private string NameOf(int @class) => @class < _names?.Count ? _names[@class] : $"class {@class}";
}
