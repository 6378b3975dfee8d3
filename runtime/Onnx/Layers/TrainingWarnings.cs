using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>
/// What layers cannot say of the file's network though training depends on it. Inference is the same, so nothing else would tell.
/// </summary>
internal sealed class TrainingWarnings
{
    /// <summary>Names in a sentence; the others are counted.</summary>
    private const int MostNames = 4;

    private readonly List<string> _frozen = [], _folded = [], _spread = [], _added = [], _momenta = [];

    /// <summary>What reads each constant without a key, as its parameter.</summary>
    private readonly Dictionary<OnnxConstant, List<OnnxNode>> _readers = new(ReferenceEqualityComparer.Instance);

    /// <summary>A layer that is trained reads a constant as its parameter.</summary>
    public void Reads(OnnxNode node, OnnxConstant constant)
    {
        if (constant.Key.Length == 0)
        {
            _readers.TryAdd(constant, []);
            _readers[constant].Add(node);
        }
    }

    /// <summary>A layer computes with constants, and is frozen.</summary>
    public void Frozen(OnnxNode? node) => Note(_frozen, node);

    /// <summary>Constants behind a layer were multiplied into its parameters, or added to them, which keep their keys.</summary>
    public void Folded(Layer layer)
    {
        if (layer.Parameters.FirstOrDefault(parameter => parameter.Key.Length > 0) is { } parameter)
        {
            _folded.Add(parameter.Key);
        }
    }

    /// <summary>One number of the file is a parameter of several elements.</summary>
    public void Spread(OnnxConstant constant) => _spread.Add(constant.Key);

    /// <summary>A parameter of the file is added, which <c>[Scale]</c> does with a factor that the file does not have.</summary>
    public void Added(OnnxConstant constant) => _added.Add(constant.Key);

    /// <summary>A batch norm has a momentum beyond 0 and 1.</summary>
    public void Momentum(OnnxNode node) => Note(_momenta, node);

    /// <summary>All sentences.</summary>
    /// <param name="layers">The layers with parameters of their own.</param>
    public IEnumerable<string> Sentences(IEnumerable<Layer> layers)
    {
        foreach (string sentence in Shared(layers))
        {
            yield return sentence;
        }

        if (_frozen.Count > 0)
        {
            yield return $"Constants, which are no parameters of the file, are in frozen layers: {Names(_frozen)}. "
                + "Where they are to be trained, remove Frozen.";
        }

        if (_folded.Count > 0)
        {
            yield return $"Constants behind layers were folded into their parameters: {Names(_folded)}. They are not the file's numbers; "
                + "weights that are loaded by these keys must be folded, too.";
        }

        if (_spread.Count > 0)
        {
            yield return $"One number of the file is one for each channel here: {Names(_spread)}. Training moves them apart.";
        }

        if (_added.Count > 0)
        {
            yield return $"What the file only adds has a factor of 1 here, which training changes: {Names(_added)}.";
        }

        if (_momenta.Count > 0)
        {
            yield return $"The momentum of batch norms is not between 0 and 1: {Names(_momenta)}. Here it is 0.1.";
        }
    }

    /// <summary>Parameters of which the file has one for several layers.</summary>
    private IEnumerable<string> Shared(IEnumerable<Layer> layers)
    {
        var owners = new Dictionary<string, HashSet<Layer>>(StringComparer.Ordinal);
        foreach (Layer layer in layers.Where(layer => !layer.IsFrozen))
        {
            foreach (string origin in layer.OwnParameters.Select(parameter => parameter.Origin()).Where(origin => origin.Length > 0))
            {
                owners.TryAdd(origin, []);
                owners[origin].Add(layer);
            }
        }

        string[] shared =
        [
            .. owners.Where(pair => pair.Value.Count > 1 && pair.Value.Any(layer => layer.Parameters.Any(one => one.Key == pair.Key)))
                .Select(pair => Counted(pair.Key, pair.Value.Count)),
            .. _readers.Where(pair => pair.Value.Count > 1
                && (pair.Key.Origin.Length == 0 || owners.TryGetValue(pair.Key.Origin, out HashSet<Layer>? readers) && readers.Count > 1))
                .Select(pair => Counted("that of " + NameOf(pair.Value[0]), pair.Value.Count)),
        ];
        if (shared.Length > 0)
        {
            yield return $"Layers of the file share parameters: {Names(shared)}. Here each layer has its own: training moves them apart.";
        }
    }

    private static string Counted(string name, int layers) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} ({layers} layers)");

    private static string NameOf(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Output.Name;

    private static void Note(List<string> names, OnnxNode? node)
    {
        if (node is not null)
        {
            names.Add(NameOf(node));
        }
    }

    private static string Names(IReadOnlyCollection<string> names)
    {
        string[] distinct = [.. names.Distinct()];
        string some = string.Join(", ", distinct.Take(MostNames));
        return distinct.Length <= MostNames ? some
            : string.Create(CultureInfo.InvariantCulture, $"{some} and {distinct.Length - MostNames} others");
    }
}
