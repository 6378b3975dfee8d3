using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Runtime.Tests;

public class OptimizerTests
{
    private static readonly double[] Start = [0.5, -1.25, 2, 0, -0.03125];

    // Ten steps of torch.optim (PyTorch 1.13, float64) from Start with the gradient ½·sin(1 + i + 3t) + ¼·p of element i at step t.
    public static TheoryData<string, double[]> Goldens => new()
    {
        { "sgd", [0.36229999072603414, -0.9722188622889263, 1.5765715858648275, 0.02764662558640358, -0.01829757369610194] },
        { "sgd decay", [0.3585012713771169, -0.9621350393978648, 1.56074697233651, 0.02749889403857929, -0.018236333415196614] },
        { "sgd momentum", [-0.017095762234325115, -0.26151509688493957, 0.3007928224602772, 0.08490136674779332, 0.08047602212789948] },
        { "sgd dampening", [0.03629240389706811, -0.5623041081627473, 0.6823282412296838, 0.12476749067077769, 0.1305585200457799] },
        { "sgd nesterov", [-0.030736665622060504, -0.1898437895897812, 0.2550557625155669, 0.08501457915428141, 0.056381153441951215] },
        { "adam", [0.4950027381510342, -1.2463300363613774, 1.9909869145810457, 0.0019227970521360066, -0.0295716645215301] },
        { "adam all", [0.2450490911846885, -1.0046351202444943, 1.542243923527188, 0.05390071669198928, 0.02962398151777346] },
        { "adamw", [0.4949530668739496, -1.246205239859071, 1.9907874267988448, 0.0019226660347218558, -0.02956866598940641] },
        { "adamw all", [0.2661210963574919, -1.0081881319788772, 1.4818963348427605, 0.05946990456553632, 0.03013555021649726] },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Ten_steps_end_where_PyTorchs_end(string name, double[] expected)
    {
        Optimizer optimizer = Make(name);
        float[] p = Padded(Start.Select(x => (float)x)), g = new float[16], s0 = new float[16], s1 = new float[16];
        for (int step = 0; step < 10; step++)
        {
            for (int i = 0; i < Start.Length; i++)
            {
                g[i] = (float)((0.5 * Math.Sin(1 + i + (3 * step))) + (0.25 * p[i]));
            }

            optimizer.Update(p, g, optimizer.StateCount > 0 ? s0 : default, optimizer.StateCount > 1 ? s1 : default, step);
        }

        NetworkTests.AssertClose(expected, p.AsSpan(0, Start.Length), 2e-6);
        Assert.All(p[Start.Length..], padding => Assert.Equal(0f, padding));
    }

    [Fact]
    public void Every_lane_is_updated_alike()
    {
        foreach (string name in Goldens.Select(row => row.Data.Item1))
        {
            Optimizer optimizer = Make(name);
            float[] p = LinearNetwork.Noise(16_384, 1), g = LinearNetwork.Noise(16_384, 2);
            float[] s0 = LinearNetwork.Noise(16_384, 3), s1 = [.. LinearNetwork.Noise(16_384, 4).Select(Math.Abs)];
            float[] p1 = new float[16], g1 = new float[16], s01 = new float[16], s11 = new float[16];
            foreach (int i in (int[])[0, 1, 15, 16, 8191, 16_383])
            {
                (p1[5], g1[5], s01[5], s11[5]) = (p[i], g[i], s0[i], s1[i]);
                float[] all = [.. p], state0 = [.. s0], state1 = [.. s1];
                optimizer.Update(all, g, state0, state1, 4);
                optimizer.Update(p1, g1, s01, s11, 4);
                Assert.Equal(p1[5], all[i]);
            }
        }
    }

    [Fact]
    public void Defaults_are_PyTorchs()
    {
        var sgd = new Sgd(0.1);
        Assert.Equal((0.1, 0, 0, false, 0), (sgd.LearningRate, sgd.Momentum, sgd.Dampening, sgd.Nesterov, sgd.WeightDecay));
        var adam = new Adam();
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay));
        var adamW = new AdamW();
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0.01), (adamW.LearningRate, adamW.Beta1, adamW.Beta2, adamW.Epsilon, adamW.WeightDecay));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Sgd(-1));
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Adam(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Adam().LearningRate = double.PositiveInfinity);
        Assert.Throws<ArgumentOutOfRangeException>("Momentum", () => new Sgd(0.1) { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("Beta2", () => new Adam { Beta2 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("Epsilon", () => new Adam { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("Epsilon", () => new Adam { Epsilon = 1e-60 });
        Assert.Throws<ArgumentOutOfRangeException>("WeightDecay", () => new AdamW { WeightDecay = -0.1 });
        using var network = new LinearNetwork();
        Assert.Throws<ArgumentException>(() => new RegressionTrainer(network, 1, new Sgd(0.1) { Nesterov = true }));
        Assert.Throws<ArgumentException>(
            () => new RegressionTrainer(network, 1, new Sgd(0.1) { Nesterov = true, Momentum = 0.9, Dampening = 0.1 }));
    }

    private static Optimizer Make(string name) => name switch
    {
        "sgd" => new Sgd(0.1),
        "sgd decay" => new Sgd(0.1) { WeightDecay = 0.01 },
        "sgd momentum" => new Sgd(0.1) { Momentum = 0.9, WeightDecay = 0.01 },
        "sgd dampening" => new Sgd(0.1) { Momentum = 0.9, Dampening = 0.3 },
        "sgd nesterov" => new Sgd(0.1) { Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 },
        "adam" => new Adam(),
        "adam all" => new Adam(0.05) { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.1 },
        "adamw" => new AdamW(),
        _ => new AdamW(0.05) { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.1 },
    };

    private static float[] Padded(IEnumerable<float> values)
    {
        float[] padded = new float[16];
        int i = 0;
        foreach (float value in values)
        {
            padded[i++] = value;
        }

        return padded;
    }
}
