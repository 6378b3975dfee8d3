using System;
using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// One way to compute a group of layers and its gradients: the layouts that it wants, its cost and its steps. It makes the steps for
/// whatever layouts the plan gives it, so that programs differ in their plans only.
/// </summary>
internal abstract class Algorithm
{
    /// <summary>The expected cycles; 0 where there is no other choice.</summary>
    public virtual Cost Cycles => 0;

    /// <summary>The cycles by which algorithms are compared: measured ones where the table has them.</summary>
    public virtual Cost ComparedCycles => Cycles;

    /// <summary>The cycles by which it is compared with those that take its layouts (<see cref="AlgorithmTable.InLayouts"/>).</summary>
    public virtual Cost CyclesInLayouts => ComparedCycles;

    /// <summary>Whether its cycles are those of as many samples as a vector has lanes.</summary>
    public virtual bool IsOfLanes => false;

    /// <summary>The expected cycles of what it computes from the layer's parameters, once for all samples.</summary>
    public virtual Cost PreparationCycles => 0;

    /// <summary>Output channels that lie side by side in its packed weights; 0 where it has no filters.</summary>
    public virtual int WeightBlock => 0;

    /// <summary>Whether its result lies in blocks of channels; null where that follows from the operation.</summary>
    public virtual bool? GivesBlocks => null;

    /// <summary>Whether it reads its input in blocks of channels, whatever that is in.</summary>
    public virtual bool ReadsBlocks => false;

    /// <summary>Whether it reads its input in rows, whatever that is in, and whatever it gives.</summary>
    public virtual bool ReadsRows => false;

    /// <summary>The window that reads zeros around its input, where that is not the operation's own.</summary>
    public virtual WindowAxes? WindowOverZeros => null;

    /// <summary>What it computes from the layer's parameters after each change of them: name and length.</summary>
    public virtual IEnumerable<(string Name, int Length)> Derived => [];

    /// <summary>Whether it adds in another order than direct sums do, so that all samples have to be computed with it.</summary>
    public virtual bool ReordersSums => false;

    /// <summary>
    /// Whether backward multiplies the input's gradient by the derivative of the activation before it, without a step of its own.
    /// </summary>
    public virtual bool FusesActivationGradient => false;

    /// <summary>The same algorithm for another group of the same layer.</summary>
    public virtual Algorithm For(LayerGroup group, Tier tier) => this;

    /// <summary>The layouts that it wants; unless it says otherwise, those of its first input.</summary>
    public virtual GroupLayout Arrange(LayoutRequest at) => at.LikeInput();

    /// <summary>Whether an input gets a gradient; one that only holds indices has none.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>What backward reads of forward, besides the gradient of the result.</summary>
    public virtual SavedForBackward Saves(GradientStep step) => SavedForBackward.Nothing;

    /// <summary>Adds the steps that compute what it derives from the parameters.</summary>
    public virtual void Prepare(ProgramBuilder builder)
    {
    }

    /// <summary>Adds the steps of forward, and returns the result.</summary>
    public abstract TensorBuffer Forward(ForwardPass at);

    /// <summary>
    /// Adds the steps of backward, and returns the gradients of the inputs: null where none is wanted. The caller may overwrite them, as
    /// this method may overwrite the gradient that it is given.
    /// </summary>
    public virtual IReadOnlyList<TensorBuffer?> Backward(BackwardPass at) =>
        throw new NotSupportedException($"No gradient of {at.Group.Operation}.");
}
