using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The loss of a block's samples, one in each lane: returns their share of the batch's loss and writes the gradient of the outputs.
/// </summary>
internal abstract record LossKernel(Tier Tier) : Kernel(Tier)
{
    protected static readonly Constant NoLoss = Constant.Double(0);

    /// <param name="shape">The outputs of one sample, without gaps.</param>
    /// <param name="targetPitch">32-bit numbers from the target of a sample to the next one's.</param>
    public static LossKernel Of(Tier tier, Loss loss, Shape shape, int targetPitch) => loss switch
    {
        ElementLoss element => new ElementLossKernel(tier, element, shape.Length, targetPitch),
        CrossEntropyLoss crossEntropy => new CrossEntropyKernel(tier, crossEntropy, shape.Channels, shape.Rows * shape.Width, targetPitch),
        HingeLoss hinge => new HingeKernel(tier, hinge, shape.Channels, targetPitch),
        _ => throw new InvalidOperationException($"{loss.Name} has no kernel."),
    };

    protected sealed override ElementType Result => ElementType.Double;

    /// <summary>The number of samples in the batch, or the sum of their weights.</summary>
    protected static Expression Divisor(Variable step) => RuntimeApi.Divisor.Call(step);

    /// <summary>The share of the batch's loss that these samples have.</summary>
    protected static Expression Report(Variable step, Expression loss) => RuntimeApi.Report.Call(step, loss);

    /// <summary>A double in every lane.</summary>
    protected static Expression InLanes(Expression value) => new Broadcast(new Conversion(ElementType.Float, value));
}

/// <summary>The class of each lane's sample. A lane without a sample has target −1, no loss and no gradient.</summary>
internal sealed class ClassTargets
{
    private readonly KernelBuilder _k;
    private readonly Pointer _classes = new("lanes", ElementType.Int, IsSpan: true);
    private readonly int _targetPitch;

    /// <param name="k">Records the memory for the classes, and the weights of all.</param>
    public ClassTargets(KernelBuilder k, EquatableArray<double> classWeights, int targetPitch)
    {
        (_k, _targetPitch) = (k, targetPitch);
        if (classWeights.Count > 0)
        {
            Weights = new Pointer("weights", ElementType.Float, IsSpan: true);
            k.Add(new Table(Weights, classWeights));
        }

        k.Comment("A lane without a sample has target −1, no loss and no gradient.");
        k.Add(new Allocate(_classes, null, k.Lanes));
        k.Run(Intrinsics.Fill(_classes, (Index)(-1)));
    }

    /// <summary>The weights of the classes, if there are any.</summary>
    public Pointer? Weights { get; }

    /// <summary>The class of each lane.</summary>
    public Variable Target { get; private set; } = null!;

    /// <summary>Lanes with a target.</summary>
    public Variable Present { get; private set; } = null!;

    /// <summary>The weight of each lane's target.</summary>
    public Variable? Weight { get; private set; }

    /// <summary>Lanes whose loss counts as it is: those with a target whose weight is not 0.</summary>
    public Expression Counts => Weight is null ? Present : Weight > 0;

    /// <summary>The class of a sample.</summary>
    public Index this[Index sample] => _classes[sample].Integer;

    /// <summary>Records the loads of the targets.</summary>
    /// <param name="ignore">A class that is ignored.</param>
    public void Record(Pointer targets, Index samples, Index pixel, int? ignore)
    {
        Weight = Weights is null ? null : _k.Let("weight", 0);
        using (_k.For("sample", samples, out IndexVariable sample))
        {
            IndexVariable expected = _k.LetInt("expected", targets[(sample * _targetPitch) + pixel].Integer);
            _k.Store(_classes[sample], ignore is { } index ? Index.Choose(Index.AreEqual(expected, index), -1, expected) : expected);
            if (Weight is not null)
            {
                Expression weight = Weights![this[sample]].Value;
                _k.Set(Weight, Intrinsics.WithLane(Weight, sample,
                    ignore is null ? weight : Expression.Select(this[sample] < 0, Constant.Single(0), weight)));
            }
        }

        Target = _k.Let("target", _classes[0].WideInt);
        Present = _k.Let("present", Target >= new Broadcast((Index)0));
    }

    /// <summary>A mask of the lanes whose sample has a class.</summary>
    public Variable Is(Index c) => _k.Let("isTarget", Expression.AreEqual(Target, new Broadcast(c)));
}

/// <summary>A loss that compares each output by itself with its target.</summary>
/// <param name="Length">Outputs of one sample.</param>
internal sealed record ElementLossKernel(Tier Tier, ElementLoss Loss, int Length, int TargetPitch) : LossKernel(Tier)
{
    public override string Summary => $"{Loss.Name}: the loss, and its gradient";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Elements, Length, ChangesBits: true);

    protected override void Record(KernelBuilder k)
    {
        Pointer outputs = k.Parameter("outputs"), targets = k.Parameter("targets");
        Index samples = k.IntParameter("samples");
        Variable step = k.ContextParameter();
        Pointer gradient = k.Parameter("gradient");

        k.Comment("The targets go where the gradient will be, a sample to each lane.");
        k.Run(RuntimeApi.Pack(Tier.Lanes).Call(
            new AddressOf(targets), Number.Named(TargetPitch, "targetPitch"), samples,
            Number.Named(Length, "length"), new AddressOf(gradient)));
        Variable present = k.Let("present", Intrinsics.LanesBefore(new Conversion(ElementType.Float, samples)));
        Variable? values = Loss.Reduction == Reduction.Mean ? k.Let("values", Constant.Double(Length) * Divisor(step)) : null;
        Variable? scale = values is null ? null : k.Let("scale", InLanes(Constant.Double(1) / values));
        Variable loss = k.Let("loss", NoLoss);
        using (k.For("i", Length, out IndexVariable i))
        {
            Pointer g = k.PointTo("g", gradient[i * Tier.Lanes]);
            Variable[] pair = k.Let(("y", outputs[i * Tier.Lanes].Vector), ("t", g[0].Vector));
            if (Loss.Value.Reads(ElementLoss.D) || Loss.Gradient.Reads(ElementLoss.D))
            {
                k.Let("d", pair[0] - pair[1]);
            }

            // These locals have the names of the formulas' variables. What both formulas compute, or one of them twice, is computed once.
            int parts = 0;
            Expression[] results = new Repetitions(Loss.Value, Loss.Gradient).Name(part => k.Let($"part{++parts}", part));
            k.Increase(loss, Intrinsics.Sum(present & results[0]));
            k.Store(g, present & (scale is null ? results[1] : results[1] * scale));
        }

        k.Return(Report(step, loss / (values ?? Divisor(step))));
    }
}

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
