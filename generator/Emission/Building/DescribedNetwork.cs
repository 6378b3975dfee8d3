using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Strata.Training;

namespace Strata.Compiler.Emission;

/// <summary>Adds to a builder what a network's description says: the inverse of <see cref="RuntimeInfo"/>.</summary>
/// <param name="network">The network.</param>
/// <param name="builder">The builder, which has the network's inputs.</param>
internal sealed class DescribedNetwork(NetworkInfo network, NetworkBuilder builder)
{
    private readonly ScopeNames _names = new();
    private readonly ILookup<string, ParameterInfo> _parameters = network.Parameters.ToLookup(parameter => parameter.Layer);

    /// <summary>By layers that read rounded tensors, what they read of these: joins all of their inputs, others their first.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>> _rounded = new(StringComparer.Ordinal);

    /// <summary>The layers that round tensors, by the tensors.</summary>
    private readonly Dictionary<string, string> _roundings = new(StringComparer.Ordinal);
    private int _rounders;

    /// <summary>The declared operators by what makes them different.</summary>
    private readonly Dictionary<string, string> _declared = [];

    /// <summary>The layers that the first layer of a name reads, with all from which these are computed, in order.</summary>
    /// <param name="until">The name of a layer, or the beginning of several names up to a dot.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<LayerInfo> Before(string until)
    {
        int end = network.Layers.TakeWhile(
            layer => layer.Name != until && !layer.Name.StartsWith(until + ".", StringComparison.Ordinal)).Count();
        if (end == network.Layers.Count)
        {
            string? meant = Similarity.NearestAlike(until, network.Layers.Select(layer => layer.Name));
            throw new ArgumentException(
                $"{network.Name} has no layer or block '{until}'{(meant is null ? "." : $"; '{meant}' is one.")}", nameof(until));
        }

        var needed = new HashSet<string>(InputsOf(end), StringComparer.Ordinal);
        var layers = new List<LayerInfo>();
        for (int i = end - 1; i >= 0; i--)
        {
            if (needed.Contains(network.Layers[i].Name))
            {
                needed.UnionWith(InputsOf(i));
                layers.Insert(0, network.Layers[i]);
            }
        }

        return layers;
    }

    /// <summary>Adds layers, each behind those that it reads.</summary>
    /// <exception cref="NetworkException">One of them has no words in this version.</exception>
    public void AddLayers(IEnumerable<LayerInfo> layers)
    {
        if (network.Inputs.FirstOrDefault(input => network.Layers.Any(layer => layer.Name == input.Name)) is { } same)
        {
            throw new NetworkException(
                $"{network.Name} cannot become a builder: an input and a layer are both called '{same.Name}'. Rename the layer.");
        }

        LayerInfo[] all = [.. layers];
        foreach (LayerInfo layer in all)
        {
            foreach (string owner in new[] { layer.Weights, layer.Tied }.Where(name => name.Length > 0))
            {
                if (!Array.Exists(all, other => other.Name == owner))
                {
                    throw new NetworkException(
                        $"{network.Name} cannot become this builder: the layer '{layer.Name}' uses the parameters of '{owner}', which is "
                        + "not among its layers.");
                }
            }
        }

        foreach (LayerInfo layer in all)
        {
            Add(layer);
        }
    }

    /// <summary>Adds the outputs and the losses.</summary>
    public void AddEnds()
    {
        TensorInfo first = network.Outputs[0];
        string last = network.Losses.OrderByDescending(loss => loss.Weight).FirstOrDefault()?.Tensor ?? network.Layers[^1].Name;
        bool isNamed = network.Outputs.Count > 1 || first.Name != "output";
        foreach (TensorInfo output in isNamed || first.Layer != last ? network.Outputs : [])
        {
            builder.Output(isNamed ? output.Name : null, output.Layer);
        }

        foreach (LossInfo loss in network.Losses)
        {
            Add(loss);
        }

        if (network.HasExternalLoss)
        {
            builder.ExternalLoss();
        }
    }

    /// <summary>The names of the first tensors that layers read, by the layers' names.</summary>
    public static Dictionary<string, string> FirstInputs(NetworkInfo network, IEnumerable<LayerInfo> layers)
    {
        HashSet<string> names = [.. layers.Select(layer => layer.Name)];
        return Enumerable.Range(0, network.Layers.Count).Where(i => names.Contains(network.Layers[i].Name))
            .ToDictionary(i => network.Layers[i].Name, i => InputsOf(network, i)[0]);
    }

    /// <summary>The layers that add, multiply or concatenate others.</summary>
    public static IEnumerable<LayerInfo> Joins(NetworkInfo network) => network.Layers.Where(
        layer => layer is { TrainingOnly: false, Inputs.Count: > 1 }
            && layer.Kind is nameof(NetworkBuilder.Add) or nameof(NetworkBuilder.Multiply) or nameof(NetworkBuilder.Concat));

    /// <summary>
    /// Lets layers read rounded tensors (<see cref="NetworkBuilder.FakeQuantize"/>): joins all of theirs, others their first. Each tensor
    /// is rounded once.
    /// </summary>
    /// <returns>The names of the layers that round, by the names of the tensors; complete once all layers are added.</returns>
    public IReadOnlyDictionary<string, string> RoundInputsOf(IEnumerable<LayerInfo> layers)
    {
        HashSet<string> names = [.. layers.Select(layer => layer.Name)];
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (names.Contains(network.Layers[i].Name))
            {
                _rounded.Add(network.Layers[i].Name, InputsOf(i));
            }
        }

