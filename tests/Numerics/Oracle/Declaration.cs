using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>An argument of a block's layers: how it is written, and what it is for given values of the block's constants.</summary>
internal sealed record Expression(string Text, Func<IReadOnlyDictionary<string, int>, int> Value)
{
    public static implicit operator Expression(int number) => new(number.ToString(CultureInfo.InvariantCulture), _ => number);
}

/// <summary>
/// What stands on a class, and what it means: each item is written as an attribute, and adds its layers to a graph wherever its
/// scope is used. This is the naming and wiring of the language once more, sharing no code with the generator.
/// </summary>
internal abstract record ScopeItem
{
    public abstract string Text { get; }

    public abstract void Apply(ScopeUse use);

    /// <summary>Puts named arguments behind those that are there.</summary>
    protected static string With(string attribute, params string?[] arguments)
    {
        string[] given = [.. arguments.OfType<string>()];
        return given.Length == 0 ? attribute
            : attribute.EndsWith(')')
            ? $"{attribute[..^1]}{(attribute.EndsWith("()", StringComparison.Ordinal) ? "" : ", ")}{string.Join(", ", given)})"
            : $"{attribute}({string.Join(", ", given)})";
    }

    protected static string? Argument(string name, string? value) => value is null ? null : $"{name} = \"{value}\"";
}

/// <param name="Attribute">How the layer is written, with expressions where it has some.</param>
/// <param name="Make">The layer for given values.</param>
internal sealed record LayerItem(string Attribute, Func<IReadOnlyDictionary<string, int>, Layer> Make) : ScopeItem
{
    /// <summary>Stands for an argument until the expression is written in its place.</summary>
    private const int Marker = 1_000_003;

    public LayerItem(Layer layer)
        : this(layer.Attribute, _ => layer) => Name = layer.Name;

    public string? Name { get; init; }

    public string? From { get; init; }

    public bool Frozen { get; init; }

    /// <summary>The layer whose parameters it uses.</summary>
    public string? Weights { get; init; }

    public override string Text => With(
        Attribute, Argument("Name", Name), Argument("From", From), Frozen ? "Frozen = true" : null, Argument("Weights", Weights));

    /// <summary>A layer one of whose numbers is an expression.</summary>
    public static LayerItem Of(Expression argument, Func<int, Layer> make) => new(
        make(Marker).Attribute.Replace(Marker.ToString(CultureInfo.InvariantCulture), argument.Text, StringComparison.Ordinal),
        values => make(argument.Value(values)));

    public override void Apply(ScopeUse use)
    {
        Layer layer = Make(use.Values);
        int read = From is null ? use.Current : use.Find(From);

        // Of the network's input, a tensor of the network's own has the number of samples.
        int[] reads = layer switch
        {
            OwnTensor => [0],
            MaxUnpool unpool => use.WithPartner(read, unpool.Pool.Name!),
            _ => [read],
        };
        use.Add(layer, reads, Name, Frozen, Weights is null ? null : use.Find(Weights));
    }
}

internal sealed record BranchItem : ScopeItem
{
    public override string Text => "Branch";

    public override void Apply(ScopeUse use) => use.Branch();
}

/// <param name="Join">What is done with the tensors.</param>
/// <param name="Names">Of the tensors; none for the ends of the open branches.</param>
internal sealed record JoinItem(Branches Join, params string[] Names) : ScopeItem
{
    public string? Name { get; init; }

    public override string Text => With(
        Names.Length == 0 ? Join.Attribute : Join.Joining(string.Join(", ", Names.Select(name => $"\"{name}\""))),
        Argument("Name", Name));

    public override void Apply(ScopeUse use) => use.Add(Join, Names.Length == 0 ? use.Close() : [.. Names.Select(use.Find)], Name, false);
}

/// <param name="Name">Null for numbers alone.</param>
internal sealed record SequentialItem(string? Name) : ScopeItem
{
    public override string Text => Name is null ? "Sequential" : $"Sequential(\"{Name}\")";

    public override void Apply(ScopeUse use) => use.Names.Begin(Name);
}

internal sealed record ShortcutItem(Expression Filters, Expression Stride) : ScopeItem
{
    public override string Text => $"Shortcut({Filters.Text}, Stride = {Stride.Text})";

