using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A parameter as PyTorch's state_dict names it.</summary>
/// <param name="Key">The layer's key and the parameter's suffix.</param>
/// <param name="Shape">PyTorch's.</param>
/// <param name="IsTrained">False where its layer is frozen, and for what files have and training leaves alone.</param>
internal sealed record OracleParameter(string Key, int[] Shape, bool IsTrained)
{
    public int Length => Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>Inputs of one output.</summary>
    public int FanIn => Length / Shape[0];
}

/// <summary>A layer with what it reads, or an input of the network.</summary>
/// <param name="Number">
/// Of the compiled network's node, from 0: all inputs and layers count in the order of the declaration, blocks written out, and in front
/// of a layer those nodes that the language has no name for. Dropout draws by it.
/// </param>
/// <param name="Layer">Null for an input.</param>
/// <param name="Inputs">Places in the graph of the nodes that it reads.</param>
/// <param name="Reads">Their extents.</param>
/// <param name="Output">Extents of the result.</param>
/// <param name="IsFrozen">Whether its parameters are not trained.</param>
/// <param name="FirstParameter">Where its parameters begin among those of the graph.</param>
internal sealed record OracleNode(int Number, Layer? Layer, int[] Inputs, Extents[] Reads, Extents Output,
    bool IsFrozen, int FirstParameter)
{
    public long MultiplyAdds => Layer?.MultiplyAdds(Reads[0]) ?? 0;
}

/// <summary>A loss on a node's tensor.</summary>
/// <param name="Objective">What is computed.</param>
/// <param name="Node">Of what.</param>
/// <param name="Weight">In the sum of all losses.</param>
/// <param name="Target">Name of its target; losses of one name share it.</param>
internal sealed record OracleLoss(Objective Objective, int Node, double Weight = 1, string Target = "")
{
    public (bool AreClasses, string Name) TargetKey => (Objective.TakesClasses, Target);
}

/// <summary>
/// The layers of a network as they are added one by one. What does not fit makes the graph invalid, and is not looked at further.
/// </summary>
internal sealed class OracleGraph
{
    private readonly List<OracleNode> _nodes = [];
    private readonly List<OracleParameter> _parameters = [];
    private readonly List<OracleLoss> _losses = [];
    private readonly List<int> _outputs = [];
    private int _number;

    public bool IsValid { get; private set; } = true;

    /// <summary>Whether the caller computes a loss.</summary>
    public bool HasExternalLoss { get; set; }

    public IReadOnlyList<OracleNode> Nodes => _nodes;

    public IReadOnlyList<OracleParameter> Parameters => _parameters;

    public IReadOnlyList<OracleLoss> Losses => _losses;

    /// <summary>Where none is declared, what the weightiest loss reads, or the last layer.</summary>
    public IReadOnlyList<int> Outputs => _outputs.Count > 0 ? _outputs
        : [_losses.Count > 0 ? _losses.OrderByDescending(loss => loss.Weight).First().Node : _nodes.Count - 1];

    public IEnumerable<OracleNode> Inputs => _nodes.Where(node => node.Layer is null);

    public int AddInput(Extents extents)
    {
        _nodes.Add(new OracleNode(_number++, null, [], [], extents, false, _parameters.Count));
        return _nodes.Count - 1;
    }

    /// <summary>Adds a layer. It has parameters of its own, unless the place of their owner is given.</summary>
    /// <returns>The layer's place.</returns>
    public int Add(Layer layer, int[] inputs, string key, bool isFrozen, int? owner = null)
    {
        Extents[] reads = [.. inputs.Select(input => _nodes[input].Output)];
        IsValid = IsValid && layer.Fits(reads);
        Extents output = IsValid ? layer.Output(reads) : default;
        IsValid = IsValid && output is { Channels: > 0, Depth: > 0, Height: > 0, Width: > 0 };
        if (!IsValid)
        {
            return inputs[0];
        }

        _number += layer.HiddenNodes(reads);
        if (owner is { } place)
        {
            OracleNode other = _nodes[place];
            _nodes.Add(new OracleNode(_number++, layer, inputs, reads, output, other.IsFrozen, other.FirstParameter));
            return _nodes.Count - 1;
        }

        _nodes.Add(new OracleNode(_number++, layer, inputs, reads, output, isFrozen, _parameters.Count));
        foreach ((string suffix, int[] shape) in layer.Parameters(reads[0]))
        {
            _parameters.Add(new OracleParameter(suffix.Length == 0 ? key : $"{key}.{suffix}", shape, !isFrozen && layer.Trains(suffix)));
        }

        return _nodes.Count - 1;
    }

    public void Add(OracleLoss loss) => _losses.Add(loss);

    public void AddOutput(int node) => _outputs.Add(node);
}
