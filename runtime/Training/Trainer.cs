using System;
using System.Collections.Generic;
using System.IO;

namespace Strata.Training;

/// <summary>
/// Trains a network. The derived trainers have a <c>Step</c> that takes the targets of the network's losses. For a loss of your own
/// (<see cref="ExternalLossAttribute"/>), call <see cref="Forward"/>, <see cref="Backward(ReadOnlySpan{float})"/> and <see cref="Update"/>.
/// </summary>
/// <remarks>
/// One thread at a time may use a trainer, and no other thread may use the network during a step. If two calls overlap, the later one
/// throws <see cref="InvalidOperationException"/>. The same seed gives the same bits with any number of threads. After the first step of a
/// batch size nothing is allocated.
/// </remarks>
public partial class Trainer : IDisposable
{
    private readonly TrainerSteps _steps;
    private readonly TrainerChecks _checks;
    private readonly TrainingWatch _watch;
    private readonly TrainerSizes _sizes;

    internal Trainer(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first = null)
    {
        TrainerChecks.CheckNew(GetType().Name, network, batchSize, optimizer);
        using Lifetime.Hold hold = network.Enter();
        (Network, BatchSize, Optimizer) = (network, batchSize, optimizer);
        Targets = new TargetRules(network.Info);
        Losses = new LossAccount(network.Info);
        _steps = new TrainerSteps(network, batchSize, optimizer, Losses, first?._steps);
        _checks = new TrainerChecks(network, batchSize, _steps, Losses);
        _sizes = first?._sizes ?? new TrainerSizes(this);
        Calls = new TrainerCalls(this, network, _steps, Free, first?.Calls);
        State = new TrainerState(network, optimizer, _steps, Calls);
        Ranks = new TrainerRanks(this, _steps, Calls, State);
        var warnings = new FitWarnings(() => OnWarning);
        _watch = first?._watch ?? new TrainingWatch(this, warnings);
        Evaluator = new Evaluator(network, _steps, Calls, Losses, Targets, warnings);
    }

    /// <summary>
    /// Creates the trainer of any network. If you know the network's class, call its <c>CreateTrainer</c> instead. It creates the same
    /// trainer and returns it with its own type.
    /// </summary>
    /// <param name="network">A network with losses, or with <see cref="ExternalLossAttribute"/>.</param>
    /// <param name="batchSize">The largest number of samples in a step, 1 or more.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <returns>
    /// The trainer's type depends on the targets of the losses:
    /// <list type="table">
    /// <listheader><term>Targets</term><description>Trainer</description></listheader>
    /// <item><term>class indices</term><description><see cref="ClassificationTrainer"/></description></item>
    /// <item><term>values</term><description><see cref="RegressionTrainer"/></description></item>
    /// <item><term>both kinds</term><description><see cref="MultiTaskTrainer"/></description></item>
    /// <item><term>none: a loss of your own</term><description><see cref="Trainer"/></description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentException">The network declares no loss, or the optimizer's settings contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The network keeps its weights as bfloat16
    /// (<see cref="NetworkOptions.WeightStorage"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1, or so large that a span cannot hold it.</exception>
    public static Trainer For(CompiledNetwork network, int batchSize, Optimizer optimizer) =>
        Create(network, batchSize, optimizer, first: null);

    /// <summary>Creates a trainer, perhaps for another size of the network of the <paramref name="first"/> one.</summary>
    internal static Trainer Create(CompiledNetwork network, int batchSize, Optimizer optimizer, Trainer? first)
    {
        ArgumentNullException.ThrowIfNull(network);
        return TrainerChecks.TrainerFor(network.Info) switch
        {
            TrainerName.Classification => new ClassificationTrainer(network, batchSize, optimizer, first),
            TrainerName.Regression => new RegressionTrainer(network, batchSize, optimizer, first),
            TrainerName.MultiTask => new MultiTaskTrainer(network, batchSize, optimizer, first),
            TrainerName.Plain => new Trainer(network, batchSize, optimizer, first),
            _ => throw new ArgumentException(
                $"{network.Info.Name} declares no loss to train it by. Declare one, or [ExternalLoss] for a loss of your own.",
                nameof(network)),
        };
    }

    /// <summary>The network that is trained.</summary>
    public CompiledNetwork Network { get; }

    /// <summary>The largest number of samples in a step.</summary>
    public int BatchSize { get; }

