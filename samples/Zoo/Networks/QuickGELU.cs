namespace Strata.Zoo;

/// <summary>x·σ(1.702·x): the approximation of GELU that CLIP was trained with.</summary>
public sealed class QuickGELUAttribute : ElementwiseAttribute
{
    /// <summary>The function.</summary>
    public static float Value(float x) => x * Functions.Sigmoid(1.702f * x);
}
