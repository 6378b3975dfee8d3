namespace Strata.Imaging.Jpeg;

/// <summary>The second bytes of markers; the first is 0xFF.</summary>
internal static class Marker
{
    public const byte Sof0 = 0xC0, Sof1 = 0xC1, Sof2 = 0xC2, Sof15 = 0xCF, HuffmanTables = 0xC4, Jpg = 0xC8, ArithmeticConditioning = 0xCC;

    public const byte Restart0 = 0xD0, Restart7 = 0xD7, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA;

    public const byte QuantizationTables = 0xDB, NumberOfLines = 0xDC, RestartInterval = 0xDD;

    public const byte App0 = 0xE0, App1 = 0xE1, App14 = 0xEE, App15 = 0xEF, Comment = 0xFE, Temporary = 0x01;

    public static bool IsRestart(int marker) => marker is >= Restart0 and <= Restart7;
}
