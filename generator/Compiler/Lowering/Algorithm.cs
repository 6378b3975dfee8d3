using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// One way to compute a group of layers and its gradients. It says which layouts it wants and what it costs, and it adds the steps. The
/// steps use the layouts that the plan gives it, so programs differ only in their plans.
/// </summary>
internal abstract class Algorithm
{
    /// <summary>The expected cycles; 0 if there is no other algorithm to compare with.</summary>
    public virtual Cost Cycles => 0;

    /// <summary>The cycles by which algorithms are compared. These are the measured ones if the table has them.</summary>
    public virtual Cost ComparedCycles => Cycles;

    /// <summary>
    /// The cycles by which it is compared with algorithms that use the same layouts (<see cref="AlgorithmTable.InLayouts"/>).
    /// </summary>
    public virtual Cost CyclesInLayouts => ComparedCycles;

    /// <summary>Whether its cycles are those of a full block: as many samples as a vector has lanes.</summary>
    public virtual bool IsOfLanes => false;

    /// <summary>The expected cycles of the values that it derives from the parameters. They are computed once for all samples.</summary>
    public virtual Cost PreparationCycles => 0;

    /// <summary>How many output channels are adjacent in its packed weights; 0 if it has no filters.</summary>
    public virtual int WeightBlock => 0;

    /// <summary>Whether its result is in blocks of channels; null if the operation decides.</summary>
    public virtual bool? GivesBlocks => null;

    /// <summary>Whether it reads its input in blocks of channels. The input is converted if it has another layout.</summary>
    public virtual bool ReadsBlocks => false;

    /// <summary>
    /// Whether it reads its input in rows, whatever the layout of its result. The input is converted if it has another layout.
    /// </summary>
    public virtual bool ReadsRows => false;

    /// <summary>Whether it reads its first input as integers, if that is rounded.</summary>
    public virtual bool ReadsIntegers => false;

    /// <summary>The window that reads zeros around its input, if it is not the operation's own window.</summary>
    public virtual WindowAxes? WindowOverZeros => null;

    /// <summary>Names and lengths of what <see cref="Prepare"/> computes from the parameters. Only inference reads it.</summary>
    public virtual IEnumerable<(string Name, int Length)> Derived => [];

    /// <summary>
    /// Whether it sums in another order than direct sums. All samples must then be computed with it, so that results do not depend on the
    /// batch.
    /// </summary>
    public virtual bool ReordersSums => false;

    /// <summary>
    /// Whether backward multiplies the input's gradient by the derivative of the activation before the layer in the same step.
    /// </summary>
    public virtual bool FusesActivationGradient => false;

    /// <summary>The same algorithm for another group of the same layer.</summary>
    public virtual Algorithm For(LayerGroup group, Tier tier) => this;

    /// <summary>The layouts that it wants. The default is the layout of its first input.</summary>
    public virtual GroupLayout Arrange(LayoutRequest at) => at.LikeInput();

    /// <summary>Whether an input gets a gradient. An input that holds indices does not.</summary>
    public virtual bool IsDifferentiable(int input) => true;

    /// <summary>The tensors of forward that backward reads, besides the gradient of the result.</summary>
    public virtual SavedForBackward Saves(GradientStep step) => SavedForBackward.Nothing;

    /// <summary>
    /// Adds the steps that compute <see cref="Derived"/>. They run before the first inference after a change of the parameters, and not
    /// after each change as <see cref="Operation.Derived"/>.
    /// </summary>
    public virtual void Prepare(ProgramBuilder builder)
    {
    }

    /// <summary>Adds the steps of forward, and returns the result.</summary>
    public abstract TensorBuffer Forward(ForwardContext at);

    /// <summary>
    /// Adds the steps of backward, and returns the gradients of the inputs. A gradient that is not wanted is null. This method may
    /// overwrite the gradient that it is given, and the caller may overwrite those that it returns.
    /// </summary>
    public virtual IReadOnlyList<TensorBuffer?> Backward(BackwardContext at) =>
        throw new NotSupportedException($"No gradient of {at.Group.Operation}.");
}
