using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>The multi-class hinge: each wrong class costs the amount by which it comes closer to the right one than the margin.</summary>
/// <param name="Classes">Number of classes.</param>
internal sealed record HingeKernel(Tier Tier, HingeLoss Loss, int Classes, int TargetPitch) : LossKernel(Tier)
{
    public override string Summary => "Multi-class hinge: the loss, and its gradient";

    protected override void Record(KernelBuilder k)
    {
        Pointer scores = k.Parameter("scores"), classes = k.Parameter(new Pointer("targets", ElementType.Int));
        Index samples = k.IntParameter("samples");
        Variable step = k.ContextParameter();
        Pointer gradient = k.Parameter("gradient");
        var targets = new ClassTargets(k, Loss.ClassWeights, TargetPitch);
        Variable loss = k.Let("loss", NoLoss);
        targets.Record(classes, samples, 0, ignore: null);
        Expression part = Loss.Reduction == Reduction.Mean
            ? InLanes(Constant.Double(1) / (Constant.Double(Classes) * Divisor(step))) : new Broadcast(Constant.Single(1.0 / Classes));
        Variable scale = k.Let("scale", targets.Present & (targets.Weight is { } weight ? weight * part : part));
        Variable right = k.Let("right", 0);
        using (k.For("sample", samples, out IndexVariable sample))
        {
            k.Set(right, Intrinsics.WithLane(right, sample, scores[(targets[sample] * Tier.Lanes) + sample].Value));
        }

        var loop = new SumLoop("c", Classes);
        Variable[] results = new BlockedSum([loop], "total", "pull").Record(k, sums =>
        {
            Index offset = loop.Variable * Tier.Lanes;
            Variable isTarget = targets.Is(loop.Variable);
            Expression distance = scores[offset].Vector - right + new Broadcast(Constant.Single(Loss.Margin));
            Variable excess = k.Let("excess", Intrinsics.AndNot(distance, isTarget));
            Variable push = k.Let("push", (excess > 0) & scale);
            k.Increase(sums[0], Max(excess, 0));
            k.Increase(sums[1], push);
            k.Store(gradient[offset], push);
        });
        using (k.For("sample", samples, out IndexVariable sample))
        {
            k.Store(gradient[(targets[sample] * Tier.Lanes) + sample], -Intrinsics.GetLane(results[1], sample));
        }

        Variable losses = k.Let("losses", targets.Counts & (targets.Weight is { } own ? own * results[0] : results[0]));
        k.Increase(loss, Intrinsics.Sum(losses));
        k.Return(Report(step, loss / (Expression)Constant.Double(Classes) / Divisor(step)));
    }
}
