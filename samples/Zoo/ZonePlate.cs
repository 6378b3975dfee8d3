using System;
using System.Collections.Generic;

namespace Zoo;

/// <summary>
/// The picture that the maps show where nobody gave one: rings that grow finer outwards, and so hold edges of every direction and width.
/// A kernel's map is bright where the rings run and repeat as it does.
/// </summary>
internal static class ZonePlate
{
    // Rings as wide as that survive the strides of a first layer.
    private const double LeastPeriod = 4, MostPeriod = 8, PeriodsOfSize = 28;

    /// <summary>
    /// One sample: cos(2π·r²/(p·size)) at a distance r from the middle, a third of a ring further in each channel, from -1 to 1. At the
    /// middle of the edges a ring is p pixels wide.
    /// </summary>
    /// <param name="shape">(C, H, W), (C, L), (C, D, H, W) or (F); the planes of a volume are alike.</param>
    public static float[] Draw(IReadOnlyList<int> shape)
    {
        int width = shape[^1], height = shape.Count > 2 ? shape[^2] : 1, plane = width * height;
        float[] values = new float[ZooNetwork.Length(shape)];
        double size = Math.Max(width, height), scale = size * Math.Clamp(size / PeriodsOfSize, LeastPeriod, MostPeriod);
        for (int i = 0; i < values.Length; i++)
        {
            double y = (i % plane / width) - ((height - 1) / 2.0), x = (i % width) - ((width - 1) / 2.0);
            int channel = i / (values.Length / shape[0]);
            values[i] = (float)Math.Cos(2 * Math.PI * ((((x * x) + (y * y)) / scale) + (channel / 3.0)));
        }

        return values;
    }
}
