using System;
using System.Collections.Generic;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// One way to compute a group of layers, and its gradients: how it wants tensors to lie, what it costs, and the steps that it makes. It makes them
/// for whatever layouts the plan gives it, so that programs differ in their plans only.
/// </summary>
internal abstract class Algorithm
{
    /// <summary>The cycles that it is expected to take; 0 where nothing else could be chosen.</summary>
    public virtual Cost Cycles => 0;

    /// <summary>Output channels that lie side by side in the packed weights of a filter; 0 where it has none.</summary>
    public virtual int WeightBlock => 0;

    /// <summary>Whether its result lies in blocks of channels; null where that follows from the operation.</summary>
    public virtual bool? GivesBlocks => null;

    /// <summary>Whether the gradient that it makes of its input can be multiplied by that of the activation before it on the way.</summary>
    public virtual bool FusesActivationGradient => false;

    /// <summary>The same algorithm for another group of the same layer.</summary>
    public virtual Algorithm For(LayerGroup group, Tier tier) => this;

    /// <summary>How tensors have to lie for it: without an opinion, as its first input does.</summary>
    public virtual GroupLayout Arrange(LayoutRequest at) => at.With(at.Input.Layout);

    /// <summary>Whether an input gets a gradient; not where it only says where others go.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>What its gradients are made from, besides that of the result.</summary>
    public virtual SavedForBackward Saves(GradientStep step) => SavedForBackward.Nothing;

    /// <summary>Adds the steps that compute the result, and gives the result.</summary>
    public abstract TensorBuffer Forward(ForwardPass at);

    /// <summary>
    /// Adds the steps that compute the gradients, and gives those of the inputs: null where none is wanted. They belong to the readers from here
    /// on, who may overwrite them; so may this one do with the gradient that it is given.
    /// </summary>
    public virtual IReadOnlyList<TensorBuffer?> Backward(BackwardPass at) =>
        throw new NotSupportedException($"No gradient of {at.Group.Operation}.");
}
