using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>
/// Draws what stands on a class: a network, or a block with its constants. Every item is tried out before it is taken, so that what
/// stands there fits.
/// </summary>
internal sealed class RandomScope
{
    /// <summary>Keeps the oracle's loops short, and the kernels few.</summary>
    private const int MostMultiplyAdds = 25_000, LargestTensor = 2_500, MostNodes = 16, MostNodesOfBlock = 10;

    private readonly RandomNumbers _random;
    private readonly RandomLayers _layers;
    private readonly RandomBlocks _blocks;
    private readonly ScopeUse _use;
    private readonly List<ScopeItem> _items = [];
    private readonly string _mark;
    private readonly int _depth;
    private int _counter;

    /// <param name="random">What it is drawn with.</param>
    /// <param name="blocks">The network's blocks.</param>
    /// <param name="use">Where it is tried out.</param>
    /// <param name="depth">How many blocks stand around it.</param>
    /// <param name="mark">What names begin with.</param>
    public RandomScope(RandomNumbers random, RandomBlocks blocks, ScopeUse use, int depth = 0, string mark = "")
    {
        (_random, _layers, _blocks, _use, _depth, _mark) = (random, new RandomLayers(random), blocks, use, depth, mark);
    }

    public IReadOnlyList<ScopeItem> Items => _items;

    /// <summary>Those that were given to layers and blocks.</summary>
    public IEnumerable<string> Names => _items.OfType<LayerItem>().Select(item => item.Name)
        .Concat(_items.OfType<BlockItem>().Where(item => item.Repeat is null).Select(item => item.Name)).OfType<string>();

    public RandomLayers Layers => _layers;

    public Extents Extents => _use.Extents;

    public bool IsEmpty => _items.Count == 0;

    public Extents ExtentsOf(string name) => _use.Graph.Nodes[_use.Find(name)].Output;

    /// <summary>A name that no other layer has.</summary>
    public string NewName(string stem) => $"{_mark}{stem}{++_counter}";

    /// <summary>Adds what is known to fit.</summary>
    public void Add(ScopeItem item)
    {
        _items.Add(item);
        item.Apply(_use);
    }

    public void Add(Layer layer, string? from = null) => Add(Named(new LayerItem(layer) { From = from }));

    /// <summary>Adds items if they fit behind what is there.</summary>
    public bool Try(params ScopeItem[] items)
    {
        var trial = new ScopeUse(Extents, _use.Values);
        trial.Apply(items);
        bool fits = trial.Graph.IsValid && _use.Graph.Nodes.Count + trial.Graph.Nodes.Count <= (_depth > 0 ? MostNodesOfBlock : MostNodes)
            && trial.Graph.Nodes.All(node => node.Output.Length <= LargestTensor)
            && trial.Graph.Nodes.Sum(node => node.MultiplyAdds) <= MostMultiplyAdds;
        if (fits)
        {
            Array.ForEach(items, Add);
        }

        return fits;
    }

    /// <summary>One more step: a layer, a group of branches, a block, or a tensor that is read again.</summary>
    public void Step()
    {
        bool isFlat = Extents.Rank == 1;
        bool isTaken = _random.Below(34) switch
        {
            < 4 => Try([.. Group()]),
            < 8 when _depth < 2 => _blocks.Use(this, _depth),
            < 9 => Again(),
            < 10 when !isFlat => Unpooled(),
            < 11 when !isFlat => Excited(),
            < 12 when !isFlat => Residual(),
            < 13 => TrySequential(),
            < 14 => Try([.. _layers.Elementary().Select(layer => new LayerItem(layer))]),
            < 15 => Divided(),
            < 17 => WithOwn(),
            < 18 when !isFlat => Multiplied(),
            < 19 => Chosen(),
            < 22 when Extents.Rank == 2 => Attended(),
            < 23 when Extents.Rank == 2 => Try(Named(new LayerItem(_layers.Recurrent()))),
            < 24 => Gathered(),
            < 25 when Extents.Rank > 2 => Sampled(),
            < 26 => Shared(),
            < 27 when !isFlat => Windowed(),
            _ => Try(Layer()),
        };
        for (int attempts = 0; !isTaken && attempts < 20; attempts++)
        {
            isTaken = Try(Layer());
        }
    }

