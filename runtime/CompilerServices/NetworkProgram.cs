using System;
using System.Collections.Generic;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// The compiled kernels of one network in one instruction-set tier. The generator derives from it; the runtime owns the memory
/// and the threads and calls it. Not meant to be used by hand.
/// </summary>
/// <remarks>
/// All lengths are in floats. <c>lanes</c> is the tier's vector width in floats. Memory is aligned to 64 bytes.
/// <c>parameters</c> is the one packed copy of all parameters. A <i>block</i> is a group of up to <c>lanes</c> samples that is
/// computed together, one sample in each lane; lanes without a sample hold zeros, and their gradients are zero. Instances hold
/// no state: any number of threads may call one at once, each with an arena and scratch memory of its own; those that share a
/// sample's steps (<see cref="InferSampleStep"/>) share its arena only, and those that share a block's
/// (<see cref="TrainStep"/>) all of the block's memory.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class NetworkProgram
{
    /// <summary>The tier that the kernels were written for.</summary>
    public abstract Isa Isa { get; }

    /// <summary>
    /// The same for inference only, with the weights of dense layers in bfloat16; null where the network is not declared so.
    /// </summary>
    public virtual NetworkProgram? InBFloat16 => null;

    /// <summary>Floats of the packed parameters.</summary>
    public abstract int ParametersLength { get; }

    /// <summary>
    /// The leading part of the packed parameters that training changes by gradients. Behind it stand frozen parameters, buffers
    /// (running statistics), and values that are derived from parameters.
    /// </summary>
    public virtual int TrainableLength => ParametersLength;

    /// <summary>Where each parameter stands, in the order of <see cref="NetworkInfo.Parameters"/>.</summary>
    public abstract IReadOnlyList<ParameterPacking> Packing { get; }

    /// <summary>Arena of <see cref="InferSample"/>.</summary>
    public abstract int SampleArenaLength { get; }

    /// <summary>
    /// Scratch memory that each thread needs in any step of <see cref="InferSample"/> and <see cref="ObserveSample"/>, however
    /// many share a sample.
    /// </summary>
    public virtual int ScratchLength => 0;

    /// <summary>Arena of <see cref="InferBlock"/>.</summary>
    public virtual int BlockArenaLength => 0;

    /// <summary>
    /// The fewest samples for which a partly filled block is faster than one sample after the other; more than lanes where there is no
    /// <see cref="InferBlock"/>.
    /// </summary>
    public virtual int BlockThreshold => int.MaxValue;

    /// <summary>
    /// Computes anew what is derived from parameters and buffers. Called after each change of them, before the next call.
    /// </summary>
    /// <param name="parameters">The packed parameters.</param>
    public virtual void Derive(ref float parameters)
    {
    }

    /// <summary>
    /// Computes anew what only inference reads of parameters in another form, filters for Winograd's algorithm. Called before
    /// the first inference after a change of them.
    /// </summary>
    /// <param name="parameters">The packed parameters.</param>
    public void PrepareInference(ref float parameters)
    {
        ReadOnlySpan<int> items = PreparationItems;
        for (int step = 0; step < items.Length; step++)
        {
            PrepareInferenceStep(step, 0, items[step], ref parameters);
        }
    }

    /// <summary>
    /// The steps of <see cref="PrepareInference"/>, the number of items for each. Any items of any of them may be done at once.
    /// </summary>
    public virtual ReadOnlySpan<int> PreparationItems => [];

    /// <summary>Does some items of a step of <see cref="PrepareInference"/>, in any order and on any thread.</summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The first item that is not done any more.</param>
    /// <param name="parameters">The packed parameters.</param>
    public virtual void PrepareInferenceStep(int step, int first, int end, ref float parameters) => throw new NotSupportedException();

    /// <summary>
    /// The kernels of <see cref="PrepareInference"/> and <see cref="InferSample"/>, in the order of their first use. Nobody
    /// calls them this way: the JIT may compile them before they are needed.
    /// </summary>
    public virtual Delegate[] Kernels() => [];

    /// <summary>Computes one sample.</summary>
    /// <param name="input">InputLength floats (C, H, W).</param>
    /// <param name="output">OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's memory; its content is unspecified before and after.</param>
    /// <param name="scratch">
    /// The thread's memory, <see cref="ScratchLength"/> floats; its content is unspecified before and after each step.
    /// </param>
    public virtual void InferSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch)
    {
        ReadOnlySpan<int> steps = SampleSteps;
        for (int i = 0; i < steps.Length; i += 2)
        {
            InferSampleStep(i / 2, 0, steps[i], in input, ref output, in parameters, ref arena, ref scratch);
        }
    }

    /// <summary>
    /// The steps of <see cref="InferSample"/>, two numbers for each: its items, and the fewest of them that are worth a
    /// thread's while, which are all where a sample takes too little time for several threads. Empty where nobody calls the
    /// steps one by one.
    /// </summary>
    public virtual ReadOnlySpan<int> SampleSteps => [];

    /// <summary>Whether several threads may share the steps of a sample: the items of one, or those of a stage.</summary>
    internal bool SharesSteps
    {
        get
        {
            ReadOnlySpan<int> steps = SampleSteps;
            for (int i = 0; i < steps.Length; i += 2)
            {
                if (steps[i + 1] < steps[i])
                {
                    return true;
                }
            }

            return !SampleStages.IsEmpty;
        }
    }

    /// <summary>
    /// For each step of <see cref="InferSample"/> the items in a row for which it makes the same ready first, in each call that
    /// does any of them: they had better not be divided. 1 where there is nothing to make ready; empty where that holds for all
    /// steps.
    /// </summary>
    public virtual ReadOnlySpan<int> SampleRuns => [];

    /// <summary>
    /// For each step of <see cref="InferSample"/> how many there are from it on, itself included, that depend on nothing of one
    /// another. 1 where the next one has to wait; empty where that holds for all steps.
    /// </summary>
    public virtual ReadOnlySpan<int> SampleStages => [];

    /// <summary>
    /// Does some items of a step, in any order and on any thread. All items of a step must have been done before the next one
    /// begins that is not of the same stage.
    /// </summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The first item that is not done any more.</param>
    /// <param name="input">InputLength floats (C, H, W).</param>
    /// <param name="output">OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's arena, the same for all steps.</param>
    /// <param name="scratch">
    /// The thread's own memory, <see cref="ScratchLength"/> floats; its content is unspecified before and after.
    /// </param>
    public virtual void InferSampleStep(
        int step, int first, int end, ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
        ref float scratch) =>
        throw new NotSupportedException();

    /// <summary>
    /// For each step of <see cref="InferSample"/> the items of it that all samples of a batch do before the next ones, since
    /// their weights then stay in a core's cache; 0 where a sample's tensors outweigh the step's weights, so that the sample
    /// had better go on to its next step. Empty where that holds for all steps. Where threads do not share steps, each goes
    /// through them with some samples, which wait for one another at those of <see cref="InferBatchStep"/>.
    /// </summary>
    public virtual ReadOnlySpan<int> BatchItems => [];

    /// <summary>The fewest samples that <see cref="InferBatchStep"/> can do.</summary>
    public virtual int LeastBatch => int.MaxValue;

    /// <summary>
    /// As <see cref="InferSampleStep"/>, for several samples at once, where a kernel can use each weight that it loads for
    /// several of them.
    /// </summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The first item that is not done any more.</param>
    /// <param name="samples"><see cref="LeastBatch"/> or more.</param>
    /// <param name="arenaStride">Floats from one sample's arena to the next one's.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arenas">The samples' arenas.</param>
    /// <returns>Whether there is such a kernel; otherwise nothing was done.</returns>
    public virtual bool InferBatchStep(int step, int first, int end, int samples, int arenaStride, ref readonly float parameters,
        ref float arenas) => false;

    /// <summary>Computes <paramref name="samples"/> (1 to lanes) samples at once.</summary>
    /// <param name="input">samples × InputLength floats (N, C, H, W).</param>
    /// <param name="samples">Number of samples, 1 to lanes.</param>
    /// <param name="output">samples × OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The block's memory; its content is unspecified before and after.</param>
    public virtual void InferBlock(
        ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena) =>
        throw new NotSupportedException();

    /// <summary>Arena of <see cref="ObserveSample"/>; 0 where there is none.</summary>
    public virtual int ObservationArenaLength => 0;

    /// <summary>Computes one sample layer by layer.</summary>
    /// <param name="input">InputLength floats.</param>
    /// <param name="output">OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's memory.</param>
    /// <param name="scratch">As for <see cref="InferSample"/>.</param>
    /// <param name="observations">Receives the outputs of all layers in order, each as the surface has it (C, H, W).</param>
    public virtual void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations) =>
        throw new NotSupportedException();

    /// <summary>
    /// Arena of one block's training pass: what forward saves for backward. 0 where the network cannot be trained.
    /// </summary>
    public virtual int TrainingArenaLength => 0;

    /// <summary>
    /// Floats that a block's training pass leaves behind, besides those in front of them: one such slot for each block of the batch.
    /// It begins with the block's partial sums of the first <see cref="SummedParametersLength"/> gradients.
    /// </summary>
    public virtual int SlotLength => SummedParametersLength;

    /// <summary>
    /// Floats in front of a slot that belong to it, a multiple of 16: what <see cref="WeightGradient"/> reads, and statistics.
    /// In front, so that the sums of a batch of one block can lie where the batch's gradients do.
    /// </summary>
    public virtual int SlotFrontLength => 0;

    /// <summary>
    /// The leading part of the parameters whose gradients each block sums by itself; the runtime adds up the blocks' parts in
    /// order. The gradients behind them come from <see cref="WeightGradient"/>, over all blocks at once.
    /// </summary>
    public virtual int SummedParametersLength => 0;

    /// <summary>
    /// The steps of a block's training pass, two numbers for each: its items, and the fewest of them that are worth a thread's
    /// while; 0 of a step for the whole batch, before which all blocks have to end theirs and which combines what they left in
    /// their slots: batch norm's mean and variance.
    /// </summary>
    public virtual ReadOnlySpan<int> TrainingSteps => [1, 1, 1, 1];

    /// <summary>
    /// Which of <see cref="TrainingSteps"/> are done for each sample of a block, in its own memory, so that a block has as many
    /// times their items; empty where none is.
    /// </summary>
    public virtual ReadOnlySpan<bool> TrainingStepsOfSamples => [];

    /// <summary>
    /// Whether several of these in a row are done for one sample after the other: where the tensors of a block's samples leave
    /// the caches between steps.
    /// </summary>
    public virtual bool GoesBySample => false;

    /// <summary>
    /// Floats that each sample of a block has for itself in training, behind the block's arena and one sample's behind the
    /// other's.
    /// </summary>
    public virtual int TrainingSampleLength => 0;

    /// <summary>How many of <see cref="TrainingSteps"/> are forward's. The loss comes behind them.</summary>
    public virtual int ForwardSteps => 1;

    /// <summary>Floats of what was combined, which all blocks read.</summary>
    public virtual int SharedLength => 0;

    /// <summary>
    /// Where layers' outputs lie when forward has ended, in the order of the layers. Needed only when training came upon
    /// numbers that are not finite.
    /// </summary>
    public virtual IReadOnlyList<TrainingTensor> TrainingTensors => [];

    /// <summary>
    /// What each of <see cref="TrainingSteps"/> computes, and behind them <see cref="WeightGradient"/>, where the network is
    /// profiled; otherwise empty.
    /// </summary>
    public virtual IReadOnlyList<ProfiledStep> ProfiledSteps => [];

    /// <summary>
    /// The layers whose weights' gradients are computed over all blocks at once, after every block's backward; their weights
    /// are those behind the first <see cref="SummedParametersLength"/> parameters.
    /// </summary>
    public virtual IReadOnlyList<DenseGradient> DenseGradients => [];

    /// <summary>Whether backward fills the input's gradient.</summary>
    public virtual bool HasInputGradient => false;

    /// <summary>Writes the outputs of the block's last forward pass, samples × OutputLength.</summary>
    public virtual void Output(ref float arena, int samples, ref float output) => throw new NotSupportedException();

    /// <summary>The loss of the block behind forward, and its gradient, from which backward goes on.</summary>
    /// <param name="classes">Class indices, samples × <see cref="NetworkInfo.ClassTargetLength"/>; not read where there are none.</param>
    /// <param name="values">Wanted values, samples × <see cref="NetworkInfo.ValueTargetLength"/>; not read where there are none.</param>
    /// <param name="samples">Number of samples, 1 to lanes.</param>
    /// <param name="arena">The arena that forward was given.</param>
    /// <param name="step">The step.</param>
    /// <returns>
    /// The block's share of the batch's loss: where that is a mean, the sum over the block's samples divided by what the mean divides by
    /// (<see cref="StepContext.Divisor"/>). The weighted sum of several losses.
    /// </returns>
    public virtual double Loss(
        ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>
    /// Where <see cref="Loss"/> leaves its gradients in the block's arena, two numbers for each tensor that losses are on: its
    /// first float, and how many there are. Called again with other targets, Loss writes what it would have written the first
    /// time: it reads nothing that it has changed.
    /// </summary>
    public virtual ReadOnlySpan<int> LossGradients => [];

    /// <summary>
    /// As <see cref="Loss"/>, but from outputs of inference, samples × OutputLength,
    /// instead of a forward pass.
    /// </summary>
    public virtual double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena,
        in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>Takes a gradient of the outputs, samples × OutputLength, in place of a loss.</summary>
    public virtual void OutputGradient(ref readonly float gradient, int samples, ref float arena) => throw new NotSupportedException();

    /// <summary>
    /// Does some items of a step of the training pass for a block, in any order and on any thread. All items of a step must
    /// have been done before the block's next one begins. Forward keeps what backward needs in the arena; dropout is active.
    /// </summary>
    /// <param name="number">Number of the step in <see cref="TrainingSteps"/>.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The first item that is not done any more.</param>
    /// <param name="input">samples × InputLength floats.</param>
    /// <param name="samples">Number of samples, 1 to lanes.</param>
    /// <param name="parameters">
    /// The packed parameters. Steps for the whole batch update running statistics; others only read them.
    /// </param>
    /// <param name="arena">The block's arena; it stays the block's through all steps.</param>
    /// <param name="slot">The block's slot. Steps for the whole batch get the first one's.</param>
    /// <param name="slotStride">Floats from one slot to the next.</param>
    /// <param name="shared">What was combined, which steps for the whole batch write.</param>
    /// <param name="sample">
    /// The memory of the sample whose step it is, <see cref="TrainingSampleLength"/> floats; of a block's step, that of its
    /// first sample.
    /// </param>
    /// <param name="scratch">
    /// The thread's own memory, <see cref="ScratchLength"/> floats; its content is unspecified before and after.
    /// </param>
    /// <param name="inputGradient">
    /// Where the input's gradient goes, samples × InputLength; only written where <see cref="HasInputGradient"/>.
    /// </param>
    /// <param name="step">What the loss is given, too.</param>
    public virtual void TrainStep(
        int number, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena,
        ref float slot, int slotStride,
        ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step)
    {
        if (number == 0)
        {
            Forward(in input, samples, in parameters, ref arena, ref slot, in step);
        }
        else
        {
            Backward(samples, in parameters, ref arena, ref slot, ref inputGradient, in step);
        }
    }

    /// <summary>All of a block's forward pass, where that is one step.</summary>
    protected virtual void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>All of a block's backward pass, where that is one step.</summary>
    protected virtual void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>Computes the gradient of some rows of a panel of one of <see cref="DenseGradients"/>.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="input">The first of these rows' inputs in the first block's slot.</param>
    /// <param name="gradient">The first of the panel's outputs in the first block's slot.</param>
    /// <param name="slotStride">Distance of the slots.</param>
    /// <param name="samples">Number of samples, in as many blocks as they need.</param>
    /// <param name="weightGradient">Where the gradient goes: the rows, one behind the other.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="panelWidth">Floats of a row.</param>
    /// <param name="width">Floats from one sample's output gradients to the next one's.</param>
    public virtual void WeightGradient(
        int layer, ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows,
        int panelWidth, int width) =>
        throw new NotSupportedException();
}

