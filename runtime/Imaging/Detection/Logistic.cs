namespace Strata.Imaging;

/// <summary>What networks leave to their decoders.</summary>
internal static class Logistic
{
    public static float Sigmoid(float x) => 1 / (1 + float.Exp(-x));
}
