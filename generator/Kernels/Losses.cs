using System;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// The loss of a block's samples, one in each lane: returns their share of the batch's loss and writes the gradient of the outputs.
/// </summary>
internal abstract record LossKernel(Tier Tier) : Kernel(Tier)
{
    /// <param name="shape">The outputs of one sample, without gaps.</param>
    /// <param name="targetPitch">32-bit numbers from the target of a sample to the next one's.</param>
    public static LossKernel Of(Tier tier, Loss loss, Shape shape, int targetPitch) => loss switch
    {
        ElementLoss element => new ElementLossKernel(tier, element, shape.Length, targetPitch),
        CrossEntropyLoss crossEntropy => new CrossEntropyKernel(tier, crossEntropy, shape.Channels, shape.Rows * shape.Width, targetPitch),
        HingeLoss hinge => new HingeKernel(tier, hinge, shape.Channels, targetPitch),
        _ => throw new InvalidOperationException($"{loss.Name} has no kernel."),
    };

    /// <summary>Leaves the <c>weights</c> of the classes, and <c>lanes</c>, in which a lane without a sample has target −1, no loss and no gradient.</summary>
    protected void WriteLanes(SourceWriter writer, EquatableArray<double> classWeights)
    {
        if (classWeights.Count > 0)
        {
            writer.Line($"ReadOnlySpan<float> weights = [{string.Join(", ", classWeights.Select(Single))}];");
        }

        writer.Line("// A lane without a sample has target −1, no loss and no gradient.");
        writer.Line($"Span<int> lanes = stackalloc int[{Number(Tier.Lanes)}];");
        writer.Line("lanes.Fill(-1);");
        writer.Line("double loss = 0;");
    }

    /// <summary>Leaves <c>target</c>, the class of each lane, <c>present</c>, and where there are weights <c>weight</c>, that of the target.</summary>
    protected static void WriteTargets(SourceWriter writer, EquatableArray<double> classWeights, int targetPitch, string pixel = "", int? ignore = null)
    {
        bool weighted = classWeights.Count > 0;
        if (weighted)
        {
            writer.Line("Vector weight = Vector.Zero;");
        }

        using (writer.Block("for (int sample = 0; sample < samples; sample++)"))
        {
            writer.Line($"int expected = {(targetPitch == 1 ? "Unsafe.Add(ref targets, sample)" : $"Unsafe.Add(ref targets, {Sum(("sample", targetPitch), (pixel, 1))})")};");
            writer.Line($"lanes[sample] = {(ignore is { } index ? $"expected == {Number(index)} ? -1 : " : "")}expected;");
            if (weighted)
            {
                writer.Line($"weight = weight.WithElement(sample, {(ignore is null ? "" : "lanes[sample] < 0 ? 0 : ")}weights[lanes[sample]]);");
            }
        }

        writer.Line("var target = Simd.LoadUnsafe(ref MemoryMarshal.GetReference(lanes));");
        writer.Line("Vector present = Simd.GreaterThanOrEqual(target, Simd.Create(0)).AsSingle();");
    }
}

/// <summary>A loss that compares each output by itself with its target.</summary>
/// <param name="Length">Outputs of one sample.</param>
internal sealed record ElementLossKernel(Tier Tier, ElementLoss Loss, int Length, int TargetPitch) : LossKernel(Tier)
{
    public override string Summary => $"{Loss.Name}: the loss, and its gradient";

    public override string Parameters =>
        "ref float outputs, ref float targets, int samples, in StepContext step, ref float gradient";

