using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>What a step passes to one of its kernel's parameters. Operands are in the order of the kernel's parameters.</summary>
internal abstract record Operand;

/// <summary>A reference to an element of a buffer, <paramref name="Offset"/> elements after its first.</summary>
internal sealed record BufferOperand(TensorBuffer Buffer, int Offset, Access Access) : Operand
{
    /// <summary>The type of the elements.</summary>
    public ElementType Element => Buffer.Element;

    /// <summary>The offset of that element in floats from the start of the buffer's root. Memory is addressed in floats.</summary>
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

/// <summary>A reference into the packed parameters. The kernel reads <paramref name="Length"/> floats from there.</summary>
internal sealed record ParameterOperand(int Offset, int Length) : Operand
{
    /// <summary>The type of the elements. Two <see cref="ElementType.BFloat16"/> elements take the memory of one float.</summary>
    public ElementType Element { get; init; } = ElementType.Float;

    /// <summary>The part that begins <paramref name="floats"/> floats later.</summary>
    public ParameterOperand From(int floats) => new(Offset + floats, Length - floats) { Element = Element };
}

/// <summary>
/// A reference into the block's partial sums of gradients, which have the same order as the packed parameters. The kernel writes
/// <paramref name="Length"/> floats from there.
/// </summary>
internal sealed record PartialGradientOperand(int Offset, int Length) : Operand
{
    /// <summary>The part that begins <paramref name="floats"/> floats later.</summary>
    public PartialGradientOperand From(int floats) => new(Offset + floats, Length - floats);
}

/// <summary>A reference into memory that the program's caller passes, <paramref name="Offset"/> elements after its first.</summary>
internal sealed record CallerOperand(string Name, int Offset) : Operand;

/// <summary>A value, other than memory, that the program's caller passes to steps.</summary>
internal enum PassedValue
{
    /// <summary>How many samples are computed together, in a block for example.</summary>
    Samples,

    /// <summary>The distance between the arenas of samples that are computed together.</summary>
    ArenaStride,

    /// <summary>The distance between the samples of a block in which each sample has its own memory.</summary>
    SampleStride,

    /// <summary>The distance between the slots of blocks.</summary>
    SlotStride,

    /// <summary>The context of a training step (the runtime's <c>StepContext</c>), which is the same for all samples.</summary>
    Context,
}

/// <summary>A value that the program's caller passes.</summary>
/// <param name="Least">The smallest number that the kernel accepts. It gets this instead of a smaller one.</param>
internal sealed record PassedOperand(PassedValue Value, int Least = 0) : Operand
{
    public static readonly PassedOperand Samples = new(PassedValue.Samples);

    public static readonly PassedOperand ArenaStride = new(PassedValue.ArenaStride);

    public static readonly PassedOperand SampleStride = new(PassedValue.SampleStride);

    public static readonly PassedOperand Context = new(PassedValue.Context);

    /// <summary>
    /// Like <see cref="Samples"/>, for a kernel that computes at least this many samples. Memory has room for as many as there are lanes.
    /// </summary>
    public static PassedOperand SamplesOr(int least) => new(PassedValue.Samples, least);
}

/// <summary>The data that all samples share, for one of several losses.</summary>
internal sealed record LossStepOperand(int Loss) : Operand;

/// <summary>
/// An extent that is passed to the kernel instead of being part of it, so that layers with different extents share the kernel.
/// </summary>
internal sealed record ExtentOperand(int Value) : Operand;

/// <summary>
/// How many floats a step of training reads and writes for each sample, for each block of samples, and for the whole batch.
/// </summary>
internal readonly record struct StepFloats(long Sample, long Block, long Batch);

/// <summary>
/// One step of a program: a kernel and its operands. The memory plan derives from the operands which buffers are alive.
/// </summary>
/// <param name="Name">The name of the kernel's method. It is not used if an equal kernel has a name already.</param>
/// <param name="Cycles">The cycles that the cost model expects.</param>
/// <param name="Comment">Layer, shapes, algorithm and FLOPs, for readers of the generated code.</param>
internal sealed record Step(string Name, string Comment, Kernel Kernel, EquatableArray<Operand> Operands, Cost Cycles)
{
    /// <summary>How several threads may share it.</summary>
    public Work Work { get; } = Kernel.WorkOf([.. Operands.OfType<ExtentOperand>().Select(extent => extent.Value)]);

    /// <summary>The same step with another kernel that takes the same operands.</summary>
    public Step With(Kernel kernel) => new(Name, Comment, kernel, Operands, Cycles)
    {
        OfSamples = OfSamples,
        Combines = Combines,
        WritesRegion = WritesRegion,
        Layer = Layer,
        Head = Head,
        LossWeight = LossWeight,
    };

    /// <summary>The fewest items for which starting a thread pays.</summary>
    public int LeastItems => ThreadCosts.LeastItems(Kernel.Tier, Work, Cycles);

