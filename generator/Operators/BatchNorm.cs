using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Operators;

internal sealed class BatchNormalization : LayerOperator
{
    public override string Kind => "BatchNorm";

    public override string Stem => "bn";

    public override OperatorDocumentation Documentation => new(
        "[BatchNorm]", "unchanged", "y = γ[c]·(x − μ[c])/√(σ²[c] + ε) + β[c]", "nn.BatchNorm2d (1d, 3d)", "BatchNormalization");

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon();
        double momentum = layer.Share("Momentum", 0.1);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(new BatchNorm(epsilon, momentum, layer.Bool("Affine", true)), input);
    }

    public override IEnumerable<string> ParameterSuffixes(LayerContext layer) => layer.Bool("Affine", true)
        ? ["weight", "bias", "running_mean", "running_var"] : ["running_mean", "running_var"];
}

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015) of each channel. In training by the statistics of the whole batch, for which all of its
/// blocks wait for one another; otherwise by the running ones, which make it a scale and a shift.
/// </summary>
internal sealed record BatchNorm(double Epsilon, double Momentum, bool Affine) : LoopOperation
{
    private const string Scale = "scale", Shift = "shift";

    public override Dependence Dependence => Dependence.Channel;

    public override bool TakesActivation => true;

    public override (string Scale, string Shift)? AsChannelScale => (Scale, Shift);

