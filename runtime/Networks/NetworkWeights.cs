using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata;

/// <summary>Reads the parameters of a network from the tensors of a file.</summary>
internal static class NetworkWeights
{
    // PyTorch's batch norm counts batches, and its windows of attention have a table of indices, which follows from the window. Neither is
    // needed here. They may have any type: casting a whole state_dict casts them, too.
    private static readonly string[] Ignored = ["num_batches_tracked", "relative_position_index"];

    /// <summary>A network's parameters under their keys.</summary>
    public static IReadOnlyList<ParameterTensor> Tensors(CompiledNetwork network) =>
        [.. network.Parameters.Select(p => new ParameterTensor(p.Key, p, network.Memory))];

    /// <summary>Loads a network's parameters: all that the options ask for, or none if anything fails.</summary>
    /// <param name="network">The network.</param>
    /// <param name="stream">The weights.</param>
    /// <param name="file">What messages call them.</param>
    /// <param name="options">How much must fit, and under which names.</param>
    /// <param name="inPlace">
    /// Whether tensors are read straight into the parameters. That is right if nobody has seen the parameters yet, or if nothing can fail
    /// once the header has been compared with the length and the network. Otherwise they are read into other memory first, since a file
    /// that cannot be read to its end must leave the parameters unchanged.
    /// </param>
    public static WeightsLoadReport Load(CompiledNetwork network, Stream stream, string file, WeightsLoadOptions options, bool inPlace)
    {
        using Lifetime.Hold hold = network.EnterAlone();
        if (options is { Strict: true, SkipMismatched: true })
        {
            throw new ArgumentException($"{nameof(options.SkipMismatched)} needs {nameof(options.Strict)} = false.", nameof(options));
        }

        network.CompileKernels();
        SafetensorsHeader header = SafetensorsHeader.Read(stream, file, options.MaxHeaderLength);
        (ParameterTensor?[] targets, IReadOnlyDictionary<SafetensorsEntry, WeightScales> scales, WeightsLoadReport report) =
            WeightsMatch.Find(network, header, file, options);

        // A copy is compared with the tensor that stands before it.
        bool hasCopies = targets.Any(target => target?.Copied is not null);
        WeightScales?[] byEntry = [.. header.Entries.Select(entry => scales.GetValueOrDefault(entry))];
        int threads = hasCopies ? 1 : network.Threads;

        // A double may exceed the range of floats, and a copy may differ, which fails while it is read. Integers are no weights yet.
        if (inPlace && !hasCopies && scales.Count == 0
            && !header.Entries.Where((entry, i) => entry.Type == "F64" && targets[i] is not null).Any())
        {
            ReadInto(targets);
        }
        else
        {
            // Copy only the parameters. The values derived from them come after them in memory. A network may have none.
            using AlignedMemory staging = network.Memory.Copy(
                network.Program.Packing.Select(packing => packing.Offset + packing.Length).DefaultIfEmpty().Max());
            ReadInto([.. targets.Select(target => target is null ? null : target with { Memory = staging })]);
            network.Memory.CopyFrom(staging);
        }

        network.TakeOver();
        return report;

        void ReadInto(ParameterTensor?[] into)
        {
            ISafetensorsTensor?[] all = [.. into.Select((target, i) => target ?? (ISafetensorsTensor?)byEntry[i])];
            SafetensorsReader.Read(stream, file, header, all, threads);
            for (int i = 0; i < into.Length; i++)
            {
                // The scales may stand behind the weight.
                if (into[i] is { Scales: { } own } target)
                {
                    own.Multiply(target);
                }
            }
        }
    }

    /// <summary>Whether a tensor may be in the file though it is no parameter.</summary>
    public static bool IsIgnored(SafetensorsEntry entry, SafetensorsHeader header) =>
        Ignored.Contains(entry.Name[(entry.Name.LastIndexOf('.') + 1)..])
        || CheckpointNames.IsOwn(entry, header);
}
