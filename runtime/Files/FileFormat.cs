using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata;

/// <summary>
/// The format of a file, recognised by its first bytes. If a reader gets a file of another format, its message names that format.
/// </summary>
/// <param name="Name">The format with its article: <c>a JPEG file</c>.</param>
internal sealed record FileFormat(string Name)
{
    /// <summary>Bytes of a file that are compared.</summary>
    public const int BeginningLength = 128;

    // Offsets of a ZIP archive's first entry name, and of the name's length.
    private const int ZipName = 30, ZipNameLength = 26;

    private const int TextLength = 40;

    // The brands of HEIF files with one picture or a sequence of them (ISO/IEC 23008-12).
    private static readonly string[] HeifBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"];

    /// <summary>The files of <c>torch.save</c>: ZIP archives, and before PyTorch 1.6 sequences of pickles.</summary>
    public static readonly FileFormat PyTorch = new("a PyTorch file (.pth, .pt)");

    public static readonly FileFormat Pickle = new("a Python pickle");

    public static readonly FileFormat NumPy = new("a NumPy array (.npy)");

    public static readonly FileFormat NumPyArchive = new("an archive of NumPy arrays (.npz)");

    public static readonly FileFormat Keras = new("a Keras archive (.keras)");

    public static readonly FileFormat Hdf5 = new("an HDF5 file (.h5)");

    public static readonly FileFormat Onnx = new("an ONNX model");

    public static readonly FileFormat Gguf = new("a GGUF file");

    public static readonly FileFormat TfLite = new("a TensorFlow Lite model");

    public static readonly FileFormat SavedModel = new("a TensorFlow SavedModel (.pb)");

    /// <summary>Version 0.1 or 0.2: three numbers of 32 bits, then the number of images seen.</summary>
    public static readonly FileFormat Darknet = new("a Darknet file (.weights)");

    public static readonly FileFormat Safetensors = new("a safetensors file");

    public static readonly FileFormat Zip = new("a ZIP archive") { IsPacked = true };

    public static readonly FileFormat Gzip = new("a gzip file") { IsPacked = true };

    public static readonly FileFormat Json = new("JSON text");

    public static readonly FileFormat Page = new("a web page or XML");

    /// <summary>The text that stands for a large file in a Git repository.</summary>
    public static readonly FileFormat LfsPointer = new("a Git LFS pointer");

    /// <summary>Whether the file must be unpacked before anyone can read its content.</summary>
    public bool IsPacked { get; private init; }

    /// <summary>The format; null if it is unknown.</summary>
    /// <param name="file">The file's first bytes, <see cref="BeginningLength"/> of them where it has as many.</param>
    public static FileFormat? Detect(ReadOnlySpan<byte> file) => OfSignature(file) ?? OfText(file);

    /// <summary>The same for formats that are no text.</summary>
    public static FileFormat? OfSignature(ReadOnlySpan<byte> file) => file switch
    {
        // The signatures of the formats' own specifications.
        [(byte)'P', (byte)'K', 3, 4, ..] => OfZip(file),
        [(byte)'P', (byte)'K', 5, 6, ..] => Zip,
        [0x80, >= 2 and <= 5, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, ..] => PyTorch,
        [0x80, >= 2 and <= 5, ..] => Pickle,
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => NumPy,
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => Hdf5,
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => Gguf,
        [_, _, _, _, (byte)'T', (byte)'F', (byte)'L', (byte)'3', ..] => TfLite,
        [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] => Safetensors,

        // A SavedModel of TensorFlow begins as ONNX files of version 1 would, which nobody writes.
        [0x08, 1, 0x12, ..] => SavedModel,

        // Protocol buffers have no signature. ONNX files begin with the format's version, then usually the producer's name or the graph.
        [0x08, >= 1 and < 0x20, 0x12 or 0x1A or 0x22 or 0x3A or 0x42, ..] => Onnx,
        [0, 0, 0, 0, 1 or 2, 0, 0, 0, <= 10, 0, 0, 0, ..] => Darknet,
        [0, 0, 8 or 9 or 11 or 12 or 13 or 14, >= 1 and <= 8, ..] => new("an IDX file"),
        [0x1F, 0x8B, ..] => Gzip,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => new("a bzip2 file") { IsPacked = true },
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => new("an xz file") { IsPacked = true },
        [0x28, 0xB5, 0x2F, 0xFD, ..] => new("a Zstandard file") { IsPacked = true },
        [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => new("a 7-Zip archive") { IsPacked = true },
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => new("a RAR archive") { IsPacked = true },
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => new("a PNG file"),
        [0xFF, 0xD8, 0xFF, ..] => new("a JPEG file"),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => new("a GIF file"),
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => new("a BMP file"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => new("a WebP file"),
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => new("a TIFF file"),
        [(byte)'I', (byte)'I', 43, 0, ..] or [(byte)'M', (byte)'M', 0, 43, ..] => new("a BigTIFF file"),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', _, _, _, _, ..] => OfBrand(Encoding.Latin1.GetString(file[8..12])),
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => new("a JPEG XL file"),
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => new("a JPEG 2000 file"),
        [0, 0, 1 or 2, 0, _, _, _, _, _, 0, ..] when IsIcon(file) => new("a Windows icon file"),
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => new("a Photoshop file"),
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => new("a PDF file"),
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)' ', ..] => new("a PNM file"),
        _ => null,
    };