    public override bool NormalizesBatch => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        ParameterSpec Of(string suffix, Initializer initializer, ParameterRole role) =>
            new(suffix, EquatableArray.Of(input.Channels), initializer, 1, 1) { Role = role };
        ParameterSpec mean = Of("running_mean", Initializer.Zeros, ParameterRole.Buffer);
        ParameterSpec variance = Of("running_var", Initializer.Ones, ParameterRole.Buffer);
        return Affine
            ? EquatableArray.Of(
                Of("weight", Initializer.Ones, ParameterRole.NormWeight), Of("bias", Initializer.Zeros, ParameterRole.NormBias), mean, variance)
            : EquatableArray.Of(mean, variance);
    }

    public override IEnumerable<(string Name, int Length)> Derived(Shape input) => [(Scale, input.Channels), (Shift, input.Channels)];

    public override void Derive(LoopPass pass) => pass.Step("scale and shift from the running statistics", w =>
    {
        using (w.For(("c", (pass.Channels + w.Tier.Lanes - 1) / w.Tier.Lanes)))
        {
            w.Line($"Vector scale_c = {WeightOf(pass, w)} / Simd.Sqrt({w.OfChannel(pass.Parameter("running_var"), "c")} + {LoopWriter.Constant(Epsilon)});");
            w.StoreOfChannel(pass.Derived(Scale), "c", "scale_c");
            w.StoreOfChannel(
                pass.Derived(Shift), "c",
                (Affine ? w.OfChannel(pass.Parameter("bias"), "c") : "Vector.Zero") + $" - ({w.OfChannel(pass.Parameter("running_mean"), "c")} * scale_c)");
        }
    }, name: "Derive");

    public override void Forward(LoopPass pass)
    {
        if (!pass.IsTraining || pass.IsFrozen)
        {
            pass.Step("", w =>
            {
                using (w.ForChannels(pass.Input))
                {
                    w.Line($"Vector scale_c = {w.OfChannel(pass.Derived(Scale), "c")}, shift_c = {w.OfChannel(pass.Derived(Shift), "c")};");
                    using (w.ForPixels(pass.Input))
                    {
                        w.Store(pass.Output, "c", "z", "y", "x", $"Simd.MultiplyAddEstimate({w.Load(pass.Input, "c", "z", "y", "x")}, scale_c, shift_c)");
                    }
                }
            });
            return;
        }

        LoopTensor part = pass.BlockPart("moments", 2 * pass.Channels);
        LoopTensor mean = pass.Shared("mean", pass.Channels), deviation = pass.Shared("inverseDeviation", pass.Channels);
        int pixels = pass.Input.Shape.Length / pass.Channels;
        pass.Step("mean and sum of squared differences of this block's samples", w =>
        {
            w.Pass("int samples");
            w.Line("Vector present = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create((float)samples));");
            w.Line($"float scale = 1f / (samples * {pixels}f);");
            using (w.ForChannels(pass.Input))
            {
                w.SumOver(w.PixelLoops(pass.Input), "sum", () => w.Load(pass.Input, "c", "z", "y", "x"));
                w.Line("float mean = Simd.Sum(present & sum) * scale;");
                w.Line("Vector center = Simd.Create(mean);");
                w.SumOver(w.PixelLoops(pass.Input), "squares", () =>
                {
                    w.Line($"Vector d = {w.Load(pass.Input, "c", "z", "y", "x")} - center;");
                    return "d * d";
                });
                w.Line($"{w.Single(part, "2 * c", Access.Write)} = mean;");
                w.Line($"{w.Single(part, "2 * c + 1", Access.Write)} = Simd.Sum(present & squares);");
            }
        }, name: "Moments");
        pass.Combine("mean and variance", w => w.Line(
            $"BatchStatistics.Combine({w.Place(part, Access.Read)}, keptStride, in step, {w.Tier.Lanes}, {pass.Channels}, {pixels}, "
            + $"{Expression.Single(Momentum)}, {Expression.Single(Epsilon)}, {w.Place(mean, Access.Write)}, {w.Place(deviation, Access.Write)}, "
            + $"{w.Place(pass.Parameter("running_mean"), Access.ReadWrite)}, {w.Place(pass.Parameter("running_var"), Access.ReadWrite)});"));
        pass.Step("", w =>
        {
            using (w.ForChannels(pass.Input))
            {
                w.Line($"Vector center = Simd.Create({w.Single(mean, "c", Access.Read)});");
                w.Line($"Vector factor = Simd.Create({w.Single(deviation, "c", Access.Read)}){Times(pass, w)};");
                if (Affine)
                {
                    w.Line($"Vector offset = {w.OfChannel(pass.Parameter("bias"), "c")};");
                }

                using (w.ForPixels(pass.Input))
                {
                    string x = w.Load(pass.Input, "c", "z", "y", "x");
                    w.Store(pass.Output, "c", "z", "y", "x", $"(({x} - center) * factor){(Affine ? " + offset" : "")}");
                }
            }
        });
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.IsFrozen)
        {
            BackwardFrozen(pass);
            return;
        }

        LoopTensor part = pass.BlockPart("gradientMoments", 2 * pass.Channels), sums = pass.Shared("gradientSums", 2 * pass.Channels);
        LoopTensor mean = pass.Shared("mean", pass.Channels), deviation = pass.Shared("inverseDeviation", pass.Channels);
        pass.Step("sums of the gradient, and of its product with the normalized input", w =>
        {
            using (w.ForChannels(pass.Input))
            {
                w.Line($"Vector center = Simd.Create({w.Single(mean, "c", Access.Read)});");
                w.SumOver(w.PixelLoops(pass.Input), ["sum", "product"], () =>
                {
                    w.Line($"Vector g = {w.Load(pass.OutputGradient, "c", "z", "y", "x")};");
                    return ["g", $"g * ({w.Load(pass.Input, "c", "z", "y", "x")} - center)"];
                });
                w.Line($"float total = Simd.Sum(sum), slope = Simd.Sum(product) * {w.Single(deviation, "c", Access.Read)};");
                w.Line($"{w.Single(part, "2 * c", Access.Write)} = total;");
                w.Line($"{w.Single(part, "2 * c + 1", Access.Write)} = slope;");
                if (Affine)
                {
                    w.Line($"{w.Float(pass.ParameterGradient("bias"), "c")} = total;");
                    w.Line($"{w.Float(pass.ParameterGradient("weight"), "c")} = slope;");
                }
            }
        }, name: "Moments");
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        int pixels = pass.Input.Shape.Length / pass.Channels;
        pass.Combine("sums of the gradient", w => w.Line(
            $"BatchStatistics.Sum({w.Place(part, Access.Read)}, keptStride, in step, {w.Tier.Lanes}, {2 * pass.Channels}, {pixels}, {w.Place(sums, Access.Write)});"));
        pass.Step("", w =>
        {
            // Lanes without a sample must not get a gradient from the means.
            w.Pass("int samples");
            w.Line("Vector present = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create((float)samples));");
            using (w.ForChannels(pass.Input))
            {
                // dx = γ/σ·(g − mean(g) − x̂·mean(g·x̂)), Ioffe and Szegedy 2015, section 3; the means count all samples of the batch.
                w.Line($"float inverse = {w.Single(deviation, "c", Access.Read)};");
                w.Line($"Vector center = Simd.Create({w.Single(mean, "c", Access.Read)}), average = Simd.Create({w.Single(sums, "2 * c", Access.Read)});");
                w.Line($"Vector slope = Simd.Create({w.Single(sums, "2 * c + 1", Access.Read)} * inverse), factor = Simd.Create(inverse){Times(pass, w)};");
                using (w.ForPixels(pass.Input))
                {
                    string x = w.Load(pass.Input, "c", "z", "y", "x"), g = w.Load(pass.OutputGradient, "c", "z", "y", "x");
                    w.Store(dx, "c", "z", "y", "x", $"present & (factor * ({g} - average - (({x} - center) * slope)))");
                }
            }
        });
    }

    private static void BackwardFrozen(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        pass.Step("", w =>
        {
            using (w.ForChannels(dx))
            {
                w.Line($"Vector scale_c = {w.OfChannel(pass.Derived(Scale), "c")};");
                using (w.ForPixels(dx))
                {
                    w.Store(dx, "c", "z", "y", "x", $"scale_c * {w.Load(pass.OutputGradient, "c", "z", "y", "x")}");
                }
            }
        });
    }

    private string WeightOf(LoopPass pass, LoopWriter w) => Affine ? w.OfChannel(pass.Parameter("weight"), "c") : LoopWriter.Constant(1);

    private string Times(LoopPass pass, LoopWriter w) => Affine ? $" * {w.OfChannel(pass.Parameter("weight"), "c")}" : "";
}
