using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// The compiled kernels of one network for one instruction-set tier. Generated classes derive from it. The runtime owns the memory and the
/// threads, and calls it. Not meant to be used by hand.
/// </summary>
/// <remarks>
/// All lengths are in floats. <c>lanes</c> is the tier's vector width in floats. Memory is aligned to 64 bytes.
/// <c>parameters</c> is the packed copy of all parameters. A <i>block</i> is a group of up to <c>lanes</c> samples that are computed
/// together, one sample per lane or one after the other. In lanes without a sample, inputs and gradients are zero, and what forward
/// computes may be any numbers.
/// <para>
/// Instances do not change. Any number of threads may call one at once, each with its own arena and scratch memory. Threads that share the
/// steps of a sample (<see cref="InferSampleStep"/>) share its arena, but not scratch memory. Threads that share the steps of a block
/// (<see cref="TrainStep"/>) share all of the block's memory.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract unsafe class NetworkProgram
{
    /// <summary>
    /// How methods are compiled that the runtime calls: once. Tier-0 code is slow, and could start the JIT's thread while denormal numbers
    /// are 0.
    /// </summary>
    protected const MethodImplOptions Once = MethodImplOptions.AggressiveOptimization;

    private StepInfo[]? _sampleSteps, _trainingSteps;

    /// <summary>The address of the derived values; null if this is the program of no network yet.</summary>
    private float* _derived;

    /// <summary>The tier that the kernels were written for.</summary>
    public abstract Isa Isa { get; }

    /// <summary>
    /// The program for inference with another storage of the weights of dense layers; null if the network is not declared with it.
    /// </summary>
    /// <param name="weights">The storage. A program for floats is the program itself.</param>
    public virtual NetworkProgram? With(WeightStorage weights) => weights == WeightStorage.Float32 ? this : null;

    /// <summary>Floats of the packed parameters.</summary>
    public abstract int ParametersLength { get; }

    /// <summary>
    /// Length of the first part of the packed parameters, which the optimizer changes. It is followed by frozen parameters, buffers
    /// (running statistics), and values that are derived from parameters.
    /// </summary>
    public virtual int TrainableLength => ParametersLength;

    /// <summary>
    /// Floats of the values that are derived from parameters, if the program keeps them (<see cref="Derived"/>), so that the programs of
    /// several sizes can have the same memory of parameters. Otherwise 0: these values are behind the parameters.
    /// </summary>
    public virtual int DerivedLength => 0;

    /// <summary>The values that are derived from the network's parameters, <see cref="DerivedLength"/> floats.</summary>
    protected ref float Derived
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *_derived;
    }

    /// <summary>Where each parameter is, in the order of <see cref="NetworkInfo.Parameters"/>.</summary>
    public abstract IReadOnlyList<ParameterPacking> Packing { get; }

    /// <summary>Length of the arena of <see cref="InferSample"/>.</summary>
    public abstract int SampleArenaLength { get; }

    /// <summary>
    /// Length of the scratch memory that each thread needs in the steps of <see cref="InferSample"/> and <see cref="ObserveSample"/>.
    /// </summary>
    public virtual int ScratchLength => 0;

    /// <summary>Length of the arena of <see cref="InferBlock"/>.</summary>
    public virtual int BlockArenaLength => 0;

    /// <summary>
    /// The fewest samples for which <see cref="InferBlock"/> is faster than one sample after the other. More than lanes if there is no such
    /// method.
    /// </summary>
    public virtual int BlockThreshold => int.MaxValue;

    /// <summary>
    /// Computes the values that are derived from parameters and buffers. Called after these have changed, before the next call.
    /// </summary>
    /// <param name="parameters">The packed parameters.</param>
    public virtual void Derive(ref float parameters)
    {
    }

    /// <summary>
    /// Computes what only inference derives from parameters, such as filters for Winograd's algorithm. Called after parameters have
    /// changed, before the next inference.
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

    /// <summary>The steps of <see cref="PrepareInference"/>: the number of items of each. All items of all steps are independent.</summary>
    public virtual ReadOnlySpan<int> PreparationItems => [];

    /// <summary>Does some items of a step of <see cref="PrepareInference"/>, in any order and on any thread.</summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The item after the last one.</param>
    /// <param name="parameters">The packed parameters.</param>
    public virtual void PrepareInferenceStep(int step, int first, int end, ref float parameters) => throw new NotSupportedException();

    /// <summary>
    /// The kernels of <see cref="PrepareInference"/> and <see cref="InferSample"/>, in the order of their first use, so that the JIT can
    /// compile them before they are needed. They are not called through these delegates.
    /// </summary>
    public virtual Delegate[] Kernels() => [];

    /// <summary>The program for one network: a copy if it keeps derived values, since these are the network's.</summary>
    /// <param name="derived">The network's memory for them; null if there are none.</param>
    internal NetworkProgram OfNetwork(AlignedMemory? derived)
    {
        if (derived is null)
        {
            return this;
        }

        var copy = (NetworkProgram)MemberwiseClone();
        copy._derived = derived.Pointer;
        return copy;
    }

    /// <summary>Lets the JIT compile <see cref="Kernels"/>.</summary>
    internal virtual void CompileKernels()
    {
        foreach (Delegate kernel in Kernels())
        {
            RuntimeHelpers.PrepareDelegate(kernel);
        }
    }

    /// <summary>Computes one sample.</summary>
    /// <param name="input">InputLength floats (C, H, W).</param>
    /// <param name="output">OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's memory; its content is unspecified before and after.</param>
    /// <param name="scratch">
    /// The thread's memory, <see cref="ScratchLength"/> floats; its content is unspecified before and after each step.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public virtual void InferSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch)
    {
        // The field first: a property may be compiled here, by the tiered JIT, and would then be compiled with denormal numbers as 0.
        StepInfo[] steps = _sampleSteps ?? SampleSteps;
        for (int i = 0; i < steps.Length; i++)
        {
            InferSampleStep(i, 0, steps[i].Items, in input, ref output, in parameters, ref arena, ref scratch);
        }
    }

    /// <summary>
    /// The steps of <see cref="InferSample"/>, five numbers for each. Empty if steps are not called one by one.
    /// <list type="number">
    /// <item><description><see cref="StepInfo.Items"/></description></item>
    /// <item><description><see cref="StepInfo.LeastItems"/>; all items if a sample takes too little time for several
    /// threads</description></item>
    /// <item><description><see cref="StepInfo.Run"/></description></item>
    /// <item><description><see cref="StepInfo.StageSteps"/></description></item>
    /// <item><description><see cref="StepInfo.BatchItems"/></description></item>
    /// </list>
    /// </summary>
    protected virtual ReadOnlySpan<int> SampleSchedule => [];

    /// <summary>The steps of <see cref="InferSample"/>; none if they are not called one by one.</summary>
    internal StepInfo[] SampleSteps => _sampleSteps ??= StepInfo.OfSample(SampleSchedule);

    /// <summary>Whether several threads may share a sample: by the items of a step, or by the steps of a stage.</summary>
    internal bool SharesSteps => Array.Exists(SampleSteps, step => step.LeastItems < step.Items || step.StageSteps > 1);

    /// <summary>Whether the samples of a batch wait for each other at a step, so that its weights are read less often.</summary>
    internal bool HasBatchItems => Array.Exists(SampleSteps, step => step.BatchItems > 0);

    /// <summary>
    /// Does some items of a step, in any order and on any thread. All steps of a stage must have ended before the next stage begins.
    /// </summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The item after the last one.</param>
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

    /// <summary>The fewest samples for <see cref="InferBatchStep"/>.</summary>
    public virtual int LeastBatch => int.MaxValue;

    /// <summary>
    /// As <see cref="InferSampleStep"/>, for several samples at once. The kernel uses each weight that it loads for several samples.
    /// </summary>
    /// <param name="step">Number of the step.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The item after the last one.</param>
    /// <param name="samples"><see cref="LeastBatch"/> or more.</param>
    /// <param name="arenaStride">Floats from one sample's arena to the next one's.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arenas">The samples' arenas.</param>
    /// <returns>False if the step has no such kernel; nothing was done then.</returns>
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

    /// <summary>Length of the arena of <see cref="ObserveSample"/>; 0 if the network cannot be observed.</summary>
    public virtual int ObservationArenaLength => 0;

    /// <summary>Computes one sample layer by layer.</summary>
    /// <param name="input">InputLength floats.</param>
    /// <param name="output">OutputLength floats.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's memory.</param>
    /// <param name="scratch">As for <see cref="InferSample"/>.</param>
    /// <param name="observations">Receives the outputs of all layers in order, each as (C, H, W).</param>
    public virtual void ObserveSample(
        ref readonly float input, ref float output, ref readonly float parameters, ref float arena, ref float scratch,
        ref float observations) =>
        throw new NotSupportedException();

    /// <summary>
    /// Length of the arena of a block's training pass, with what forward saves for backward. 0 if the network cannot be trained.
    /// </summary>
    public virtual int TrainingArenaLength => 0;

    /// <summary>
    /// Length of a slot: memory that outlives a block's training pass, one slot per block of the batch. It begins with the block's sums of
    /// the first <see cref="SummedParametersLength"/> gradients. <see cref="SlotFrontLength"/> is not included.
    /// </summary>
    public virtual int SlotLength => SummedParametersLength;

    /// <summary>
    /// Length of the part in front of a slot, a multiple of 16: what <see cref="WeightGradient"/> reads, and statistics. It is in front so
    /// that the gradients' memory can serve as the slot of a batch of one block.
    /// </summary>
    public virtual int SlotFrontLength => 0;

    /// <summary>
    /// Length of the first part of the parameters. Each block sums the gradients of these by itself, and the runtime adds the blocks' sums
    /// in order. The gradients of the other parameters come from <see cref="WeightGradient"/>, over all blocks at once.
    /// </summary>
    public virtual int SummedParametersLength => 0;

    /// <summary>
    /// The steps of a block's training pass, three numbers for each. By default there are two steps, forward and backward.
    /// <list type="number">
    /// <item><description><see cref="StepInfo.Items"/></description></item>
    /// <item><description><see cref="StepInfo.LeastItems"/></description></item>
    /// <item><description>what it is done for: 0 a block, 1 each sample of a block (<see cref="StepInfo.IsOfSample"/>), 2 the whole batch
    /// (<see cref="StepInfo.Combines"/>)</description></item>
    /// </list>
    /// </summary>
    protected virtual ReadOnlySpan<int> TrainingSchedule => [1, 1, 0, 1, 1, 0];

    /// <summary>The steps of a block's training pass.</summary>
    internal StepInfo[] TrainingSteps => _trainingSteps ??= StepInfo.OfTraining(TrainingSchedule);

    /// <summary>
    /// Whether a sample goes through several steps in a row before the next sample begins. This concerns steps that are done for each
    /// sample of a block. It is faster if the tensors of all samples of a block would not stay in the caches between steps.
    /// </summary>
    public virtual bool GoesBySample => false;

    /// <summary>Length of each sample's own memory in training. The memory of a block's samples follows the block's arena.</summary>
    public virtual int TrainingSampleLength => 0;

    /// <summary>How many steps of <see cref="TrainingSchedule"/> belong to forward. The loss follows them.</summary>
    public virtual int ForwardSteps => 1;

    /// <summary>
    /// For each parameter, in the order of <see cref="NetworkInfo.Parameters"/>, the step of <see cref="TrainingSchedule"/> after which a
    /// block's slot has all of its gradient, or all factors of it. −1 if the parameter has no gradient. Empty if that is the last step for
    /// all of them.
    /// </summary>
    public virtual ReadOnlySpan<int> GradientSteps => [];

    /// <summary>Length of the results of combining steps, which all blocks read.</summary>
    public virtual int SharedLength => 0;

    /// <summary>
    /// Where the outputs of layers are after forward, in the order of the layers. Needed only to find the origin of infinities and NaN.
    /// </summary>
    public virtual IReadOnlyList<TrainingTensor> TrainingTensors => [];

    /// <summary>
    /// What each step of <see cref="TrainingSchedule"/> computes, followed by the layers of <see cref="WeightGradient"/>. Empty if the
    /// network is not profiled.
    /// </summary>
    public virtual IReadOnlyList<ProfiledStep> ProfiledSteps => [];

    /// <summary>
    /// The layers whose weight gradients are computed over all blocks at once, after the backward passes. Their weights follow the first
    /// <see cref="SummedParametersLength"/> parameters.
    /// </summary>
    public virtual IReadOnlyList<DenseGradient> DenseGradients => [];

    /// <summary>Whether backward computes the gradient of the input.</summary>
    public virtual bool HasInputGradient => false;

    /// <summary>Writes the outputs of the block's last forward pass, samples × OutputLength.</summary>
    public virtual void Output(ref float arena, int samples, ref float output) => throw new NotSupportedException();

    /// <summary>Computes the block's loss after forward, and the loss's gradient, with which backward begins.</summary>
    /// <param name="classes">Class indices, samples × <see cref="NetworkInfo.ClassTargetLength"/>; not read if no loss takes
    /// classes.</param>
    /// <param name="values">
    /// Target values, samples × <see cref="NetworkInfo.ValueTargetLength"/>; not read if no loss takes values.
    /// </param>
    /// <param name="samples">Number of samples, 1 to lanes.</param>
    /// <param name="arena">The arena that forward was given.</param>
    /// <param name="step">The step.</param>
    /// <returns>
    /// The block's share of the batch's loss: the sum over the block's samples, divided by <see cref="StepContext.Divisor"/>. With several
    /// losses, their weighted sum.
    /// </returns>
    public virtual double Loss(
        ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>
    /// Where <see cref="Loss"/> leaves its gradients in the block's arena, two numbers for each tensor with losses: the first float's
    /// index, and how many floats there are. Loss may be called again with other targets: it does not read what it has written.
    /// </summary>
    public virtual ReadOnlySpan<int> LossGradients => [];

    /// <summary>As <see cref="Loss"/>, but from the outputs of inference (samples × OutputLength) instead of a forward pass.</summary>
    public virtual double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena,
        in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>Takes a gradient of the outputs, samples × OutputLength, instead of a loss.</summary>
    public virtual void OutputGradient(ref readonly float gradient, int samples, ref float arena) => throw new NotSupportedException();

    /// <summary>
    /// Does some items of a step of the training pass for a block, in any order and on any thread. All items of a step must
    /// have been done before the block's next one begins. Forward keeps what backward needs in the arena; dropout is active.
    /// </summary>
    /// <param name="index">Index of the step in <see cref="TrainingSchedule"/>.</param>
    /// <param name="first">The first item.</param>
    /// <param name="end">The item after the last one.</param>
    /// <param name="input">samples × InputLength floats.</param>
    /// <param name="samples">Number of samples, 1 to lanes.</param>
    /// <param name="parameters">
    /// The packed parameters. Combining steps update running statistics; other steps only read the parameters.
    /// </param>
    /// <param name="arena">The block's arena; it stays the block's through all steps.</param>
    /// <param name="slot">The block's slot. A combining step gets the slot of the first block.</param>
    /// <param name="slotStride">Floats from one slot to the next.</param>
    /// <param name="shared">The results of combining steps, which write them.</param>
    /// <param name="sample">
    /// The sample's own memory, <see cref="TrainingSampleLength"/> floats. For a step of the whole block, the memory of its first sample.
    /// </param>
    /// <param name="scratch">
    /// The thread's own memory, <see cref="ScratchLength"/> floats; its content is unspecified before and after.
    /// </param>
    /// <param name="inputGradient">
    /// Receives the gradient of the input, samples × InputLength, if <see cref="HasInputGradient"/>.
    /// </param>
    /// <param name="step">The same context as that of the loss.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public virtual void TrainStep(
        int index, int first, int end, ref readonly float input, int samples, ref float parameters, ref float arena,
        ref float slot, int slotStride,
        ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step)
    {
        if (index == 0)
        {
            Forward(in input, samples, in parameters, ref arena, ref slot, in step);
        }
        else
        {
            Backward(samples, in parameters, ref arena, ref slot, ref inputGradient, in step);
        }
    }

    /// <summary>A block's whole forward pass, if it is one step.</summary>
    protected virtual void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>A block's whole backward pass, if it is one step.</summary>
    protected virtual void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step) =>
        throw new NotSupportedException();

    /// <summary>Computes the gradient of some rows of a panel of one of <see cref="DenseGradients"/>.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="input">The first of these rows' inputs in the first block's slot.</param>
    /// <param name="gradient">The first of the panel's outputs in the first block's slot.</param>
    /// <param name="slotStride">Floats from one block's slot to the next one's.</param>
    /// <param name="samples">Number of samples, in as many blocks as they need.</param>
    /// <param name="weightGradient">Receives the gradient: the rows, one after the other.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="panelWidth">Floats of a row.</param>
    /// <param name="width">Floats from one sample's output gradients to the next one's.</param>
    public virtual void WeightGradient(
        int layer, ref float input, ref float gradient, int slotStride, int samples, ref float weightGradient, int rows,
        int panelWidth, int width) =>
        throw new NotSupportedException();
}