/// <summary>Where a layer's output lies after a forward pass in training.</summary>
/// <param name="Layer">The layer's key, the first one's where several are computed together.</param>
/// <param name="Label">All of them: <c>conv1 + relu1</c>.</param>
/// <param name="InSlot">Whether it lies in the block's slot, instead of its arena.</param>
/// <param name="Offset">First float; negative in front of a slot.</param>
/// <param name="Length">Floats; 0 where the memory was used again.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record TrainingTensor(string Layer, string Label, bool InSlot, int Offset, int Length)
{
    /// <summary>Whether each sample of a block has it in its own memory; otherwise samples lie in its lanes.</summary>
    public bool IsOfSample { get; init; }
}

/// <summary>What a step of training computes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ProfiledPhase
{
    /// <summary>Outputs of layers.</summary>
    Forward,

    /// <summary>Gradients of their inputs, alone or with those of parameters.</summary>
    BackwardData,

    /// <summary>Gradients of parameters.</summary>
    BackwardWeights,
}

/// <summary>A step of training, for a profile.</summary>
/// <param name="Layer">The layers that it computes something of: <c>conv1 + relu1</c>; empty where it is of none.</param>
/// <param name="Phase">What it computes.</param>
/// <param name="SampleFloats">Floats that it reads and writes for each sample.</param>
/// <param name="BlockFloats">Further ones for each block of samples.</param>
/// <param name="BatchFloats">Further ones for the whole batch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProfiledStep(string Layer, ProfiledPhase Phase, long SampleFloats, long BlockFloats, long BatchFloats)
{
    /// <summary>Whether it is done for the whole batch: one of <see cref="NetworkProgram.DenseGradients"/>, in their order.</summary>
    public bool IsOfBatch { get; init; }
}