    /// <summary>The format of a stream whose first bytes were read. Reads a few more.</summary>
    /// <param name="beginning">The first bytes.</param>
    /// <param name="stream">The stream, after these bytes.</param>
    public static FileFormat? Detect(ReadOnlySpan<byte> beginning, Stream stream)
    {
        Span<byte> file = stackalloc byte[BeginningLength];
        beginning.CopyTo(file);
        int more = stream.ReadAtLeast(file[beginning.Length..], BeginningLength - beginning.Length, throwOnEndOfStream: false);
        return Detect(file[..(beginning.Length + more)]);
    }

    private static FileFormat OfZip(ReadOnlySpan<byte> file)
    {
        if (file.Length <= ZipName)
        {
            return Zip;
        }

        int length = file[ZipNameLength] | (file[ZipNameLength + 1] << 8);
        ReadOnlySpan<byte> name = file.Slice(ZipName, int.Min(length, file.Length - ZipName));
        return name.EndsWith("data.pkl"u8) || name.EndsWith(".format_version"u8) || name.EndsWith("/version"u8)
            || name.EndsWith("/byteorder"u8) || name.EndsWith("/constants.pkl"u8) ? PyTorch
            : name.EndsWith(".npy"u8) ? NumPyArchive
            : name.EndsWith("metadata.json"u8) || name.EndsWith("config.json"u8) || name.EndsWith(".weights.h5"u8) ? Keras
            : Zip;
    }

    /// <summary>A file of ISO's base media format, whose brand says what it holds.</summary>
    private static FileFormat OfBrand(string brand) => new(
        HeifBrands.Contains(brand) ? "a HEIF file"
        : brand.StartsWith("avi", StringComparison.Ordinal) ? "an AVIF file"
        : "a video, or another file of its family");

    /// <summary>An icon's directory has an entry or more, and the first one's picture lies behind the directory.</summary>
    private static bool IsIcon(ReadOnlySpan<byte> file)
    {
        const int Header = 6, Entry = 16;
        int count = file[4] | (file[5] << 8);
        return count > 0 && (file.Length < Header + Entry
            || BitConverter.ToUInt32(file[(Header + 12)..]) >= Header + ((long)count * Entry));
    }

    private static FileFormat? OfText(ReadOnlySpan<byte> file)
    {
        // The last character may be incomplete.
        string text = Encoding.UTF8.GetString(file).TrimStart('\uFEFF').TrimEnd('\uFFFD').Trim();
        if (text.Length == 0 || text.Any(c => c == '\uFFFD' || (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))))
        {
            return null;
        }

        string line = text.Split('\n')[0].Trim();
        return line.StartsWith("version https://git-lfs", StringComparison.Ordinal) ? LfsPointer
            : line.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) ? new FileFormat("an SVG file")
            : line[0] == '<' ? Page
            : line[0] == '{' ? Json
            : new FileFormat($"text that begins with '{line[..int.Min(line.Length, TextLength)]}'");
    }
}
