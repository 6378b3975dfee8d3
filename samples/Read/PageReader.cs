using System.Numerics;
using System.Runtime.InteropServices;
using Strata;
using Strata.Imaging;
using Strata.Onnx;
using Strata.Pictures;

namespace Samples.Read;

/// <summary>Reads the text of pages: finds regions, cuts them out upright, and reads each at its own width.</summary>
public sealed class PageReader : IDisposable
{
    /// <summary>Larger pages are made smaller for the detector, not for what is read.</summary>
    private const int LongestSide = 1536;

    private const int LineHeight = 48, DirectionWidth = 192;

    /// <summary>Lines are padded to multiples of it: a network is compiled for each width that comes.</summary>
    private const int WidthStep = 160;

    private const double SureOfDirection = 0.9;

    private static readonly ImagePreprocessing ToDetector = new(LongestSide, LongestSide)
    {
        Fit = ImageFit.Pad,
        Mean = ImagePreprocessing.ImageNet.Mean,
        Std = ImagePreprocessing.ImageNet.Std,
        Fill = new Rgb(124, 116, 104),
    };

    private readonly CompiledNetwork _detector;
    private readonly CompiledNetwork _direction;
    private readonly CompiledNetwork _recognizer;
    private readonly CtcDecoder _decoder;

    /// <summary>Compiles the networks. The code is kept for the next time.</summary>
    public PageReader(OcrModels models)
    {
        _detector = Load(models.Detector, multiple: 32, 3, 640, 640);
        _direction = Load(models.Direction, multiple: 1, 3, LineHeight, DirectionWidth);
        _recognizer = Load(models.Recognizer, multiple: 16, 3, LineHeight, 2 * WidthStep);
        _decoder = new CtcDecoder([.. File.ReadLines(models.Characters), " "]);
    }

    /// <summary>Lines that are less sure are left out, 0 to 1.</summary>
    public double LeastConfidence { get; init; } = 0.5;

    public void Dispose()
    {
        _detector.Dispose();
        _direction.Dispose();
        _recognizer.Dispose();
    }

    /// <summary>The lines of a page in the order in which they are read, row by row.</summary>
    public IReadOnlyList<TextLine[]> Read(Picture page)
    {
        TextLine[] lines =
        [
            .. Regions(page).Select(corners => ReadLine(page, corners))
                .Where(line => line.Text.Length > 0 && line.Confidence >= LeastConfidence),
        ];
        return [.. TextRows.Of([.. lines.Select(line => line.Corners)]).Select(row => row.Select(i => lines[i]).ToArray())];
    }

    /// <summary>The corners of each region of text, in pixels of the page.</summary>
    private IEnumerable<Vector2[]> Regions(Picture page)
    {
        (CompiledNetwork network, float[] input, ImagePlacement placement) = ToDetector.Apply(BlueFirst(page), _detector);
        float[] map = new float[network.OutputLength];
        network.Forward(input, map);
        IReadOnlyList<int> size = network.Info.InputShape;
        return new TextRegionDecoder(size[1], size[2]).Decode(map)
            .Select(region => region.Box.Corners.Select(placement.ToPicture).ToArray());
    }

    private TextLine ReadLine(Picture page, Vector2[] corners)
    {
        // Text that runs up or down: its first corner is the second of the rectangle.
        (float width, float height) = SizeOf(corners);
        corners = height >= 1.5f * width ? [.. corners[1..], corners[0]] : corners;
        (width, height) = SizeOf(corners);
        Picture line = page.CropPerspective(corners, int.Max(1, (int)float.Round(LineHeight * width / height)), LineHeight);

        float[] directions = new float[2];
        _direction.Forward(Padded(line, DirectionWidth), directions);
        if (directions[1] > SureOfDirection)
        {
            line = line.Rotate(180);
            corners = [.. corners[2..], .. corners[..2]];
        }

        int paddedWidth = (line.Width + WidthStep - 1) / WidthStep * WidthStep;
        CompiledNetwork network = _recognizer.At(LineHeight, paddedWidth);
        float[] probabilities = new float[network.OutputLength];
        network.Forward(Padded(line, paddedWidth), probabilities);
        CtcText text = _decoder.Decode(probabilities);
        return new TextLine(corners, text.Text, text.Confidence);
    }

    private static (float Width, float Height) SizeOf(Vector2[] corners) =>
        (Vector2.Distance(corners[0], corners[1]), Vector2.Distance(corners[0], corners[3]));

    /// <summary>The line from −1 to 1, with 0 on the right of it. One that is longer than the input is squeezed.</summary>
    private static float[] Padded(Picture line, int width)
    {
        int filled = int.Min(line.Width, width);
        float[] half = [0.5f, 0.5f, 0.5f];
        var toLine = new ImagePreprocessing(filled, LineHeight) { Fit = ImageFit.Stretch, Mean = half, Std = half };
        float[] pixels = new float[toLine.Length], input = new float[3 * LineHeight * width];
        toLine.Apply(BlueFirst(line), pixels);
        for (int row = 0; row < 3 * LineHeight; row++)
        {
            pixels.AsSpan(row * filled, filled).CopyTo(input.AsSpan(row * width));
        }

        return input;
    }

    /// <summary>PP-OCR learnt from OpenCV's pictures, where blue comes first: red is passed off as blue.</summary>
    private static PixelBuffer BlueFirst(Picture picture)
    {
        Span<Rgb> pixels = MemoryMarshal.CreateSpan(ref picture.Row(0)[0], picture.Width * picture.Height);
        return new PixelBuffer(MemoryMarshal.AsBytes(pixels), picture.Width, picture.Height, 3 * picture.Width, PixelFormat.Bgr24);
    }

    private static CompiledNetwork Load(string path, int multiple, params int[] shape) => OnnxFile.Load(
        path,
        new OnnxImportOptions { Inputs = new Dictionary<string, IReadOnlyList<int>> { [""] = shape } },
        compile: new CompileOptions { SizeMultiple = multiple, CacheFolder = Cache });

    private static string Cache => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "strata", "networks");
}
