using System;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The loss of a block's samples, one in each lane: returns their share of the batch's loss and writes the gradient of the outputs.
/// </summary>
internal abstract record LossKernel(Tier Tier) : Kernel(Tier)
{
    protected static readonly Constant NoLoss = Constant.Double(0);

    /// <summary>Creates the kernel of a loss.</summary>
    /// <param name="shape">The outputs of one sample, without gaps.</param>
    /// <param name="targetPitch">32-bit numbers from the target of a sample to the next one's.</param>
    public static LossKernel Create(Tier tier, Loss loss, Shape shape, int targetPitch) => loss switch
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
