using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>An argument that a step passes to its kernel, in the order of the kernel's parameters.</summary>
internal abstract record Argument;

/// <summary>A place in a buffer, <paramref name="Offset"/> elements behind its first, as a reference to what lies there.</summary>
internal sealed record BufferArgument(TensorBuffer Buffer, int Offset, Access Access) : Argument
{
    /// <summary>The type of what lies there.</summary>
    public ElementType Element => Buffer.Element;

    /// <summary>The same place, in floats behind the first of the buffer's root: memory is addressed by floats.</summary>
    public int OffsetInRoot
    {
        get
        {
            (long bits, int ofFloat) = ((long)(Buffer.Start + Offset) * Element.Bits, ElementType.Float.Bits);
            return bits % ofFloat == 0 ? (int)(bits / ofFloat)
                : throw new InvalidOperationException($"Element {Offset} of {Buffer.Name} does not begin where a float does.");
        }
    }
}

/// <summary>A place in the packed parameters, of which the kernel reads <paramref name="Length"/> floats from there on.</summary>
internal sealed record ParameterArgument(int Offset, int Length) : Argument
{
    /// <summary>The type of what lies there. Two of <see cref="ElementType.BFloat16"/> take the place of a float.</summary>
    public ElementType Element { get; init; } = ElementType.Float;

    /// <summary>What is <paramref name="floats"/> behind it.</summary>
    public ParameterArgument From(int floats) => new(Offset + floats, Length - floats) { Element = Element };
}

/// <summary>
/// A place in the block's partial sums of gradients, which are laid out as the packed parameters are: the kernel writes
/// <paramref name="Length"/> floats from there on.
/// </summary>
internal sealed record PartialGradientArgument(int Offset, int Length) : Argument;

/// <summary>A place in one of the arguments of the program's caller, <paramref name="Offset"/> elements behind its first.</summary>
internal sealed record CallerArgument(string Name, int Offset) : Argument;

/// <summary>What the program's caller passes to steps, beside memory.</summary>
internal enum PassedValue
{
    /// <summary>The samples of a block, or of what else is computed together.</summary>
    Samples,

    /// <summary>The distance between the arenas of samples that are computed together.</summary>
    ArenaStride,

    /// <summary>The distance between the samples of a block that has memory for each.</summary>
    SampleStride,

    /// <summary>The distance between the slots of blocks.</summary>
    SlotStride,

    /// <summary>What is the same for all samples of a training step.</summary>
    Step,
}

/// <summary>A value that the program's caller passes.</summary>
/// <param name="Least">What the kernel gets instead of a smaller number.</param>
internal sealed record PassedArgument(PassedValue Value, int Least = 0) : Argument
{
    public static readonly PassedArgument Samples = new(PassedValue.Samples);

    public static readonly PassedArgument ArenaStride = new(PassedValue.ArenaStride);

    public static readonly PassedArgument SampleStride = new(PassedValue.SampleStride);

    public static readonly PassedArgument Step = new(PassedValue.Step);

    /// <summary>As <see cref="Samples"/>, for a kernel that takes a few at least: memory has room for as many as there are lanes.</summary>
    public static PassedArgument SamplesOr(int least) => new(PassedValue.Samples, least);
}

/// <summary>What is the same for all samples, for one of several losses.</summary>
internal sealed record LossStepArgument(int Loss) : Argument;

/// <summary>An extent that is no part of the kernel, so that layers of several extents share it.</summary>
internal sealed record ExtentArgument(int Value) : Argument;

/// <summary>
/// Floats that a step of training reads and writes: so many for each sample, for each block of samples, and for the whole batch.
/// </summary>
internal readonly record struct StepFloats(long Sample, long Block, long Batch);

/// <summary>
/// One step of a program: a kernel and what it is applied to. Its arguments tell the memory plan which buffers are alive.
/// </summary>
/// <param name="Name">What the kernel's method is called, unless an equal kernel has a name already.</param>
/// <param name="Cycles">What the cost model expects it to take.</param>
/// <param name="Comment">Layer, shapes, algorithm and FLOPs, for the reader of the generated code.</param>
internal sealed record Step(string Name, string Comment, Kernel Kernel, EquatableArray<Argument> Arguments, Cost Cycles)
{
    /// <summary>How it may be cut, so that several threads share it.</summary>
    public Work Work { get; } = Kernel.WorkOf([.. Arguments.OfType<ExtentArgument>().Select(extent => extent.Value)]);

    /// <summary>The fewest of its items that are worth starting a thread for.</summary>
    public int LeastItems => ThreadCosts.LeastItems(Kernel.Tier, Work, Cycles);

