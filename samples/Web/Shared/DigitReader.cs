using System;
using System.Diagnostics;
using System.IO;
using Digits;
using Strata;
using Strata.Imaging;
using Strata.Pictures;

namespace Samples.Web;

/// <summary>
/// Reads digits, and draws what the network computes. The same class runs on the server and in the browser. One thread at a time may use
/// it.
/// </summary>
internal sealed class DigitReader : IDisposable
{
    private const string First = "conv1", Second = "relu2", Last = "conv2";

    private readonly CompiledNetwork _network = new LeNet5(new NetworkOptions { Threads = 1, Observe = [First, Second, Last] });
    private readonly float[] _image = new float[Digit.Pixels];
    private Attention? _attention;

    /// <summary>Creates the reader.</summary>
    /// <param name="weights">A safetensors file.</param>
    /// <param name="id">The id of these weights.</param>
    public DigitReader(ReadOnlyMemory<byte> weights, string id)
    {
        Weights = id;
        try
        {
            _network.Load(weights);
        }
        catch
        {
            Dispose();
            throw;
        }

        // The first call compiles.
        Read(new byte[Digit.Pixels]);
    }

    /// <summary>The id of the weights.</summary>
    public string Weights { get; }

    /// <summary>Reads a digit.</summary>
    /// <param name="pixels">28×28 bytes: 0 is paper, 255 is ink.</param>
    public Reading Read(ReadOnlySpan<byte> pixels)
    {
        float[] probabilities = new float[LeNet5.OutputLength];
        for (int i = 0; i < _image.Length; i++)
        {
            _image[i] = pixels[i] / 255f;
        }

        // The first call brings code and weights back into the caches. The second one shows what the network takes.
        _network.Forward(_image, probabilities);
        long start = Stopwatch.GetTimestamp();
        _network.Forward(_image, probabilities);
        return new Reading(probabilities, Stopwatch.GetElapsedTime(start).TotalMicroseconds, Weights);
    }

    /// <summary>Reads a digit, and draws what the network computes and what it looks at.</summary>
    /// <param name="pixels">28×28 bytes: 0 is paper, 255 is ink.</param>
    public ExplainedReading Explain(ReadOnlySpan<byte> pixels)
    {
        Reading reading = Read(pixels);
        int answer = Digit.Read(reading.Probabilities);
        _attention ??= Attention.Of(_network);
        var digit = Picture.OfActivation(_image, [1, Digit.Size, Digit.Size], new PictureOptions
        {
            Colors = ColorMap.Grey,
            Enlargement = 1,
            Gap = 0,
        });
        return new ExplainedReading(reading,
            [
                Maps(First, [6, 28, 28], ColorMap.Diverging, 6, "six kernels look for strokes: red where one fits, blue for its opposite"),
                Maps(Second, [16, 10, 10], null, 8, "sixteen maps of the second convolution: bright where one has found something"),
            ],
            [
                new MapPicture("saliency", $"the pixels that would change the answer {answer} most",
                    Png(_attention.Saliency(_image, answer).ToPicture())),
                new MapPicture("Grad-CAM", $"the places that speak for the answer {answer}",
                    Png(_attention.GradCam(Last, _image, answer).Overlay(digit, opacity: 0.7))),
            ]);
    }

    public void Dispose()
    {
        _attention?.Dispose();
        _network.Dispose();
    }

    private static byte[] Png(Picture picture)
    {
        using var stream = new MemoryStream();
        picture.Save(stream);
        return stream.ToArray();
    }

    private MapPicture Maps(string layer, ReadOnlySpan<int> shape, ColorMap? colors, int columns, string description) => new(
        layer, description, Png(Picture.OfActivation(_network.Activation(layer), shape, new PictureOptions
        {
            Colors = colors,
            Columns = columns,
            Enlargement = 1,
            Gap = 1,
            ScaleEach = colors is null,
        })));
}
