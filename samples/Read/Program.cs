using System.Globalization;
using System.Numerics;
using Strata.Imaging;
using Strata.Pictures;

namespace Samples.Read;

/// <summary>Reads the text in a picture, and draws where it is.</summary>
public static class Program
{
    /// <summary>Dots of a letter of a label, with the gap behind it.</summary>
    private const int LetterWidth = 6;

    private static readonly Rgb Paper = new(255, 255, 255);

    public static int Main(string[] args)
    {
        if (args.Length > 1 || args is [['-', ..]])
        {
            Console.Error.WriteLine("usage: dotnet run --project samples/Read [-- PICTURE]");
            return 2;
        }

        return Run(args is [string path] ? path : Path.Combine(Sample.Folder, "page.png"), Console.Out, Sample.Folder);
    }

    /// <summary>Reads a picture, prints its lines, and draws them into <c>read.png</c> in a folder.</summary>
    /// <returns>0; 1 if the picture cannot be read. Without the networks there is nothing to do: that is no failure.</returns>
    public static int Run(string path, TextWriter output, string folder)
    {
        Picture page;
        try
        {
            page = ImageFile.Read(path, new ImageReadOptions { ApplyOrientation = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ImageFormatException)
        {
            output.WriteLine($"The picture cannot be read. {e.Message}");
            return 1;
        }

        if (OcrModels.Find(out string reason) is not { } models)
        {
            output.WriteLine($"The networks are not here, so nothing is read. {reason}");
            return 0;
        }

        using var reader = new PageReader(models);
        IReadOnlyList<TextLine[]> rows = reader.Read(page);
        foreach (TextLine line in rows.SelectMany(row => row))
        {
            output.WriteLine(Describe(line));
        }

        string drawn = Path.Combine(folder, "read.png");
        Draw(page, [.. rows.SelectMany(row => row)]).Save(drawn);
        output.WriteLine($"{rows.Count} rows; {drawn} shows where they are.");
        return 0;
    }

    /// <summary>The first corner, width × height, how far the line is turned, the confidence, the text.</summary>
    private static string Describe(TextLine line)
    {
        Vector2 along = line.Corners[1] - line.Corners[0], down = line.Corners[3] - line.Corners[0];
        string place = FormattableString.Invariant(
            $"({line.Corners[0].X,5:F0},{line.Corners[0].Y,5:F0}) {along.Length(),5:F0} × {down.Length(),3:F0}");
        double angle = double.RadiansToDegrees(Math.Atan2(along.Y, along.X));
        return string.Create(CultureInfo.InvariantCulture, $"{place} {angle,5:F0}° {100 * line.Confidence,4:F0} %  {line.Text}");
    }

    /// <summary>The page with the lines' outlines, and beside it their texts in the same places.</summary>
    private static Picture Draw(Picture page, IReadOnlyList<TextLine> lines)
    {
        Picture sheet = Sheet.Empty(2 * page.Width, page.Height, Paper);
        for (int y = 0; y < page.Height; y++)
        {
            page.Row(y).CopyTo(sheet.Row(y));
        }

        for (int i = 0; i < lines.Count; i++)
        {
            IReadOnlyList<Vector2> corners = lines[i].Corners;
            Rgb color = PictureDrawing.ColorOf(i);
            sheet.DrawPolygon(corners, color);
            Vector2 middle = (corners[0] + corners[2]) / 2;
            int letters = LetterWidth * lines[i].Text.Length, scale = int.Max(1, (int)(Vector2.Distance(corners[0], corners[1]) / letters));
            int left = int.Clamp((int)middle.X - (letters * scale / 2), 0, int.Max(0, page.Width - (letters * scale)));
            sheet.DrawLabel(lines[i].Text, page.Width + left, (int)middle.Y - (LetterWidth * scale), color, scale);
        }

        return sheet;
    }
}
