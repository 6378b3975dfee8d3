using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class BatchNormalization : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "BatchNorm";

    public override string Stem => "bn";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("the number of channels is known"), "Epsilon", "Momentum", "Affine"];

    public override OperatorDocumentation Documentation => new(
        "[BatchNorm]", "unchanged", "y = γ[c]·(x − μ[c])/√(σ²[c] + ε) + β[c]", "nn.BatchNorm2d (1d, 3d)", "BatchNormalization");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "BatchNorm", "BatchNorm(Momentum = 0.01)", "BatchNorm(Epsilon = 0.1, Affine = false)"),
        .. In(Flat, "BatchNorm"),
        .. In(Sequence, "BatchNorm"),
        .. In(Volume, "BatchNorm"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Epsilon", 1e-5), Property("Momentum", 0.1), Property("Affine", true),
        (epsilon, momentum, affine) => new BatchNormDefinition(epsilon, momentum, affine));
}

/// <summary>Normalisation of each channel over the batch.</summary>
internal sealed record BatchNormDefinition(Argument<double> Epsilon, Argument<double> Momentum, Argument<bool> Affine) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Affine.Value
        ? ["weight", "bias", "running_mean", "running_var"] : ["running_mean", "running_var"];

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon(Epsilon);
        double momentum = layer.Share(Momentum);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(new BatchNorm(epsilon, momentum, Affine.Value), input);
    }
}

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015) of each channel. Training uses the mean and variance of the whole batch, so all blocks
/// have to wait for one another. Inference uses the running mean and variance, which make it a scale and a shift.
/// </summary>
internal sealed record BatchNorm(double Epsilon, double Momentum, bool Affine) : LoopOperation
{
    private const string Scale = "scale", Shift = "shift";

    public override Dependence Dependence => Dependence.Channel;

    public override bool TakesActivation => true;

    public override (string Scale, string Shift)? AsChannelScale => (Scale, Shift);

    public override bool NormalizesBatch => true;