    public override void Apply(ScopeUse use)
    {
        int filters = Filters.Value(use.Values), stride = Stride.Value(use.Values);
        string name = use.Names.NextShortcut();
        Extents input = use.Graph.Nodes[use.Current].Output;
        if (input.Channels != filters || stride != 1)
        {
            Axis axis = new(1, stride);
            Layer projection = input.Rank switch
            {
                2 => new Conv1D(filters, axis, Bias: false),
                3 => new Conv2D(filters, axis, axis, Bias: false),
                _ => new Conv3D(filters, axis, axis, axis, Bias: false),
            };
            use.AddAs(name + ".0", projection, [use.Current], false);
            use.AddAs(name + ".1", new BatchNorm(), [use.Current], false);
        }
    }
}

/// <summary>An attribute class of the user's own.</summary>
/// <param name="Kind">Its name as an attribute.</param>
/// <param name="Parameters">Constants that the constructor sets, with their declared values; the first <paramref name="Required"/> have no
/// default.</param>
/// <param name="Required">How many arguments have to be given.</param>
/// <param name="Computed">Constants that are computed from them.</param>
/// <param name="Items">Its layers.</param>
internal sealed record Block(
    string Kind, (string Name, int Value)[] Parameters, int Required, (string Name, Expression Value)[] Computed,
    IReadOnlyList<ScopeItem> Items)
{
    /// <summary>All constants for given arguments; the declared values where none are given.</summary>
    public IReadOnlyDictionary<string, int> Values(params int[] arguments)
    {
        var values = Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        for (int i = 0; i < arguments.Length; i++)
        {
            values[Parameters[i].Name] = arguments[i];
        }

        foreach ((string name, Expression value) in Computed)
        {
            values[name] = value.Value(values);
        }

        return values;
    }

    public string Declaration()
    {
        var text = new StringBuilder(OracleNetwork.Lines(Items)).Append("public sealed class ").Append(Kind)
            .Append("Attribute : BlockAttribute\n{\n");
        if (Parameters.Length > 0)
        {
            text.Append($"    private const int {string.Join(", ", Parameters.Select(p => $"{p.Name} = {p.Value}"))};\n");
            foreach ((string name, Expression value) in Computed)
            {
                text.Append($"    private const int {name} = {value.Text};\n");
            }

            IEnumerable<string> arguments =
                Parameters.Select((p, i) => $"int {char.ToLowerInvariant(p.Name[0])}{p.Name[1..]}{(i < Required ? "" : $" = {p.Name}")}");
            text.Append($"    public {Kind}Attribute({string.Join(", ", arguments)}) {{ }}\n");
        }

        return text.Append("}\n\n").ToString();
    }
}

/// <param name="Block">What is used.</param>
/// <param name="Arguments">The first ones of its parameters.</param>
internal sealed record BlockItem(Block Block, params Expression[] Arguments) : ScopeItem
{
    /// <summary>Null for a number of its own, empty for none: its layers then belong to the scope around it.</summary>
    public string? Name { get; init; }

    public string? From { get; init; }

    public int? Repeat { get; init; }

    public bool Frozen { get; init; }

    public override string Text => With(
        Arguments.Length == 0 ? Block.Kind : $"{Block.Kind}({string.Join(", ", Arguments.Select(Spell))})",
        Argument("Name", Name), Argument("From", From), Repeat is { } copies ? $"Repeat = {copies}" : null,
        Frozen ? "Frozen = true" : null);

    public override void Apply(ScopeUse use)
    {
        IReadOnlyDictionary<string, int> values = Block.Values([.. Arguments.Select(argument => argument.Value(use.Values))]);
        string stem = char.ToLowerInvariant(Block.Kind[0]) + Block.Kind[1..];
        use.Current = From is null ? use.Current : use.Find(From);
        for (int copy = 0; copy < (Repeat ?? 1) && use.Graph.IsValid; copy++)
        {
            string? name = Repeat is null ? Name : Numbered(Name, copy);
            var inner = new ScopeUse(use, name is "" ? null : use.Names.Next(name, stem), values, Frozen);
            inner.Apply(Block.Items);
            use.Leave(inner, Repeat is not null && copy == Repeat - 1 ? Name : null);
        }
    }

    /// <summary>Arguments behind the required ones have their names.</summary>
    private string Spell(Expression argument, int position) => position < Block.Required
        ? argument.Text
        : $"{char.ToLowerInvariant(Block.Parameters[position].Name[0])}{Block.Parameters[position].Name[1..]}: {argument.Text}";