    /// <summary>A layer that has one of the block's constants among its arguments, where there are some.</summary>
    public ScopeItem Layer()
    {
        if (_use.Values.Count == 0 || _random.Chance(3))
        {
            return Named(new LayerItem(_layers.Any(Extents)));
        }

        Expression filters = Constant();
        int dimensions = Extents.Rank - 1;
        bool bias = !_random.Chance(4);
        LayerItem item = _random.Below(8) switch
        {
            0 when _use.Values.ContainsKey("Percent") =>
                new LayerItem("Dropout(Percent / 100.0)", values => new Dropout(values["Percent"] / 100.0)),
            1 when _use.Values.ContainsKey("Percent") => new LayerItem(
                "SpatialDropout(0.75 - (Percent * 0.01))", values => new SpatialDropout(0.75 - (values["Percent"] * 0.01))),
            2 => new LayerItem($"LeakyReLU(1.0 / ({filters.Text}))", values => new LeakyReLU(1.0 / filters.Value(values))),
            3 => new LayerItem(
                $"LocalResponseNorm(3, Alpha = ({filters.Text}) > 4 ? 0.5 : 1, Beta = 0.75, K = 1)",
                values => new LocalResponseNorm(3, filters.Value(values) > 4 ? 0.5 : 1, 0.75, 1)),
            _ when dimensions == 0 => LayerItem.Of(filters, units => new Dense(units, bias)),
            4 => LayerItem.Of(filters, groups => new ChannelShuffle(groups)),
            5 => LayerItem.Of(filters, groups => new GroupNorm(groups)),
            6 => LayerItem.Of(Stride(),
                stride => RandomLayers.Convolution(3, [.. Enumerable.Repeat(new Axis(2, stride), dimensions)], Auto.Same)),
            _ => Filters(filters, bias),
        };
        return Named(item);
    }

    /// <summary>A name now and then, and frozen parameters.</summary>
    private LayerItem Named(LayerItem item)
    {
        if (item.Name is null && _random.Chance(8))
        {
            item = item with { Name = _random.Chance(3) ? NewName("enc.") : NewName("part") };
        }

        return _random.Chance(14) ? item with { Frozen = true } : item;
    }

    private LayerItem Filters(Expression filters, bool bias)
    {
        int kernel = _random.Between(1, 3);
        bool depthwise = _random.Chance(4);
        Axis[] axes = [.. Enumerable.Repeat(new Axis(kernel), Extents.Rank - 1)];
        return LayerItem.Of(filters, n => RandomLayers.Convolution(n, axes, Auto.Same, depthwise ? n : 1, bias));
    }

    /// <summary>An expression of the constants that is a small positive number.</summary>
    private Expression Constant()
    {
        string name = _random.Pick([.. _use.Values.Keys.Where(key => key is not ("Percent" or "Stride"))]);
        Expression[] forms =
        [
            new(name, v => v[name]), new(name, v => v[name]), new($"2 * {name}", v => 2 * v[name]),
            new($"{name} / 2 + 1", v => (v[name] / 2) + 1),
            new($"{name} + 3", v => v[name] + 3), new($"{name} % 3 + 1", v => (v[name] % 3) + 1),
            new($"{name} > 4 ? {name} - 1 : 5", v => v[name] > 4 ? v[name] - 1 : 5),
            new($"(int)(1.5 * {name})", v => (int)(1.5 * v[name])), new($"17 - {name}", v => 17 - v[name]),
        ];
        return _random.Pick([.. forms.Where(form => form.Value(_use.Values) is > 0 and < 20)]);
    }

    private Expression Stride() => _use.Values.ContainsKey("Stride") ? new Expression("Stride", v => v["Stride"]) : _random.Between(1, 2);

