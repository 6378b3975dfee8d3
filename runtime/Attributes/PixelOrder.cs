namespace Strata;

/// <summary>Which channels hold the pixels of a square, if pixels are moved into channels or back.</summary>
public enum PixelOrder
{
    /// <summary>
    /// The pixels of one channel's square are neighbours: channel r²·c + r·m + n holds pixel (m, n) of channel c. This is the order of
    /// PyTorch, and of ONNX's <c>DepthToSpace</c> with mode CRD.
    /// </summary>
    ChannelsFirst,

    /// <summary>
    /// The channels of one pixel are neighbours: channel (r·m + n)·C + c holds pixel (m, n) of channel c. This is the order of
    /// TensorFlow's <c>depth_to_space</c> and <c>space_to_depth</c>, and of ONNX's <c>DepthToSpace</c> with mode DCR.
    /// </summary>
    PixelsFirst,
}