    /// <summary>stage → stage.0, stage.1; stage.3 → stage.3, stage.4; part{1} → part1, part2.</summary>
    private static string? Numbered(string? name, int copy)
    {
        if (string.IsNullOrEmpty(name))
        {
            return name;
        }

        int open = name.IndexOf('{', StringComparison.Ordinal), dot = name.LastIndexOf('.');
        return open >= 0
            ? name[..open] + (int.Parse(name[(open + 1)..^1], CultureInfo.InvariantCulture) + copy).ToString(CultureInfo.InvariantCulture)
            : int.TryParse(name[(dot + 1)..], CultureInfo.InvariantCulture, out int first)
            ? $"{name[..(dot + 1)]}{first + copy}" : $"{name}.{copy}";
    }
}

/// <summary>Another network, whose layers stand here under their own names.</summary>
internal sealed record LayersOfItem(string Network, IReadOnlyList<ScopeItem> Items) : ScopeItem
{
    public override string Text => $"LayersOf(typeof({Network}))";

    public override void Apply(ScopeUse use)
    {
        var inner = new ScopeUse(use, null, new Dictionary<string, int>(), false);
        inner.Apply(Items);
        use.Leave(inner, null);
    }
}

internal sealed record InputItem(Extents Extents, string? Name = null) : ScopeItem
{
    public override string Text => With($"Input({string.Join(", ", Extents.ToArray())})", Argument("Name", Name));

    public override void Apply(ScopeUse use) => use.AddInput(Extents, Name);
}

/// <param name="Name">Null for the only one.</param>
internal sealed record OutputItem(string? Name = null) : ScopeItem
{
    public string? From { get; init; }

    public override string Text => With(Name is null ? "Output" : $"Output(\"{Name}\")", Argument("From", From));

    public override void Apply(ScopeUse use) => use.Graph.AddOutput(From is null ? use.Current : use.Find(From));
}

internal sealed record LossItem(Objective Objective, double Weight = 1, string? Target = null) : ScopeItem
{
    public string? From { get; init; }

    public override string Text => With(
        Objective.Attribute, Argument("From", From), Weight == 1 ? null : FormattableString.Invariant($"Weight = {Weight:R}"),
        Argument("Target", Target));

    public override void Apply(ScopeUse use) =>
        use.Graph.Add(new OracleLoss(Objective, From is null ? use.Current : use.Find(From), Weight, Target ?? ""));
}

/// <summary>A loss of the caller's.</summary>
internal sealed record ExternalLossItem : ScopeItem
{
    public override string Text => "ExternalLoss";

    public override void Apply(ScopeUse use) => use.Graph.HasExternalLoss = true;
}

/// <summary>One use of a scope: where its layers are added, and what names and constants mean there.</summary>
internal sealed class ScopeUse
{
    private readonly ScopeUse? _around;
    private readonly string? _name;
    private readonly string _prefix;
    private readonly bool _isFrozen;
    private readonly Action _leaveNames;
    private readonly Dictionary<string, int> _tensors = [];
    private readonly List<int> _ends = [];
    private readonly int _input = -1;
    private int _start = -1;

    /// <summary>Of the network: the first item that is trained, until it is reached.</summary>
    private string? _freezeUntil;

    /// <summary>The network itself.</summary>
    public ScopeUse(OracleGraph graph, string? freezeUntil = null)
    {
        (Graph, _freezeUntil, _prefix, Names, Values) = (graph, freezeUntil, "", new ScopeNames(), new Dictionary<string, int>());
        _leaveNames = Names.Enter();
    }

    /// <summary>A scope by itself, behind a tensor of these extents.</summary>
    public ScopeUse(Extents input, IReadOnlyDictionary<string, int> values)
        : this(new OracleGraph())
    {
        Values = values;
        _input = Current = Graph.AddInput(input);
    }

    /// <param name="around">Where the block stands.</param>
    /// <param name="name">Null where its layers belong to the scope around it.</param>
    /// <param name="values">Of its constants.</param>
    /// <param name="isFrozen">Whether nothing in it is trained.</param>
    public ScopeUse(ScopeUse around, string? name, IReadOnlyDictionary<string, int> values, bool isFrozen)
    {
        (Graph, _around, _name, Values, _input) = (around.Graph, around, name, values, around.Current);
        _prefix = around._prefix + (name is null ? "" : name + ".");
        _isFrozen = isFrozen || around._isFrozen;
        Names = name is null ? around.Names : new ScopeNames();
        _leaveNames = Names.Enter();
        Current = _input;
        if (name is not null)
        {
            around.Unfreeze(name);
        }
    }

