using System;
using System.Globalization;
using System.Text;

namespace Digits;

/// <summary>Pictures made of block characters.</summary>
internal static class Drawing
{
    /// <summary>
    /// Lines that show part of a digit, two pixels in each character. With colour in 24 greys, otherwise ink is
    /// what is at least half dark.
    /// </summary>
    public static string[] Digit(ReadOnlySpan<byte> pixels, bool color, int margin = 0)
    {
        const int Size = Digits.Digit.Size;
        var lines = new string[(Size - 2 * margin) / 2];
        var line = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            int y = margin + 2 * i;
            line.Clear();
            for (int x = margin; x < Size - margin; x++)
            {
                byte upper = pixels[y * Size + x], lower = pixels[(y + 1) * Size + x];
                if (color)
                {
                    line.Append(CultureInfo.InvariantCulture, $"\e[38;5;{Grey(upper)};48;5;{Grey(lower)}m▀");
                }
                else
                {
                    line.Append((upper >= 128, lower >= 128) switch
                    {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        _ => ' ',
                    });
                }
            }

            lines[i] = line.Append(color ? "\e[0m" : "").ToString();
        }

        return lines;

        // The terminal's grey ramp is 232 (nearly black) to 255 (nearly white).
        static int Grey(byte pixel) => 232 + pixel * 23 / 255;
    }

    /// <summary>A bar of at most <paramref name="width"/> characters, exact to an eighth of one.</summary>
    public static string Bar(double share, int width)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * width * 8);
        string bar = new('█', eighths / 8);
        return eighths % 8 == 0 ? bar : bar + " ▏▎▍▌▋▊▉"[eighths % 8];
    }
}
