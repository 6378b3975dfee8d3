using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Cross-entropy of class indices, fused with softmax: loss = log Σ exp(z) − z[target], gradient = (softmax(z) − onehot)/N. Both
/// come from z − max, so that logits of any size give neither infinity nor NaN (unless the true loss is beyond a float).
/// </summary>
/// <param name="Classes">Number of classes.</param>
/// <param name="Pixels">Pixels of a sample, each of which has a target of its own.</param>
internal sealed record CrossEntropyKernel(Tier Tier, CrossEntropyLoss Loss, int Classes, int Pixels, int TargetPitch) : LossKernel(Tier)
{
    private bool IsPlain => Loss.ClassWeights.Count == 0 && Loss.LabelSmoothing == 0;

    /// <summary>From one class to the next.</summary>
    private int ClassPitch => Pixels * Tier.Lanes;

    public override string Summary => IsPlain
        ? "Softmax and cross-entropy: the loss, and (p − onehot)/N"
        : "Softmax and cross-entropy with target q: the loss Σ q (ln Σ exp(z) − z), and its gradient p Σ q − q";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Elements, Pixels, ChangesBits: true);

    protected override void Record(KernelBuilder k)
    {
        Pointer logits = k.Parameter("logits"), classes = k.Parameter(new Pointer("targets", ElementType.Int));
        Index samples = k.IntParameter("samples");
        Variable step = k.ContextParameter();
        Pointer gradient = k.Parameter("gradient");

        k.Comment("Without any weight in the batch there is no loss.");
        Variable divisor = k.Let("divisor", Divisor(step));
        Variable share = k.Let("share", Expression.Select(divisor > NoLoss, Constant.Double(1) / divisor, NoLoss));
        var targets = new ClassTargets(k, Loss.ClassWeights, TargetPitch);
        Variable loss = k.Let("loss", NoLoss);
        using (k.Loops(out Index[] pixel, ("pixel", Pixels, 1)))
        {
            targets.Record(classes, samples, pixel[0], Loss.IgnoreIndex);
            Index offset = Index.Sum((pixel[0], Tier.Lanes));
            Pointer x = k.PointTo("x", logits[offset]), y = k.PointTo("y", gradient[offset]);
            (Variable largest, Variable sum) = SoftmaxKernel.RecordShiftedExponentials(k, x, y, Classes, ClassPitch, ClassPitch);
            Variable scale = k.Let("scale", targets.Present & (Loss.Reduction == Reduction.Mean ? InLanes(share) : 1));
            Expression each = IsPlain
                ? RecordPlain(k, targets, x, y, largest, sum, scale)
                : RecordGeneral(k, targets, x, y, largest, sum, scale);
            Variable losses = k.Let("losses", targets.Present & each);
            k.Increase(loss, Intrinsics.Sum(losses));
        }

        k.Return(Report(step, loss * share));
    }

    private Expression RecordPlain(KernelBuilder k, ClassTargets targets, Pointer x, Pointer y, Variable largest,
        Variable sum, Variable scale)
    {
        Variable normalize = k.Let("normalize", scale / sum), chosen = k.Let("chosen", 0);
        using (k.For("c", Classes, out IndexVariable c))
        {
            Index offset = Index.Sum((c, ClassPitch));
            Variable isTarget = targets.Is(c);
            k.Increase(chosen, isTarget & x[offset].Vector);
            Pointer g = k.PointTo("g", y[offset]);
            k.Store(g, targets.Present & ((g[0].Vector * normalize) - (isTarget & scale)));
        }

        return Log(sum) + (largest - chosen);
    }

    private Expression RecordGeneral(KernelBuilder k, ClassTargets targets, Pointer x, Pointer y, Variable largest,
        Variable sum, Variable scale)
    {
        double smoothing = Loss.LabelSmoothing, shared = smoothing / Classes;
        k.Comment("Of the target's weight, the class itself has one part, and all classes share the other.");
        Expression whole = 1 - smoothing;
        Variable own = k.Let("own", targets.Weight is { } weight ? weight * whole : whole);
        double all = targets.Weights is null ? Classes : Loss.ClassWeights.Sum();
        Variable total = k.Let("total", own + (Expression)(shared * all));
        Variable counts = k.Let("counts", scale * total > 0), normalize = k.Let("normalize", scale * total / sum);
        k.Comment("A class without weight costs nothing, even where its probability is 0 and its logarithm infinite.");
        var loop = new SumLoop("c", Classes);
        Variable surprise = new BlockedSum([loop], "surprise").Record(k, sums =>
        {
            Index offset = Index.Sum((loop.Variable, ClassPitch));
            Variable isTarget = targets.Is(loop.Variable);
            Expression common = Constant.Single(shared);
            Variable q = k.Let("q",
                (isTarget & own) + new Broadcast(targets.Weights is { } weights ? common * weights[loop.Variable].Value : common));
            k.Increase(sums[0], (q > 0) & (q * (largest - x[offset].Vector)));
            Pointer g = k.PointTo("g", y[offset]);
            k.Store(g, counts & ((g[0].Vector * normalize) - (q * scale)));
        })[0];
        return counts & ((total * Log(sum)) + surprise);
    }
}
