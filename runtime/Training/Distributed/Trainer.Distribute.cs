using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace Strata.Training;

/// <content>Training on several processes.</content>
public partial class Trainer
{
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
    /// all ranks throw. Or the trainer was distributed before, or a <c>Fit</c> is running.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// Some ranks have not called this method within <see cref="DistributedOptions.Timeout"/>. The job has been told to end.
    /// </exception>
    public void Distribute(ICollectives world, DistributedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        options ??= new DistributedOptions();
        CheckNoFit();
        using Holds holds = Enter();
        if (_options is not null)
        {
            throw new InvalidOperationException($"The trainer of {Network.Info.Name} was distributed before.");
        }

        if (world.Size > 1)
        {
            DistributedWorld.Meet(world, options.Timeout);
            var ranks = new DistributedWorld(world, Optimizer, options.SyncBatchNorm) { ComparesData = options.CompareData };
            ranks.RequireSame(SettingsOf(options));
            ranks.SummedGradients = BucketsFor(world, options.BucketSize ?? GradientBuckets.UsualLength);
            _steps.Join(ranks);
            SendState();
        }

        _options = options;
        if (options.LearningRateScaling is { } scaling)
        {
            _steps.Scaling = updates => scaling.FactorOf(GlobalBatchSize, updates);
        }
    }

    /// <summary>The processes that train together.</summary>
    internal TrainingWorld World => _steps.World;

    /// <summary>The most samples of a batch of all ranks.</summary>
    internal long GlobalBatchSize => (long)BatchSize * World.Size;

    /// <summary>The factor of the optimizer's learning rate.</summary>
    internal double RateFactor => _steps.RateFactor;

    /// <summary>All settings of the optimizer as text, except the rate; with the rule by which the rate depends on the batch.</summary>
    internal string OptimizerSettings => Optimizer.AllSettings
        + (_options?.LearningRateScaling is { } scaling ? $", LearningRateScaling = {scaling}" : "");

    /// <summary>Divides the gradients into buckets of at least this many floats.</summary>
    internal GradientBuckets BucketsFor(ICollectives world, int length) => _steps.BucketsFor(world, BatchSize, length);

    /// <summary>Gives all ranks the state of rank 0.</summary>
    private void SendState()
    {
        long[] numbers =
            [Steps, Passes, unchecked((long)Network.Seed), BitConverter.DoubleToInt64Bits(Optimizer.LearningRate)];
        World.Broadcast(numbers);
        World.Broadcast(Network.Memory);
        World.Broadcast(_steps.OptimizerPass.State);
        Network.Seed = unchecked((ulong)numbers[2]);
        Optimizer.LearningRate = BitConverter.Int64BitsToDouble(numbers[3]);
        Network.TakeOver();
        _steps.OptimizerPass.StateReplaced();
        _steps.GoOn(numbers[0], numbers[1]);
    }

    /// <summary>
    /// Lets rank 0 load a checkpoint of <c>Fit</c>, and gives all ranks what it holds. So the other ranks need not see the file.
    /// </summary>
    internal (FitState Fit, FitMemory Memory) LoadForAll(string path, Action<CheckpointData> check)
    {
        FitState? loaded = null;
        FitMemory memory = default;
        string text = World.OnFirst(() =>
        {
            (loaded, memory) = LoadCheckpoint(path, check);
            return World.Size == 1 ? "" : loaded!.ToText();
        });
        if (World.Size == 1)
        {
            return (loaded!, memory);
        }

        using Holds holds = Enter();
        var state = FitState.FromText(text);
        if (!World.IsFirst)
        {
            memory = FitMemory.For(state, Network);
        }

        SendState();
        foreach (AlignedMemory? parameters in new[] { memory.Best, memory.Average })
        {
            if (parameters is not null)
            {
                World.Broadcast(parameters);
            }
        }

        return (state, memory);
    }

    /// <summary>What must be the same on all ranks.</summary>
    private IEnumerable<(string Name, string Value)> SettingsOf(DistributedOptions options)
    {
        NetworkInfo info = Network.Info;
        Assembly strata = typeof(Trainer).Assembly;
        yield return ("version of Strata",
            strata.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{strata.GetName().Version}");
        yield return ("network", info.Name);
        yield return ("parameters", string.Join("; ", Network.Parameters));
        yield return ("layers", string.Join("; ", info.Layers.Select(
            layer => $"{layer.Name}: {layer.Kind}({layer.Arguments}) {layer.Formula}")));
        yield return ("losses", string.Join("; ", info.Losses.Select(loss =>
            string.Create(CultureInfo.InvariantCulture, $"{loss.Name} of {loss.Tensor}, weight {loss.Weight}"))));
        yield return ("tier", Network.Isa.ToString());
        yield return ("batch size", BatchSize.ToString(CultureInfo.InvariantCulture));
        yield return ("optimizer", _steps.OptimizerPass.Info.ToString());
        yield return ("settings of the optimizer", Optimizer.AllSettings);
        yield return ("options", options.ToString());
    }
}
