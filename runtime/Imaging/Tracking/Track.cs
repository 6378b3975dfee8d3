namespace Strata.Imaging;

/// <summary>An object that was followed from frame to frame.</summary>
/// <param name="Id">Its identity: the same number in all frames. Numbers count up from 1; some are never seen.</param>
/// <param name="Box">Where it is: the filter's estimate, which trembles less than the detector's box.</param>
/// <param name="Score">How sure the network is in this frame, from 0 to 1.</param>
/// <param name="Class">Its class in this frame, counted from 0.</param>
/// <param name="Detection">Which of this frame's detections it is, counted from 0: to find its mask or its key points.</param>
public readonly record struct Track(int Id, Box Box, float Score, int Class, int Detection) : IDetection;