/// <summary>Where a layer's output is after a forward pass in training.</summary>
/// <param name="Layer">The layer's key; that of the first one if several are computed together.</param>
/// <param name="Label">The names of all layers that are computed together: <c>conv1 + relu1</c>.</param>
/// <param name="InSlot">Whether the output is in the block's slot instead of its arena.</param>
/// <param name="Offset">First float; negative in front of a slot.</param>
/// <param name="Length">Number of floats; 0 if its memory has been reused.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record TrainingTensor(string Layer, string Label, bool InSlot, int Offset, int Length)
{
    /// <summary>Whether it is in each sample's own memory. Otherwise samples are in lanes.</summary>
    public bool IsOfSample { get; init; }
}

/// <summary>What a step of training computes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ProfiledPhase
{
    /// <summary>Outputs of layers.</summary>
    Forward,

    /// <summary>Gradients of layers' inputs, alone or with those of parameters.</summary>
    BackwardData,

    /// <summary>Gradients of parameters.</summary>
    BackwardWeights,
}

/// <summary>A step of training, for a profile.</summary>
/// <param name="Layer">The layers that it belongs to: <c>conv1 + relu1</c>; empty for none.</param>
/// <param name="Phase">What it computes.</param>
/// <param name="SampleFloats">Floats that it reads and writes per sample.</param>
/// <param name="BlockFloats">Floats that it also reads and writes per block of samples.</param>
/// <param name="BatchFloats">Floats that it also reads and writes per batch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProfiledStep(string Layer, ProfiledPhase Phase, long SampleFloats, long BlockFloats, long BatchFloats)
{
    /// <summary>
    /// Whether this is one of <see cref="NetworkProgram.DenseGradients"/>, which are done for the whole batch. They are in the same order.
    /// </summary>
    public bool IsOfBatch { get; init; }
}