    /// <summary>
    /// How many of its items all samples of a batch do before the next ones; 0 where a sample had better go on to its next step.
    /// </summary>
    public int BatchItems => ThreadCosts.BatchItems(Kernel.Tier, Work, WeightFloats, TensorFloats);

    /// <summary>
    /// The same for several samples at once, whose arenas lie apart: behind the step's arguments it takes their number and the distance.
    /// Null where samples gain nothing from each other.
    /// </summary>
    public Kernel? OfSamples { get; init; }

    /// <summary>What it reads of the packed parameters.</summary>
    public long WeightFloats => Arguments.OfType<ParameterArgument>().Sum(parameter => (long)parameter.Length);

    /// <summary>What it reads and writes of the arena.</summary>
    public long TensorFloats => Arguments.OfType<BufferArgument>().Where(tensor => tensor.Buffer.Space == MemorySpace.Arena)
        .Sum(tensor => (long)tensor.Buffer.Floats);

    /// <summary>
    /// Whether it is done for each sample of a block: it works on what lies in a sample's memory, and is not told
    /// how many samples there are.
    /// </summary>
    public bool IsOfSample { get; } = Arguments.Any(argument => argument is BufferArgument { Buffer.Space: MemorySpace.Sample })
        && !Arguments.Contains(PassedArgument.Samples);

    /// <summary>Whether it combines what all blocks have left behind, so that it waits for all of them.</summary>
    public bool Combines { get; init; }

    /// <summary>
    /// The layers that it computes something of: <c>conv1 + relu1</c>. Only known in programs that are profiled; empty where it is of none.
    /// </summary>
    public string Layer { get; init; } = "";

    /// <summary>What it reads and writes of tensors, parameters and their gradients, scratch memory apart.</summary>
    public StepFloats Floats
    {
        get
        {
            long Of(params MemorySpace[] spaces) =>
                Arguments.OfType<BufferArgument>().Where(tensor => spaces.Contains(tensor.Buffer.Space))
                    .Sum(tensor => (long)tensor.Buffer.Floats);
            long parameters = WeightFloats + Arguments.OfType<PartialGradientArgument>().Sum(gradient => (long)gradient.Length);
            long ofBlock = Of(MemorySpace.Arena, MemorySpace.Shared) + parameters, ofSlot = Of(MemorySpace.Slot),
                ofSample = Of(MemorySpace.Sample);
            return IsOfSample ? new(ofSample + ofSlot + ofBlock, 0, 0) : Combines ? new(ofSample, ofSlot, ofBlock)
                : new(ofSample, ofSlot + ofBlock, 0);
        }
    }

    /// <summary>The weight of the kernel's result in the network's loss; null where the kernel is not a loss.</summary>
    public double? LossWeight { get; init; }
}

/// <summary>Steps in order, and where their buffers lie.</summary>
/// <param name="Memory">The arena.</param>
/// <param name="Scratch">What each thread has for itself during a step.</param>
/// <param name="Stages">Which steps need not wait for one another; null where it takes too little time for several threads to share its
/// steps.</param>
internal sealed record Program(EquatableArray<Step> Steps, MemoryPlan Memory, MemoryPlan Scratch, StagePlan? Stages)
{
    public static readonly Program Empty = new(EquatableArray<Step>.Empty, MemoryPlan.Empty, MemoryPlan.Empty, null);

    /// <summary>The expected cycles of all steps.</summary>
    public Cost Cycles => Cost.Sum(Steps.Select(step => step.Cycles));

    /// <summary>Whether it takes long enough for several threads to share its steps.</summary>
    public bool IsShared => Stages is not null;

    /// <summary>
    /// Whether its steps are called one by one: threads share them, or the samples that a thread has wait for one another between them.
    /// </summary>
    public bool IsInSteps => IsShared || Steps.Any(step => step.OfSamples is not null);

    /// <summary>
    /// The steps as the runtime calls them one by one. If threads do not share the steps, each thread takes some samples through all of
    /// them. Then samples wait for one another only where a kernel computes several at once.
    /// </summary>
    public IEnumerable<ScheduledStep> Schedule => Steps.Select((step, i) =>
    {
        ScheduledStep scheduled = ScheduledStep.Of(step);
        return scheduled with
        {
            LeastItems = IsShared ? scheduled.LeastItems : scheduled.Items,
            StageSteps = Stages?.Remaining[i] ?? 1,
            BatchItems = IsShared ? step.BatchItems : step.OfSamples is null ? 0 : step.Work.Items,
        };
    });

    /// <summary>The same, whose samples do not wait for one another.</summary>
    public Program OneByOne() => this with { Steps = Steps.Select(step => step with { OfSamples = null }).ToEquatableArray() };
}
