using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What an element of the result depends on. It decides what the lanes of a vector may hold.</summary>
internal enum Dependence
{
    /// <summary>Only its own channel: lanes may hold channels.</summary>
    Channel,

    /// <summary>Only its own pixel, in all channels: lanes may hold the pixels of a row.</summary>
    Pixel,

    /// <summary>Anything: a single sample is computed float by float. In a block of samples, lanes hold samples as always.</summary>
    All,
}

/// <summary>
/// An operation whose computation is written as loops over elements, for operators without a tuned kernel. The loops are written once. In
/// generated code an element is a vector; lowering decides whether its lanes hold samples, channels or pixels.
/// </summary>
internal abstract record LoopOperation : Operation
{
    public abstract Dependence Dependence { get; }

    public sealed override ResultLayout ResultLayout => Dependence == Dependence.Channel ? ResultLayout.Channels : ResultLayout.Rows;

    /// <summary>Whether an input gets a gradient. An input that only holds indices does not.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>
    /// Whether it can also be trained with samples apart, in blocks of channels. Then elements must depend on their own channel only, and
    /// sums over samples must use <see cref="LoopPass.AddSamples"/>.
    /// </summary>
    public virtual bool TrainsInBlocks => false;

    /// <summary>
    /// Whether forward only moves elements. With a single channel, which would fill one lane of each vector, it is then done float by
    /// float.
    /// </summary>
    public virtual bool OnlyMoves => false;

    /// <summary>Computes the values that are derived from the parameters; lanes hold channels.</summary>
    public virtual void Derive(LoopPass pass)
    {
    }

    /// <summary>Computes the output from the inputs.</summary>
    public abstract void Forward(LoopPass pass);

    /// <summary>
    /// Computes the gradients of inputs that are wanted, and adds to the gradients of parameters. Lanes hold samples, unless the operation
    /// <see cref="TrainsInBlocks"/>. If elements depend on their own channel only, threads divide the loops over channels: an iteration may
    /// only write what belongs to its channel, also in the parameters' gradients.
    /// </summary>
    public abstract void Backward(LoopPass pass);
}
