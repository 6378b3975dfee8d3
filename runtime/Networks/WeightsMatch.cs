using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>Matches the tensors of a file with the parameters of a network.</summary>
internal sealed class WeightsMatch
{
    private readonly CompiledNetwork _network;
    private readonly SafetensorsHeader _header;
    private readonly string _file;
    private readonly WeightsLoadOptions _options;
    private readonly Dictionary<string, Parameter> _parameters;

    // The tensors of those parameters that have been found, and the keys of the others.
    private readonly Dictionary<Parameter, SafetensorsEntry> _sources = [];
    private readonly HashSet<string> _missing;

    // Of weights that are integers in the file, the tensors with their scales, and where those go.
    private readonly Dictionary<string, SafetensorsEntry> _offered;
    private readonly Dictionary<SafetensorsEntry, WeightScales> _scales = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<Parameter> _mismatched = [];
    private readonly List<string> _unexpected = [];

    // Tensors of shared parameters under the keys of other layers that use them.
    private readonly Dictionary<SafetensorsEntry, Parameter> _copies = new(ReferenceEqualityComparer.Instance);

    private WeightsMatch(CompiledNetwork network, SafetensorsHeader header, string file, WeightsLoadOptions options)
    {
        (_network, _header, _file, _options) = (network, header, file, options);
        _parameters = network.Parameters.ToDictionary(p => p.Key, StringComparer.Ordinal);
        _missing = [.. _parameters.Keys];
        _offered = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>Where each tensor goes (null if it is skipped), where scales go, and the report.</summary>
    /// <exception cref="WeightsFormatException">The file does not fit the network as far as the options ask for it.</exception>
    public static (ParameterTensor?[] Targets, IReadOnlyDictionary<SafetensorsEntry, WeightScales> Scales, WeightsLoadReport Report) Find(
        CompiledNetwork network, SafetensorsHeader header, string file, WeightsLoadOptions options)
    {
        var match = new WeightsMatch(network, header, file, options);
        ParameterTensor?[] targets = [.. header.Entries.Select(match.TargetOf)];
        match.CheckComplete();
        match.CompareCopies(targets);
        return (targets, match._scales, match.Report());
    }

    private ParameterTensor? TargetOf(SafetensorsEntry entry)
    {
        string? key = KeyOf(entry.Name);
        if (key is null || !_parameters.TryGetValue(key, out Parameter? parameter))
        {
            if (_options.Strict && OwnerOf(key) is { } owner)
            {
                if (!SafetensorsReader.Fits(entry, owner.Shape))
                {
                    throw SafetensorsReader.Mismatch(_file, entry, owner.Shape, $" It is the shared parameter '{owner.Key}'.");
                }

                _copies.Add(entry, owner);
                return new ParameterTensor(entry.Name, owner, _network.Memory);
            }

            PassOver(entry, key);
            return null;
        }

        if (!_missing.Remove(parameter.Key))
        {
            throw new WeightsFormatException(
                _file, entry.Name, $"'{MessageText.Show(_sources[parameter].Name)}' is parameter '{parameter.Key}', too.");
        }

        _sources.Add(parameter, entry);
        WeightScales? scales = ScalesOf(entry, parameter);
        if (SafetensorsReader.Fits(entry, parameter.Shape) || (scales is not null && SafetensorsReader.IsShape(entry, parameter.Shape)))
        {
            return new ParameterTensor(entry.Name, parameter, _network.Memory) { Scales = scales };
        }

        if (!_options.SkipMismatched)
        {
            throw SafetensorsReader.Mismatch(
                _file, entry, parameter.Shape,
                (entry.IsScaled && scales is null ? $" Integers need a tensor '{MessageText.Show(entry.Name)}{WeightScales.Suffix}': one "
                    + $"number, or one for each index of an axis of the weight; and none with '{WeightScales.ZeroPoint}'." : "")
                + $" With {nameof(WeightsLoadOptions)} {{ {nameof(_options.Strict)} = false, {nameof(_options.SkipMismatched)} = true }} "
                + "such parameters keep their values, as a new head does.");
        }

        _mismatched.Add(parameter);
        return null;
    }

    /// <summary>The key of the parameter that a tensor's name means under the options; null if the name means none.</summary>
    private string? KeyOf(string name)
    {
        if (!name.StartsWith(_options.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string key = name[_options.Prefix.Length..];
        return _options.Rename is { } rename ? rename(key) : key;
    }

    /// <summary>The scales of a tensor of integers; null for other tensors, and where there are none that fit.</summary>
    private WeightScales? ScalesOf(SafetensorsEntry entry, Parameter parameter)
    {
        WeightScales? scales = WeightScales.Find(entry, parameter, _offered);
        if (scales is null || (KeyOf(scales.Name) is { } key && _parameters.ContainsKey(key)))
        {
            return null;
        }

        _scales.Add(_offered[scales.Name], scales);
        return scales;
    }

    /// <summary>Whether a tensor has the scales of one of integers that is a parameter, which may stand behind it.</summary>
    private bool IsScaleOf(SafetensorsEntry entry) =>
        WeightScales.WeightOf(entry, _offered) is { } weight && KeyOf(weight.Name) is { } key && _parameters.ContainsKey(key);

    /// <summary>Notes a tensor that is no parameter of the network.</summary>
    /// <param name="entry">The tensor.</param>
    /// <param name="key">The key that its name means; null if it means none.</param>
    private void PassOver(SafetensorsEntry entry, string? key)
    {
        if (NetworkWeights.IsIgnored(entry, _header) || IsScaleOf(entry))
        {
            return;
        }

        _unexpected.Add(entry.Name);
        if (_options.Strict)
        {
            throw new WeightsFormatException(
                _file,
                entry.Name,
                $"{_network.Info.Name} has no such parameter; it has "
                + $"{MessageText.List([.. _network.Parameters.Select(p => p.Key)], "none")}."
                + KeyAdvice.Find(_parameters, _header, _options));
        }
    }

    /// <summary>The shared parameter that a key of another layer means; null if it means none. Some files have it for each use.</summary>
    private Parameter? OwnerOf(string? key)
    {
        LayerInfo? layer = key is null ? null : _network.Info.Layers.FirstOrDefault(layer => layer.Weights.Length > 0
            && key.StartsWith(layer.Name, StringComparison.Ordinal) && (key.Length == layer.Name.Length || key[layer.Name.Length] == '.')
            && _parameters.ContainsKey(layer.Weights + key[layer.Name.Length..]));
        return layer is null ? TiedOwnerOf(key) : _parameters[layer.Weights + key![layer.Name.Length..]];
    }

    /// <summary>The same for a transposed convolution with the weight of a convolution. A transposed matrix is no copy.</summary>
    private Parameter? TiedOwnerOf(string? key)
    {
        const string Suffix = ".weight";
        LayerInfo? layer = _network.Info.Layers.FirstOrDefault(layer => layer.Tied.Length > 0 && layer.Name + Suffix == key
            && layer.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal));
        return layer is null ? null : _parameters.GetValueOrDefault(layer.Tied + Suffix);
    }

    /// <summary>Of the tensors of one parameter, the first in the file is read. The others are compared with it.</summary>
    private void CompareCopies(ParameterTensor?[] targets)
    {
        var first = new Dictionary<Parameter, string>();
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] is { } target && !first.TryAdd(target.Parameter, target.Name))
            {
                targets[i] = target with { Copied = (first[target.Parameter], _file) };
            }
        }
    }

    private void CheckComplete()
    {
        if (_options.Strict && _network.Parameters.FirstOrDefault(p => _missing.Contains(p.Key)) is { } absent)
        {
            throw new WeightsFormatException(
                _file,
                absent.Key,
                $"missing; expected F32 {MessageText.Shape(absent.Shape)}, "
                + $"found {MessageText.List([.. _header.Entries.Select(e => e.Name)], "no tensors")}. With "
                + $"{nameof(WeightsLoadOptions)} {{ {nameof(_options.Strict)} = false }} parameters that a file lacks keep their values.");
        }
    }

    private WeightsLoadReport Report()
    {
        string[] Keys(Func<Parameter, bool> condition) => [.. _network.Parameters.Where(condition).Select(p => p.Key)];
        return new WeightsLoadReport(
            Keys(p => _sources.ContainsKey(p) && !_mismatched.Contains(p)), Keys(p => _missing.Contains(p.Key)),
            Keys(_mismatched.Contains), _unexpected)
        {
            Copies = [.. _header.Entries.Where(_copies.ContainsKey).Select(entry => entry.Name)],
        };
    }
}
