using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Which inputs an element of the result depends on. It decides what the lanes of a vector may hold.</summary>
internal enum Dependence
{
    /// <summary>Only its own channel: lanes may hold channels.</summary>
    Channel,

    /// <summary>Only its own pixel, in all channels: lanes may hold the pixels of a row.</summary>
    Pixel,

    /// <summary>Anything: a single sample is computed float by float. In a block of samples, lanes hold samples as usual.</summary>
    All,
}

/// <summary>What loops compute for each sample besides a little for each element of the result.</summary>
/// <param name="Products">Products in sums. Each waits for the one before it.</param>
/// <param name="Exponentials">Exponentials.</param>
internal readonly record struct LoopWork(long Products, long Exponentials);

/// <summary>
/// An operation that is written as loops over elements. It is for operators without a tuned kernel. The loops are written once. In the
/// generated code an element is a vector; lowering decides whether its lanes hold samples, channels or pixels.
/// </summary>
internal abstract record LoopOperation : Operation
{
    public abstract Dependence Dependence { get; }

    public override ResultLayout ResultLayout => Dependence == Dependence.Channel ? ResultLayout.Channels : ResultLayout.Rows;

    /// <summary>Whether an input gets a gradient. An input that only holds indices does not.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>
    /// Whether it can also be trained with samples apart, in blocks of channels. This requires that elements depend on their own channel
    /// only, and that sums over samples use <see cref="LoopPass.AddSamples"/>.
    /// </summary>
    public virtual bool TrainsInBlocks => false;

    /// <summary>
    /// Whether forward only moves elements. A tensor with one channel would fill one lane of each vector, so it is then moved float by
    /// float.
    /// </summary>
    public virtual bool OnlyMoves => false;

    /// <summary>What a step of its forward or backward pass computes besides.</summary>
    public virtual LoopWork WorkOf(IReadOnlyList<Shape> inputs, Shape output, bool isBackward) => default;

    /// <summary>Computes values that are derived from the parameters, such as a scale. Lanes hold channels.</summary>
    public virtual void Derive(LoopPass pass)
    {
    }

    /// <summary>Computes the output from the inputs.</summary>
    public abstract void Forward(LoopPass pass);

    /// <summary>
    /// Computes the gradients of the inputs that need one, and adds to the gradients of parameters. Lanes hold samples, unless the
    /// operation <see cref="TrainsInBlocks"/>. If elements depend on their own channel only, threads share the loops over channels. Then an
    /// iteration may only write what belongs to its channel, in the parameters' gradients, too.
    /// </summary>
    public abstract void Backward(LoopPass pass);
}
