using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata;

/// <summary>Matches the tensors of a file with the parameters of a network, and reads them.</summary>
internal static class NetworkWeights
{
    // PyTorch's batch norm counts batches, which is not needed here. The count may have any type: casting a whole state_dict casts it, too.
    private const string IgnoredCounter = "num_batches_tracked";

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
        using Lifetime.Share share = network.EnterAlone();
        if (options is { Strict: true, SkipMismatched: true })
        {
            throw new ArgumentException($"{nameof(options.SkipMismatched)} needs {nameof(options.Strict)} = false.", nameof(options));
        }

        network.CompileKernels();
        SafetensorsHeader header = SafetensorsHeader.Read(stream, file, options.MaxHeaderLength);

        (ParameterTensor?[] targets, WeightsLoadReport report) = Match(network, header, file, options);
        // A double may exceed the range of floats, which fails while it is read.
        if (inPlace && !header.Entries.Where((entry, i) => entry.Type == "F64" && targets[i] is not null).Any())
        {
            SafetensorsReader.Read(stream, file, header, targets, network.Threads);
        }
        else
        {
            // Copy only the parameters. The values derived from them come after them in memory.
            using AlignedMemory staging = network.Memory.Copy(network.Program.Packing.Max(packing => packing.Offset + packing.Length));
            SafetensorsReader.Read(stream, file, header,
                [.. targets.Select(target => target is null ? null : target with { Memory = staging })], network.Threads);
            network.Memory.CopyFrom(staging);
        }

        network.TakeOver();
        return report;
    }

    /// <summary>Where each tensor goes (null if it is skipped), and the report.</summary>
    private static (ParameterTensor?[] Targets, WeightsLoadReport Report) Match(
        CompiledNetwork network, SafetensorsHeader header, string file, WeightsLoadOptions options)
    {
        Dictionary<string, Parameter> parameters = network.Parameters.ToDictionary(p => p.Key, StringComparer.Ordinal);
        HashSet<string> missing = [.. parameters.Keys];
        var sources = new Dictionary<Parameter, SafetensorsEntry>();
        var mismatched = new HashSet<Parameter>();
        var unexpected = new List<string>();
        ParameterTensor?[] targets = new ParameterTensor?[header.Entries.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            SafetensorsEntry entry = header.Entries[i];
            string? key = Key(entry.Name, options);
            Parameter? parameter = key is null ? null : parameters.GetValueOrDefault(key);
            if (parameter is null)
            {
                if (IsIgnored(entry, header))
                {
                    continue;
                }

                unexpected.Add(entry.Name);
                if (options.Strict)
                {
                    throw new WeightsFormatException(
                        file,
                        entry.Name,
                        $"{network.Info.Name} has no such parameter; it has "
                        + $"{MessageText.List([.. network.Parameters.Select(p => p.Key)], "none")}."
                        + KeyAdvice.Of(parameters, header, options));
                }
            }
            else if (!missing.Remove(parameter.Key))
            {
                throw new WeightsFormatException(
                    file, entry.Name, $"'{MessageText.Show(sources[parameter].Name)}' is parameter '{parameter.Key}', too.");
            }
            else
            {
                sources.Add(parameter, entry);
                if (SafetensorsReader.Fits(entry, parameter.Shape))
                {
                    targets[i] = new ParameterTensor(entry.Name, parameter, network.Memory);
                }
                else if (!options.SkipMismatched)
                {
                    throw SafetensorsReader.Misfit(file, entry, parameter.Shape);
                }
                else
                {
                    mismatched.Add(parameter);
                }
            }
        }

        if (options.Strict && network.Parameters.FirstOrDefault(p => missing.Contains(p.Key)) is { } absent)
        {
            throw new WeightsFormatException(
                file,
                absent.Key,
                $"missing; expected F32 {MessageText.Shape(absent.Shape)}, "
                + $"found {MessageText.List([.. header.Entries.Select(e => e.Name)], "no tensors")}.");
        }

        string[] Keys(Func<Parameter, bool> condition) => [.. network.Parameters.Where(condition).Select(p => p.Key)];
        return (targets, new WeightsLoadReport(
            Keys(p => sources.ContainsKey(p) && !mismatched.Contains(p)), Keys(p => missing.Contains(p.Key)),
            Keys(mismatched.Contains), unexpected));
    }

    private static string? Key(string name, WeightsLoadOptions options)
    {
        if (!name.StartsWith(options.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string key = name[options.Prefix.Length..];
        return options.Rename is { } rename ? rename(key) : key;
    }

    /// <summary>Whether a tensor may be in the file though it is no parameter.</summary>
    public static bool IsIgnored(SafetensorsEntry entry, SafetensorsHeader header) =>
        entry.Name == IgnoredCounter || entry.Name.EndsWith("." + IgnoredCounter, StringComparison.Ordinal)
        || CheckpointNames.IsOwn(entry, header);
}
