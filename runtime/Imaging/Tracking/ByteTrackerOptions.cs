namespace Strata.Imaging;

/// <summary>What is to be set of a <see cref="ByteTracker"/>. The defaults are those of the paper's code.</summary>
/// <remarks>
/// A distance is 1 − intersection over union, or, for detections of a high score, 1 − intersection over union · score: 0 to 1.
/// </remarks>
public sealed class ByteTrackerOptions
{
    /// <summary>Detections with a greater score are matched first. Default 0.6 (<c>track_thresh</c>).</summary>
    public float HighScore { get; init; } = 0.6f;

    /// <summary>Detections with a lower or the same score are not looked at. Default 0.1.</summary>
    public float LowScore { get; init; } = 0.1f;

    /// <summary>From which score on a detection begins a track. Null (the default) means <see cref="HighScore"/> + 0.1.</summary>
    public float? StartScore { get; init; }

    /// <summary>How many frames a track may be unseen. Default 30 (<c>track_buffer</c>): a second of 30 frames.</summary>
    public int LostFrames { get; init; } = 30;

    /// <summary>The largest distance between a track and a detection of a high score. Default 0.9 (<c>match_thresh</c>).</summary>
    public double HighDistance { get; init; } = 0.9;

    /// <summary>The largest distance between a track and a detection of a low score. Default 0.5.</summary>
    public double LowDistance { get; init; } = 0.5;

    /// <summary>The largest distance between a track that is one frame old and the detection that confirms it. Default 0.7.</summary>
    public double ConfirmDistance { get; init; } = 0.7;

    /// <summary>
    /// Whether the distance to detections of a high score counts their score. Default true; the paper's code sets it to false for MOT20,
    /// whose frames are crowded (<c>mot20</c>).
    /// </summary>
    public bool FuseScores { get; init; } = true;

    /// <summary>
    /// Whether a track keeps its class: detections of other classes are not matched. Default false, as in the paper's code, which knows one
    /// class. With false, a car that is taken for a truck for some frames stays one track.
    /// </summary>
    public bool KeepClass { get; init; }
}
