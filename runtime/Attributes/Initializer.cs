namespace Strata;

/// <summary>
/// How parameters are initialized. N(μ, v) is the normal distribution with variance v, U(a, b) the uniform one from a to b.
/// </summary>
public enum Initializer
{
    /// <summary>U(−1/√fan_in, 1/√fan_in), the default of PyTorch's <c>nn.Conv2d</c> and <c>nn.Linear</c>.</summary>
    PyTorchUniform,

    /// <summary>N(0, 2/fan_in), for ReLU (He et al. 2015, §2.2).</summary>
    HeNormal,

    /// <summary>U(−a, a) with a = √(6/fan_in) (He et al. 2015).</summary>
    HeUniform,

    /// <summary>N(0, 2/(fan_in + fan_out)) (Glorot and Bengio 2010, §4.2.1).</summary>
    GlorotNormal,

    /// <summary>U(−a, a) with a = √(6/(fan_in + fan_out)) (Glorot and Bengio 2010, §4.2.1).</summary>
    GlorotUniform,

    /// <summary>N(0, 1/fan_in) (LeCun et al. 1998, Efficient BackProp, §4.6).</summary>
    LeCunNormal,

    /// <summary>U(−a, a) with a = √(3/fan_in).</summary>
    LeCunUniform,

    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,
}
