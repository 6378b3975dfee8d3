using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What an element of an operator's result depends on, which decides what the lanes of a vector may hold for one sample.</summary>
internal enum Dependence
{
    /// <summary>Its own channel only: lanes hold channels.</summary>
    Channel,

    /// <summary>Its own pixel only, in all channels: lanes hold the pixels of a row.</summary>
    Pixel,

    /// <summary>Anything: a single sample is computed float by float; blocks have samples in their lanes, as always.</summary>
    All,
}

/// <summary>
/// An operation that writes its own computation, as loops over elements: an operator without a tuned kernel is this one
/// record beside its attribute's operator. The loops are written once. An element is a vector, whose lanes hold samples, channels or
/// pixels: that is decided in lowering.
/// </summary>
internal abstract record LoopOperation : Operation
{
    public abstract Dependence Dependence { get; }

    public sealed override ResultLayout ResultLayout => Dependence == Dependence.Channel ? ResultLayout.Channels : ResultLayout.Rows;

    /// <summary>Whether an input gets a gradient; one that only holds indices has none.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>
    /// Whether it can be trained with channels in its lanes, too, and samples that lie apart. Elements depend on their own channel only
    /// then, and what is combined over samples goes through <see cref="LoopPass.AddSamples"/>.
    /// </summary>
    public virtual bool TrainsInBlocks => false;

    /// <summary>
    /// Whether forward only moves elements: it may go float by float then, where a single channel would fill one lane of each vector.
    /// </summary>
    public virtual bool OnlyMoves => false;

    /// <summary>Computes the values that are derived from the parameters; lanes hold channels.</summary>
    public virtual void Derive(LoopPass pass)
    {
    }

    /// <summary>Computes the output from the inputs.</summary>
    public abstract void Forward(LoopPass pass);

    /// <summary>
    /// Computes those of the inputs' gradients that are wanted, and adds to those of the parameters. Lanes hold samples here, unless the
    /// operation <see cref="TrainsInBlocks"/>. Where elements depend on their own channel only, threads share the loops over channels: a
    /// round of these writes what belongs to its channel only, parameters' gradients included.
    /// </summary>
    public abstract void Backward(LoopPass pass);
}
