using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What an element of an operator's result depends on, which decides what the lanes of a vector may hold for one sample.</summary>
internal enum Dependence
{
    /// <summary>Its own channel only: lanes hold channels.</summary>
    Channel,

    /// <summary>Its own pixel only, in all channels: lanes hold the pixels of a row.</summary>
    Pixel,

    /// <summary>Anything: single samples are computed float by float, blocks of samples in lanes as everything is.</summary>
    All,
}

/// <summary>
/// An operation that says itself, as loops over elements, how it is computed: an operator that has no tuned kernel is this one
/// record beside its attribute's operator. The loops are said once. An element is a vector, whose lanes hold samples, channels or
/// pixels; which of them is decided where the operation is lowered.
/// </summary>
internal abstract record LoopOperation : Operation
{
    public abstract Dependence Dependence { get; }

    public sealed override ResultLayout ResultLayout => Dependence == Dependence.Channel ? ResultLayout.Channels : ResultLayout.Rows;

    /// <summary>Whether an input gets a gradient; not where it only says where others go.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>Computes the values that are derived from the parameters; lanes hold channels.</summary>
    public virtual void Derive(LoopPass pass)
    {
    }

    /// <summary>Computes the output from the inputs.</summary>
    public abstract void Forward(LoopPass pass);

    /// <summary>
    /// Computes the inputs' gradients, as far as they are wanted, and adds to those of the parameters. Lanes hold samples here, always.
    /// </summary>
    public abstract void Backward(LoopPass pass);
}