    public override bool TrainsInBlocks => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        ParameterSpec Of(string suffix, Initializer initializer, ParameterRole role) =>
            new(suffix, EquatableArray.Of(input.Channels), initializer, 1, 1) { Role = role };
        ParameterSpec mean = Of("running_mean", Initializer.Zeros, ParameterRole.Buffer);
        ParameterSpec variance = Of("running_var", Initializer.Ones, ParameterRole.Buffer);
        return Affine
            ? EquatableArray.Of(
                Of("weight", Initializer.Ones, ParameterRole.NormWeight),
                Of("bias", Initializer.Zeros, ParameterRole.NormBias), mean, variance)
            : EquatableArray.Of(mean, variance);
    }

    public override IEnumerable<(string Name, int Length)> Derived(Shape input) => [(Scale, input.Channels), (Shift, input.Channels)];

    public override void Derive(LoopPass pass) => pass.Step("scale and shift from the running statistics", k =>
        k.For([("c", Arithmetic.CeilingDivide(pass.Channels, pass.Lanes))], at =>
        {
            Index c = at[0];
            Expression weight = Affine ? pass.Parameter("weight")[c] : 1;

            // If the variance is infinite or NaN, the scale must become NaN. A scale of 0 would look like a valid result.
            Variable variance = k.Let("variance", pass.Parameter("running_var")[c]);
            Variable scale = k.Let("scale_c", weight / Sqrt(variance + Epsilon + (variance - variance)));
            pass.Derived(Scale)[c] = scale;
            pass.Derived(Shift)[c] = (Affine ? pass.Parameter("bias")[c] : 0) - (pass.Parameter("running_mean")[c] * scale);
        }), name: "Derive");

    public override void Forward(LoopPass pass)
    {
        if (!pass.IsTraining || pass.IsFrozen)
        {
            ForwardByRunningStatistics(pass);
            return;
        }

        LoopTensor x = pass.Input, y = pass.Output;
        int squares = SquaresFrom(pass), pixels = PixelsOf(pass);
        LoopTensor ofBlock = pass.OfBlock("moments", 3 * squares), ofSample = OfSamples(pass, ofBlock, "sampleMoments", 3 * squares);
        BatchMoments batch = BatchMoments.Declare(pass);
        AddMoments(pass, ofSample);
        if (pass.SamplesAreApart)
        {
            pass.AddSamples("the same of this block's samples", "BlockMoments", k => k.Run(RuntimeApi.CombineSamples.Call(
                ofSample.Address(Access.Read), k.SampleStride, k.Samples, Count(pass.Channels, "channels"), Count(pixels, "pixels"),
                Count(squares, "squares"), ofBlock.Address(Access.Write))));
        }

        pass.Combine("mean and variance", k => k.Run(RuntimeApi.CombineBlocks.Call(
            ofBlock.Address(Access.Read), k.SlotStride, k.Context, (Index)pass.Lanes,
            Count(pass.Channels, "channels"), Count(pixels, "pixels"), Count(squares, "squares"),
            Constant.Single(Momentum), Constant.Single(Epsilon),
            batch.Mean.Address(Access.Write), batch.Rest.Address(Access.Write), batch.Deviation.Address(Access.Write),
            pass.Parameter("running_mean").Address(Access.ReadWrite), pass.Parameter("running_var").Address(Access.ReadWrite))));
        pass.Step("", k => k.ForChannels(x, c =>
        {
            Variable center = k.Let("center", batch.Mean.OfChannel(c));
            Variable factor = k.Let("factor", Weighted(batch.Deviation.OfChannel(c), pass, c));
            Expression shift = -(batch.Rest.OfChannel(c) * factor);
            Variable offset = k.Let("offset", Affine ? pass.Parameter("bias")[c] + shift : shift);
            k.ForPixels(x, c, at => y[at] = ((x[at] - center) * factor) + offset);
        }));
    }

    private static void ForwardByRunningStatistics(LoopPass pass)
    {
        LoopTensor x = pass.Input, y = pass.Output;
        pass.Step("", k => k.ForChannels(x, c =>
        {
            Variable[] constants = k.Let(("scale_c", pass.Derived(Scale)[c]), ("shift_c", pass.Derived(Shift)[c]));
            k.ForPixels(x, c, at => y[at] = Intrinsics.MultiplyAddEstimate(x[at], constants[0], constants[1]));
        }));
    }

    /// <summary>
    /// Adds the step that computes the moments of a sample, or of a block's samples in their lanes: first the mean, then the sums of the
    /// differences from it and of their squares. The mean is rounded. If it is large compared with the differences, the error matters: the
    /// sum of the differences corrects it.
    /// </summary>
    /// <param name="ofSample">Receives, for all channels: the means, the sums of squares, the sums of differences.</param>
    private static void AddMoments(LoopPass pass, LoopTensor ofSample)
    {
        LoopTensor x = pass.Input;
        int squares = SquaresFrom(pass), pixels = PixelsOf(pass);
        string moments = pass.SamplesAreApart ? "mean of a sample, and sums of squares and differences"
            : "mean of this block's samples, and sums of squares and differences";
        pass.Step(moments, k =>
        {
            Variable? present = Present(k);
            Expression scale = present is null ? new Constant((float)(1.0 / pixels))
                : k.Let("scale", Constant.Single(1) / (k.Samples * (Expression)Constant.Single(pixels)));
            k.ForChannels(x, c =>
            {
                Variable sum = k.SumOverPixels(x, c, "sum", at => x[at]);
                Variable blockMean = k.Let("mean", k.SumOfLanes(OfPresent(present, sum)) * scale);
                Expression center = present is null ? blockMean : k.Let("center", new Broadcast(blockMean));
                Variable[] sums = k.SumOverPixels(x, c, ["squares", "differences"], at =>
                {
                    Variable d = k.Let("d", x[at] - center);
                    return [d * d, d];
                });
                ofSample.SetChannel(c, blockMean);
                ofSample.SetChannel(c, k.SumOfLanes(OfPresent(present, sums[0])), squares);
                ofSample.SetChannel(c, k.SumOfLanes(OfPresent(present, sums[1])), 2 * squares);
            });
        }, name: "Moments");
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.IsFrozen)
        {
            BackwardFrozen(pass);
            return;
        }

        int products = SquaresFrom(pass);
        LoopTensor ofBlock = pass.OfBlock("gradientMoments", 2 * products),
            ofSample = OfSamples(pass, ofBlock, "sampleGradientMoments", 2 * products);
        LoopTensor sums = pass.Shared("gradientSums", 2 * products);
        BatchMoments batch = BatchMoments.Declare(pass);
        AddGradientSums(pass, ofSample, batch);
        if (pass.SamplesAreApart)
        {
            AddSumsOfSamples(pass, ofSample, ofBlock);
        }

        if (pass.InputGradient is { } dx)
        {
            pass.Combine("sums of the gradient", k => k.Run(RuntimeApi.MeansOfBlocks.Call(
                ofBlock.Address(Access.Read), k.SlotStride, k.Context, (Index)pass.Lanes,
                Count(2 * products, "sums"), Count(PixelsOf(pass), "pixels"), sums.Address(Access.Write))));
            AddInputGradient(pass, dx, sums, batch);
        }
    }

    /// <summary>
    /// Adds the step that sums the gradient, and its product with the normalized input, over the pixels of a sample, or of a block's
    /// samples in their lanes. These are also the gradients of bias and weight.
    /// </summary>
    /// <param name="ofSample">Receives the sums of all channels, then those of the products.</param>
    private void AddGradientSums(LoopPass pass, LoopTensor ofSample, BatchMoments batch)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        int products = SquaresFrom(pass);
        pass.Step("sums of the gradient, and of its product with the normalized input", k => k.ForChannels(x, c =>
        {
            Variable center = k.Let("center", batch.Mean.OfChannel(c));
            Variable[] moments = k.SumOverPixels(x, c, ["sum", "product"], at =>
            {
                Variable g = k.Let("g", dy[at]);
                return [g, g * (x[at] - center)];
            });
            Expression Of(LoopTensor shared) => k.LanesAreChannels ? shared.OfChannel(c) : shared.GetFloat(c);
            Variable total = k.Let("total", k.SumOfLanes(moments[0]));
            Variable[] results = [total, k.Let("slope", (k.SumOfLanes(moments[1]) - (Of(batch.Rest) * total)) * Of(batch.Deviation))];
            ofSample.SetChannel(c, results[0]);
            ofSample.SetChannel(c, results[1], products);
            if (Affine && !pass.SamplesAreApart)
            {
                pass.ParameterGradient("bias").SetFloat(c, results[0]);
                pass.ParameterGradient("weight").SetFloat(c, results[1]);
            }
        }), name: "Moments");
    }

    /// <summary>Adds the step that sums these sums over the samples of a block, where they lie apart.</summary>
    private void AddSumsOfSamples(LoopPass pass, LoopTensor ofSample, LoopTensor ofBlock)
    {
        int products = SquaresFrom(pass);
        pass.AddSamples("the same of this block's samples", "BlockMoments", k =>
        {
            k.Run(RuntimeApi.SumSamples.Call(
                ofSample.Address(Access.Read), k.SampleStride, k.Samples, Count(2 * products, "sums"), ofBlock.Address(Access.Write)));
            if (Affine)
            {
                k.Run(RuntimeApi.CopySums.Call(
                    ofBlock.Address(Access.Read), Count(pass.Channels, "channels"), Count(products, "products"),
                    pass.ParameterGradient("bias").Address(Access.Write), pass.ParameterGradient("weight").Address(Access.Write)));
            }
        });
    }

    /// <summary>
    /// Adds the step that computes dx = γ/σ·(g − mean(g) − x̂·mean(g·x̂)), Ioffe and Szegedy 2015, section 3. The means are over the whole
    /// batch.
    /// </summary>
    /// <param name="means">mean(g) of all channels, then mean(g·x̂).</param>
    private void AddInputGradient(LoopPass pass, LoopTensor dx, LoopTensor means, BatchMoments batch)
    {
        LoopTensor x = pass.Input, dy = pass.OutputGradient;
        pass.Step("", k =>
        {
            // Lanes without a sample must get a gradient of 0. The means alone would give them another one.
            Variable? present = Present(k);
            k.ForChannels(x, c =>
            {
                Variable inverse = k.Let("inverse", batch.Deviation.OfChannel(c));
                Variable[] slopes = k.Let(
                    ("slope", means.OfChannel(c, SquaresFrom(pass)) * inverse), ("factor", Weighted(inverse, pass, c)));
                Variable[] centers = k.Let(
                    ("center", batch.Mean.OfChannel(c)), ("average", means.OfChannel(c) - (batch.Rest.OfChannel(c) * slopes[0])));
                k.ForPixels(x, c, at =>
                {
                    Expression value = x[at], g = dy[at];
                    dx[at] = OfPresent(present, slopes[1] * (g - centers[1] - ((value - centers[0]) * slopes[0])));
                });
            });
        });
    }

    private static void BackwardFrozen(LoopPass pass)
    {
        if (pass.InputGradient is not { } dx)
        {
            return;
        }

        pass.Step("", k => k.ForChannels(dx, c =>
        {
            Variable scale = k.Let("scale_c", pass.Derived(Scale)[c]);
            k.ForPixels(dx, c, at => dx[at] = scale * pass.OutputGradient[at]);
        }));
    }

    /// <summary>The offset of the second number of all channels. It is a multiple of the vector's length.</summary>
    private static int SquaresFrom(LoopPass pass) => Arithmetic.RoundUp(pass.Channels, pass.Lanes);

    /// <summary>Pixels of a channel of one sample.</summary>
    private static int PixelsOf(LoopPass pass) => pass.Input.Shape.Length / pass.Channels;

    /// <summary>Where a sample's sums go: with samples apart, to memory of its own; otherwise to that of the block.</summary>
    private static LoopTensor OfSamples(LoopPass pass, LoopTensor ofBlock, string name, int length) =>
        pass.SamplesAreApart ? pass.OfSample(name, length) : ofBlock;

    /// <summary>The lanes that hold a sample; null where lanes hold channels.</summary>
    private static Variable? Present(Loops k) =>
        k.LanesAreChannels ? null : k.Let("present", Intrinsics.LanesBefore(new Conversion(ElementType.Float, k.Samples)));

    private static Expression OfPresent(Variable? present, Expression value) => present is null ? value : present & value;

    private static Number Count(int count, string name) => Number.Named(count, name);

    private Expression Weighted(Expression value, LoopPass pass, Index c) => Affine ? value * pass.Parameter("weight")[c] : value;

    /// <summary>What forward keeps for backward, for each channel of the whole batch.</summary>
    /// <param name="Mean">The mean, rounded.</param>
    /// <param name="Rest">What the rounded mean lacks.</param>
    /// <param name="Deviation">1/√(σ² + ε).</param>
    private sealed record BatchMoments(LoopTensor Mean, LoopTensor Rest, LoopTensor Deviation)
    {
        public static BatchMoments Declare(LoopPass pass) => new(
            pass.Shared("mean", pass.Channels), pass.Shared("rest", pass.Channels), pass.Shared("inverseDeviation", pass.Channels));
    }
}