        return _roundings;
    }

    private IReadOnlyList<string> InputsOf(int layer) => InputsOf(network, layer);

    /// <summary>The names of what a layer reads.</summary>
    private static IReadOnlyList<string> InputsOf(NetworkInfo network, int layer) =>
        network.Layers[layer].Inputs is { Count: > 0 } inputs ? inputs
            : [layer == 0 ? network.Inputs[0].Name : network.Layers[layer - 1].Name];

    /// <summary>The name of the layer that rounds a tensor, which is added if it is not there yet.</summary>
    private string Rounded(string tensor)
    {
        if (!_roundings.TryGetValue(tensor, out string? name))
        {
            // No layer of the network has its name.
            var rounding = (LayerOperator)OperatorSet.FindBuiltIn(nameof(NetworkBuilder.FakeQuantize))!;
            do
            {
                name = rounding.Stem + (++_rounders).ToString(CultureInfo.InvariantCulture);
            }
            while (network.Layers.Any(layer => layer.Name == name) || network.Inputs.Any(input => input.Name == name));
            _names.Next(name, rounding.Stem, isModule: true);
            _roundings.Add(tensor, name);
            builder.FakeQuantize(from: tensor, name: name);
        }

        return name;
    }

    private void Add(LayerInfo layer)
    {
        bool isShared = layer.Weights.Length > 0;
        ParameterInfo[] parameters = [.. _parameters[isShared ? layer.Weights : layer.Name]];
        var known = OperatorOf<LayerOperator>(
            $"the layer '{layer.Name}'", layer.Kind, layer.Function, layer.Inputs.Count > 1 ? ["x", "y"] : ["x"], parameters);
        IReadOnlyList<string> read = !_rounded.TryGetValue(layer.Name, out IReadOnlyList<string>? own) ? layer.Inputs
            : known.JoinsBranches ? [.. own.Select(Rounded)] : [Rounded(own[0]), .. own.Skip(1)];
        string name = _names.Next(name: null, known.Stem, isModule: !known.JoinsBranches);
        builder.Append(known.Type, block: null,
        [
            .. known.PartnerArgument is { } partner ? [(partner, layer.Inputs[1])] : Array.Empty<(string, object?)>(),
            .. known.TensorArguments.Zip(layer.Inputs.Skip(1), (argument, tensor) => (argument, (object?)tensor)),
            .. new DescribedArguments(layer, known, parameters).Written,
            known.JoinsBranches ? (known.NamesArgument, read) : (CommonArguments.From.Name, read is [var input, ..] ? input : null),
            (CommonArguments.Name.Name, name == layer.Name ? null : layer.Name),
            (CommonArguments.Frozen.Name, !isShared && Array.Exists(parameters, parameter => parameter.Frozen) ? true : null),
            (CommonArguments.Weights.Name, isShared ? layer.Weights : null),
            (CommonArguments.Tied.Name, layer.Tied.Length > 0 ? layer.Tied : null),
        ]);
    }

    private void Add(LossInfo loss)
    {
        var known = OperatorOf<LossOperator>("a loss", loss.Name, loss.Function, ["y", "t"], trained: []);

        // Losses with one target have the same place in the targets of a sample.
        string target = "target" + loss.TargetOffset.ToString(CultureInfo.InvariantCulture);
        builder.Append(known.Type, block: null,
        [
            .. DescribedArguments.Of(loss, known),
            (CommonArguments.From.Name, loss.Tensor),
            (CommonArguments.Weight.Name, loss.Weight == 1 ? null : loss.Weight),
            (CommonArguments.Target.Name, loss.TargetOffset == 0 ? null : target),
        ]);
    }

    /// <summary>An operator of Strata, or the one of a formula, which is declared once.</summary>
    /// <param name="what">What it computes, for messages.</param>
    /// <param name="function">The formula; empty for an operator of Strata.</param>
    /// <param name="inputs">The names of the formula's tensors.</param>
    /// <param name="trained">The parameters of a layer.</param>
    private T OperatorOf<T>(string what, string kind, string function, string[] inputs, ParameterInfo[] trained)
        where T : Operator
    {
        if (function.Length == 0)
        {
            return OperatorSet.FindBuiltIn(kind) as T ?? throw new NetworkException(
                $"{network.Name} cannot become a builder: {what} is a [{kind}], which this version of Strata does not have.");
        }

        (TrainedConstant Constant, double Initial)[] numbers =
        [
            .. trained.Select(one => (new TrainedConstant(KeyOf(one), KeyOf(one), IsPerChannel: one.Shape[0] > 1), (double)one.Gain)),
        ];
        string key = string.Join('\n', [kind, function, inputs.Length, typeof(T).Name, .. numbers]);
        if (!_declared.TryGetValue(key, out string? type))
        {
            Variable[] variables =
            [
                .. inputs.Select(DeclaredOperator.InputOf),
                .. numbers.Select(number => DeclaredOperator.TrainedOf(number.Constant.Name)),
            ];
            Expression formula = TextNode.TryParse(function, out IReadOnlyList<TextNode> nodes, out string problem) && nodes.Count == 1
                ? FormulaText.Read(nodes[0], variables)
                : throw new NetworkException($"{network.Name} cannot become a builder: the formula of {what} cannot be read: {problem}.");
            _declared.Add(key, type = builder.Declare(formula, inputs, kind, typeof(T) == typeof(LossOperator), numbers));
        }

        return (T)builder.Operators.Find(type)!;
    }

    private static string KeyOf(ParameterInfo parameter) => parameter.Key[(parameter.Layer.Length + 1)..];
}
