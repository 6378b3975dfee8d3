using System;
using System.IO;
using BitMiracle.LibTiff.Classic;
using Strata.Pictures;

namespace Strata.Imaging.Formats;

/// <summary>
/// Reads the first picture of a TIFF file (TIFF 6.0, Adobe 1992). LibTiff.NET finds and decompresses strips and tiles; what their samples
/// mean is decided here, as Pillow decides it.
/// </summary>
internal static class TiffReader
{
    // Strips that claim to be larger than this and their picture are damage.
    private const int MostExtraBytes = 1 << 20;

    public static bool IsTiff(ReadOnlySpan<byte> file) => file is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..];

    /// <exception cref="ImageFormatException">The file is damaged, or of a kind that is not read.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost)
    {
        cost = default;
        TiffDirectory.Check(file, options.MaxPixels);
        // LibTiff.NET takes streams; its own messages go to a handler for all of a process, which stays as it is.
        byte[] copy = file.ToArray();
        try
        {
            using var tiff = TiffFile.Open(copy);
            TiffLayout layout = TiffLayout.Read(tiff.Tiff, options.MaxPixels, MostExtraBytes);
            cost = new ReadCost((long)layout.Width * layout.Height, 0);
            return Orientation.Apply(TiffPixels.Read(tiff.Tiff, layout), layout.Orientation);
        }
        catch (Exception e) when (e is not (ImageFormatException or OutOfMemoryException))
        {
            throw new ImageFormatException("the TIFF file is damaged", e);
        }
    }
}

/// <summary>An open TIFF file in memory, whose messages are not written to the console.</summary>
internal sealed class TiffFile : IDisposable
{
    private static readonly QuietHandler Handler = Install();

    private TiffFile(Tiff tiff) => Tiff = tiff;

    public Tiff Tiff { get; }

    public static TiffFile Open(byte[] file)
    {
        // The handler knows our files by their name.
        _ = Handler;
        return new TiffFile(Tiff.ClientOpen(QuietHandler.Name, "r", new MemoryStream(file, writable: false), new TiffStream())
            ?? throw new ImageFormatException("the TIFF file is damaged: it has no directory"));
    }

    public void Dispose() => Tiff.Dispose();

    private static QuietHandler Install()
    {
        var handler = new QuietHandler();
        handler.Others = Tiff.SetErrorHandler(handler);
        return handler;
    }

    /// <summary>Swallows messages about our files, and passes the others on.</summary>
    private sealed class QuietHandler : TiffErrorHandler
    {
        public const string Name = "Strata.Imaging";

        public TiffErrorHandler? Others { get; set; }

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
            if (tif?.FileName() != Name)
            {
                Others?.ErrorHandler(tif, method, format, args);
            }
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
            if (tif?.FileName() != Name)
            {
                Others?.WarningHandler(tif, method, format, args);
            }
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
