using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Draws networks from the whole language; the same seed gives the same network on every machine.</summary>
internal sealed class RandomArchitecture
{
    /// <summary>Keeps the oracle's double-precision loops short, and the kernels few.</summary>
    private const long MostMultiplyAdds = 60_000;

    private const int LargestTensor = 3_000, MostNodes = 24;

    private readonly RandomNumbers _random;
    private readonly RandomObjectives _objectives;
    private readonly RandomBlocks _blocks;
    private readonly RandomScope _scope;
    private readonly string _prefix;
    private IReadOnlyList<ScopeItem> _base = [];

    private RandomArchitecture(RandomNumbers random, int seed)
    {
        _random = random;
        _prefix = $"N{seed}";
        _objectives = new RandomObjectives(random);
        _blocks = new RandomBlocks(random, _prefix);
        _scope = new RandomScope(random, _blocks, new ScopeUse(new OracleGraph()));
    }

    private Extents Extents => _scope.Extents;

    public static OracleNetwork Draw(int seed)
    {
        var random = new RandomNumbers((ulong)seed);
        while (true)
        {
            // What becomes too large is drawn again, and what has nothing but an input.
            OracleNetwork network = new RandomArchitecture(random, seed).Draw();
            if (network.Nodes.Any(node => node.Layer is not null)
                && network is
                {
                    IsValid: true, MultiplyAdds: <= MostMultiplyAdds, LargestTensor: <= LargestTensor,
                    Nodes.Count: <= MostNodes
                })
            {
                return network;
            }
        }
    }

    private OracleNetwork Draw()
    {
        string? tap = DrawBody();
        DrawHead();
        Objective objective = _random.Chance(7) ? Objective.None : DrawObjective();
        foreach (Layer layer in Finish(ref objective))
        {
            _scope.Add(layer);
        }

        if (tap is not null)
        {
            // By which the head can be named.
            _scope.Add(_scope.Layers.Activation() with { Name = "top" });
        }

        if (objective != Objective.None)
        {
            _scope.Add(new LossItem(objective, _random.Pick(1, 1, 1, 0.5, 2)));
        }

        if (tap is not null)
        {
            DrawSecond(tap, "top", objective);
        }

        bool isExternal = objective == Objective.None && _random.Chance(2);
        if (isExternal)
        {
            _scope.Add(new ExternalLossItem());
        }

        string? freezeUntil = _scope.Names.Any() && _random.Chance(4) ? _random.Pick([.. _scope.Names]) : null;
        string blocks = string.Concat(RandomBlocks.UsedBy(_base.Concat(_scope.Items)).Select(block => block.Declaration()));
        string other = _base.Count == 0 ? "" : $"[Network]\n{OracleNetwork.Lines(_base)}public sealed partial class {_prefix}Base;\n\n";
        return new OracleNetwork(_scope.Items, (isExternal || objective != Objective.None) && _random.Chance(4),
            freezeUntil, blocks + other)
        {
            Recomputes = _random.Chance(4),
        };
    }

    private Extents DrawInput() => _random.Below(20) switch
    {
        < 3 => Extents.Vector(_random.Between(1, 40)),
        < 8 => Extents.Sequence(_random.Chance(5) ? _random.Pick(8, 16, 17) : _random.Between(1, 6),
            _random.Chance(3) ? _random.Between(20, 50) : _random.Between(1, 19)),
        < 12 => Extents.Volume(_random.Chance(8) ? _random.Pick(16, 17) : _random.Between(1, 3), _random.Between(1, 5),
            _random.Between(1, 6), _random.Between(1, 7)),
        _ => Extents.Image(_random.Chance(5) ? _random.Pick(8, 16, 17) : _random.Between(1, 5), Side(), Side()),
    };

    private int Side() => _random.Chance(3) ? _random.Between(12, 24) : _random.Between(1, 14);

    /// <summary>All inputs, and layers behind them.</summary>
    /// <returns>Name of a tensor on the way, for a head of its own; null where there is none.</returns>
    private string? DrawBody()
    {
        string? tap = null;
        Extents input = DrawInput();
        bool second = _random.Chance(8);
        _scope.Add(new InputItem(input, second || _random.Chance(6) ? "image" : null));
        if (input.Rank > 1 && _random.Chance(8))
        {
            _scope.Add(_scope.Layers.Standardized(input));
        }

        if (_random.Chance(20))
        {
            DrawBase(input);
        }

        int steps = _random.Between(1, input.Rank == 1 ? 3 : 4), tapped = _random.Chance(4) ? _random.Below(steps) : -1;
        for (int i = 0; i < steps; i++)
        {
            _scope.Step();
            if (i == tapped)
            {
                tap = _scope.NewName("tap");
                _scope.Add(new LayerItem(_scope.Layers.Elementwise(Extents)) { Name = tap });
            }
        }

        if (second)
        {
            // Both ends as features, which always go together.
            string first = _scope.NewName("flat"), other = _scope.NewName("flat");
            _scope.Add(new LayerItem(new Flatten()) { Name = first });
            _scope.Add(new InputItem(DrawInput(), "extra"));
            _scope.Step();
            _scope.Add(new LayerItem(new Flatten()) { Name = other });
            _scope.Add(new JoinItem(new Concat(), first, other));
        }

        return tap;
    }

