using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Strata.Imaging.Tests;

/// <summary>Reads a diagram's SVG as a viewer would.</summary>
internal static class DiagramCheck
{
    /// <exception cref="InvalidDataException">Two boxes overlap, or one is not inside of the picture.</exception>
    public static void BoxesAreApart(string svg)
    {
        XElement root = XDocument.Parse(svg).Root!;
        (double width, double height) = (Number(root, "width"), Number(root, "height"));
        List<(double X, double Y, double Right, double Bottom)> boxes = [.. root.Descendants()
            .Where(e => e.Name.LocalName == "rect" && (string?)e.Attribute("class") is "box" or "block" or "end")
            .Select(rect =>
            {
                double[] place = [.. ((string)rect.Parent!.Attribute("transform")!)["translate(".Length..^1].Split(' ')
                    .Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
                return (place[0], place[1], place[0] + Number(rect, "width"), place[1] + Number(rect, "height"));
            })];
        for (int i = 0; i < boxes.Count; i++)
        {
            if (boxes[i].X < 0 || boxes[i].Y < 0 || boxes[i].Right > width || boxes[i].Bottom > height)
            {
                throw new InvalidDataException($"Box {boxes[i]} is not within {width}×{height}.");
            }

            for (int j = 0; j < i; j++)
            {
                if (boxes[i].X < boxes[j].Right && boxes[j].X < boxes[i].Right
                    && boxes[i].Y < boxes[j].Bottom && boxes[j].Y < boxes[i].Bottom)
                {
                    throw new InvalidDataException($"Boxes {boxes[i]} and {boxes[j]} overlap.");
                }
            }
        }
    }

    private static double Number(XElement element, string name) =>
        double.Parse((string)element.Attribute(name)!, CultureInfo.InvariantCulture);
}
