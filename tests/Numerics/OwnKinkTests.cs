using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Operators of one's own at kinks, infinities and NaN, in emitted code: values are those of the method itself, and slopes those that
/// PyTorch gives.
/// </summary>
public class OwnKinkTests
{
    /// <summary>A formula, a number where it has a kink or a limit, and its slope there.</summary>
    private static readonly (string Formula, float At, float Slope)[] Cases =
    [
        ("System.MathF.Max(x, 0)", 0, 0),
        ("System.MathF.Max(x, -x)", 0, 0),
        ("System.MathF.Max(x, 3 * x)", 0, 2),
        ("System.MathF.Min(x, 3 * x)", 0, 2),
        ("x > 0 ? x : 0.25f * x", 0, 0.25f),
        ("System.MathF.Abs(x)", 0, 0),
        ("System.Math.Clamp(x, -1, 1)", 1, 0),
        ("System.MathF.Floor(x) * x", 2, 2),
        ("x * Functions.Sigmoid(x)", float.PositiveInfinity, float.NaN),
        ("x < 1 ? x : System.MathF.Log(x)", float.NegativeInfinity, 1),
        ("Functions.Softplus(x)", float.PositiveInfinity, 1),
        ("System.MathF.Max(x, System.MathF.Floor(2.5f))", 2, 0),
        ("1 / x", float.PositiveInfinity, 0),
    ];

    private static readonly float[] Special =
        [0, -0f, 1, -1, 2, -0.5f, 3.7f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-30f, -80];

    private static readonly (int Channels, string Layout)[] Forms =
        [(3, "SampleLanes"), (3, "Blocked"), (16, "SampleLanes"), (16, "Blocked")];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.CompileClasses(
        [
            .. Cases.Select((c, i) =>
                $"public sealed class Kink{i}Attribute : ElementwiseAttribute {{ public static float Value(float x) => {c.Formula}; }}"),
            .. Cases.SelectMany((_, i) => Forms.Select(form =>
                $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{form.Layout}), Input({form.Channels}, 2, 2), Kink{i}, "
                + $"ExternalLoss] public partial class Net{i}{form.Layout}{form.Channels};")),
        ],
        "Kinks"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Values_and_slopes_at_kinks_and_infinities_are_those_of_the_method(Isa isa)
    {
        for (int number = 0; number < Cases.Length; number++)
        {
            (string formula, float at, float slope) = Cases[number];
            var method = Compiled.Value[$"Kink{number}Attribute"].Type.GetMethod("Value")!.CreateDelegate<Func<float, float>>();
            foreach ((int channels, string layout) in Forms)
            {
                using CompiledNetwork network = Compiled.Value[$"Net{number}{layout}{channels}"].Create(isa);
                foreach (int samples in new[] { 1, 5 })
                {
                    float[] x =
                    [
                        .. Enumerable.Range(0, samples * network.InputLength).Select(i => i % 5 == 0 ? at : Special[i % Special.Length]),
                    ];
                    float[] y = new float[x.Length], dx = new float[x.Length];
                    using Trainer trainer = CompiledType.CreateTrainer(network, samples, new Sgd(0.1));
                    trainer.Forward(x, y);
                    trainer.Backward([.. Enumerable.Repeat(1f, x.Length)], dx);
                    for (int i = 0; i < x.Length; i++)
                    {
                        float expected = method(x[i]);
                        Assert.True(
                            expected.Equals(y[i]) || Math.Abs(expected - y[i]) <= 2e-6f * Math.Max(1e-3f, Math.Abs(expected)),
                            $"{formula}, {layout}, {channels} channels, {samples} samples: {y[i]} at {x[i]} instead of {expected}");
                        Assert.True(
                            i % 5 != 0 || slope.Equals(dx[i]) || slope == dx[i],
                            $"{formula}, {layout}, {channels} channels, {samples} samples: slope {dx[i]} at {at} instead of {slope}");
                    }
                }
            }
        }
    }
}