    /// <summary>The optimizer. Its learning rate may be changed between steps.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>
    /// Receives warnings about what is allowed but looks like a mistake, such as samples of 0 to 255 where numbers near 1 are expected.
    /// Each comes once, on the thread that trains. Null (the default) writes a line to the standard error stream; <c>_ => { }</c> ignores
    /// them. <c>Fit</c> gives its warnings to <see cref="FitOptions.OnWarning"/>, or here if that is null.
    /// </summary>
    public Action<TrainingWarning>? OnWarning
    {
        get => _sizes.First == this ? field : _sizes.First.OnWarning;
        set
        {
            if (_sizes.First == this)
            {
                field = value;
            }
            else
            {
                _sizes.First.OnWarning = value;
            }
        }
    }

    /// <summary>Updates done so far, at any size of the network.</summary>
    public long Steps => _steps.Updates;

    /// <summary>L2 norm of all gradients together at the last update, before clipping; 0 before the first update.</summary>
    public double GradientNorm => _steps.GradientNorm;

    /// <summary>
    /// The names of the network's losses, in the order of the declaration. A layer's only loss has the name of the layer (<c>aux1</c>). If
    /// a layer has several losses, the kind is added (<c>aux1.L1</c>). If several of them are of one kind, a number is added, too
    /// (<c>aux1.L1.1</c>).
    /// </summary>
    public IReadOnlyList<string> LossNames => Losses.Names;

    /// <summary>The losses, with their values at the last step.</summary>
    internal LossAccount Losses { get; }

    /// <summary>Which targets the network's losses take.</summary>
    internal TargetRules Targets { get; }

    /// <summary>Which calls may run.</summary>
    internal TrainerCalls Calls { get; }

    /// <summary>What checkpoints hold.</summary>
    internal TrainerState State { get; }

    /// <summary>The processes that train together.</summary>
    internal TrainerRanks Ranks { get; }

    /// <summary>Computes the losses in inference, without dropout.</summary>
    private protected Evaluator Evaluator { get; }

    /// <summary>
    /// The value of one loss at the last step or computation of gradients, without its weight. The methods <c>Step</c> and
    /// <c>ComputeGradients</c> return the weighted sum of all losses.
    /// </summary>
    /// <param name="name">One of <see cref="LossNames"/>.</param>
    /// <returns>The mean, or the sum with <see cref="Reduction.Sum"/>; 0 before the first step.</returns>
    /// <exception cref="ArgumentException">There is no loss of this name.</exception>
    public double LossOf(string name) => Losses.MeanOf(name);