    /// <summary>Branches that fit together: strided ones all begin with the same stride and Same padding.</summary>
    private List<ScopeItem> Group()
    {
        bool concat = _random.Chance(2), isFlat = Extents.Rank == 1, flattens = !isFlat && concat && _random.Chance(5);
        int stride = !isFlat && !flattens && _random.Chance(4) ? 2 : 1;
        int channels = _random.Chance(2) ? Extents.Channels : _random.Chance(3) ? _random.Pick(13, 16, 17) : _random.Between(1, 8);
        var items = new List<ScopeItem>();
        int paths = _random.Chance(3) ? _random.Between(3, 4) : 2;
        for (int p = 0; p < paths; p++)
        {
            items.Add(new BranchItem());
            var trial = new ScopeUse(Extents, _use.Values);
            int count = stride > 1 ? _random.Between(1, 3) : _random.Chance(3) ? 0 : _random.Between(1, 3);
            for (int i = 0; i < count && trial.Graph.IsValid; i++)
            {
                int first = i == 0 ? stride : 1;
                BlockItem? block = first == 1 && !flattens && _depth < 2 && _random.Chance(2)
                    ? _blocks.Keeping(trial.Extents, _depth) : null;
                Take(block ?? (ScopeItem)Named(new LayerItem(
                    isFlat ? _random.Chance(2) ? _layers.Dense() : _layers.Elementwise(trial.Extents)
                    : flattens ? _layers.Any(trial.Extents) : _layers.Resizing(trial.Extents, first))));
            }

            if (flattens)
            {
                Take(new LayerItem(new Flatten()));
            }
            else if (!concat && trial.Graph.IsValid && trial.Extents.Channels != channels)
            {
                // One channel is repeated for the others.
                Take(new LayerItem(RandomLayers.Projection(_random.Chance(5) ? 1 : channels, trial.Extents.Rank)));
            }

            void Take(ScopeItem item)
            {
                items.Add(item);
                trial.Apply([item]);
            }
        }

        items.Add(new JoinItem(
            concat ? new Concat() : paths == 2 && _random.Chance(3) ? _random.Chance(2) ? OwnOperators.Gate : new Subtract()
            : _random.Below(10) switch { < 2 => new Multiply(), < 4 => new Maximum(), < 6 => new Minimum(), _ => new Add() }));
        return items;
    }

    /// <summary>A tensor that is read once more by its name, or what the scope begins with.</summary>
    private bool Again()
    {
        string first = NewName("skip"), second = NewName("skip");
        if (!Try(new LayerItem(_layers.Elementwise(Extents)) { Name = first }))
        {
            return false;
        }

        Extents fork = Extents;
        LayerItem Next(string? name, string? from) =>
            new(fork.Rank == 1 ? _layers.Elementwise(fork) : _layers.Resizing(fork, 1)) { Name = name, From = from };
        if (_random.Chance(2))
        {
            // Two readers of the first.
            string other = NewName("skip");
            Add(Next(other, null));
            Add(Next(second, first));
            return Join(other, second);
        }

        if (fork.Rank == 1 && _random.Chance(2))
        {
            Add(Next(null, null));
        }

        Add(Next(second, null));
        return _depth > 0 && Joins("input", second).Length > 0 && _random.Chance(2) ? Join("input", second)
            : _random.Chance(4) ? Join(second, first, second) : Join(first, second);
    }

    private Branches[] Joins(params string[] names) =>
    [
        .. new Branches[]
            {
                new Add(), new Multiply(), new Concat(), OwnOperators.Gate, OwnOperators.Gate, new Subtract(), new Maximum(), new Minimum(),
            }
            .Where(join => join.Fits([.. names.Select(ExtentsOf)])),
    ];

    private bool Join(params string[] names)
    {
        Add(new JoinItem(_random.Pick(Joins(names)), names) { Name = _random.Chance(3) ? NewName("joined") : null });
        return true;
    }

    /// <summary>A max pooling and its inverse, with layers between that keep the extents.</summary>
    private bool Unpooled()
    {
        MaxPool pool = _layers.MaxPooling(Extents.Rank - 1) with { Name = NewName("down") };
        if (!Try(new LayerItem(pool)))
        {
            return false;
        }

        Extents pooled = Extents;
        Add(_random.Chance(2) ? RandomLayers.Projection(pooled.Channels, pooled.Rank) : _layers.Activation());
        Add(new LayerItem(new MaxUnpool(pool)));
        return true;
    }

    /// <summary>Squeeze and excite.</summary>
    private bool Excited()
    {
        int dimensions = Extents.Rank - 1;
        return Try(
            new BranchItem(), new BranchItem(), new LayerItem(new AdaptiveAveragePool(dimensions)),
            new LayerItem(RandomLayers.Projection(_random.Between(1, 4), dimensions + 1)),
            new LayerItem(_layers.Activation()), new LayerItem(RandomLayers.Projection(Extents.Channels, dimensions + 1)),
            new LayerItem(_random.Chance(2) ? new Sigmoid() : new HardSigmoid()), new JoinItem(new Multiply()));
    }

    /// <summary>A tensor divided by one that is not near 0: of its shape, or with one channel, or with one pixel.</summary>
    private bool Divided()
    {
        int rank = Extents.Rank;
        Layer[] divisor = _random.Below(3) switch
        {
            0 when rank > 1 => [new AdaptiveAveragePool(rank - 1)],
            1 => [RandomLayers.Projection(1, rank)],
            _ => [],
        };
        Layer[] positive = [.. divisor, _layers.Positive(isBounded: true), new Affine(1, 0.5)];
        return Try([
            new BranchItem(), new BranchItem(), .. positive.Select(layer => new LayerItem(layer)), new JoinItem(new Divide()),
        ]);
    }