    public override void WriteBody(SourceWriter writer)
    {
        bool mean = Loss.Reduction == Reduction.Mean;
        writer.Line("// The targets go where the gradient will be, a sample to each lane.");
        writer.Line($"SampleLanes.Pack{Number(Tier.Lanes)}(ref targets, {Number(TargetPitch)}, samples, {Number(Length)}, ref gradient);");
        writer.Line("Vector present = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create((float)samples));");
        if (mean)
        {
            writer.Line($"double values = {Number(Length)}.0 * step.Divisor;");
            writer.Line("Vector scale = Simd.Create((float)(1 / values));");
        }

        writer.Line("double loss = 0;");
        using (writer.Block($"for (int i = 0; i < {Number(Length)}; i++)"))
        {
            string offset = Sum(("i", Tier.Lanes));
            writer.Line($"ref float g = {Ref("gradient", offset)};");
            writer.Line($"Vector y = Simd.LoadUnsafe({Ref("outputs", offset)}), t = Simd.LoadUnsafe(ref g);");
            if (Loss.Value.Reads(ElementLoss.D) || Loss.Gradient.Reads(ElementLoss.D))
            {
                writer.Line("Vector d = y - t;");
            }

            writer.Line($"loss += Simd.Sum(present & ({Print(Loss.Value)}));");
            string gradient = Print(Loss.Gradient);
            writer.Line($"(present & {(mean ? $"(({gradient}) * scale)" : $"({gradient})")}).StoreUnsafe(ref g);");
        }

        writer.Line($"return step.Report(loss / {(mean ? "values" : "step.Divisor")});");
    }

    private static string Print(KernelLanguage.Expression formula) => ExpressionPrinter.Print(formula, variable => variable.Name);
}

/// <summary>
/// Cross-entropy of class indices, fused with softmax: loss = log Σ exp(z) − z[target], gradient = (softmax(z) − onehot)/N. Both
/// come from z − max, so that logits of any size give neither infinity nor NaN (unless the true loss is beyond a float).
/// </summary>
/// <param name="Classes">Number of classes.</param>
/// <param name="Pixels">Pixels of a sample, each of which has a target of its own.</param>
internal sealed record CrossEntropyKernel(Tier Tier, CrossEntropyLoss Loss, int Classes, int Pixels, int TargetPitch) : LossKernel(Tier)
{
    private bool IsWeighted => Loss.ClassWeights.Count > 0;

    private bool IsPlain => !IsWeighted && Loss.LabelSmoothing == 0;

    /// <summary>From one class to the next.</summary>
    private int ClassPitch => Pixels * Tier.Lanes;

    public override string Summary => IsPlain
        ? "Softmax and cross-entropy: the loss, and (p − onehot)/N"
        : "Softmax and cross-entropy with target q: the loss Σ q (ln Σ exp(z) − z), and its gradient p Σ q − q";

    public override string Parameters => "ref float logits, ref int targets, int samples, in StepContext step, ref float gradient";

    public override void WriteBody(SourceWriter writer)
    {
        bool mean = Loss.Reduction == Reduction.Mean;
        writer.Line("// Without any weight in the batch there is no loss.");
        writer.Line("double divisor = step.Divisor, share = divisor > 0 ? 1 / divisor : 0;");

        WriteLanes(writer, Loss.ClassWeights);
        string pixel = Pixels > 1 ? "pixel" : "";
        using (writer.For((pixel, Pixels, 1)))
        {
            WriteTargets(writer, Loss.ClassWeights, TargetPitch, pixel, Loss.IgnoreIndex);
            writer.Line($"ref float x = {Ref("logits", Sum((pixel, Tier.Lanes)))};");
            writer.Line($"ref float y = {Ref("gradient", Sum((pixel, Tier.Lanes)))};");
            SoftmaxKernel.WriteShiftedExponentials(writer, Classes, ClassPitch, ClassPitch);
            writer.Line($"Vector scale = present & {(mean ? "Simd.Create((float)share)" : "Vector.One")};");
            if (IsPlain)
            {
                WritePlain(writer);
            }
            else
            {
                WriteGeneral(writer);
            }

            writer.Line("loss += Simd.Sum(losses);");
        }

        writer.Line("return step.Report(loss * share);");
    }

    private void WritePlain(SourceWriter writer)
    {
        writer.Line("Vector normalize = scale / sum;");
        writer.Line("Vector chosen = Vector.Zero;");
        using (writer.Block($"for (int c = 0; c < {Number(Classes)}; c++)"))
        {
            string offset = Sum(("c", ClassPitch));
            writer.Line("Vector isTarget = Simd.Equals(target, Simd.Create(c)).AsSingle();");
            writer.Line($"chosen += isTarget & Simd.LoadUnsafe({Ref("x", offset)});");
            writer.Line($"ref float g = {Ref("y", offset)};");
            writer.Line("((Simd.LoadUnsafe(ref g) * normalize) - (isTarget & scale)).StoreUnsafe(ref g);");
        }

        writer.Line("Vector losses = present & (VectorMath.Log(sum) + (largest - chosen));");
    }

