using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;

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
    private readonly TargetRules _targets;
    private readonly LossAccount _losses;
    private readonly Evaluator _evaluator;
    private readonly Lifetime _lifetime;

    private readonly TrainingWatch _watch;
    private readonly FitWarnings _warnings;
    private bool _hasEvaluated;

    // Running calls of Fit: 0 or 1.
    private int _fits;

    // Set by Distribute.
    private DistributedOptions? _options;

    internal Trainer(CompiledNetwork network, int batchSize, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (NameFor(network.Info) != GetType().Name)
        {
            throw new ArgumentException(
                $"A {GetType().Name} does not train {network.Info.Name}, whose losses are "
                + $"{(network.Info.Losses.Count == 0 ? "none" : string.Join(", ", network.Info.Losses.Select(loss => loss.Name)))}.",
                nameof(network));
        }

        network.CheckWeightsAreFloats();
        int longest = int.Max(int.Max(network.InputLength, network.OutputLength),
            int.Max(int.Max(network.Info.ClassTargetLength, network.Info.ValueTargetLength), network.Info.Losses.Count));
        if (batchSize > int.MaxValue / longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize,
                $"A batch of {network.Info.Name} has at most {MessageText.Count(int.MaxValue / longest, "sample")}, since each has "
                + $"{MessageText.Count(longest, "number")} and a span holds {int.MaxValue}.");
        }

        using Lifetime.Hold hold = network.Enter();
        Network = network;
        _targets = new TargetRules(network.Info);
        _losses = new LossAccount(network.Info);
        _evaluator = new Evaluator(this, _losses, _targets);
        BatchSize = batchSize;
        Optimizer = optimizer;
        _steps = new TrainerSteps(network, batchSize, optimizer, _losses);
        _warnings = new FitWarnings(() => OnWarning);
        _watch = new TrainingWatch(this, _warnings);
        _lifetime = new Lifetime(this, _steps.Dispose);
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
    public static Trainer For(CompiledNetwork network, int batchSize, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        return NameFor(network.Info) switch
        {
            TrainerName.Classification => new ClassificationTrainer(network, batchSize, optimizer),
            TrainerName.Regression => new RegressionTrainer(network, batchSize, optimizer),
            TrainerName.MultiTask => new MultiTaskTrainer(network, batchSize, optimizer),
            TrainerName.Plain => new Trainer(network, batchSize, optimizer),
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
    public Action<TrainingWarning>? OnWarning { get; set; }

    /// <summary>Updates done so far.</summary>
    public long Steps => _steps.Updates;

    /// <summary>L2 norm of all gradients together at the last update, before clipping; 0 before the first update.</summary>
    public double GradientNorm => _steps.GradientNorm;

    /// <summary>
    /// The names of the network's losses, in the order of the declaration. A layer's only loss has the name of the layer (<c>aux1</c>). If
    /// a layer has several losses, the kind is added (<c>aux1.L1</c>). If several of them are of one kind, a number is added, too
    /// (<c>aux1.L1.1</c>).
    /// </summary>
    public IReadOnlyList<string> LossNames => _losses.Names;

    /// <summary>The losses, with their values at the last step.</summary>
    internal LossAccount Losses => _losses;

    /// <summary>
    /// The value of one loss at the last step or computation of gradients, without its weight. The methods <c>Step</c> and
    /// <c>ComputeGradients</c> return the weighted sum of all losses.
    /// </summary>
    /// <param name="name">One of <see cref="LossNames"/>.</param>
    /// <returns>The mean, or the sum with <see cref="Reduction.Sum"/>; 0 before the first step.</returns>
    /// <exception cref="ArgumentException">There is no loss of this name.</exception>
    public double LossOf(string name)
    {
        int index = Array.IndexOf(_losses.Names, name);
        return index >= 0 ? _losses.Means[index] : throw new ArgumentException(
            $"{Network.Info.Name} has no loss '{name}'; it has {string.Join(", ", LossNames)}.", nameof(name));
    }

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
    public unsafe void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int samples = CheckInputs(inputs);
        Network.CheckOutputs(samples, inputs, outputs);
        _watch.LookAt(inputs);
        using Holds holds = Enter();
        fixed (float* i = inputs, o = outputs)
        {
            _steps.Forward(inputs, i, o, samples);
        }
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
    public unsafe void Backward(ReadOnlySpan<float> outputGradient)
    {
        using Holds holds = Enter();
        CheckBackward(outputGradient);
        fixed (float* gradient = outputGradient)
        {
            _steps.Backward(gradient, null);
        }
    }

    /// <summary>Computes the gradients of all parameters, and the gradient of the inputs.</summary>
    /// <param name="outputGradient">Gradient of the loss with respect to each output of <see cref="Forward"/>.</param>
    /// <param name="inputGradient">Receives the gradient with respect to each input of <see cref="Forward"/>.</param>
    /// <exception cref="ArgumentException">The lengths are not those of the outputs and inputs, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Forward"/> was not called since the last call, or the network is not declared with <c>[Network(InputGradient =
    /// true)]</c>.
    /// </exception>
    public unsafe void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        using Holds holds = Enter();
        if (!Network.Program.HasInputGradient)
        {
            throw new InvalidOperationException(
                $"{Network.Info.Name} computes no gradient of its input. Declare it with [Network(InputGradient = true)]; "
                + "if it is, its outputs have no derivative with respect to the input.");
        }

        CheckBackward(outputGradient);
        if (inputGradient.Length != _steps.ForwardSamples!.Value * (long)Network.InputLength)
        {
            throw new ArgumentException(
                $"The inputs of Forward had {MessageText.Count(_steps.ForwardSamples.Value * (long)Network.InputLength, "float")}; "
                + $"their gradient has room for {inputGradient.Length}.",
                nameof(inputGradient));
        }

        if (inputGradient.Overlaps(outputGradient))
        {
            throw new ArgumentException("The gradient of the inputs overlaps that of the outputs.", nameof(inputGradient));
        }

        // Backward writes the gradients that there are. An input that only comparisons read, for example, has none: 0.
        inputGradient.Clear();
        fixed (float* gradient = outputGradient, input = inputGradient)
        {
            _steps.Backward(gradient, input);
        }
    }

    /// <summary>Updates the parameters with the gradients that were last computed.</summary>
    /// <exception cref="InvalidOperationException">No gradients were computed since the last update.</exception>
    /// <exception cref="TrainingException">
    /// A gradient is not finite, or the update would make a parameter or the optimizer's state infinite. Parameters and state are
    /// unchanged, and running statistics are again those before the passes that computed the gradients.
    /// </exception>
    public void Update()
    {
        using Holds holds = Enter();
        CheckGradients();
        _watch.LookAtRate();
        _steps.Update();
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
    public void SaveCheckpoint(string path) => SaveCheckpoint(path, fit: null, memory: default);

    /// <summary>
    /// Loads what <see cref="SaveCheckpoint(string)"/> has saved. The network must have the same parameters, and the optimizer must be of
    /// the same kind. Its settings should be the same, but they are not compared. The tier and the number of threads may differ. With the
    /// same tier, training continues with the same bits.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsFormatException">The file is damaged, is no checkpoint, or does not fit. Nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be read. Nothing was changed.</exception>
    public void LoadCheckpoint(string path) => LoadCheckpoint(path, check: null).Memory.Dispose();

    /// <summary>
    /// Frees the trainer's memory. A call that is still running ends first. The network is not disposed of. May be called more than once.
    /// </summary>
    public void Dispose()
    {
        _lifetime.End();
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks the arguments, and computes loss and gradients of a step.</summary>
    /// <param name="inputs">1 to <see cref="BatchSize"/> samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="accumulate">Whether to add to gradients that no update has used yet, as another part of the same batch.</param>
    /// <param name="update">Whether the parameters are updated at once.</param>
    private protected float CheckAndTrain(ReadOnlySpan<float> inputs, Targets targets, bool accumulate, bool update)
    {
        int samples = CheckInputs(inputs);
        _targets.Check(targets, samples);
        _watch.LookAt(inputs);
        double loss = Train(new StepData(inputs, targets, order: default, samples), accumulate, update);
        if (update)
        {
            _watch.LookAtRate();
            _watch.LookAtLoss(loss);
        }

        return (float)loss;
    }

    private int CheckInputs(ReadOnlySpan<float> inputs)
    {
        int samples = Network.CountSamples(inputs.Length, nameof(inputs));
        return samples >= (_steps.World.Size > 1 ? 0 : 1) && samples <= BatchSize ? samples : throw new ArgumentException(
            $"A step takes {(BatchSize == 1 ? "" : "1 to ")}{MessageText.Count(BatchSize, "sample")}, not {samples}.", nameof(inputs));
    }

    /// <summary>Computes loss and gradients. The caller has checked the arguments.</summary>
    /// <param name="data">The batch.</param>
    /// <param name="accumulate">Whether to add to gradients that no update has used yet, as another part of the same batch.</param>
    /// <param name="update">Whether the parameters are updated at once.</param>
    internal double Train(in StepData data, bool accumulate, bool update)
    {
        using Holds holds = Enter();
        return _steps.Run(in data, accumulate, update);
    }

    internal void SaveCheckpoint(string path, FitState? fit, FitMemory memory)
    {
        using Holds holds = EnterToRead();
        Checkpoint.Save(path, Network, _steps.OptimizerPass, memory, new CheckpointData
        {
            Version = CheckpointData.CurrentVersion,
            Optimizer = _steps.OptimizerPass.Info.ToString(),
            LearningRate = Optimizer.LearningRate,
            Steps = Steps,
            Passes = Passes,
            NetworkSeed = Network.Seed,
            Fit = fit,
        });
    }

    internal (FitState? Fit, FitMemory Memory) LoadCheckpoint(string path, Action<CheckpointData>? check)
    {
        using Holds holds = Enter();
        (CheckpointData data, FitMemory memory) = Checkpoint.Load(path, Network, _steps.OptimizerPass, data =>
        {
            Checkpoint.Compare(path, "the optimizer", data.Optimizer, _steps.OptimizerPass.Info.ToString());
            check?.Invoke(data);
        });
        Optimizer.LearningRate = data.LearningRate;
        _steps.GoOn(data.Steps, data.Passes);
        return (data.Fit, memory);
    }

    private StepTimes Times => _steps.Times ?? throw new InvalidOperationException(
        $"{Network.Info.Name} is not profiled; declare it with [Network(Profile = true)].");

    /// <summary>Checks the targets, and computes the losses in inference, without dropout.</summary>
    private protected EvaluatedSamples RunEvaluation(ReadOnlyMemory<float> inputs, TargetMemory targets)
    {
        EvaluatedSamples evaluation = _evaluator.Run(inputs, targets, TrainingWorld.Alone);
        if (!_hasEvaluated)
        {
            _hasEvaluated = true;
            _warnings.Add(TrainingWarningKind.InputRange, InputRange.FindProblem(Network, inputs.Span, "The samples to evaluate"));
        }

        return evaluation;
    }

    /// <summary>Like <see cref="RunEvaluation"/>, for trainers whose metrics have an accuracy.</summary>
    private protected ClassificationMetrics EvaluateClasses(ReadOnlyMemory<float> inputs, TargetMemory targets)
    {
        EvaluatedSamples evaluation = RunEvaluation(inputs, targets);
        ConfusionMatrix matrix = evaluation.ConfusionMatrix ?? new ConfusionMatrix(_losses.Infos.First(loss => loss.TakesClasses).Classes);
        return new ClassificationMetrics(evaluation.Loss, matrix) { Losses = evaluation.Losses };
    }

    private static string? NameFor(NetworkInfo network) =>
        TrainerName.For(network.ClassTargetLength > 0, network.ValueTargetLength > 0, network.HasExternalLoss);

    /// <summary>
    /// Computes how much some outputs contribute to the weighted loss of a larger batch. Each loss's share is added to
    /// <paramref name="values"/>.
    /// </summary>
    internal double LossOf(ReadOnlySpan<float> outputs, Targets targets, int samples, double[] divisors, double[] values)
    {
        using Holds holds = EnterToRead();
        return _steps.LossOf(outputs, targets, samples, divisors, values);
    }

    private void CheckBackward(ReadOnlySpan<float> outputGradient)
    {
        if (_steps.ForwardSamples is not { } samples)
        {
            throw new InvalidOperationException("Backward needs a Forward of this trainer before it, one for each call.");
        }

        if (outputGradient.Length != (long)samples * Network.OutputLength)
        {
            throw new ArgumentException(
                $"The outputs of Forward had {MessageText.Count((long)samples * Network.OutputLength, "float")}; "
                + $"their gradient has {outputGradient.Length}.",
                nameof(outputGradient));
        }
    }

    /// <summary>Number of forward passes in training mode so far. Dropout's random numbers depend on it.</summary>
    internal long Passes
    {
        get => _steps.Passes;
        set => _steps.Passes = value;
    }

    /// <summary>The optimizer's state.</summary>
    internal AlignedMemory Remembered => _steps.OptimizerPass.State;

    /// <summary>Which targets the network's losses take.</summary>
    internal TargetRules Targets => _targets;

    /// <exception cref="InvalidOperationException">A <c>Fit</c> of this trainer is running.</exception>
    internal void CheckNoFit()
    {
        if (Volatile.Read(ref _fits) > 0)
        {
            throw SecondFit();
        }
    }

    /// <summary>Marks that a <c>Fit</c> is running.</summary>
    /// <exception cref="InvalidOperationException">Another <c>Fit</c> of this trainer is running.</exception>
    internal void BeginFit()
    {
        if (Interlocked.CompareExchange(ref _fits, 1, 0) > 0)
        {
            throw SecondFit();
        }
    }

    internal void EndFit() => Volatile.Write(ref _fits, 0);

    private InvalidOperationException SecondFit() =>
        new($"A Fit of this trainer of {Network.Info.Name} is at work; wait for its end, or leave its loop, before the next one begins.");

    /// <summary>
    /// Begins a call. Until it ends, the memory of trainer and network is not freed, and calls of other threads are refused.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer or the network.</exception>
    private Holds Enter() => new(this, changes: true);

    /// <summary>Begins a call that does not change the network. Other threads may read the network in the meantime.</summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer, or changes the network.</exception>
    private Holds EnterToRead() => new(this, changes: false);

    private readonly ref struct Holds
    {
        private readonly Lifetime.Hold _trainer;
        private readonly Lifetime.Hold _network;

        public Holds(Trainer trainer, bool changes)
        {
            _trainer = trainer._lifetime.EnterAlone();
            try
            {
                _network = changes ? trainer.Network.EnterAlone() : trainer.Network.Enter();
            }
            catch
            {
                _trainer.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _network.Dispose();
            _trainer.Dispose();
        }
    }
}
