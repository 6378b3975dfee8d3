namespace Strata.Compiler.Graph;

/// <summary>
/// What rounded numbers stand for: (q − z)·s with an integer q between two bounds. The scale s and the zero point z are parameters of the
/// layer that rounds, of one number each.
/// </summary>
internal readonly record struct RoundedRange(int Least, int Most)
{
    /// <summary>The last parts of the parameters' keys.</summary>
    public const string Scale = "scale", ZeroPoint = "zero_point";

    /// <summary>Whether a byte can hold the integers.</summary>
    public bool FitsByte => Most - Least <= byte.MaxValue;
}