    /// <summary>Computes the outputs in training mode (dropout active) and keeps what <c>Backward</c> needs.</summary>
    /// <remarks>
    /// Each pass draws dropout anew. The draw depends on the network's seed and on the number of passes so far, which checkpoints hold. You
    /// may call this method many times without <c>Backward</c>: the mean and variance of the outputs are the prediction and uncertainty of
    /// Monte-Carlo dropout (Gal and Ghahramani 2016). Batch norm is in training mode, too: it normalises by the statistics of the call's
    /// samples and updates its running statistics, unless its layer is frozen.
    /// </remarks>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples.</param>
    /// <param name="outputs">Receives their outputs. Must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or the spans overlap.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="TrainingException">
    /// Running statistics would not be finite. They stay unchanged. Gradients that no update has used are dropped.
    /// </exception>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int samples = _checks.CountSamples(inputs);
        Network.CheckOutputs(samples, inputs, outputs);
        _watch.LookAt(inputs);
        using TrainerCalls.Holds holds = Calls.Enter();
        _steps.Forward(inputs, outputs, samples);
    }

    /// <summary>
    /// Computes the gradients of all parameters from the gradient of the outputs. Call it at most once after each <see cref="Forward"/>.
    /// </summary>
    /// <remarks>
    /// As in PyTorch, the gradients are summed over the samples. For a mean loss, divide the gradient of the outputs by the number of
    /// samples. The new gradients replace those of the step before.
    /// </remarks>
    /// <param name="outputGradient">Gradient of the loss with respect to each output of <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentException">The length is not that of the outputs.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> was not called since the last call of this method.</exception>
    public void Backward(ReadOnlySpan<float> outputGradient)
    {
        using TrainerCalls.Holds holds = Calls.Enter();
        _checks.CheckBackward(outputGradient);
        _steps.Backward(outputGradient, default);
    }

    /// <summary>Computes the gradients of all parameters, and the gradient of the inputs.</summary>
    /// <param name="outputGradient">Gradient of the loss with respect to each output of <see cref="Forward"/>.</param>
    /// <param name="inputGradient">Receives the gradient with respect to each input of <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of the outputs and inputs, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> was not called since the last call, or the network is not declared with <c>[Network(InputGradient =
    /// true)]</c>.
    /// </exception>
    public void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        using TrainerCalls.Holds holds = Calls.Enter();
        _checks.CheckBackward(outputGradient, inputGradient);
        _steps.Backward(outputGradient, inputGradient);
    }

    /// <summary>Updates the parameters with the gradients that were last computed.</summary>
    /// <exception cref="InvalidOperationException">No gradients were computed since the last update.</exception>
    /// <exception cref="TrainingException">
    /// A gradient is not finite, or the update would make a parameter or the optimizer's state infinite. Parameters and state are
    /// unchanged, and running statistics are again those before the passes that computed the gradients.
    /// </exception>
    public void Update()
    {
        using TrainerCalls.Holds holds = Calls.Enter();
        _checks.CheckGradients();
        _watch.LookAtRate();
        _steps.Update();
    }

    /// <summary>Reads the gradient of a parameter from the last step or computation of gradients; 0 before the first one.</summary>
    /// <remarks>
    /// A step does not keep the gradients of large dense weights: it uses each part while it is in the cache. The first call of this method
    /// after a step computes them again for all such layers.
    /// </remarks>
    /// <param name="parameter">A parameter of the network.</param>
    /// <param name="destination">At least as many floats as the parameter has, in PyTorch's order.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another network, or the destination is too short.</exception>
    public void CopyGradientTo(Parameter parameter, Span<float> destination)
    {
        _checks.CheckOwn(parameter);
        using TrainerCalls.Holds holds = Calls.EnterToRead();
        TrainerChecks.CheckTrainable(parameter);
        parameter.Gather(_steps.AllGradients(), 0, parameter.CheckDestination(destination));
    }

    /// <summary>
    /// Replaces the gradient of a parameter before <see cref="Update"/>, which clips it and uses it as one of its own. So gradients can be
    /// changed, or summed over processes by means of your own.
    /// </summary>
    /// <remarks>
    /// <code>
    /// trainer.ComputeGradients(images, labels);
    /// trainer.CopyGradientTo(weight, gradient);
    /// // … change it …
    /// trainer.CopyGradientFrom(weight, gradient);
    /// trainer.Update();
    /// </code>
    /// If processes train together (<see cref="Distribute"/>), all of them must write the same numbers.
    /// </remarks>
    /// <param name="parameter">A parameter of the network.</param>
    /// <param name="source">Exactly as many floats as the parameter has, in PyTorch's order.</param>
    /// <exception cref="ArgumentException">
    /// The parameter belongs to another network or has no gradient, or the source has another length.
    /// </exception>
    /// <exception cref="InvalidOperationException">No gradients were computed since the last update.</exception>
    public void CopyGradientFrom(Parameter parameter, ReadOnlySpan<float> source)
    {
        _checks.CheckOwn(parameter);
        using TrainerCalls.Holds holds = Calls.Enter();
        TrainerChecks.CheckTrainable(parameter);
        if (source.Length != parameter.Length)
        {
            throw new ArgumentException(
                $"The gradient of '{parameter.Key}' has {MessageText.Count(parameter.Length, "element")}, but {source.Length} were given.",
                nameof(source));
        }

        _checks.CheckGradients();
        parameter.Scatter(source, 0, _steps.AllGradients());
    }

    /// <summary>
    /// Trains together with other processes from now on. Each of them has the same network and trainer, and computes the gradients of its
    /// own samples. Then they sum their gradients, and all do the same update. With <see cref="DistributedOptions.SyncBatchNorm"/>, the
    /// result is that of one process with all samples, up to rounding.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <see cref="BatchSize"/> is that of each rank, as in PyTorch's DDP. All ranks must call the same methods in the same order: a method
    /// of one rank waits for the others. A rank may give a step fewer samples than the others, or none.
    /// </para>
    /// <list type="bullet">
    /// <item><description>This call gives all ranks the state of rank 0: parameters, running statistics, optimizer, random numbers.
    /// </description></item>
    /// <item><description>Losses are means over the samples of all ranks. This also holds for gradients, which are not averages over ranks
    /// as in PyTorch's DDP.</description></item>
    /// <item><description><c>Fit</c> takes the same data on all ranks, and divides each batch among them. Rank 0 reports progress and
    /// writes checkpoints.</description></item>
    /// <item><description><c>Evaluate</c> is not divided: each rank evaluates what it is given.</description></item>
    /// </list>
    /// </remarks>
    /// <param name="world">The processes. It outlives the trainer.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// The ranks differ in their network, trainer, optimizer, options, tier, or version of Strata. The message names the difference, and
    /// all ranks throw. Or the trainer was distributed before, or has other sizes already (<see cref="At"/>), or a <c>Fit</c> is running.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// Some ranks have not called this method within <see cref="DistributedOptions.Timeout"/>. The job has been told to end.
    /// </exception>
    public void Distribute(ICollectives world, DistributedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        _sizes.CheckNone(this);
        Ranks.Join(world, options ?? new DistributedOptions());
    }

    /// <summary>The time that each layer has taken since the trainer was created, or since <see cref="ResetProfile"/>.</summary>
    /// <remarks>
    /// <code>
    /// trainer.Step(images, labels);                        // the JIT compiles
    /// trainer.ResetProfile();
    /// for (int i = 0; i &lt; 10; i++)
    /// {
    ///     trainer.Step(images, labels);
    /// }
    ///
    /// Console.WriteLine(trainer.Profile());
    /// </code>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The network is not declared with <c>[Network(Profile = true)]</c>.</exception>
    public TrainingProfile Profile() => Times.Profile();

    /// <summary>Starts <see cref="Profile"/> anew.</summary>
    /// <exception cref="InvalidOperationException">The network is not declared with <c>[Network(Profile = true)]</c>.</exception>
    public void ResetProfile() => Times.Clear();

    /// <summary>
    /// Saves all that a training loop needs to continue with the same bits: parameters, running statistics, the optimizer's state and rate,
    /// the number of <see cref="Steps"/>, and the state of dropout. Gradients that no update has used are not saved.
    /// </summary>
    /// <remarks>
    /// The file is in the safetensors format and appears complete or not at all. The network's <c>Load</c> can read the parameters out of
    /// it. Within <c>Fit</c>, use <see cref="FitOptions.Checkpoint"/>.
    /// </remarks>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCheckpoint(string path) => State.Save(path, fit: null, memory: default);

    /// <summary>
    /// Loads what <see cref="SaveCheckpoint(string)"/> has saved. The network must have the same parameters, and the optimizer must be of
    /// the same kind. Its settings should be the same, but they are not compared. The tier and the number of threads may differ. With the
    /// same tier, training continues with the same bits.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, is no checkpoint, or does not fit. Nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read. Nothing was changed.</exception>
    public void LoadCheckpoint(string path) => State.Load(path, check: null).Memory.Dispose();

    /// <summary>
    /// Frees the trainer's memory. A call that is still running ends first. The network is not disposed of. May be called more than once.
    /// Nothing happens to a trainer that came from <see cref="At"/>: it belongs to the trainer that was asked.
    /// </summary>
    public void Dispose()
    {
        Calls.End();
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks the arguments, and computes loss and gradients of a step.</summary>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="accumulate">Whether to add to gradients that no update has used yet, as another part of the same batch.</param>
    /// <param name="update">Whether the parameters are updated at once.</param>
    private protected float CheckAndTrain(ReadOnlySpan<float> inputs, Targets targets, bool accumulate, bool update)
    {
        int samples = _checks.CountSamples(inputs);
        Targets.Check(targets, samples);
        _watch.LookAt(inputs);
        double loss = Train(new StepData(inputs, targets, order: default, samples), accumulate, update);
        if (update)
        {
            _watch.LookAtRate();
            _watch.LookAtLoss(loss);
        }

        return (float)loss;
    }

    /// <summary>Computes loss and gradients. The caller has checked the arguments.</summary>
    /// <param name="data">The batch.</param>
    /// <param name="accumulate">Whether to add to gradients that no update has used yet, as another part of the same batch.</param>
    /// <param name="update">Whether the parameters are updated at once.</param>
    internal double Train(in StepData data, bool accumulate, bool update)
    {
        using TrainerCalls.Holds holds = Calls.Enter();
        return _steps.Run(in data, accumulate, update);
    }

    private StepTimes Times => _steps.Times ?? throw new InvalidOperationException(
        $"{Network.Info.Name} is not profiled; declare it with [Network(Profile = true)].");
}
