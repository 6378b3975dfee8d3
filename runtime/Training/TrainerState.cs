using System;

namespace Strata.Training;

/// <summary>
/// All that a training loop needs to continue with the same bits: parameters, running statistics, the optimizer's state and rate, the
/// numbers of steps and passes, and the network's seed. Checkpoints hold it, and processes that train together begin with that of rank 0.
/// </summary>
internal sealed class TrainerState(CompiledNetwork network, Optimizer optimizer, TrainerSteps steps, TrainerCalls calls)
{
    /// <summary>Number of forward passes in training mode so far. Dropout's random numbers depend on it.</summary>
    public long Passes
    {
        get => steps.Passes;
        set => steps.Passes = value;
    }

    /// <summary>The optimizer's state.</summary>
    public AlignedMemory Optimizer => steps.OptimizerPass.State;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fit">Where <c>Fit</c> is; null outside of it.</param>
    /// <param name="memory">Parameters that <c>Fit</c> keeps.</param>
    public void Save(string path, FitState? fit, FitMemory memory)
    {
        using TrainerCalls.Holds holds = calls.EnterToRead();
        Checkpoint.Save(path, network, steps.OptimizerPass, memory, new CheckpointData
        {
            Version = CheckpointData.CurrentVersion,
            Optimizer = steps.OptimizerPass.Info.ToString(),
            LearningRate = optimizer.LearningRate,
            Steps = steps.Updates,
            Passes = steps.Passes,
            NetworkSeed = network.Seed,
            Fit = fit,
        });
    }

    /// <summary>Reads a checkpoint. If it does not fit, nothing is changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Throws if the caller cannot use it; null if it can use any.</param>
    public (FitState? Fit, FitMemory Memory) Load(string path, Action<CheckpointData>? check)
    {
        using TrainerCalls.Holds holds = calls.Enter();
        (CheckpointData data, FitMemory memory) = Checkpoint.Load(path, network, steps.OptimizerPass, data =>
        {
            Checkpoint.Compare(path, "the optimizer", data.Optimizer, steps.OptimizerPass.Info.ToString());
            check?.Invoke(data);
        });
        optimizer.LearningRate = data.LearningRate;
        steps.GoOn(data.Steps, data.Passes);
        return (data.Fit, memory);
    }

    /// <summary>Gives all ranks the state of rank 0. The caller has entered.</summary>
    public void Send(TrainingWorld world)
    {
        long[] numbers =
            [steps.Updates, steps.Passes, unchecked((long)network.Seed), BitConverter.DoubleToInt64Bits(optimizer.LearningRate)];
        world.Broadcast(numbers);
        world.Broadcast(network.Memory);
        world.Broadcast(steps.OptimizerPass.State);
        network.Seed = unchecked((ulong)numbers[2]);
        optimizer.LearningRate = BitConverter.Int64BitsToDouble(numbers[3]);
        network.TakeOver();
        steps.OptimizerPass.StateReplaced();
        steps.GoOn(numbers[0], numbers[1]);
    }
}
