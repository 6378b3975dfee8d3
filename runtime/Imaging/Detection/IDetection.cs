namespace Strata.Imaging;

/// <summary>What all detections in upright boxes have, whatever else their networks say about them.</summary>
public interface IDetection
{
    /// <summary>Where the object is, in pixels.</summary>
    Box Box { get; }

    /// <summary>How sure the network is, from 0 to 1.</summary>
    float Score { get; }

    /// <summary>Its class, counted from 0.</summary>
    int Class { get; }
}
