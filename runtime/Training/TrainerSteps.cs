using System;

namespace Strata.Training;

/// <summary>The data of one step of training. They have been checked.</summary>
/// <param name="inputs">Samples.</param>
/// <param name="targets">Their targets.</param>
/// <param name="order">Which samples form the batch; empty for the first ones.</param>
/// <param name="samples">Size of the batch.</param>
internal readonly ref struct StepData(ReadOnlySpan<float> inputs, Targets targets, ReadOnlySpan<int> order, int samples)
{
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    public Targets Targets { get; } = targets;

    public ReadOnlySpan<int> Order { get; } = order;

    public int Samples { get; } = samples;

    /// <summary>
    /// The divisors of the losses of all parts of the step, if these are known: see <see cref="LossAccount.Divide"/>. The last part then
    /// has an update.
    /// </summary>
    public double[]? Divisors { get; init; }

    /// <summary>
    /// If processes share the batch, and each of them knows all of it: which of the samples form it. Otherwise empty.
    /// </summary>
    public ReadOnlySpan<int> Batch { get; init; }

    /// <summary>The place, in <see cref="Batch"/>, of the first sample of the order.</summary>
    public int FirstSample { get; init; }

    /// <summary>The sample before the first one in the batch, or the batch's last one. MixUp needs it.</summary>
    public int Before { get; init; } = order.IsEmpty ? samples - 1 : order[^1];

    /// <summary>How the samples that the order chooses are changed; null for no changes.</summary>
    public BatchAugmentation? Augmentation { get; init; }

    /// <summary>λ of MixUp; 1 for no MixUp. Needs an order.</summary>
    public float Share { get; init; } = 1;

    /// <summary>The index, within the epoch's data, of the first of these samples. Messages name it.</summary>
    public int First { get; init; }
}

