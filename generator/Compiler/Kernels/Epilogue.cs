using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Pooling of whole tiles of a convolution's outputs while they are in registers.</summary>
internal readonly record struct FusedPool(PoolingKind Kind, int Height, int Width)
{
    public int Area => Height * Width;

    /// <summary>The bits of a maximum's index in its window.</summary>
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
/// <param name="Scaled">Whether each channel is multiplied by its <c>inputScale</c>, and its <c>inputShift</c> is added.</param>
/// <param name="Activation">An activation after scale and shift.</param>
/// <param name="Mean">
/// The window of an average pooling after a convolution of single pixels. The means are taken first: the convolution then has fewer pixels,
/// and its result is the same up to rounding.
/// </param>
/// <param name="Row">The distance from one row of this window to the next.</param>
internal sealed record Prologue(bool Scaled, Activation? Activation, FusedPool? Mean = null, int Row = 0)
{
    public Expression Apply(Expression x, Expression? scale, Expression? shift) =>
        Activation.Apply(Scaled ? Intrinsics.MultiplyAddEstimate(x, scale!, shift!) : x);
}

/// <summary>What happens to the accumulators before they are stored.</summary>
/// <param name="Bias">Whether they begin with a bias.</param>
/// <param name="Scaled">Whether each channel is then multiplied by its <c>scale</c>, and its <c>shift</c> is added.</param>
/// <param name="Activation">An activation after scale, shift and join, before pooling; see <see cref="ResultOf"/>.</param>
/// <param name="Pool">Pooling in registers.</param>
/// <param name="RecordIndices">Whether the index of each window's maximum is saved for backward, in planes of bits.</param>
/// <param name="Gradient">Multiplies by the gradient of an activation.</param>
/// <param name="ValidLanes">
/// If lanes are neighbours in a row: columns of the last vector that are inside the row. The others become zero. 0 means all.
/// </param>
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
    /// How another tensor, such as the other branch of a residual block, is joined after scale and shift. Null if none is. With a join,
    /// nothing is pooled.
    /// </summary>
    public EpilogueJoin? Join { get; init; }

    /// <summary>What an output becomes after its scale and shift.</summary>
    /// <param name="other">The element at the same place of the other tensor; null if there is none.</param>
    public Expression Activated(Expression value, Expression? other = null) => Activation.Apply(Joined(value, other));

    /// <summary>What an output becomes after its scale and shift, before its activation.</summary>
    /// <inheritdoc cref="Activated"/>
    public Expression Joined(Expression value, Expression? other) => other is null ? value : Join!.Function.Apply(value, other);

    /// <summary>
    /// What is stored for the sums of a window, after bias, scale and shift, activation and pooling. Max pooling comes first where that
    /// saves work and does not change the result.
    /// </summary>
    /// <param name="linear">Computes an output, before the activation, from its sum.</param>
    /// <param name="other">The element at the same place of the other tensor; null if there is none.</param>
    /// <param name="pooled">Combines several outputs.</param>
    public Expression ResultOf(Expression[] sums, Func<Expression, Expression> linear, Expression? other,
        Func<Expression[], Expression> pooled)
    {
        if (sums.Length == 1)
        {
            return Activated(linear(sums[0]), other);
        }

        // Average pooling takes the mean of activated values. After max pooling, fewer values are left: an increasing activation and the
        // addition of a finite bias may come after it, since they keep the order of the values.
        if (Pool is { Kind: PoolingKind.Average } || Activation is { IsIncreasing: false })
        {
            return pooled([.. sums.Select(x => Activated(linear(x)))]);
        }

        return Activated(Scaled ? pooled([.. sums.Select(linear)]) : linear(pooled(sums)));
    }

    /// <summary>An output from its sum: adds the bias, unless the sum begins with it, and applies scale and shift.</summary>
    /// <param name="scale">Scale and shift; empty if there are none.</param>
    public static Expression Linear(KernelBuilder k, Expression sum, Variable? bias, Variable[] scale)
    {
        Expression biased = bias is null ? sum : sum + bias;
        return scale.Length == 0 ? biased : k.MultiplyAdd(biased, scale[0], scale[1]);
    }

    /// <summary>Pools the outputs of a window, each of which is a vector, to one vector.</summary>
    public Expression Pooled(Expression[] window) => Pool is { Kind: PoolingKind.Average, Area: var area }
        ? window.Aggregate((left, right) => left + right) * new Constant((float)(1.0 / area)) : PooledPairs.MaximumOf(window);
}

/// <summary>The function that an epilogue joins another tensor with.</summary>
/// <param name="Other">The addresses of the other tensor.</param>
internal sealed record EpilogueJoin(JoinFunction Function, Strides Other);

/// <summary>The operands of an epilogue after a transform, and the output.</summary>
internal sealed record EpilogueOperands(Pointer? Bias, Pointer? Scale, Pointer? Shift, Pointer? Other, Pointer Output)
{
    /// <summary>Declares the operands of an epilogue as the next parameters of a kernel.</summary>
    public static EpilogueOperands Declare(KernelBuilder k, Epilogue epilogue)
    {
        Pointer? bias = epilogue.Bias ? k.Parameter("bias") : null;
        (Pointer? scale, Pointer? shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : default;
        Pointer? other = epilogue.Join is { } join ? k.Parameter(join.Function.Operand) : null;
        return new EpilogueOperands(bias, scale, shift, other, k.Parameter("output"));
    }
}

/// <summary>The gradient of an activation, from its outputs, which are the parameter <c>activation</c> of the kernel.</summary>
/// <param name="Saved">The addresses of these outputs.</param>
internal sealed record ActivationGradient(Activation Activation, Strides Saved);
