using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace Strata.Training;

/// <summary>A trainer's part in training on several processes (ranks). A trainer that was not distributed is the only one.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="steps">Its steps.</param>
/// <param name="calls">Its calls.</param>
/// <param name="state">Its state.</param>
internal sealed class TrainerRanks(Trainer trainer, TrainerSteps steps, TrainerCalls calls, TrainerState state)
{
    // Set by Join.
    private DistributedOptions? _options;
    private ICollectives? _collectives;

    /// <summary>The processes that train together.</summary>
    public TrainingWorld World => steps.World;

    /// <summary>The most samples of a batch of all ranks.</summary>
    public long GlobalBatchSize => (long)trainer.BatchSize * World.Size;

    /// <summary>The factor of the optimizer's learning rate.</summary>
    public double RateFactor => steps.RateFactor;

    /// <summary>All settings of the optimizer as text, except the rate; with the rule by which the rate depends on the batch.</summary>
    public string OptimizerSettings => trainer.Optimizer.AllSettings
        + (_options?.LearningRateScaling is { } scaling ? $", LearningRateScaling = {scaling}" : "");

    /// <summary>Trains with the other processes from now on.</summary>
    public void Join(ICollectives world, DistributedOptions options)
    {
        calls.CheckNoFit();
        using TrainerCalls.Holds holds = calls.Enter();
        if (_options is not null)
        {
            throw new InvalidOperationException($"The trainer of {trainer.Network.Info.Name} was distributed before.");
        }

        if (world.Size > 1)
        {
            DistributedWorld.Meet(world, options.Timeout);
            var ranks = new DistributedWorld(world, trainer.Optimizer, options.SyncBatchNorm) { ComparesData = options.CompareData };
            ranks.RequireSame(SettingsOf(options));
            ranks.SummedGradients = BucketsFor(world, options.BucketSize ?? GradientBuckets.UsualLength);
            steps.Join(ranks);
            state.Send(World);
        }

        (_options, _collectives) = (options, world);
        if (options.LearningRateScaling is { } scaling)
        {
            steps.Scaling = updates => scaling.FactorOf(GlobalBatchSize, updates);
        }
    }

    /// <summary>Lets the trainer of another size train with the same processes, if there are any.</summary>
    public void Admit(Trainer size)
    {
        if (_options is not null)
        {
            size.Ranks.Join(_collectives!, _options);
        }
    }

    /// <summary>Divides the gradients into buckets of at least this many floats.</summary>
    public GradientBuckets BucketsFor(ICollectives world, int length) => steps.BucketsFor(world, trainer.BatchSize, length);

    /// <summary>
    /// Lets rank 0 load a checkpoint of <c>Fit</c>, and gives all ranks what it holds. So the other ranks need not see the file.
    /// </summary>
    public (FitState Fit, FitMemory Memory) Load(string path, Action<CheckpointData> check)
    {
        FitState? loaded = null;
        FitMemory memory = default;
        string text = World.OnFirst(() =>
        {
            (loaded, memory) = state.Load(path, check);
            return World.Size == 1 ? "" : loaded!.ToText();
        });
        if (World.Size == 1)
        {
            return (loaded!, memory);
        }

        using TrainerCalls.Holds holds = calls.Enter();
        var fit = FitState.FromText(text);
        if (!World.IsFirst)
        {
            memory = FitMemory.For(fit, trainer.Network);
        }

        state.Send(World);
        foreach (AlignedMemory? parameters in new[] { memory.Best, memory.Average })
        {
            if (parameters is not null)
            {
                World.Broadcast(parameters);
            }
        }

        return (fit, memory);
    }

    /// <summary>What must be the same on all ranks.</summary>
    private IEnumerable<(string Name, string Value)> SettingsOf(DistributedOptions options)
    {
        NetworkInfo info = trainer.Network.Info;
        Assembly strata = typeof(Trainer).Assembly;
        yield return ("version of Strata",
            strata.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{strata.GetName().Version}");
        yield return ("network", info.Name);
        yield return ("parameters", string.Join("; ", trainer.Network.Parameters));
        yield return ("layers", string.Join("; ", info.Layers.Select(
            layer => $"{layer.Name}: {layer.Kind}({layer.Arguments}) {layer.Formula}")));
        yield return ("losses", string.Join("; ", info.Losses.Select(loss =>
            string.Create(CultureInfo.InvariantCulture, $"{loss.Name} of {loss.Tensor}, weight {loss.Weight}"))));
        yield return ("tier", trainer.Network.Isa.ToString());
        yield return ("batch size", trainer.BatchSize.ToString(CultureInfo.InvariantCulture));
        yield return ("optimizer", steps.OptimizerPass.Info.ToString());
        yield return ("settings of the optimizer", trainer.Optimizer.AllSettings);
        yield return ("options", options.ToString());
    }
}