/// <summary>
/// The steps of training of one trainer: forward and backward passes, and updates. A step that fails leaves parameters, running
/// statistics and the optimizer's state as they were. The caller holds a <see cref="Lifetime.Hold"/> of the trainer, and one of the
/// network.
/// </summary>
internal sealed unsafe class TrainerSteps : IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly LossAccount _losses;
    private readonly DenseProducts _products;
    private readonly TrainingPass _pass;
    private readonly RunningStatistics _statistics;
    private readonly TrainingProgress _progress;
    private BatchShare _share;
    private long _seen;

    /// <param name="network">The network.</param>
    /// <param name="batchSize">Most samples of a step.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="losses">Receives the values of the losses.</param>
    /// <param name="first">If the network is another size of one that is trained: the steps of that one.</param>
    public TrainerSteps(
        CompiledNetwork network, int batchSize, Optimizer optimizer, LossAccount losses, TrainerSteps? first = null)
    {
        (_network, _losses, _progress) = (network, losses, first?._progress ?? new TrainingProgress());
        _statistics = new RunningStatistics(network);
        _products = new DenseProducts(network.Program);
        var memory = new TrainingMemory(network.Program, network.InputLength, batchSize);
        OptimizerPass = new OptimizerPass(network, optimizer, _products, memory.FrontOfGradients, first?.OptimizerPass);
        try
        {
            _pass = new TrainingPass(network, memory, _products, OptimizerPass.Gradients);
            OptimizerPass.Times = _pass.Times;
        }
        catch
        {
            OptimizerPass.Dispose();
            throw;
        }
    }

    /// <summary>The gradients, and the optimizer's state.</summary>
    public OptimizerPass OptimizerPass { get; }

    /// <summary>Updates done so far, at any size.</summary>
    public long Updates => _progress.Updates;

    /// <summary>The number of forward passes in training mode so far, at any size. Dropout's random numbers depend on it.</summary>
    public long Passes
    {
        get => _progress.Passes;
        set => _progress.Passes = value;
    }

    /// <summary>Norm of all gradients at the last update, before clipping.</summary>
    public double GradientNorm => _progress.GradientNorm;

    /// <summary>This process's samples of the last forward pass; null if <see cref="Backward"/> has followed.</summary>
    public int? ForwardSamples { get; private set; }

    /// <summary>Measures the time of the steps; null if the network is not profiled.</summary>
    public StepTimes? Times => _pass.Times;

    /// <summary>The processes that train together.</summary>
    public TrainingWorld World { get; private set; } = TrainingWorld.Alone;

    /// <summary>Joins the processes that train together.</summary>
    public void Join(TrainingWorld world)
    {
        World = world;
        _pass.Join(world);
        _losses.DropParts();
        ForwardSamples = null;
    }

    /// <summary>Divides the gradients into buckets that processes sum.</summary>
    public GradientBuckets BucketsFor(ICollectives collectives, int batchSize, int length) => new(
        _network, _products, OptimizerPass.Gradients, collectives, length,
        overlaps: batchSize <= BatchGradients.MostProducts || _products.Slices == 0);

    /// <summary>How the learning rate depends on the batch size; null if it does not.</summary>
    public Func<long, double>? Scaling { get; set; }

    /// <summary>The factor of the learning rate at the last update, or before the first one at that.</summary>
    public double RateFactor => RateFactorOf(long.Max(0, Updates - 1));

    /// <summary>Sets the number of updates and passes, from a checkpoint, which has replaced parameters and state.</summary>
    public void GoOn(long updates, long passes)
    {
        (_progress.Updates, Passes, ForwardSamples) = (updates, passes, null);
        _losses.DropParts();
        _seen = _progress.Changed(this);
    }

    /// <summary>
    /// If another size has changed parameters and state since this one's last call, takes over the state. Gradients of the parameters that
    /// were before are dropped.
    /// </summary>
    public void CatchUp()
    {
        if (_seen != _progress.Changes)
        {
            OptimizerPass.TakeOver(_progress.Newest!.OptimizerPass);
            ForwardSamples = null;
            _losses.DropParts();
            _seen = _progress.Changes;
        }
    }

    /// <summary>All gradients. Deferred ones are computed first.</summary>
    public AlignedMemory AllGradients()
    {
        OptimizerPass.Complete();
        return OptimizerPass.Gradients;
    }

    /// <summary>Does a forward pass in training mode.</summary>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs, int count)
    {
        // The pass overwrites what deferred gradients are computed from: compute them now.
        OptimizerPass.Complete();

        // The caller may still update with the gradients of an earlier step. If that update fails, the statistics from before that step
        // are restored. So their copy must stay the current one until Backward is called: BeginPass makes another copy, the Swap below
        // exchanges the two, and Backward exchanges them again.
        BeginPass(continues: false);
        _share = World.BeginStep(count, _losses);
        fixed (float* i = inputs, o = outputs)
        {
            try
            {
                _pass.Forward(i, o, count, _share.FirstSample, Passes++);
            }
            catch (Exception e)
            {
                DropStep();
                World.Abort(e);
                throw;
            }

            double loss = 0;
            World.EndPass(ref loss, [], _statistics, (double)count / _share.Samples);
            CheckPass(new StepData(inputs, default, default, count), loss: null);
        }

        _statistics.Swap();
        ForwardSamples = count;
    }

    /// <summary>Computes the gradients of the last <see cref="Forward"/>.</summary>
    /// <param name="outputGradient">Gradient of the outputs.</param>
    /// <param name="inputGradient">Receives the gradient of the inputs; empty if it is not wanted.</param>
    public void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        // Backward writes the gradients that there are. An input that only comparisons read, for example, has none: 0.
        inputGradient.Clear();
        ForwardSamples = null;
        _losses.DropParts();
        _statistics.Swap();
        fixed (float* output = outputGradient, input = inputGradient)
        {
            _pass.Backward(output, input);
        }

        double loss = 0;
        World.EndPass(ref loss, [], statistics: null, share: 0);
        _losses.TakeExternal(_share.Samples);
    }

    /// <summary>Computes the loss and the gradients of a batch.</summary>
    /// <param name="data">The batch.</param>
    /// <param name="accumulate">Whether to add to gradients that no update has used yet, as another part of the same batch.</param>
    /// <param name="update">Whether the parameters are updated at once.</param>
    public double Run(in StepData data, bool accumulate, bool update)
    {
        double loss = ComputeGradients(in data, accumulate, update);
        if (update)
        {
            Update(in data, loss);
        }

        return loss;
    }

    private double ComputeGradients(in StepData data, bool accumulate, bool update)
    {
        int earlier = accumulate ? _losses.Parts : 0;
        double? shareOfPart = null;
        _share = ShareOf(in data);
        if (earlier > 0)
        {
            shareOfPart = data.Divisors is null ? _losses.ShareOfPart(_share.Samples) : null;
            OptimizerPass.PutAside();
        }

        double[] divisors = data.Divisors ?? _losses.Divisors;

        // If all parts of the step are known, the ranks sum their gradients once, at the last part: after each rank has joined its own.
        bool joinsFirst = earlier > 0 && data.Divisors is not null, sums = update || data.Divisors is null;
        double loss;
        fixed (float* i = data.Inputs, v = data.Targets.Values)
        fixed (int* c = data.Targets.Classes, o = data.Order)
        {
            var batch = new TrainingBatch
            {
                Inputs = i,
                Classes = c,
                Values = v,
                Divisors = divisors,
                Order = o,
                Augmentation = data.Augmentation,
                Share = data.Share,
                Samples = data.Samples,
                FirstSample = _share.FirstSample,
                Before = data.Before,
            };
            _products.ClearDeferred();
            BeginPass(continues: earlier > 0);
            _losses.DropParts();
            loss = Compute(
                in batch, mayDefer: update && earlier == 0 && OptimizerPass.MayDefer, sumsBuckets: sums && !joinsFirst);
            if (joinsFirst)
            {
                JoinParts(shareOfPart, sums);
            }

            World.EndPass(ref loss, _pass.Values, _statistics, (double)data.Samples / _share.Samples);

            // Without accumulating or updating, the caller gets the loss, and nothing has used the gradients yet. If the loss is not
            // finite, Update refuses them.
            CheckPass(in data, accumulate || update ? loss : null);
        }

        if (earlier > 0 && !joinsFirst)
        {
            OptimizerPass.Join(shareOfPart);
        }

        _losses.Take(_pass.Values, divisors, _share.Samples, earlier);
        return loss;
    }

    /// <summary>Does an update with the gradients that were last computed.</summary>
    public void Update() => Update(default, loss: null);

    /// <summary>
    /// Computes what some outputs contribute to the weighted loss of a larger batch. Each loss's share is added to
    /// <paramref name="values"/>.
    /// </summary>
    public double LossOf(ReadOnlySpan<float> outputs, Targets targets, int samples, double[] divisors, double[] values)
    {
        double loss;
        fixed (float* o = outputs, v = targets.Values)
        fixed (int* c = targets.Classes)
        {
            var batch = new TrainingBatch
            {
                Classes = c,
                Values = v,
                Divisors = divisors,
                Samples = samples,
            };
            _pass.Values.Clear();
            loss = _pass.LossOfOutputs(o, in batch, outputs.Length / _network.OutputLength);
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] += _pass.Values[i];
        }

        return loss;
    }

    public void Dispose()
    {
        _pass.Dispose();
        OptimizerPass.Dispose();
    }

    /// <summary>Does an update. Data and loss only serve to explain a failure.</summary>
    private void Update(in StepData data, double? loss)
    {
        _losses.DropParts();
        OptimizerPass.RateFactor = RateFactorOf(Updates);
        double norm = OptimizerPass.GradientNorm();
        if (!double.IsFinite(norm))
        {
            // Explain looks at all gradients. Where this step's are deferred, the memory still has an earlier step's: compute them.
            OptimizerPass.Complete();
            DropStep();
            throw World.Agree(NonFiniteSearch.Explain(Failed(in data, loss)));
        }

        Overflow? overflow;
        try
        {
            overflow = OptimizerPass.Update(norm, Updates);
        }
        catch
        {
            DropStep();
            throw;
        }

        if (overflow is { } found)
        {
            DropStep();
            throw NonFiniteSearch.ExplainUpdate(_network, Updates, OptimizerPass.LearningRate, found);
        }

        _progress.GradientNorm = norm;
        _progress.Updates++;
        _seen = _progress.Changed(this);
    }

    /// <summary>
    /// Computes gradients. If that fails, the step is dropped. The other processes cannot know, so they are ended.
    /// </summary>
    private double Compute(in TrainingBatch batch, bool mayDefer, bool sumsBuckets)
    {
        try
        {
            return _pass.ComputeGradients(in batch, Passes++, mayDefer, sumsBuckets);
        }
        catch (Exception e)
        {
            DropStep();
            World.Abort(e);
            throw;
        }
    }

    /// <summary>Joins this process's gradients with those of the step's earlier parts, and begins the sums over all processes.</summary>
    private void JoinParts(double? shareOfPart, bool sums)
    {
        OptimizerPass.Join(shareOfPart);
        if (sums)
        {
            World.Buckets?.BeginAll();
        }
    }

    /// <summary>Computes the batch's divisors, and this process's place in it.</summary>
    private BatchShare ShareOf(in StepData data)
    {
        bool isKnown = !data.Batch.IsEmpty;
        int samples = isKnown ? data.Batch.Length : data.Samples;
        _losses.Divide(data.Targets, isKnown ? data.Batch : data.Order, samples, _losses.Divisors, data.Augmentation);
        return isKnown ? new BatchShare(data.FirstSample, samples) : World.BeginStep(samples, _losses);
    }

    private double RateFactorOf(long updates) => Scaling?.Invoke(updates) ?? 1;

    /// <summary>Prepares for a forward pass.</summary>
    /// <param name="continues">Whether it belongs to a step that has gradients already, which no update has used.</param>
    private void BeginPass(bool continues)
    {
        ForwardSamples = null;
        if (!continues || _statistics.WereReplaced)
        {
            _statistics.Keep();
        }
    }

    /// <summary>
    /// Throws if a forward pass gave a loss or running statistics that are not finite, and drops the step. The batch is still pinned.
    /// </summary>
    private void CheckPass(in StepData data, double? loss)
    {
        (Parameter, string)? statistic = _statistics.FindNonFinite();
        if (statistic is null && (loss is not { } value || double.IsFinite(value)))
        {
            return;
        }

        // Restore the statistics before the search, which also finds statistics that were not finite before the step.
        _statistics.Restore();
        try
        {
            throw World.Agree(NonFiniteSearch.Explain(Failed(in data, loss, statistic, _pass)));
        }
        finally
        {
            DropStep();
        }
    }

    private FailedStep Failed(in StepData data, double? loss, (Parameter, string)? statistic = null, TrainingPass? pass = null) => new()
    {
        Network = _network,
        Gradients = OptimizerPass.Gradients,
        Step = Updates,
        Rate = OptimizerPass.LearningRate,
        Inputs = data.Inputs,
        Order = data.Order,
        First = data.First,
        Loss = loss,
        Statistic = statistic,
        Pass = pass,
    };

    /// <summary>Undoes the passes of a step that has failed.</summary>
    private void DropStep()
    {
        _losses.DropParts();
        ForwardSamples = null;
        _statistics.Restore();
    }
}
