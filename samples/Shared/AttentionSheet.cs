using System.Collections.Generic;
using System.Linq;
using Strata.Imaging;
using Strata.Pictures;

namespace Samples;

/// <summary>Draws what a network looks at in a picture, by four methods.</summary>
internal static class AttentionSheet
{
    private const int Gap = 8, TextHeight = 12;

    private static readonly Rgb Background = new PictureOptions().Background;

    /// <summary>The maps for a class, each with its name.</summary>
    /// <param name="attention">The network.</param>
    /// <param name="input">The picture as the network takes it.</param>
    /// <param name="class">The class.</param>
    /// <param name="layer">The layer for Grad-CAM, which the network observes.</param>
    /// <param name="shown">The picture, as large as the maps.</param>
    public static (Picture Picture, string Text)[] Explain(Attention attention, float[] input, int @class, string layer, Picture shown)
    {
        AttentionMap saliency = attention.Saliency(input, @class);
        int enlargement = shown.Width / saliency.Width;
        return
        [
            (saliency.ToPicture(enlargement), "saliency"),
            (attention.SmoothGrad(input, @class).ToPicture(enlargement), "SmoothGrad"),
            (attention.IntegratedGradients(input, @class).ToPicture(enlargement), "integrated gradients"),
            (attention.GradCam(layer, input, @class).Overlay(shown), "Grad-CAM"),
        ];
    }

    /// <summary>What the maps mean, for a line each.</summary>
    /// <param name="class">What the maps explain: <c>digit</c>, <c>class</c>.</param>
    /// <param name="layer">The layer for Grad-CAM.</param>
    public static IEnumerable<string> Legend(string @class, string layer) =>
    [
        "saliency: where a pixel would change the score most",
        "SmoothGrad: the mean of that over copies with noise",
        $"integrated gradients: what speaks for the {@class} is red, against it blue",
        $"Grad-CAM: where {layer} found what speaks for the {@class}",
    ];

    /// <summary>Pictures of one size side by side, each with its name below it.</summary>
    public static Picture Row(params (Picture Picture, string Text)[] tiles)
    {
        (int width, int height) = (tiles[0].Picture.Width, tiles[0].Picture.Height);
        var row = new Picture((tiles.Length * (width + Gap)) + Gap, Gap + height + TextHeight);
        for (int y = 0; y < row.Height; y++)
        {
            row.Row(y).Fill(Background);
        }

        foreach ((int i, (Picture picture, string text)) in tiles.Index())
        {
            int left = Gap + (i * (width + Gap));
            for (int y = 0; y < height; y++)
            {
                picture.Row(y).CopyTo(row.Row(Gap + y)[left..]);
            }

            row.DrawLabel(text, left, Gap + height, Background);
        }

        return row;
    }
}
