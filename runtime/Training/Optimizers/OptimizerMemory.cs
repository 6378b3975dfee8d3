using System;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Strata.Training;

/// <summary>
/// What an optimizer updates: a network's trainable parameters, their gradients, and the slots. All have the same layout: an element has
/// the same index among the packed parameters, the gradients and each slot. They are cut into the same ranges for any number of threads.
/// </summary>
internal sealed unsafe class OptimizerMemory : IDisposable
{
    private readonly bool _sharesSlots;

    /// <summary>
    /// Allocates gradients and slots. In front of the gradients are <paramref name="front"/> floats for the front of a block's slot
    /// (<see cref="CompilerServices.NetworkProgram.SlotFrontLength"/>). If this is the memory of another size of the network, the slots are
    /// those of the <paramref name="first"/> one where both sizes have the same memory of parameters.
    /// </summary>
    /// <exception cref="ArgumentException">The optimizer's settings contradict each other, or do not fit the network.</exception>
    public OptimizerMemory(
        CompiledNetwork network, Optimizer optimizer, DenseProducts products, int front, OptimizerMemory? first = null)
    {
        (Network, Optimizer, Info) = (network, optimizer, optimizer.Describe());
        Stride = (int)AlignedMemory.RoundUp(network.Program.TrainableLength);
        Ranges = [.. ParameterRange.Cut(network, optimizer, products, Stride).OrderBy(range => range.MayDefer)];
        _sharesSlots = first is not null && first.Network.Memory == network.Memory && first.Stride == Stride;
        (Gradients, Slots) = _sharesSlots ? (new AlignedMemory(Stride, front), first!.Slots)
            : AlignedMemory.Pair(Stride, (long)Stride * SlotNames.Length, front);
    }

    /// <summary>The network.</summary>
    public CompiledNetwork Network { get; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The optimizer's properties when the memory was allocated.</summary>
    public OptimizerInfo Info { get; }

    /// <summary>The names of the slots.</summary>
    public string[] SlotNames => Info.SlotNames;

    /// <summary>The ranges. Those whose gradients may be deferred come last.</summary>
    public ParameterRange[] Ranges { get; }

    /// <summary>The gradients.</summary>
    public AlignedMemory Gradients { get; }

    /// <summary>The first slot of all parameters, then the second one, and so on.</summary>
    public AlignedMemory Slots { get; }

    /// <summary>Floats of all parameters, including padding. This is also the distance from one slot to the next.</summary>
    public int Stride { get; }

    /// <summary>A factor of the optimizer's learning rate.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>The learning rate of a range.</summary>
    public double RateOf(ParameterRange range) => Optimizer.LearningRate * RateFactor * range.RateMultiplier;

    /// <summary>The number of threads that is worth using for work on all ranges.</summary>
    public int Threads => Stride >= WorkSize.MinimumFloats ? Network.Threads : 1;

    /// <summary>A range of the parameters.</summary>
    public Span<float> Parameters(ParameterRange range) => new(Network.Memory.Pointer + range.Start, range.Length);

    /// <summary>Its gradient.</summary>
    public Span<float> Gradient(ParameterRange range) => new(Gradients.Pointer + range.Start, range.Length);

    /// <summary>One of its slots.</summary>
    public Span<float> Slot(ParameterRange range, int index) =>
        new(Slots.Pointer + ((nint)index * Stride) + range.Start, range.Length);

    /// <summary>What the optimizer gets to update a range, without norms.</summary>
    /// <param name="range">The range.</param>
    /// <param name="gradient">Its gradient, clipped.</param>
    /// <param name="number">Number of the update, counted from 1.</param>
    public UpdateContext Context(ParameterRange range, ReadOnlySpan<float> gradient, long number) => new(
        Info, Parameters(range), gradient, ref Unsafe.AsRef<float>(Slots.Pointer + range.Start), Stride,
        new OptimizerStep(number, RateOf(range), range.WeightDecay))
    {
        Role = range.Parameter.Info.Role,
    };

    /// <summary>Takes over the slots of another size of the network.</summary>
    public void TakeOver(OptimizerMemory newest)
    {
        for (int k = 0; k < SlotNames.Length && newest.Slots != Slots; k++)
        {
            for (int i = 0; i < Network.Parameters.Count; i++)
            {
                if (Network.Parameters[i].IsTrainable)
                {
                    Network.Parameters[i].Copy(
                        newest.Network.Parameters[i], newest.Slots, Slots, (long)k * newest.Stride, (long)k * Stride);
                }
            }
        }
    }

    public void Dispose()
    {
        Gradients.Dispose();
        if (!_sharesSlots)
        {
            Slots.Dispose();
        }
    }
}
