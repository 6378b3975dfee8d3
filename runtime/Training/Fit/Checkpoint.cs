using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Strata.Training;

/// <summary>
/// The whole state of training in one safetensors file:
/// - parameters under their keys, so that <c>Load</c> can read them;
/// - the optimizer's state as <c>optimizer/exp_avg/conv1.weight</c>;
/// - the best epoch's parameters as <c>best/conv1.weight</c>;
/// - averages of the parameters as <c>average/conv1.weight</c>;
/// - numbers (rate, steps, place in the epoch) as metadata.
/// </summary>
internal static class Checkpoint
{
    /// <summary>Writes a file, which appears complete or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="updates">The optimizer's state.</param>
    /// <param name="memory">The other parameters that <c>Fit</c> keeps.</param>
    /// <param name="data">The numbers.</param>
    public static void Save(string path, CompiledNetwork network, OptimizerPass updates, FitMemory memory, CheckpointData data) =>
        SafetensorsWriter.Write(
            path,
            Tensors(network, network.Memory, updates.State, updates, memory),
            new Dictionary<string, string>
            {
                [CheckpointNames.Metadata] = data.ToText(),
            });

    /// <summary>Reads a file. Parameters and the optimizer's state change only after everything was read and fits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="updates">Receives the optimizer's state.</param>
    /// <param name="check">Throws if the numbers do not fit this training.</param>
    /// <returns>The numbers, and the other parameters that <c>Fit</c> keeps, which the caller disposes of.</returns>
    public static (CheckpointData Data, FitMemory Memory) Load(
        string path, CompiledNetwork network, OptimizerPass updates, Action<CheckpointData> check)
    {
        using FileStream stream = InputFile.Open(path, bufferSize: 0);
        SafetensorsHeader header = SafetensorsHeader.Read(stream, path);
        var data = CheckpointData.Read(header, path);
        check(data);
        using AlignedMemory parameters = network.Memory.Copy(), state = updates.State.Copy();
        FitMemory memory = default;
        try
        {
            memory = data.Fit is { } fit ? FitMemory.For(fit, network) : default;
            var wanted = Tensors(network, parameters, state, updates, memory).ToDictionary(t => t.Name, StringComparer.Ordinal);
            var targets = new List<ParameterTensor?>();
            foreach (SafetensorsEntry entry in header.Entries)
            {
                if (!wanted.Remove(entry.Name, out ParameterTensor? target))
                {
                    throw new WeightsFormatException(path, entry.Name, $"no part of a checkpoint of {network.Info.Name}.");
                }

                targets.Add(SafetensorsReader.Fits(entry, target.Shape)
                    ? target
                    : throw SafetensorsReader.Mismatch(path, entry, target.Shape));
            }

            if (wanted.Count > 0)
            {
                throw new WeightsFormatException(path, null, $"tensors are missing: {MessageText.List(wanted.Keys, "none")}.");
            }

            SafetensorsReader.Read(stream, path, header, targets);
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        network.Memory.CopyFrom(parameters);
        network.TakeOver();
        network.Seed = data.NetworkSeed;
        updates.State.CopyFrom(state);
        updates.StateReplaced();
        return (data, memory);
    }

    /// <summary>A setting that differs between a checkpoint and the training that is to continue from it.</summary>
    public static void Compare<T>(string path, string what, T saved, T own)
    {
        if (!EqualityComparer<T>.Default.Equals(saved, own))
        {
            throw new WeightsFormatException(
                path, null, string.Create(CultureInfo.InvariantCulture, $"the checkpoint was made with {what} {saved}; here it is {own}."));
        }
    }

    /// <summary>The exception for metadata that <see cref="Save"/> cannot have written.</summary>
    public static WeightsFormatException Damaged(string path, string problem) =>
        new(path, null, $"the checkpoint's metadata is damaged: {problem}");

    private static List<ParameterTensor> Tensors(
        CompiledNetwork network, AlignedMemory parameters, AlignedMemory state, OptimizerPass updates, FitMemory memory)
    {
        var tensors = new List<ParameterTensor>();
        tensors.AddRange(network.Parameters.Select(p => new ParameterTensor(p.Key, p, parameters)));
        for (int i = 0; i < updates.Info.SlotNames.Length; i++)
        {
            string prefix = $"{CheckpointNames.Optimizer}{updates.Info.SlotNames[i]}/";
            long offset = i * updates.StateStride;
            tensors.AddRange(network.Parameters
                .Where(p => p.IsTrainable)
                .Select(p => new ParameterTensor(prefix + p.Key, p, state, offset)));
        }

        Add(CheckpointNames.Best, memory.Best);
        Add(CheckpointNames.Average, memory.Average);
        return tensors;

        void Add(string prefix, AlignedMemory? values)
        {
            if (values is not null)
            {
                tensors.AddRange(network.Parameters.Select(p => new ParameterTensor(prefix + p.Key, p, values)));
            }
        }
    }
}