    /// <summary>Other layers before these, which are another network's.</summary>
    private void DrawBase(Extents input)
    {
        var scope = new RandomScope(_random, _blocks, new ScopeUse(new OracleGraph()), mark: "base");
        scope.Add(new InputItem(input));
        scope.Step();
        scope.Step();
        if (_scope.Try(new LayersOfItem($"{_prefix}Base", [.. scope.Items.Skip(1)])))
        {
            _base = scope.Items;
        }
    }

    private void DrawHead()
    {
        if (Extents.Rank > 1 && !_random.Chance(4))
        {
            _scope.Add(new Flatten());
        }

        if (Extents.Rank == 1)
        {
            int count = _random.Between(0, 2);
            for (int i = 0; i < count; i++)
            {
                _scope.Add(_scope.Layers.Dense());
                if (_random.Chance(2))
                {
                    _scope.Add(_scope.Layers.Elementwise(Extents));
                }
            }
        }
    }

    private Objective DrawObjective() => _random.Chance(2) && (Extents.Rank == 1 || Extents.Channels > 1)
        ? _objectives.OfClasses(Extents) : _objectives.OfValues();

    /// <summary>The last layers, which suit the loss.</summary>
    private List<Layer> Finish(ref Objective objective)
    {
        var layers = new List<Layer>();
        if (objective.TakesClasses && Extents.Rank == 1)
        {
            // As many classes as the layer has units.
            Dense dense = new(_random.Between(2, 12));
            objective = _objectives.OfClasses(Extents.Vector(dense.Units));
            layers.Add(dense);
        }
        else if (objective.TakesClasses && _random.Chance(2))
        {
            layers.Add(RandomLayers.Projection(Extents.Channels, Extents.Rank));
        }

        if (objective is CrossEntropyObjective && _random.Chance(2))
        {
            layers.Add(new Softmax());
        }
        else if (objective is BinaryCrossEntropyObjective && _random.Chance(2))
        {
            layers.Add(new Sigmoid());
        }

        return layers;
    }

    /// <summary>A head of its own on a tensor on the way: an auxiliary loss, another output, or both.</summary>
    private void DrawSecond(string tap, string top, Objective objective)
    {
        // Now and then the tensor itself, whose other readers go on.
        Extents there = _scope.ExtentsOf(tap);
        bool ofClasses = _random.Chance(3) ? !objective.TakesClasses : objective.TakesClasses;
        bool isItself = _random.Chance(3) && (!ofClasses || there.Channels > 1);
        string second = isItself ? tap : "second";
        if (!isItself)
        {
            _scope.Add(new LayerItem(new Flatten()) { From = tap });
            _scope.Add(new LayerItem(new Dense(_random.Between(2, 6))) { Name = second });
        }

        Extents end = _scope.ExtentsOf(second);
        bool isOutput = objective == Objective.None || _random.Chance(2);
        if (objective != Objective.None)
        {
            Objective auxiliary = ofClasses ? _objectives.OfClasses(end) : _objectives.OfValues();
            if (!isItself && auxiliary is CrossEntropyObjective && _random.Chance(2))
            {
                _scope.Add(new LayerItem(new Softmax()) { Name = "probabilities" });
            }

            // Classes of whole samples may be the same for both; classes and values may be called the same, since they stand apart.
            bool shares = ofClasses != objective.TakesClasses
                ? _random.Chance(2)
                : objective is { TakesClasses: true } && auxiliary.GetType() == objective.GetType() && _random.Chance(2)
                    && IsFlat(top) && IsFlat(second);
            _scope.Add(new LossItem(auxiliary, _random.Pick(0.3, 0.5, 1.5), shares ? null : "aux") { From = isItself ? second : null });
        }

        if (isOutput)
        {
            _scope.Add(new OutputItem("main") { From = top });
            _scope.Add(new OutputItem("other") { From = second });
        }
    }

    private bool IsFlat(string name) => _scope.ExtentsOf(name).Rank == 1;
}
