using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

internal sealed partial class RandomLayers
{
    public ActivationLayer Activation() => random.Below(27 + ActivationLayer.Listed.Count) switch
    {
        >= 27 and var number => random.Pick(ActivationLayer.Listed[number - 27]),
        < 2 => new Sigmoid(),
        < 4 => new Tanh(),
        4 => new LeakyReLU(random.Pick(0.01, 0.2, 1.5, 0, -0.3)),
        5 => new ELU(random.Pick(1, 0.5, 1.7, 0, -1)),
        6 => random.Chance(2) ? new Softplus() : new Softplus(random.Pick(0.5, 2, 3), random.Pick(20, 25, 2, 0)),
        7 => new GELU(Approximate: random.Chance(2)),
        8 => new SiLU(),
        9 => new ReLU6(),
        10 => new HardSigmoid(),
        11 => new HardSwish(),
        12 => random.Chance(2) ? new Hardtanh() : new Hardtanh(random.Pick(-0.25, -1, -2), random.Pick(0, 0.5, 6)),
        13 => new SELU(),
        14 => new LogSigmoid(),
        15 => new Mish(),
        16 => new Softsign(),
        17 => new Tanhshrink(),
        18 => new CELU(random.Pick(1, 0.5, 2)),
        19 => new Hardshrink(random.Pick(0.5, 0, 0.1)),
        20 => new Softshrink(random.Pick(0.5, 0, 0.1)),
        21 => new Threshold(random.Pick(0.1, -0.5, 0), random.Pick(0, -1, 0.7)),
        22 => new Affine(random.Pick(1, 0.5, -2), random.Pick(0, 1, -0.25)),
        23 => new Abs(),
        24 => random.Below(3) switch { 0 => new Clip(Min: -0.5), 1 => new Clip(Max: 0.5), _ => new Clip(-0.25, 1) },
        25 => new HardSigmoidOf(random.Pick(0.2, 0.5, 1), random.Pick(0.5, 0)),
        _ => new ReLU(),
    };

    /// <summary>A function that is not defined everywhere, behind layers whose outputs it is defined for.</summary>
    public Layer[] Elementary()
    {
        Layer function = random.Below(5) switch
        {
            0 => new Exp(),
            1 => new Log(),
            2 => new Sqrt(),
            _ => new Pow(random.Pick(2, 3, 1.5, -1, -0.5, 10)),
        };
        return [Positive(function is Exp or Pow), new Affine(1, random.Pick(0.25, 0.5)), function];
    }

    /// <summary>An activation that gives numbers from 0 on.</summary>
    /// <param name="isBounded">Whether they are up to 1.</param>
    public ActivationLayer Positive(bool isBounded) => isBounded || random.Chance(2) ? new Sigmoid() : new Softplus();

    /// <summary>An operator that the tests declare.</summary>
    private OwnLayer Own() => random.Below(4) switch
    {
        0 => OwnOperators.BetaMish(random.Pick(1, 1.5, 0.5)),
        1 => OwnOperators.Pieces,
        2 => OwnOperators.Slopes,
        _ => OwnOperators.TrainedSwish,
    };

    private Dropout Dropped()
    {
        double rate = random.Pick(0, 0.1, 0.25, 0.5, 0.9);
        return random.Below(3) switch
        {
            0 => new SpatialDropout(rate),
            1 => new StochasticDepth(rate),
            _ => new Dropout(rate),
        };
    }
}