/// <summary>What kernels of a training pass need to know about the pass.</summary>
/// <param name="Seed">Seed of the random numbers (dropout).</param>
/// <param name="Pass">Number of the forward pass, counted from 0. Each pass draws other random numbers.</param>
/// <param name="FirstSample">
/// Position of the block's first sample in the batch. In a step that is done for each sample, the position of that sample.
/// </param>
/// <param name="Samples">Number of samples in the batch. Of a batch that processes share, this process's samples.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct StepContext(ulong Seed, long Pass, int FirstSample, int Samples)
{
    /// <summary>The divisor of each loss's sum over the batch.</summary>
    internal double[]? Divisors { get; init; }

    /// <summary>Receives each loss of this block, from <see cref="FirstValue"/> on; null if they are not needed.</summary>
    internal double[]? Values { get; init; }

    /// <summary>Where the block's values begin.</summary>
    internal int FirstValue { get; init; }

    /// <summary>
    /// Sums batch norm's numbers over the processes that share the batch; null if each process has statistics of its own.
    /// </summary>
    internal RankSums? Ranks { get; init; }

    /// <summary>Index of the loss that is computed.</summary>
    internal int Loss { get; init; }

    /// <summary>
    /// The divisor of this loss's sum over the samples. If the batch is a part of a larger one, the larger one's.
    /// <list type="bullet">
    /// <item><description>Usually the number of samples.</description></item>
    /// <item><description>With class weights or an ignored class, the sum of the weights of the targets that count, which may be
    /// 0.</description></item>
    /// <item><description>1 with <see cref="Reduction.Sum"/>.</description></item>
    /// </list>
    /// </summary>
    public double Divisor => Divisors![Loss];

    /// <summary>The same context for another of several losses.</summary>
    /// <param name="loss">Its index.</param>
    public StepContext Of(int loss) => this with { Loss = loss };

    /// <summary>Records a loss, without its weight.</summary>
    /// <param name="value">The block's share of it.</param>
    /// <returns>The same value.</returns>
    public double Report(double value)
    {
        Values?[FirstValue + Loss] = value;
        return value;
    }
}