    public OracleGraph Graph { get; }

    public ScopeNames Names { get; }

    public IReadOnlyDictionary<string, int> Values { get; }

    /// <summary>The tensor behind the last item.</summary>
    public int Current { get; set; } = -1;

    public Extents Extents => Graph.Nodes[Current].Output;

    private ScopeUse Outermost => _around?.Outermost ?? this;

    public void Apply(IEnumerable<ScopeItem> items)
    {
        foreach (ScopeItem item in items)
        {
            if (Graph.IsValid)
            {
                item.Apply(this);
            }
        }
    }

    /// <summary>Adds a layer. It has parameters of its own, unless an owner's place is given.</summary>
    public void Add(Layer layer, int[] inputs, string? name, bool isFrozen, int? owner = null) =>
        AddAs(Names.Next(name, layer.Prefix, isModule: layer is not Branches), layer, inputs, isFrozen, owner);

    /// <summary>Adds a layer whose name in the scope is settled.</summary>
    public void AddAs(string name, Layer layer, int[] inputs, bool isFrozen, int? owner = null)
    {
        Unfreeze(name);
        Current = Graph.Add(layer, inputs, _prefix + name, isFrozen || _isFrozen || Outermost._freezeUntil is not null, owner);
        _tensors[name] = Current;
    }

    public void AddInput(Extents extents, string? name)
    {
        Current = Graph.AddInput(extents);
        _tensors[name ?? "input"] = Current;
    }

    public void Branch()
    {
        if (_start < 0)
        {
            _start = Current;
            return;
        }

        _ends.Add(Current);
        Current = _start;
    }

    /// <summary>The ends of the open group's branches.</summary>
    public int[] Close()
    {
        int[] ends = [.. _ends, Current];
        _ends.Clear();
        _start = -1;
        return ends;
    }

    public int Find(string name) => name == "input" && _input >= 0 ? _input
        : _tensors.TryGetValue(name, out int node) ? node
        : _around?.Find(name) ?? throw new InvalidOperationException($"There is no tensor '{name}'.");

    /// <summary>The elements, the named layer's output and its input.</summary>
    public int[] WithPartner(int read, string name)
    {
        int partner = Find(name);
        return [read, partner, Graph.Nodes[partner].Inputs[0]];
    }

    /// <param name="inner">A block that ends here.</param>
    /// <param name="alias">By which the last of several copies is known as well.</param>
    public void Leave(ScopeUse inner, string? alias)
    {
        Current = inner.Current;
        inner._leaveNames();
        if (inner._name is { } name)
        {
            _tensors[name] = Current;
        }
        else
        {
            foreach ((string key, int node) in inner._tensors)
            {
                _tensors[key] = node;
            }
        }

        if (alias is not (null or ""))
        {
            _tensors.TryAdd(alias, Current);
        }
    }

    private void Unfreeze(string name)
    {
        if (Outermost._freezeUntil is { } first && (_prefix + name + ".").StartsWith(first + ".", StringComparison.Ordinal))
        {
            Outermost._freezeUntil = null;
        }
    }
}

/// <summary>Default names of a scope: numbers by kind, or of a sequence's modules.</summary>
internal sealed class ScopeNames
{
    private readonly Dictionary<string, int> _counts = [];
    private string? _sequence;
    private int _modules;

    public void Begin(string? sequence) => (_sequence, _modules) = (sequence is null ? "" : sequence + ".", 0);

    public string Next(string? name, string stem, bool isModule = true)
    {
        if (isModule && _sequence is not null)
        {
            // One that was chosen counts as well.
            string number = (_modules++).ToString(CultureInfo.InvariantCulture);
            return name ?? _sequence + number;
        }

        _counts[stem] = _counts.GetValueOrDefault(stem) + 1;
        return name ?? stem + _counts[stem].ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The first one has no number.</summary>
    public string NextShortcut()
    {
        string name = Next(null, "downsample", isModule: false);
        return name == "downsample1" ? "downsample" : name;
    }

    /// <summary>A block without a name of its own begins; what is called ends a sequence that begins in it.</summary>
    public Action Enter()
    {
        (string? sequence, int modules) = (_sequence, _modules);
        return () =>
        {
            if (_sequence != sequence)
            {
                (_sequence, _modules) = (sequence, modules);
            }
        };
    }
}
