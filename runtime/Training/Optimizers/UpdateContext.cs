using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// A piece of a parameter, and what an <see cref="Optimizer"/> may use to update it. A parameter is cut into pieces of at most 16,384
/// elements, the same for any number of threads. A piece may hold elements of 0 that pad vectors; whatever they become, they are 0
/// again after the update.
/// </summary>
public readonly ref struct UpdateContext
{
    // All slots together may have more elements than a span can hold.
    private readonly ref float _slots;
    private readonly nint _stride;

    // Empty if the optimizer needs no norms.
    private readonly Span<float> _direction;
    private readonly OptimizerInfo _optimizer;
    private readonly OptimizerStep _step;

    /// <param name="optimizer">The optimizer.</param>
    /// <param name="parameter">The elements.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="slots">Where their first slot begins; the second one begins <paramref name="stride"/> floats later.</param>
    /// <param name="stride">Floats from a slot to the next.</param>
    /// <param name="step">The other numbers.</param>
    internal UpdateContext(
        OptimizerInfo optimizer, Span<float> parameter, ReadOnlySpan<float> gradient, ref float slots, int stride, OptimizerStep step)
    {
        (_optimizer, _stride, _step) = (optimizer, stride, step);
        Parameter = parameter;
        Gradient = gradient;
        _slots = ref slots;
    }

    /// <summary>The elements, which the update changes. Their number is a multiple of 16, so that vectors of any width divide it.</summary>
    public Span<float> Parameter { get; }

    /// <summary>The gradients, after clipping (<see cref="Optimizer.ClipNorm"/>, <see cref="Optimizer.ClipValue"/>).</summary>
    public ReadOnlySpan<float> Gradient { get; }

    /// <summary>The learning rate: the optimizer's, times the factor of the parameter's group.</summary>
    public double LearningRate => _step.LearningRate;

    /// <summary>
    /// The weight decay, which <see cref="Optimizer.Update"/> applies: the optimizer's, or that of the parameter's group. For biases and
    /// norms it is 0, unless the optimizer has <see cref="Optimizer.DecayBiasesAndNorms"/> or their group says otherwise.
    /// </summary>
    public double WeightDecay => _step.WeightDecay;

    /// <summary>
    /// Number of the update, t in most papers: 1 at the first one. After a checkpoint was loaded, it continues from the checkpoint's
    /// number.
    /// </summary>
    public long Step => _step.Number;

    /// <summary>What the parameter is for, such as a weight or a bias.</summary>
    public ParameterRole Role { get; internal init; }

    /// <summary>
    /// The direction of the update: the gradient, unless <see cref="Optimizer.Prepare"/> has written another one. It is kept until the end
    /// of the update.
    /// </summary>
    /// <exception cref="InvalidOperationException">The optimizer does not say that it <see cref="Optimizer.NeedsNorms"/>.</exception>
    public Span<float> Direction
    {
        get => !_direction.IsEmpty ? _direction : throw NoNorms(_optimizer, nameof(Direction));
        internal init => _direction = value;
    }

    /// <summary>
    /// The L2 norm of the whole parameter before the update. The relative error of this norm and the others is below 10⁻¹¹: squares are
    /// exact in double precision, and are summed in an order that does not depend on the number of threads.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The optimizer does not say that it <see cref="Optimizer.NeedsNorms"/>, or this is a call of <see cref="Optimizer.Prepare"/>.
    /// </exception>
    public double ParameterNorm => Norms is { } norms ? norms.Parameter : throw NoNorms(_optimizer, nameof(ParameterNorm));

    /// <summary>The L2 norm of the whole parameter's <see cref="Gradient"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The optimizer does not say that it <see cref="Optimizer.NeedsNorms"/>, or this is a call of <see cref="Optimizer.Prepare"/>.
    /// </exception>
    public double GradientNorm => Norms is { } norms ? norms.Gradient : throw NoNorms(_optimizer, nameof(GradientNorm));

    /// <summary>The L2 norm of the whole parameter's <see cref="Direction"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The optimizer does not say that it <see cref="Optimizer.NeedsNorms"/>, or this is a call of <see cref="Optimizer.Prepare"/>.
    /// </exception>
    public double DirectionNorm => Norms is { } norms ? norms.Direction : throw NoNorms(_optimizer, nameof(DirectionNorm));

    /// <summary>The norms; null if they are not known.</summary>
    internal ParameterNorms? Norms { get; init; }

    /// <summary>A slot of each element: what the last update has left there, and 0 at the first one.</summary>
    /// <param name="index">Its index among <see cref="Optimizer.SlotNames"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    public Span<float> Slot(int index) => (uint)index < (uint)_optimizer.SlotNames.Length
        ? MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _slots, index * _stride), Parameter.Length)
        : throw NoSlot(_optimizer, index);

    // Messages are made in methods that are not inlined, or Update itself would have fewer registers for its loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ArgumentOutOfRangeException NoSlot(OptimizerInfo optimizer, int index) => new(
        nameof(index), index,
        $"{optimizer.Name} has no slot {index}: when the trainer was created, its SlotNames were "
        + $"{MessageText.List(optimizer.SlotNames, "empty")}.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static InvalidOperationException NoNorms(OptimizerInfo optimizer, string member) => new(
        optimizer.NeedsNorms
            ? $"{optimizer.Name} uses {member} in Prepare; norms are measured after it, for Update."
            : $"{optimizer.Name} uses {member}, but its NeedsNorms is false; override it to be true.");
}

/// <summary>The L2 norms of a whole parameter, its gradient, and the direction of its update.</summary>
internal readonly record struct ParameterNorms(double Parameter, double Gradient, double Direction);