    /// <summary>
    /// How many of its items are done for all samples of a batch before the next items; 0 if each sample should continue with its next
    /// step.
    /// </summary>
    public int BatchItems => ThreadCosts.BatchItems(Kernel.Tier, Work, WeightFloats, TensorFloats);

    /// <summary>
    /// A kernel that computes several samples at once, each in its own arena. After the step's operands, it takes the number of samples
    /// and the distance between arenas. Null if computing several samples at once saves nothing.
    /// </summary>
    public Kernel? OfSamples { get; init; }

    /// <summary>How many floats of the packed parameters it reads.</summary>
    public long WeightFloats => Operands.OfType<ParameterOperand>().Sum(parameter => (long)parameter.Length);

    /// <summary>How many floats of the arena it reads and writes.</summary>
    public long TensorFloats => Operands.OfType<BufferOperand>().Where(tensor => tensor.Buffer.Space == MemorySpace.Arena)
        .Sum(tensor => (long)tensor.Buffer.Floats);

    /// <summary>
    /// Whether it is done for each sample of a block. Such a step works in a sample's own memory, and does not get the number of samples.
    /// </summary>
    public bool IsOfSample { get; } = Operands.Any(operand => operand is BufferOperand { Buffer.Space: MemorySpace.Sample })
        && !Operands.Contains(PassedOperand.Samples);

    /// <summary>Whether it combines the results of all blocks. It then waits for all blocks.</summary>
    public bool Combines { get; init; }

    /// <summary>Whether it writes a region of a tensor of which steps with the same name write the other regions.</summary>
    public bool WritesRegion { get; init; }

    /// <summary>
    /// The layers that it computes a part of: <c>conv1 + relu1</c>. Empty if it belongs to no layer, or if the program is not profiled.
    /// </summary>
    public string Layer { get; init; } = "";

    /// <summary>The index of the node that takes most of these layers' time; −1 if <see cref="Layer"/> is empty.</summary>
    public int Head { get; init; } = -1;

    /// <summary>How many floats of tensors, parameters and gradients it reads and writes. Scratch memory does not count.</summary>
    public StepFloats Floats
    {
        get
        {
            long Of(params MemorySpace[] spaces) =>
                Operands.OfType<BufferOperand>().Where(tensor => spaces.Contains(tensor.Buffer.Space))
                    .Sum(tensor => (long)tensor.Buffer.Floats);
            long parameters = WeightFloats + Operands.OfType<PartialGradientOperand>().Sum(gradient => (long)gradient.Length);
            long ofBlock = Of(MemorySpace.Arena, MemorySpace.Shared) + parameters, ofSlot = Of(MemorySpace.Slot),
                ofSample = Of(MemorySpace.Sample);
            return IsOfSample ? new(ofSample + ofSlot + ofBlock, 0, 0) : Combines ? new(ofSample, ofSlot, ofBlock)
                : new(ofSample, ofSlot + ofBlock, 0);
        }
    }

    /// <summary>The weight of the kernel's result in the network's loss; null where the kernel is not a loss.</summary>
    public double? LossWeight { get; init; }
}

/// <summary>Steps in order, and the addresses of their buffers.</summary>
/// <param name="Memory">The plan of the arena.</param>
/// <param name="Scratch">The plan of the scratch memory, which each thread has for itself during a step.</param>
/// <param name="Stages">
/// Which steps need not wait for one another; null if the program is too short for several threads to share its steps.
/// </param>
internal sealed record Program(EquatableArray<Step> Steps, MemoryPlan Memory, MemoryPlan Scratch, StagePlan? Stages)
{
    public static readonly Program Empty = new(EquatableArray<Step>.Empty, MemoryPlan.Empty, MemoryPlan.Empty, null);

    /// <summary>The expected cycles of all steps.</summary>
    public Cost Cycles => Cost.Sum(Steps.Select(step => step.Cycles));

    /// <summary>Whether it takes long enough that several threads share its steps.</summary>
    public bool IsShared => Stages is not null;

    /// <summary>
    /// Whether its steps are called one by one. This is so if threads share the steps, or if a thread computes several samples together in
    /// some step.
    /// </summary>
    public bool IsInSteps => IsShared || Steps.Any(step => step.OfSamples is not null);

    /// <summary>
    /// The steps as the runtime calls them one by one. If threads do not share steps, each thread takes some samples through all of them.
    /// The samples of a thread then wait for one another only where a kernel computes several at once.
    /// </summary>
    public IEnumerable<ScheduledStep> Schedule => Steps.Select((step, i) =>
    {
        ScheduledStep scheduled = ScheduledStep.WithItems(step);
        return scheduled with
        {
            LeastItems = IsShared ? scheduled.LeastItems : scheduled.Items,
            StageSteps = Stages?.Remaining[i] ?? 1,
            BatchItems = IsShared ? step.BatchItems : step.OfSamples is null ? 0 : step.Work.Items,
        };
    });

    /// <summary>The same program with kernels that compute one sample at a time.</summary>
    public Program OneByOne() => this with { Steps = Steps.Select(step => step with { OfSamples = null }).ToEquatableArray() };
}
