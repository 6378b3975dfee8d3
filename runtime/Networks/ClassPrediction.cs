namespace Strata;

/// <summary>The class that a network finds most likely for a sample: what <see cref="Classification"/> returns.</summary>
/// <param name="Index">The class, counted from 0.</param>
/// <param name="Probability">Its probability according to the network, 0 to 1.</param>
public readonly record struct ClassPrediction(int Index, float Probability)
{
    /// <summary>The class and its probability, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(ClassPrediction), PrintMembers);
}