    private void WriteGeneral(SourceWriter writer)
    {
        double smoothing = Loss.LabelSmoothing, shared = smoothing / Classes;
        writer.Line("// Of the target's weight, the class itself has one part, and all classes share the other.");
        writer.Line($"Vector own = {(IsWeighted ? "weight * " : "")}Simd.Create({Single(1 - smoothing)});");
        double all = IsWeighted ? Loss.ClassWeights.Sum() : Classes;
        writer.Line($"Vector total = own + Simd.Create({Single(shared * all)});");
        writer.Line("Vector normalize = scale * total / sum;");
        var sum = new BlockedSum([new SumLoop("c", Classes)], "surprise");
        sum.Write(writer, () =>
        {
            string offset = Sum(("c", ClassPitch));
            string common = IsWeighted ? $"{Single(shared)} * weights[c]" : Single(shared);
            writer.Line("Vector isTarget = Simd.Equals(target, Simd.Create(c)).AsSingle();");
            writer.Line($"Vector q = (isTarget & own) + Simd.Create({common});");
            writer.Line($"{sum["surprise"]} += q * (largest - Simd.LoadUnsafe({Ref("x", offset)}));");
            writer.Line($"ref float g = {Ref("y", offset)};");
            writer.Line("((Simd.LoadUnsafe(ref g) * normalize) - (q * scale)).StoreUnsafe(ref g);");
        });

        writer.Line("Vector losses = present & ((total * VectorMath.Log(sum)) + surprise);");
    }
}

/// <summary>The multi-class hinge: each wrong class costs by how much it comes nearer to the right one than the margin.</summary>
/// <param name="Classes">Number of classes.</param>
internal sealed record HingeKernel(Tier Tier, HingeLoss Loss, int Classes, int TargetPitch) : LossKernel(Tier)
{
    public override string Summary => "Multi-class hinge: the loss, and its gradient";

    public override string Parameters => "ref float scores, ref int targets, int samples, in StepContext step, ref float gradient";

    public override void WriteBody(SourceWriter writer)
    {
        bool mean = Loss.Reduction == Reduction.Mean, weighted = Loss.ClassWeights.Count > 0;
        WriteLanes(writer, Loss.ClassWeights);
        WriteTargets(writer, Loss.ClassWeights, TargetPitch);
        string part = mean ? $"Simd.Create((float)(1 / ({Number(Classes)}.0 * step.Divisor)))" : $"Simd.Create({Single(1.0 / Classes)})";
        writer.Line($"Vector scale = present & {(weighted ? $"(weight * {part})" : part)};");
        writer.Line("Vector right = Vector.Zero;");
        using (writer.Block("for (int sample = 0; sample < samples; sample++)"))
        {
            writer.Line($"right = right.WithElement(sample, Unsafe.Add(ref scores, (lanes[sample] * {Number(Tier.Lanes)}) + sample));");
        }

        var sum = new BlockedSum([new SumLoop("c", Classes)], "total", "pull");
        sum.Write(writer, () =>
        {
            string offset = Sum(("c", Tier.Lanes));
            writer.Line("Vector isTarget = Simd.Equals(target, Simd.Create(c)).AsSingle();");
            writer.Line(
                $"Vector excess = Simd.AndNot(Simd.LoadUnsafe({Ref("scores", offset)}) - right + Simd.Create({Single(Loss.Margin)}), isTarget);");
            writer.Line("Vector push = Simd.GreaterThan(excess, Vector.Zero) & scale;");
            writer.Line($"{sum["total"]} += Simd.Max(excess, Vector.Zero);");
            writer.Line($"{sum["pull"]} += push;");
            writer.Line($"push.StoreUnsafe({Ref("gradient", offset)});");
        });

        using (writer.Block("for (int sample = 0; sample < samples; sample++)"))
        {
            writer.Line($"Unsafe.Add(ref gradient, (lanes[sample] * {Number(Tier.Lanes)}) + sample) = -pull.GetElement(sample);");
        }

        writer.Line($"Vector losses = present & {(weighted ? "(weight * total)" : "total")};");
        writer.Line("loss += Simd.Sum(losses);");
        writer.Line($"return step.Report(loss / {Number(Classes)}.0 / step.Divisor);");
    }
}