    /// <summary>
    /// A tensor of the network's own, joined with the tensor before it. It has its shape, or another extent along one axis.
    /// </summary>
    private bool WithOwn()
    {
        Axes axis = _layers.One(Extents);
        Extents shape = _random.Chance(3) ? AlongAxes.With(Extents, axis, _random.Between(1, 3)) : Extents;
        var own = new OwnTensor(shape, !_random.Chance(3), BatchAxis: _random.Chance(3));
        Branches join = shape != Extents || _random.Chance(3) ? new Concat { Axis = axis }
            : _random.Chance(2) ? new Add() : new Multiply();
        ScopeItem item = Named(new LayerItem(own));
        return _random.Chance(2) ? Try(new BranchItem(), item, new BranchItem(), new JoinItem(join))
            : Try(new BranchItem(), new BranchItem(), item, new JoinItem(join));
    }

    /// <summary>Products of matrices with matrices computed from them; attention of tokens.</summary>
    private bool Multiplied()
    {
        if (Extents.Rank == 2 && _random.Chance(2))
        {
            return Try(Named(new LayerItem(new Attention(
                _random.Divisor(Extents.Channels), Bias: !_random.Chance(3), Causal: _random.Chance(2)))));
        }

        if (Extents.Rank == 3 && _random.Chance(2))
        {
            int window = _random.Between(2, 4);
            return Try(Named(new LayerItem(new ShiftedWindowAttention(
                _random.Divisor(Extents.Channels), window, Shift: _random.Below(window), Bias: !_random.Chance(3)))));
        }

        bool isFirst = _random.Chance(2);
        var join = new MatMul { TransposeA = isFirst, TransposeB = !isFirst };
        return Try(new BranchItem(), new BranchItem(), new LayerItem(_layers.Elementwise(Extents)), new JoinItem(join));
    }

    /// <summary>Attention of queries to tensors computed from them, with or without a mask.</summary>
    private bool Attended()
    {
        int heads = _random.Divisor(Extents.Channels), length = Extents.Width;
        int rows = _random.Chance(3) ? 1 : length;
        Extents mask = _random.Below(3) switch
        {
            0 => Extents.Sequence(rows, length),
            1 => Extents.Image(1, rows, length),
            _ => Extents.Image(heads, rows, length),
        };
        ScopeItem[] masked = _random.Chance(2) ? [] : [new BranchItem(), Named(new LayerItem(new OwnTensor(mask, !_random.Chance(3))))];
        var join = new ScaledDotProductAttention { Heads = heads, Causal = _random.Chance(2) };
        return Try([
            new BranchItem(), new BranchItem(), new LayerItem(_layers.Elementwise(Extents)), new BranchItem(), .. masked,
            new JoinItem(join),
        ]);
    }

    /// <summary>Elements at the indices of the largest ones of a tensor that is computed from the same.</summary>
    private bool Gathered()
    {
        if (_random.Chance(3))
        {
            return Embedded();
        }

        TopK top = _layers.Top(Extents, indices: true);
        int rank = Extents.Rank;
        ScopeItem[] one = rank > 1 && top.Axis != Axes.Channels && _random.Chance(2)
            ? [new LayerItem(RandomLayers.Projection(1, rank))] : [];
        return Try([
            new BranchItem(), new BranchItem(), .. one, new LayerItem(top), new JoinItem(new Gather { Axis = top.Axis }),
        ]);
    }

    /// <summary>Axes that are split and change places, perhaps joined with themselves before they become fewer.</summary>
    private bool Windowed()
    {
        ScopeItem[] items = [.. _layers.Split(Extents).Select(layer => new LayerItem(layer))];
        ScopeItem[] join = _random.Chance(3)
            ? [new BranchItem(), new BranchItem(), new LayerItem(new Sigmoid()), new JoinItem(new Multiply())] : [];
        return Try([.. items[..^1], .. join, items[^1]]);
    }

    /// <summary>Rows of a table for the channels with the largest elements.</summary>
    private bool Embedded()
    {
        // In a block that is repeated, or used elsewhere, there may be more channels.
        int count = Extents.Channels;
        Layer indices = Extents.Rank == 1 ? new TopK(_random.Between(1, Math.Min(count, 9)), Indices: true)
            : new IndexAlong(Axes.Channels, IsLeast: _random.Chance(2));
        return Try(new LayerItem(indices), Named(new LayerItem(new Embedding(count + 40, _random.Between(1, 18)))));
    }

