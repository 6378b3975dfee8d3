using System;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>Pooling of whole tiles of a convolution's outputs while they are in registers.</summary>
internal readonly record struct FusedPool(PoolingKind Kind, int Height, int Width)
{
    public int Area => Height * Width;

    /// <summary>Bits that tell which element of the window was the largest.</summary>
    public int IndexBits => BitsFor(Area);

    public static int BitsFor(int area)
    {
        int bits = 0;
        while (1 << bits < area)
        {
            bits++;
        }

        return bits;
    }
}

/// <summary>What happens to inputs before they are multiplied.</summary>
/// <param name="Scaled">Whether each channel is multiplied by its <c>inputScale</c> and moved by its <c>inputShift</c>.</param>
/// <param name="Activation">Applied behind that.</param>
/// <param name="Mean">The mean of a window of them is multiplied instead: a convolution of single pixels commutes with it, and then has
/// fewer of them.</param>
/// <param name="Row">From one row of such a window to the next.</param>
internal sealed record Prologue(bool Scaled, Activation? Activation, FusedPool? Mean = null, int Row = 0)
{
    public Expression Of(Expression x, Expression? scale, Expression? shift) =>
        Activation.Of(Scaled ? Intrinsics.MultiplyAddEstimate(x, scale!, shift!) : x);
}

/// <summary>What happens to the accumulators before they are stored.</summary>
/// <param name="Bias">Whether they begin with a bias.</param>
/// <param name="Scaled">Whether each channel is then multiplied by its <c>scale</c> and moved by its <c>shift</c>.</param>
/// <param name="Activation">Applied behind the sum and the join, before pooling.</param>
/// <param name="Pool">Pooling in registers.</param>
/// <param name="RecordIndices">Whether the index of each window's maximum is saved for backward, in planes of bits.</param>
/// <param name="Gradient">Multiplies by the gradient of an activation.</param>
/// <param name="ValidLanes">Row lanes only: columns of the last vector that are inside the row; the others become zero. 0: all.</param>
internal sealed record Epilogue(
    bool Bias = false,
    bool Scaled = false,
    Activation? Activation = null,
    FusedPool? Pool = null,
    bool RecordIndices = false,
    ActivationGradient? Gradient = null,
    int ValidLanes = 0)
{
    /// <summary>
    /// How another tensor is joined behind scale and shift, such as the other branch of a residual block. Null without one. Nothing is
    /// pooled then.
    /// </summary>
    public EpilogueJoin? Join { get; init; }

    /// <summary>What an output becomes behind its scale and shift.</summary>
    /// <param name="other">What stands at its place in the other tensor; null without one.</param>
    public Expression Activated(Expression value, Expression? other = null) =>
        Activation.Of(other is null ? value : Join!.Function.Of(value, other));

    /// <summary>
    /// What is stored of a window's sums: with bias, scale and shift, pooled, and activated where that does not come first.
    /// </summary>
    /// <param name="linear">An output from its sum.</param>
    /// <param name="other">What stands at its place in the other tensor; null without one.</param>
    /// <param name="pooled">Combines several outputs.</param>
    public Expression ResultOf(Expression[] sums, Func<Expression, Expression> linear, Expression? other,
        Func<Expression[], Expression> pooled)
    {
        if (sums.Length == 1)
        {
            return Activated(linear(sums[0]), other);
        }

        // A mean is that of the activations; a maximum commutes with those that increase, and with the addition of a finite
        // bias, rounded as it is.
        if (Pool is { Kind: PoolingKind.Average } || Activation is { IsIncreasing: false })
        {
            return pooled([.. sums.Select(x => Activated(linear(x)))]);
        }

        return Activated(Scaled ? pooled([.. sums.Select(linear)]) : linear(pooled(sums)));
    }

    /// <summary>An output from its sum: behind bias, scale and shift, where these come last and not as what the sum begins with.</summary>
    /// <param name="scale">Scale and shift; none without them.</param>
    public static Expression Linear(KernelBuilder k, Expression sum, Variable? bias, Variable[] scale)
    {
        Expression biased = bias is null ? sum : sum + bias;
        return scale.Length == 0 ? biased : k.MultiplyAdd(biased, scale[0], scale[1]);
    }

    /// <summary>The outputs of a window, of which each has a vector, pooled to one.</summary>
    public Expression Pooled(Expression[] window) => Pool is { Kind: PoolingKind.Average, Area: var area }
        ? window.Aggregate((left, right) => left + right) * new Constant((float)(1.0 / area)) : PooledPairs.MaximumOf(window);
}

/// <summary>The function that an epilogue joins another tensor with.</summary>
/// <param name="Other">Where the other tensor lies.</param>
internal sealed record EpilogueJoin(JoinFunction Function, Strides Other);

/// <summary>The operands of an epilogue that comes behind a transform, and the output.</summary>
internal sealed record EpilogueOperands(Pointer? Bias, Pointer? Scale, Pointer? Shift, Pointer? Other, Pointer Output)
{
    /// <summary>Those that an epilogue has, as the next parameters of a kernel.</summary>
    public static EpilogueOperands Of(KernelBuilder k, Epilogue epilogue)
    {
        Pointer? bias = epilogue.Bias ? k.Parameter("bias") : null;
        (Pointer? scale, Pointer? shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : default;
        Pointer? other = epilogue.Join is { } join ? k.Parameter(join.Function.Operand) : null;
        return new EpilogueOperands(bias, scale, shift, other, k.Parameter("output"));
    }
}

/// <summary>The gradient of an activation, from its outputs, which are the argument <c>activation</c> of the kernel.</summary>
/// <param name="Saved">Where these outputs lie.</param>
internal sealed record ActivationGradient(Activation Activation, Strides Saved);
