using BitMiracle.LibTiff.Classic;

namespace Strata.Imaging.Formats;

/// <summary>How the samples of a TIFF file stand in its strips or tiles.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bits">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Samples">Samples of a pixel.</param>
/// <param name="Color">What the samples mean.</param>
/// <param name="IsPlanar">Whether each sample has strips of its own.</param>
/// <param name="PartWidth">Pixels of a strip's or tile's row.</param>
/// <param name="PartHeight">Rows of a strip or tile.</param>
/// <param name="Orientation">Where the first row and column are in the upright picture, 1 to 8 as in EXIF.</param>
/// <param name="IsPremultiplied">Whether colours are multiplied by the alpha that follows them.</param>
internal sealed record TiffLayout(
    int Width, int Height, int Bits, int Samples, Photometric Color, bool IsPlanar, int PartWidth, int PartHeight, int Orientation,
    bool IsPremultiplied)
{
    /// <summary>Samples of a pixel that stand together.</summary>
    public int SamplesTogether => IsPlanar ? 1 : Samples;

    /// <summary>Bytes of a row of a strip or tile.</summary>
    public int RowBytes => (int)(((long)PartWidth * SamplesTogether * Bits + 7) / 8);

    /// <exception cref="ImageFormatException">The file is damaged, too large, or of a kind that is not read.</exception>
    public static TiffLayout Read(Tiff tiff, int maxPixels, int mostExtraBytes)
    {
        (int width, int height) = (Field(tiff, TiffTag.IMAGEWIDTH, 0), Field(tiff, TiffTag.IMAGELENGTH, 0));
        if (width < 1 || height < 1)
        {
            throw new ImageFormatException($"the TIFF file's header says {width}×{height} pixels; 1×1 or more were expected");
        }

        if ((long)width * height > maxPixels)
        {
            throw new ImageFormatException($"the TIFF file has {width}×{height} pixels; at most {maxPixels:N0} are read");
        }

        int bits = Field(tiff, TiffTag.BITSPERSAMPLE, 1), samples = Field(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        var color = (Photometric)Field(tiff, TiffTag.PHOTOMETRIC, (int)Photometric.MINISWHITE);
        bool isTiled = tiff.IsTiled(), isPlanar = (PlanarConfig)Field(tiff, TiffTag.PLANARCONFIG, 1) == PlanarConfig.SEPARATE;
        int partWidth = isTiled ? Field(tiff, TiffTag.TILEWIDTH, 0) : width;
        int partHeight = isTiled ? Field(tiff, TiffTag.TILELENGTH, 0) : int.Min(Field(tiff, TiffTag.ROWSPERSTRIP, height), height);
        var layout = new TiffLayout(
            width, height, bits, samples, color, isPlanar && samples > 1, partWidth, partHeight <= 0 ? height : partHeight,
            Field(tiff, TiffTag.ORIENTATION, 1),
            tiff.GetField(TiffTag.EXTRASAMPLES) is [_, var kinds, ..] && IsAssociated(kinds.Value));
        layout.Check((Compression)Field(tiff, TiffTag.COMPRESSION, 1), (SampleFormat)Field(tiff, TiffTag.SAMPLEFORMAT, 1));
        long part = (long)layout.RowBytes * layout.PartHeight;
        if (partWidth < 1 || part > ((long)width * height * samples * 2) + mostExtraBytes)
        {
            throw new ImageFormatException(
                $"the TIFF file is damaged: a part of {layout.PartWidth}×{layout.PartHeight} pixels of a picture of {width}×{height}");
        }

        return layout;
    }

    /// <summary>The samples that make a pixel's colour.</summary>
    public int ColorSamples => Color switch { Photometric.RGB => 3, Photometric.SEPARATED => 4, _ => 1 };

    private void Check(Compression compression, SampleFormat format)
    {
        if (Color is not (Photometric.MINISWHITE or Photometric.MINISBLACK or Photometric.PALETTE or Photometric.RGB
            or Photometric.SEPARATED))
        {
            throw new ImageFormatException($"the TIFF file has colours of the kind {Color}; grey, palettes, RGB and CMYK are read");
        }

        int needed = ColorSamples;
        bool fits = Bits is 8 or 16 || (Bits is 1 or 2 or 4 && needed == 1 && Samples == 1);
        if (!fits || Samples < needed || Samples > needed + 4 || format != SampleFormat.UINT)
        {
            throw new ImageFormatException(
                $"the TIFF file has {Samples} samples of {Bits} bits ({format}) for a pixel of the kind {Color}; 8 or 16 bits are read, "
                + "and 1, 2 or 4 bits of grey or a palette");
        }

        if (compression is not (Compression.NONE or Compression.LZW or Compression.DEFLATE or Compression.ADOBE_DEFLATE
            or Compression.PACKBITS))
        {
            throw new ImageFormatException($"the TIFF file is compressed with {compression}; LZW, Deflate and PackBits are read");
        }
    }

    private static bool IsAssociated(object kinds) =>
        (kinds is ExtraSample[] and [ExtraSample.ASSOCALPHA, ..]) || (kinds is short[] and [(short)ExtraSample.ASSOCALPHA, ..]);

    private static int Field(Tiff tiff, TiffTag tag, int otherwise) =>
        tiff.GetField(tag) is [var value, ..] ? value.ToInt() : otherwise;
}
