using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>A rectangle in a picture, by two corners: torchvision's format <c>xyxy</c>.</summary>
/// <remarks>
/// Coordinates are pixels from the top left corner of the picture; the first pixel reaches from 0 to 1. A box whose right edge is left of
/// its left edge is empty.
/// </remarks>
/// <param name="Left">The left edge, x₁.</param>
/// <param name="Top">The upper edge, y₁.</param>
/// <param name="Right">The right edge, x₂.</param>
/// <param name="Bottom">The lower edge, y₂.</param>
public readonly record struct Box(float Left, float Top, float Right, float Bottom) : IOverlapping<Box>
{
    /// <summary>Right − Left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom − Top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width · Height, in square pixels (torchvision's <c>box_area</c>).</summary>
    public float Area => Width * Height;

    /// <summary>The x coordinate of the middle.</summary>
    public float CenterX => (Left + Right) / 2;

    /// <summary>The y coordinate of the middle.</summary>
    public float CenterY => (Top + Bottom) / 2;

    /// <summary>The box with the given middle and size: torchvision's format <c>cxcywh</c>, which YOLO networks write.</summary>
    /// <param name="x">The x coordinate of the middle.</param>
    /// <param name="y">The y coordinate of the middle.</param>
    /// <param name="width">The width, 0 or more.</param>
    /// <param name="height">The height, 0 or more.</param>
    public static Box FromCenter(float x, float y, float width, float height) =>
        new(x - 0.5f * width, y - 0.5f * height, x + 0.5f * width, y + 0.5f * height);

    /// <summary>The box with the given corner and size: torchvision's format <c>xywh</c>, which COCO's files have.</summary>
    /// <param name="left">The left edge.</param>
    /// <param name="top">The upper edge.</param>
    /// <param name="width">The width, 0 or more.</param>
    /// <param name="height">The height, 0 or more.</param>
    public static Box FromCorner(float left, float top, float width, float height) => new(left, top, left + width, top + height);

    /// <summary>The part of the box that lies in a picture (torchvision's <c>clip_boxes_to_image</c>).</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    public Box Clip(float width, float height) => new(
        float.Clamp(Left, 0, width), float.Clamp(Top, 0, height), float.Clamp(Right, 0, width), float.Clamp(Bottom, 0, height));

    /// <summary>The box with all coordinates multiplied: from shares of a picture to pixels, and back.</summary>
    /// <param name="x">The factor of horizontal coordinates.</param>
    /// <param name="y">The factor of vertical coordinates.</param>
    public Box Scale(float x, float y) => new(Left * x, Top * y, Right * x, Bottom * y);

    /// <summary>The box, moved.</summary>
    /// <param name="x">How far to the right, in pixels.</param>
    /// <param name="y">How far down, in pixels.</param>
    public Box Offset(float x, float y) => new(Left + x, Top + y, Right + x, Bottom + y);

    /// <summary>
    /// How much two boxes agree: the area that both cover over the area that either covers (torchvision's <c>box_iou</c>).
    /// </summary>
    /// <param name="other">The other box.</param>
    /// <returns>0 (they do not touch) to 1 (they are the same); NaN if both areas are 0.</returns>
    public float IntersectionOverUnion(Box other)
    {
        float common = Intersection(other);
        return common / (Area + other.Area - common);
    }

    /// <summary>
    /// Intersection over union, less the share of the smallest box around both that neither covers (Rezatofighi et al., Generalized
    /// Intersection over Union, CVPR 2019, algorithm 1; torchvision's <c>generalized_box_iou</c>).
    /// </summary>
    /// <param name="other">The other box.</param>
    /// <returns>−1 (far apart) to 1 (they are the same); NaN if both areas are 0.</returns>
    public float GeneralizedIntersectionOverUnion(Box other)
    {
        float common = Intersection(other), union = Area + other.Area - common;
        float width = float.Max(0, float.Max(Right, other.Right) - float.Min(Left, other.Left));
        float height = float.Max(0, float.Max(Bottom, other.Bottom) - float.Min(Top, other.Top));
        float around = width * height;
        return common / union - (around - union) / around;
    }

    /// <summary>Reads boxes from a tensor of N × 4 numbers.</summary>
    /// <param name="coordinates">Four numbers for each box.</param>
    /// <param name="format">What the numbers mean.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of 4.</exception>
    public static Box[] FromTensor(ReadOnlySpan<float> coordinates, BoxFormat format = BoxFormat.Corners)
    {
        if (coordinates.Length % 4 != 0)
        {
            throw new ArgumentException($"A box has 4 numbers; {coordinates.Length} is not a multiple of 4.", nameof(coordinates));
        }

        var boxes = new Box[coordinates.Length / 4];
        for (int i = 0; i < boxes.Length; i++)
        {
            boxes[i] = From(coordinates.Slice(4 * i, 4), format);
        }

        return boxes;
    }

    /// <summary>Writes boxes into a tensor of N × 4 numbers.</summary>
    /// <param name="boxes">The boxes.</param>
    /// <param name="format">What the numbers shall mean.</param>
    public static float[] ToTensor(IReadOnlyList<Box> boxes, BoxFormat format = BoxFormat.Corners)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        float[] coordinates = new float[4 * boxes.Count];
        for (int i = 0; i < boxes.Count; i++)
        {
            boxes[i].To(coordinates.AsSpan(4 * i, 4), format);
        }

        return coordinates;
    }

    internal float Intersection(Box other)
    {
        float width = float.Min(Right, other.Right) - float.Max(Left, other.Left);
        float height = float.Min(Bottom, other.Bottom) - float.Max(Top, other.Top);
        return float.Max(0, width) * float.Max(0, height);
    }

    private static Box From(ReadOnlySpan<float> v, BoxFormat format) => format switch
    {
        BoxFormat.Corners => new Box(v[0], v[1], v[2], v[3]),
        BoxFormat.CornerAndSize => FromCorner(v[0], v[1], v[2], v[3]),
        BoxFormat.CenterAndSize => FromCenter(v[0], v[1], v[2], v[3]),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of boxes."),
    };

    private void To(Span<float> v, BoxFormat format) => (v[0], v[1], v[2], v[3]) = format switch
    {
        BoxFormat.Corners => (Left, Top, Right, Bottom),
        BoxFormat.CornerAndSize => (Left, Top, Width, Height),
        BoxFormat.CenterAndSize => (CenterX, CenterY, Width, Height),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of boxes."),
    };
}

/// <summary>What the four numbers of a box mean in a tensor (torchvision's <c>box_convert</c>).</summary>
public enum BoxFormat
{
    /// <summary>Left, top, right, bottom: <c>xyxy</c>.</summary>
    Corners,

    /// <summary>Left, top, width, height: <c>xywh</c>.</summary>
    CornerAndSize,

    /// <summary>Middle x, middle y, width, height: <c>cxcywh</c>.</summary>
    CenterAndSize,
}