/// <summary>What a training pass needs to know about the step that it belongs to.</summary>
/// <param name="Seed">Seed of the random numbers (dropout).</param>
/// <param name="Pass">Number of the forward pass, counted from 0: each draws random numbers of its own.</param>
/// <param name="FirstSample">
/// Position of the block's first sample in the batch; of a step that is done for each sample, that of this one.
/// </param>
/// <param name="Samples">Number of samples in the whole batch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct StepContext(ulong Seed, long Pass, int FirstSample, int Samples)
{
    /// <summary>What each loss divides its sum over the batch by.</summary>
    internal double[]? Divisors { get; init; }

    /// <summary>Receives what each loss returned for this block, from <see cref="FirstValue"/> on; null where nobody asks.</summary>
    internal double[]? Values { get; init; }

    /// <summary>Where the block's values begin.</summary>
    internal int FirstValue { get; init; }

    /// <summary>Index of the loss that is computed.</summary>
    internal int Loss { get; init; }

    /// <summary>
    /// What this loss divides its sum over the samples by: their number; the sum of the weights of the targets that count, which may be 0
    /// (<c>LossInfo.DividesByTargets</c>); 1 of a sum. A larger batch's where this one is a part of it.
    /// </summary>
    public double Divisor => Divisors![Loss];

    /// <summary>The same for one of several losses.</summary>
    /// <param name="loss">Its index.</param>
    public StepContext Of(int loss) => this with { Loss = loss };

    /// <summary>Notes a loss, before its weight.</summary>
    /// <param name="value">The block's share of it.</param>
    /// <returns>The same value.</returns>
    public double Report(double value)
    {
        Values?[FirstValue + Loss] = value;
        return value;
    }
}
