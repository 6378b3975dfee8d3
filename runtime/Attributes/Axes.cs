using System;

namespace Strata;

/// <summary>Axes of one sample, without the batch. Combine them with <c>|</c>.</summary>
[Flags]
public enum Axes
{
    /// <summary>No axis.</summary>
    None = 0,

    /// <summary>The channels, or the features of a flat tensor: PyTorch's axis 1.</summary>
    Channels = 1,

    /// <summary>The planes of a volume.</summary>
    Depth = 2,

    /// <summary>The rows of an image or a volume.</summary>
    Height = 4,

    /// <summary>The columns of an image or a volume, or the length of a sequence: PyTorch's last axis.</summary>
    Width = 8,

    /// <summary>All axes but the channels, as many as the tensor has.</summary>
    Pixels = Depth | Height | Width,

    /// <summary>All axes of a sample.</summary>
    All = Channels | Pixels,
}