    /// <summary>Elements at points that are computed from them.</summary>
    private bool Sampled()
    {
        int rank = Extents.Rank;
        var join = new GridSample
        {
            Mode = rank == 3 ? _random.Pick("Bilinear", "Nearest", "Bicubic") : _random.Pick("Bilinear", "Nearest"),
            PaddingMode = _random.Pick("Zeros", "Border", "Reflection"),
            AlignCorners = _random.Chance(2),
        };
        return Try(
            new BranchItem(), new BranchItem(), new LayerItem(RandomLayers.Projection(rank - 1, rank)),
            new LayerItem(rank == 3 ? new Transpose(2, 3, 1) : new Transpose(2, 3, 4, 1)), new JoinItem(join));
    }

    /// <summary>A layer that keeps the shape, and others that use its parameters.</summary>
    private bool Shared()
    {
        int channels = Extents.Channels, rank = Extents.Rank;
        bool hasBias = !_random.Chance(3);
        Layer Convolution(bool isWide) => RandomLayers.Convolution(
            channels, [.. Enumerable.Repeat(new Axis(3, Dilation: isWide ? 2 : 1), rank - 1)], Auto.Same, bias: hasBias);
        Func<bool, Layer> make = _random.Below(8) switch
        {
            < 3 when rank > 1 => Convolution,
            < 5 when rank > 1 => _ => new Dense(channels, hasBias, OverChannels: true),
            < 5 => _ => new Dense(Extents.Channels, hasBias),
            5 when rank == 2 => _ => new Attention(_random.Divisor(channels), hasBias, Causal: _random.Chance(2)),
            6 when rank == 2 => _ => new LSTM(channels, 1, false, hasBias),
            7 when rank > 1 => _ => new GroupNorm(_random.Divisor(channels)),
            _ => _ => new PReLU(PerChannel: hasBias),
        };
        string name = NewName("owner");
        LayerItem[] items =
        [
            new LayerItem(make(false)) { Name = name, Frozen = _random.Chance(8) },
            .. Enumerable.Range(0, _random.Between(1, 2)).SelectMany(_ => (LayerItem[])
            [
                new LayerItem(_layers.Activation()),
                new LayerItem(make(_random.Chance(3))) { Weights = name, Name = _random.Chance(3) ? NewName("user") : null },
            ]),
        ];
        return Try(items);
    }

    /// <summary>Two tensors are compared, and each element is taken from one of them.</summary>
    private bool Chosen()
    {
        string here = NewName("here"), other = NewName("other"), test = NewName("test");

        // Whole numbers may be equal.
        Branches compare = _random.Pick<Branches>(
            new Greater(), new Less(), new Equal(), new GreaterOrEqual(), new LessOrEqual(), new And(), new Or(), new Xor());
        bool isSmooth = compare is Greater or Less;
        Layer first = isSmooth ? _layers.Elementwise(Extents) : _random.Pick<Layer>(new Floor(), new Round());
        if (!Try(new LayerItem(first) { Name = here }))
        {
            return false;
        }

        Add(new LayerItem(isSmooth ? _layers.Activation() : new ReLU()) { Name = other });
        Add(new JoinItem(compare, [here, other]) { Name = test });
        if (_random.Chance(3))
        {
            test = NewName("not");
            Add(new LayerItem(new Not()) { Name = test });
        }

        Add(new JoinItem(new Where(), [test, other, here]));
        return true;
    }

    /// <summary>As in ResNet.</summary>
    private bool Residual()
    {
        Expression filters = _use.Values.Count > 0 ? Constant() : _random.Chance(3) ? Extents.Channels : _random.Between(1, 8),
            stride = Stride();
        int strides = stride.Value(_use.Values), dimensions = Extents.Rank - 1;
        LayerItem first = LayerItem.Of(stride,
            s => RandomLayers.Convolution(3, [.. Enumerable.Repeat(new Axis(3, s, 1, 1), dimensions)], bias: false));
        LayerItem second = LayerItem.Of(filters,
            n => RandomLayers.Convolution(n, [.. Enumerable.Repeat(new Axis(1), dimensions)], bias: false));
        return Try(
            new BranchItem(), first, new LayerItem(new BatchNorm()), new LayerItem(_layers.Activation()), second, new BranchItem(),
            new ShortcutItem(filters, stride), new JoinItem(new Add()));
    }

    private bool TrySequential()
    {
        Add(new SequentialItem(_depth > 0 && _items.Count == 0 ? null : NewName("seq")));
        return false;
    }
}
