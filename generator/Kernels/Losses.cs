using Strata.Generator.Emission;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// Cross-entropy of class indices, fused with softmax: loss = log Σ exp(z) − z[target], gradient = (softmax(z) − onehot)/N. Both
/// come from z − max, so that logits of any size give neither infinity nor NaN (unless the true loss is beyond a float).
/// </summary>
/// <param name="Classes">Number of classes.</param>
internal sealed record CrossEntropyKernel(Tier Tier, int Classes) : Kernel(Tier)
{
    public override string Summary => "Softmax and cross-entropy: the loss, and (p − onehot)/N";

    public override string Parameters => "ref float logits, ref int targets, int samples, in StepContext step, ref float gradient";

    public override void WriteBody(SourceWriter writer)
    {
        writer.Line("// A lane without a sample has target −1, no loss and no gradient.");
        writer.Line($"Span<int> lanes = stackalloc int[{Number(Tier.Lanes)}];");
        writer.Line("lanes.Fill(-1);");
        writer.Line("MemoryMarshal.CreateReadOnlySpan(ref targets, samples).CopyTo(lanes);");
        writer.Line("var target = Simd.LoadUnsafe(ref MemoryMarshal.GetReference(lanes));");
        writer.Line("Vector present = Simd.GreaterThanOrEqual(target, Simd.Create(0)).AsSingle();");
        writer.Line("ref float x = ref logits;");
        writer.Line("ref float y = ref gradient;");
        SoftmaxKernel.WriteShiftedExponentials(writer, Classes, Tier.Lanes, Tier.Lanes);
        writer.Line("Vector scale = present & Simd.Create(1f / step.Samples);");
        writer.Line("Vector normalize = scale / sum;");
        writer.Line("Vector chosen = Vector.Zero;");
        using (writer.Block($"for (int c = 0; c < {Number(Classes)}; c++)"))
        {
            string offset = Sum(("c", Tier.Lanes));
            writer.Line("Vector isTarget = Simd.Equals(target, Simd.Create(c)).AsSingle();");
            writer.Line($"chosen += isTarget & Simd.LoadUnsafe({Ref("logits", offset)});");
            writer.Line($"ref float g = {Ref("gradient", offset)};");
            writer.Line("((Simd.LoadUnsafe(ref g) * normalize) - (isTarget & scale)).StoreUnsafe(ref g);");
        }

        writer.Line("Vector losses = present & (VectorMath.Log(sum) + (largest - chosen));");
        writer.Line("double loss = 0;");
        using (writer.Block("for (int sample = 0; sample < samples; sample++)"))
        {
            writer.Line("loss += losses.GetElement(sample);");
        }

        writer.Line("return loss / step.Samples;");
    }
}

/// <summary>
/// Mean squared error over samples and outputs, as PyTorch's <c>MSELoss</c>: loss = Σ (y − t)²/(N·L), gradient = 2 (y − t)/(N·L).
/// </summary>
/// <param name="Length">Outputs of one sample.</param>
internal sealed record MeanSquaredErrorKernel(Tier Tier, int Length) : Kernel(Tier)
{
    public override string Summary => "Mean squared error: the loss, and 2 (y − t)/(N L)";

    public override string Parameters =>
        "ref float outputs, ref float targets, int samples, in StepContext step, ref float gradient";

    public override void WriteBody(SourceWriter writer)
    {
        writer.Line("// The targets go where the gradient will be, a sample to each lane.");
        writer.Line($"SampleLanes.Pack{Number(Tier.Lanes)}(ref targets, {Number(Length)}, samples, {Number(Length)}, ref gradient);");
        writer.Line("Vector present = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create((float)samples));");
        writer.Line($"Vector scale = Simd.Create((float)(2.0 / ({Number(Length)}.0 * step.Samples)));");
        writer.Line("double loss = 0;");
        using (writer.Block($"for (int i = 0; i < {Number(Length)}; i++)"))
        {
            string offset = Sum(("i", Tier.Lanes));
            writer.Line($"ref float g = {Ref("gradient", offset)};");
            writer.Line($"Vector difference = present & (Simd.LoadUnsafe({Ref("outputs", offset)}) - Simd.LoadUnsafe(ref g));");
            writer.Line("loss += Simd.Sum(difference * difference);");
            writer.Line("(difference * scale).StoreUnsafe(ref g);");
        }

        writer.Line($"return loss / ({Number(Length)}.0 * step.Samples);");
    }
}
