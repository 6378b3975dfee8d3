using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// A rule that updates parameters with their gradients. It holds settings only, so one object may serve several trainers. State that lasts
/// from step to step (momentum, running means) is in slots, which belong to the trainer.
/// </summary>
/// <remarks>
/// <para>
/// At an update, parameters and slots below 2⁻¹²⁴ (4.7·10⁻³⁸) in magnitude become 0. Otherwise they would become denormal numbers, which
/// are slow on most processors. An update that would make a parameter or a slot infinite or NaN is refused with a
/// <see cref="TrainingException"/>.
/// </para>
/// <para>
/// For an optimizer of your own, derive from this class and override <see cref="SlotNames"/> and <see cref="Update"/>. This is Lion (Chen
/// et al. 2023, arXiv:2302.06675, algorithm 2):
/// <code>
/// public sealed class Lion(double learningRate = 1e-4) : Optimizer(learningRate)
/// {
///     public double Beta1 { get; init; } = 0.9;
///     public double Beta2 { get; init; } = 0.99;
///
///     protected override IReadOnlyList&lt;string&gt; SlotNames =&gt; ["exp_avg"];
///     protected override FormattableString Settings =&gt; $"Beta1 = {Beta1}, Beta2 = {Beta2}";
///
///     protected override void Update(UpdateContext context)
///     {
///         Span&lt;float&gt; p = context.Parameter, m = context.Slot(0);
///         ReadOnlySpan&lt;float&gt; g = context.Gradient;
///         float rate = (float)context.LearningRate, decay = (float)context.WeightDecay;
///         float beta1 = (float)Beta1, beta2 = (float)Beta2;
///         for (int i = 0; i &lt; p.Length; i++)
///         {
///             p[i] -= rate * (MathF.Sign((beta1 * m[i]) + ((1 - beta1) * g[i])) + (decay * p[i]));
///             m[i] = (beta2 * m[i]) + ((1 - beta2) * g[i]);
///         }
///     }
/// }
/// </code>
/// Clipping, groups of parameters, schedules, accumulated gradients, averages and checkpoints work as with the other optimizers. To undo an
/// update that fails, the trainer keeps a copy of the parameters and slots (<see cref="MemoryUse"/> counts it). The optimizers of this
/// library need no copy: before an update, they prove that none of its numbers can become infinite.
/// </para>
/// </remarks>
public abstract class Optimizer
{
    /// <summary>The rates with which networks learn; null if any may do: LARS, for example, trains with 30.</summary>
    internal virtual UsualRate? UsualRate => null;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">Step size, 0 or more.</param>
    /// <param name="weightDecay">The default of <see cref="WeightDecay"/>, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative, infinite or not a number.</exception>
    protected Optimizer(double learningRate, double weightDecay = 0)
    {
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>The step size. It may be changed between steps, as <see cref="LearningRateScheduler"/> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double LearningRate
    {
        get;
        set => field = NotNegative(value);
    }

    /// <summary>
    /// Weight decay λ, 0 or more. It is an L2 penalty (g ← g + λp), default 0; for <see cref="AdamW"/> it is decoupled (p ← p − lr·λ·p),
    /// default 0.01.
    /// </summary>
    public double WeightDecay
    {
        get;
        init => field = NotNegative(value);
    }

    /// <summary>
    /// Whether biases and the parameters of normalisation layers decay, too. True (the default) is what PyTorch does. Most recipes for
    /// image networks set false.
    /// </summary>
    public bool DecayBiasesAndNorms { get; init; } = true;

    /// <summary>
    /// Parameters with their own rate or weight decay. A parameter belongs to the first group whose pattern matches its key. If none
    /// matches, the optimizer's own settings hold. Default none.
    /// </summary>
    public IReadOnlyList<ParameterGroup> Groups
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Groups));
            ParameterGroup[] groups = [.. value];
            field = !groups.Contains(null) ? groups : throw new ArgumentException($"{nameof(Groups)} holds null.", nameof(Groups));
        }
    } = [];

    /// <summary>
    /// The largest L2 norm of all gradients together; more than 0, or null (the default) for no limit. Before each update, gradients are
    /// multiplied by ClipNorm/(norm + 10⁻⁶) if that is less than 1, as by <c>torch.nn.utils.clip_grad_norm_</c> (Pascanu, Mikolov and
    /// Bengio 2013, algorithm 1). With limits below about 10⁻⁴ the 10⁻⁶ matters: gradients become smaller than the limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0, or not finite.</exception>
    public double? ClipNorm
    {
        get;
        init => field = Positive(value);
    }

    /// <summary>
    /// The largest magnitude of each single gradient; more than 0 after rounding to a float, or null (the default) for no limit. Before
    /// each update, gradients are clipped to ±ClipValue, as by <c>torch.nn.utils.clip_grad_value_</c>. Cannot be used with
    /// <see cref="ClipNorm"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than 0 after rounding to a float, or not finite.</exception>
    public double? ClipValue
    {
        get;
        init => field = Positive(value) is not { } limit || (float)limit > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ClipValue), value, $"{nameof(ClipValue)} must be more than 0 as a float, too.");
    }

    /// <summary>
    /// The momentum that <see cref="Schedule.OneCycle"/> sets in place of the optimizer's own (for Adam: β₁), between 0 and 1; null if no
    /// schedule sets one. An optimizer without momentum ignores it.
    /// </summary>
    protected internal double? ScheduledMomentum { get; internal set; }

    /// <summary>
    /// The name in checkpoints. A checkpoint loads only into an optimizer of the same name and slots. Default: the type's full name.
    /// Override it so that checkpoints still load after you have renamed or moved the class.
    /// </summary>
    protected virtual string Name => GetType().ToString();

    /// <summary>
    /// The names of the slots. A slot is one float for each element of a parameter, kept from step to step, and 0 before the first step.
    /// Checkpoints hold slots as <c>optimizer/NAME/conv1.weight</c>. Use PyTorch's names where it has them, such as <c>momentum_buffer</c>,
    /// <c>exp_avg</c>, <c>exp_avg_sq</c>. Default none. A trainer reads this once, when it is created.
    /// </summary>
    protected virtual IReadOnlyList<string> SlotNames => [];

    /// <summary>
    /// Whether an update needs the norms of whole parameters (LARS, LAMB). If true, <see cref="Prepare"/> is called for all pieces of all
    /// parameters before <see cref="Update"/> is, and the norms are measured in between. Default false. A trainer reads this once, when it
    /// is created.
    /// </summary>
    protected virtual bool NeedsNorms => false;

    /// <summary>
    /// The settings of the derived class as an interpolated string, such as <c>$"Beta1 = {Beta1}, Beta2 = {Beta2}"</c>. When <c>Fit</c>
    /// continues from a checkpoint, it compares them with the checkpoint's. The culture does not matter. Leave out the learning rate, which
    /// may change. Default none.
    /// </summary>
    protected virtual FormattableString Settings => $"";

    /// <summary>Updates a piece of a parameter and its slots, element by element.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>The result for an element may depend on the context's values for that element, but not on other elements. Pieces are updated
    /// in any order, by several threads at once.</item>
    /// <item>Pieces are the same for any number of threads, and so are the bits of the results.</item>
    /// <item>If it throws for any piece, the whole update is undone, and the exception reaches the caller of the step.</item>
    /// </list>
    /// </remarks>
    /// <param name="context">The piece, with the numbers that the update needs. Valid during this call.</param>
    protected abstract void Update(UpdateContext context);

    /// <summary>
    /// The first part of an update for optimizers with <see cref="NeedsNorms"/>. It may change the slots and
    /// <see cref="UpdateContext.Direction"/>, which is the gradient at first. The same rules hold as for <see cref="Update"/>. The default
    /// changes nothing.
    /// </summary>
    /// <param name="context">The piece. It has no norms yet. Valid during this call.</param>
    protected virtual void Prepare(UpdateContext context)
    {
    }

    /// <summary>Throws if the settings contradict each other. Called when a trainer is created. Overrides call the base method.</summary>
    /// <exception cref="ArgumentException">The settings contradict each other.</exception>
    protected virtual void Validate()
    {
        if (ClipNorm is not null && ClipValue is not null)
        {
            throw new ArgumentException($"Set {nameof(ClipNorm)} or {nameof(ClipValue)}, not both.");
        }
    }

    /// <summary>All settings as text, except the rate, which may change. Checkpoints compare them.</summary>
    internal string AllSettings
    {
        get
        {
            string own = FormattableString.Invariant(Settings);
            string common = string.Create(
                CultureInfo.InvariantCulture,
                $"WeightDecay = {WeightDecay}, DecayBiasesAndNorms = {DecayBiasesAndNorms}, ClipNorm = {ClipNorm}, "
                + $"ClipValue = {ClipValue}");
            string groups = string.Create(
                CultureInfo.InvariantCulture, $"Groups = [{string.Join("; ", Groups.Select(g => g.Settings))}]");
            return $"{(own.Length > 0 ? $"{own}, " : "")}{common}, {groups}";
        }
    }

    /// <summary>Whether <see cref="Bound"/> is overridden. If not, every update must be one that can be undone.</summary>
    internal virtual bool HasBound => false;

    /// <summary>Index of the slot that is a mean of squares and therefore never negative; −1 for none.</summary>
    internal virtual int SquaresAt => -1;

    /// <summary>Computes an upper bound of all numbers in an update from upper bounds of the numbers that it reads.</summary>
    /// <param name="most">Upper bounds of the magnitudes of parameters and of each slot. Replaced by the bounds after the update.</param>
    /// <param name="gradient">The upper bound of the gradients' magnitudes.</param>
    /// <param name="step">The update's number, rate and weight decay.</param>
    /// <returns>A number that no intermediate result of the update exceeds.</returns>
    internal virtual double Bound(Span<double> most, double gradient, in OptimizerStep step) => double.PositiveInfinity;

    /// <summary>Checks the settings, and the properties that the derived class overrides.</summary>
    /// <exception cref="ArgumentException">
    /// The settings contradict each other, or a checkpoint cannot hold slots of these names.
    /// </exception>
    internal OptimizerInfo Describe()
    {
        Validate();
        if (string.IsNullOrWhiteSpace(Name))
        {
            throw new ArgumentException($"{nameof(Name)} of the optimizer {GetType()} is empty; checkpoints need one.");
        }

        if (SlotNames is not { } list)
        {
            throw new ArgumentException($"{nameof(SlotNames)} of {Name} is null; an optimizer without slots has an empty list.");
        }

        string[] names = [.. list];
        foreach (string? name in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Contains('/'))
            {
                throw new ArgumentException(
                    $"{Name} names a slot '{name}'. The name is a part of '{CheckpointNames.Optimizer}NAME/conv1.weight' in checkpoints: "
                    + "it must not be empty, nor hold a slash.");
            }

            if (names.Count(other => other == name) > 1)
            {
                throw new ArgumentException($"{Name} names several slots '{name}'; each needs a name of its own.");
            }
        }

        return new OptimizerInfo(Name, names, NeedsNorms, HasBound);
    }

    /// <summary>Calls <see cref="Update"/>.</summary>
    internal void Run(UpdateContext context) => Update(context);

    /// <summary>Calls <see cref="Prepare"/>.</summary>
    internal void RunPrepare(UpdateContext context) => Prepare(context);

    private protected static double NotNegative(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private protected static double Fraction(double value, [CallerMemberName] string name = "") =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and less than 1.");

    // With ε = 0, the update of a parameter that never had a gradient would be 0/0.
    private protected static double PositiveFloat(double value, [CallerMemberName] string name = "") =>
        (float)value > 0 && float.IsFinite((float)value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, as a float too.");

    /// <summary>The smallest gradient g for which <paramref name="share"/>·g² is at least <see cref="Fading.Least"/>.</summary>
    private protected static float LeastRoot(double share) => (float)Math.Sqrt(Fading.Least / share);

    private static double? Positive(double? value, [CallerMemberName] string name = "") =>
        value is null or (> 0 and < double.PositiveInfinity)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be more than 0 and finite, or null.");
}

/// <summary>The numbers that an update needs besides parameters, gradients and slots.</summary>
/// <param name="Number">Number of the update, counted from 1.</param>
/// <param name="LearningRate">The parameter's rate.</param>
/// <param name="WeightDecay">The parameter's weight decay.</param>
internal readonly record struct OptimizerStep(long Number, double LearningRate, double WeightDecay);

/// <summary>The properties of an optimizer, read once when a trainer is created.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="SlotNames">The names of its slots.</param>
/// <param name="NeedsNorms">Whether it needs norms.</param>
/// <param name="HasBound">Whether it can prove that an update will be finite.</param>
internal sealed record OptimizerInfo(string Name, string[] SlotNames, bool NeedsNorms, bool HasBound)
{
    /// <summary>Floats that a trainer keeps for each element of a parameter, besides its gradient.</summary>
    public int FloatsPerElement => SlotNames.Length + (HasBound ? 0 : 1 + SlotNames.Length) + (NeedsNorms ? 1 : 0);

    /// <summary>The name and the slots' names, as a checkpoint stores them.</summary>
    public override string ToString() => SlotNames.Length == 0 ? Name : $"{Name} ({string.Join(", ", SlotNames)})";
}
