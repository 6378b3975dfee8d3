namespace Strata.Data;

/// <summary>Mirrors the image left to right: torchvision's <c>RandomHorizontalFlip</c>.</summary>
/// <param name="Probability">The probability that a sample is mirrored, 0 to 1.</param>
/// <exception cref="System.ArgumentOutOfRangeException">The probability is out of range.</exception>
public sealed record RandomHorizontalFlip(double Probability = 0.5) : GeometricTransform
{
    /// <summary>The probability that a sample is mirrored, 0 to 1.</summary>
    public double Probability
    {
        get;
        init => field = CheckShare(value, nameof(Probability));
    } = CheckShare(Probability, nameof(Probability));

    internal override AffineMap Draw(int height, int width, ref TransformRandom random) =>
        random.Happens(Probability) ? AffineMap.Scale(-1, 1) : AffineMap.Identity;
}
