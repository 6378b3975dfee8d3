using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Strata.Onnx.Tests;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>The layers of the detector on the page, with a loss.</summary>
[Network, Input(3, 96, 96)]
[Conv2D(16, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(32, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(64, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(64, 3, Padding = 1), ReLU]
[Conv2D(8, 1)]
[MeanSquaredError]
public partial class TrainedDetector;

/// <summary>The code of the package's page compiles as it stands there, runs, and does what the page says.</summary>
public sealed partial class PackagePageTests : IDisposable
{
    private const int Side = 96, Cells = 12, Stride = 8, Anchor = 24;

    /// <summary>What a reader has: networks, and a bitmap of another library.</summary>
    private const string Given = """
        #pragma warning disable STRATA035
        using System; using Strata;

        [Network, Input(3, 224, 224), Conv2D(4, 7, Stride = 8), ReLU, GlobalAveragePool2D, Flatten, Dense(10), Softmax]
        public partial class Classifier;

        [Network(InputGradient = true, Observable = true)]
        [Input(3, 64, 64), Conv2D(4, 5, Stride = 4, Name = "conv5"), ReLU, MaxPool2D(3), Flatten, Dense(4), Softmax, CrossEntropy]
        public partial class Flowers;

        internal sealed class Bitmap
        {
            public int Width => 40;
            public int Height => 30;
            public int RowBytes => 4 * Width;
            public ReadOnlySpan<byte> GetPixelSpan() => new byte[RowBytes * Height];
        }
        """;

    /// <summary>A network of several sizes.</summary>
    private const string Sized =
        "new NetworkBuilder(3, 96, 96).Conv2D(4, 3, stride: 8).ReLU().Compile(compile: new CompileOptions { SizeMultiple = 32 })";

    private static readonly string Page = new StreamReader(Resource.Open("PACKAGE.md")).ReadToEnd().ReplaceLineEndings("\n");

    /// <summary>What a snippet's reader has already, unless the snippet declares it: type, name, value.</summary>
    private static readonly (string Type, string Name, string Value)[] Known =
    [
        ("Picture", "photo", "ImageFile.Read(\"cat.jpg\")"), ("string", "path", "\"cut.jpg\""),
        ("string[]", "names", "[.. Enumerable.Range(0, 10).Select(c => $\"class {c}\")]"), ("float[]", "scores", "new float[10]"),
        ("ImagePreprocessing", "toInput", "ImagePreprocessing.ImageNet"), ("int", "i", "1"), ("Bitmap", "bitmap", "new()"),
        ("float[]", "batch", "new float[2 * 3 * 224 * 224]"), ("int", "left", "5"), ("int", "top", "4"), ("int", "width", "20"),
        ("int", "height", "16"), ("int[]", "classes", "new int[ImageFile.Read(\"cat.jpg\").ToGrey().Length]"),
        ("float[]", "map", "[.. Enumerable.Repeat(1f, 20 * 16)]"), ("ImagePlacement", "placement", "new(1, 1, 0, 0)"),
        ("float[]", "probabilities", "[0, 1, .. new float[9], 0, 0, 1, .. new float[8]]"), ("int[]", "predicted", "[0, 1, 2, 2]"),
        ("int[]", "targets", "[0, 1, 2, 255]"), ("float[]", "columns", "[.. Enumerable.Repeat(0.5f, 116 * 2)]"),
        ("float[]", "prototypes", "new float[32 * 160 * 160]"),
        ("IReadOnlyList<Detection>[]", "video", "[[new(new Box(5, 5, 20, 30), 0.9f, 1)], [], [new(new Box(6, 5, 21, 30), 0.8f, 1)]]"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("page").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_snippet_compiles_and_runs()
    {
        WriteFiles();
        (Box Box, int Class)[] objects = [(Box.FromCorner(20, 30, 60, 50), 0), (Box.FromCorner(124, 44, 44, 64), 2)];
        // A PNG file under another name: formats are told apart by content.
        DrawStreet(objects).Save(Path.Combine(_folder, "street.jpg"));
        TrainDetector(Path.Combine(_folder, "detector.safetensors"));

        string[] snippets = [.. Snippets().Matches(Page).Select(match => match.Groups[1].Value)];
        string[] declarations = [.. snippets.Where(IsDeclaration)], statements = [.. snippets.Except(declarations)];
        Assert.Equal((1, 13), (declarations.Length, statements.Length));
        Assembly assembly = ClassCompiler.Compile(
            [Given, .. declarations, .. statements.Select((text, i) => Reader(i, text))],
            references: [typeof(ImageFile).Assembly, typeof(NetworkBuilder).Assembly]);
        object?[] results = [.. statements.Select((_, i) => assembly.GetType($"Reader{i}")!.GetMethod("Run")!.Invoke(null, null))];

        Detection[] found = Assert.Single(results.OfType<Detection[]>());
        Assert.Equal(objects.Length, found.Length);
        Assert.All(objects, expected => Assert.Single(
            found, one => one.Class == expected.Class && one.Box.IntersectionOverUnion(expected.Box) > 0.5));
        FitResult result = Assert.Single(results.OfType<FitResult>());
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss, result.ToString());
        Assert.Equal(["daisy", "rose"], ClassNames.Load(Path.Combine(_folder, "flowers.safetensors")));
        Assert.All(["found.png", "why.png", "network.svg"], name => Assert.True(File.Exists(Path.Combine(_folder, name)), name));
        Assert.NotEqual(
            ImageFile.Read(Path.Combine(_folder, "street.jpg")).ToGrey(), ImageFile.Read(Path.Combine(_folder, "found.png")).ToGrey());
    }

    [Fact]
    public void The_detector_has_less_than_thirty_lines()
    {
        string detector = Snippets().Matches(Page).Select(match => match.Groups[1].Value).Single(text => text.Contains("DrawDetections"));
        Assert.InRange(detector.TrimEnd().Split('\n').Length, 10, 29);
    }

    /// <summary>A photo, one that is cut off, and a folder of flowers.</summary>
    private void WriteFiles()
    {
        Corpus.Entry photo = Corpus.Load().Entries.First(entry => !entry.IsCut && entry.Width >= 16 && entry.Height >= 16);
        File.WriteAllBytes(Path.Combine(_folder, "cat.jpg"), photo.File.ToArray());
        File.WriteAllBytes(Path.Combine(_folder, "cut.jpg"), photo.File[..(photo.File.Length / 2)].ToArray());
        foreach ((string name, Rgb color) in new[] { ("rose", new Rgb(200, 20, 40)), ("daisy", new Rgb(230, 230, 90)) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "flowers", name));
            for (int i = 0; i < 10; i++)
            {
                var picture = new Picture(30 + i, 40);
                Fill(picture, new Box(i, 5, 20 + i, 30), color);
                picture.Save(Path.Combine(_folder, "flowers", name, $"{i}.png"));
            }
        }
    }

    /// <summary>A method with a snippet. It returns what the snippet found, or how it trained.</summary>
    private string Reader(int number, string snippet)
    {
        string[] usings = [.. Usings().Matches(snippet).Select(match => match.Value)];
        string body = usings.Aggregate(snippet, (text, line) => text.Replace(line, "", StringComparison.Ordinal));
        body = body.Replace("trainer.Fit(", "FitResult result = trainer.Fit(", StringComparison.Ordinal);
        bool trains = body.Contains("trainer.", StringComparison.Ordinal);
        string network = trains || body.Contains("new Flowers", StringComparison.Ordinal) ? "Flowers" : "Classifier";
        IEnumerable<string> variables = Known
            .Concat([(network, "net", "new(seed: 1)"), ("float[]", "input", $"new float[{network}.InputLength]")])
            .Concat(body.Contains(", detector)", StringComparison.Ordinal) ? [("CompiledNetwork", "detector", Sized)] : [])
            .Concat(trains ? [("ClassificationTrainer", "trainer", "net.CreateTrainer(4, new Adam(0.01))")] : [])
            .Where(one => !Regex.IsMatch(body, $@"[\w\])>] {one.Item2} = "))
            .Select(one => $"{one.Item1} {one.Item2} = {one.Item3};");
        string result = body.Contains("[] found = ") ? "found" : trains ? "result" : "\"\"";
        return Files().Replace($$"""
            #pragma warning disable CS0219 // some variables are for other snippets
            using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Numerics;
            using System.Threading.Tasks;
            using Strata; using Strata.Data; using Strata.Imaging; using Strata.Pictures; using Strata.Training;
            internal static class Reader{{number}}
            {
                public static object Run()
                {
                    {{string.Join('\n', variables)}}
                    {{body}}
                    return {{result}};
                }
            }
            """, match => $"@\"{Path.Combine(_folder, match.Groups[1].Value)}\"");
    }

    /// <summary>Teaches the detector to tell red, green and blue boxes apart. Each quarter of a picture has one.</summary>
    private static void TrainDetector(string path)
    {
        const int Batch = 8, Steps = 1200, Quarter = Side / 2;
        var random = new Random(1);
        using var net = new TrainedDetector(seed: 1);
        using RegressionTrainer trainer = net.CreateTrainer(Batch, new Adam(0.005));
        float[] inputs = new float[Batch * TrainedDetector.InputLength], targets = new float[Batch * TrainedDetector.OutputLength];
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < Batch; i++)
            {
                (Box, int)[] objects = [.. Enumerable.Range(0, 4).Select(quarter =>
                {
                    float width = 16 + (24 * random.NextSingle()), height = 16 + (24 * random.NextSingle());
                    float left = (Quarter * (quarter % 2)) + ((Quarter - width) * random.NextSingle());
                    float top = (Quarter * (quarter / 2)) + ((Quarter - height) * random.NextSingle());
                    return (Box.FromCorner(left, top, width, height), random.Next(3));
                })];
                Draw(random, Side, Side, objects).ToTensor(inputs.AsSpan(i * TrainedDetector.InputLength, TrainedDetector.InputLength));
                Target(objects, targets.AsSpan(i * TrainedDetector.OutputLength, TrainedDetector.OutputLength));
            }

            trainer.Optimizer.LearningRate = 0.005 * (Steps - step) / Steps;
            trainer.Step(inputs, targets);
        }

        net.Save(path);
    }

    /// <summary>What the formulas of YOLOv5 turn into the boxes.</summary>
    private static void Target((Box Box, int Class)[] objects, Span<float> target)
    {
        target.Clear();
        target.Slice(4 * Cells * Cells, Cells * Cells).Fill(-3);
        foreach ((Box box, int kind) in objects)
        {
            for (int cell = 0; cell < Cells * Cells; cell++)
            {
                // Cells around the middle, too, as in YOLOv5: suppression then has something to do.
                (float x, float y) = ((box.CenterX / Stride) - (cell % Cells), (box.CenterY / Stride) - (cell / Cells));
                if (float.Abs(x - 0.5f) < 0.9f && float.Abs(y - 0.5f) < 0.9f)
                {
                    ReadOnlySpan<float> values =
                    [
                        Logit((x + 0.5f) / 2), Logit((y + 0.5f) / 2), Logit(MathF.Sqrt(box.Width / Anchor) / 2),
                        Logit(MathF.Sqrt(box.Height / Anchor) / 2), 3, kind == 0 ? 3 : -3, kind == 1 ? 3 : -3, kind == 2 ? 3 : -3,
                    ];
                    for (int channel = 0; channel < values.Length; channel++)
                    {
                        target[(channel * Cells * Cells) + cell] = values[channel];
                    }
                }
            }
        }

        static float Logit(float p) => MathF.Log(p / (1 - p));
    }

    /// <summary>Twice as large as the detector's input, and not as high.</summary>
    private static Picture DrawStreet((Box Box, int Class)[] objects) => Draw(new Random(2), 2 * Side, 128, objects);

    private static Picture Draw(Random random, int width, int height, (Box Box, int Class)[] objects)
    {
        var picture = new Picture(width, height);
        foreach ((Box box, int kind) in objects.Prepend((new Box(0, 0, width, height), -1)))
        {
            byte light = (byte)random.Next(90, 140);
            Fill(picture, box, kind switch
            {
                0 => new Rgb(220, 40, 40),
                1 => new Rgb(40, 220, 40),
                2 => new Rgb(40, 40, 220),
                _ => new Rgb(light, light, light),
            });
        }

        return picture;
    }

    private static void Fill(Picture picture, Box box, Rgb color)
    {
        for (int y = (int)box.Top; y < (int)box.Bottom; y++)
        {
            picture.Row(y)[(int)box.Left..(int)box.Right].Fill(color);
        }
    }

    private static bool IsDeclaration(string snippet) => snippet.Contains("partial class", StringComparison.Ordinal);

    [GeneratedRegex(@"^ *```csharp\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippets();

    [GeneratedRegex(@"^using [\w.]+;.*$", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"""([\w.]+\.(?:jpg|png|svg|safetensors)|flowers)""")]
    private static partial Regex Files();
}
