using System;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>Where a picture lies in a network's input, to bring what the network found back into the picture.</summary>
/// <param name="ScaleX">Pixels of the input for a pixel of the picture, from left to right.</param>
/// <param name="ScaleY">The same from top to bottom.</param>
/// <param name="Left">Where the picture's left edge lies in the input; negative if it is cut off.</param>
/// <param name="Top">Where its upper edge lies.</param>
public readonly record struct ImagePlacement(float ScaleX, float ScaleY, float Left, float Top)
{
    /// <summary>A box of the input in the picture's pixels.</summary>
    /// <param name="box">A box in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public Box ToPicture(Box box)
    {
        Vector2 first = ToPicture(new Vector2(box.Left, box.Top)), last = ToPicture(new Vector2(box.Right, box.Bottom));
        return new Box(first.X, first.Y, last.X, last.Y);
    }

    /// <summary>A point of the input in the picture's pixels, such as a corner of a <see cref="RotatedBox"/>.</summary>
    /// <param name="point">A point in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public Vector2 ToPicture(Vector2 point) => ScaleX != 0 && ScaleY != 0
        ? new Vector2((point.X - Left) * (1 / ScaleX), (point.Y - Top) * (1 / ScaleY))
        : throw new InvalidOperationException(
            $"The {nameof(ImagePlacement)} has the scale 0: it is default. {nameof(ImagePreprocessing)}.Apply returns one.");

    /// <summary>A detection with its box in the picture's pixels.</summary>
    /// <param name="detection">What was found, in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public Detection ToPicture(Detection detection) => detection with { Box = ToPicture(detection.Box) };

    /// <summary>A detection with its box and its key points in the picture's pixels.</summary>
    /// <param name="detection">What was found, in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public KeyPointDetection ToPicture(KeyPointDetection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        ImagePlacement placement = this;
        return detection with
        {
            Box = ToPicture(detection.Box),
            KeyPoints = [.. detection.KeyPoints.Select(p => p with { Position = placement.ToPicture(p.Position) })],
        };
    }

    /// <summary>
    /// A turned box of the input in the picture's pixels. Where the two scales differ (<see cref="ImageFit.Stretch"/>), it would be no
    /// rectangle: then its sides keep their lengths, and the first one its direction. Bring <see cref="RotatedBox.Corners"/> back instead.
    /// </summary>
    /// <param name="box">A box in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public RotatedBox ToPicture(RotatedBox box)
    {
        (float sin, float cos) = MathF.SinCos(float.DegreesToRadians(box.Angle));
        Vector2 center = ToPicture(box.Center), along = new(cos / ScaleX, sin / ScaleY), down = new(sin / ScaleX, cos / ScaleY);
        float turned = float.RadiansToDegrees(MathF.Atan2(along.Y, along.X)) - float.RadiansToDegrees(MathF.Atan2(sin, cos));
        return new RotatedBox(center, box.Width * along.Length(), box.Height * down.Length(), box.Angle + turned);
    }

    /// <summary>A detection with its turned box in the picture's pixels.</summary>
    /// <param name="detection">What was found, in pixels of the input.</param>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public RotatedDetection ToPicture(RotatedDetection detection) => detection with { Box = ToPicture(detection.Box) };

    /// <summary>A box of the picture in pixels of the input, such as a target of training.</summary>
    /// <param name="box">A box in pixels of the picture.</param>
    public Box ToInput(Box box) => box.Scale(ScaleX, ScaleY).Offset(Left, Top);
}
