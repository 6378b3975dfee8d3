using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>What an item of a graph was made from: the place of its problems, and its name in messages.</summary>
/// <param name="Kind">The operator's name: <c>Conv2D</c>.</param>
/// <param name="Label">Its name in messages: <c>Conv2D 'conv1'</c>.</param>
internal record Source(Site Site, string Kind, string Label)
{
    /// <summary>What a problem of the whole attribute is about.</summary>
    public Subject Here => new(Site, Label);

    /// <summary>What a problem of an argument is about.</summary>
    public Subject At(string argument) => Here.At(argument);

    /// <summary>The values of the arguments.</summary>
    public EquatableArray<ArgumentValue> Values { get; init; }

    /// <summary>Whether a project declares its operator, and not Strata.</summary>
    public bool IsDeclared { get; init; }
}

/// <summary>
/// What a layer was made from. Problems and warnings name a layer by it, also a layer that does not fit and becomes no node. A node is what
/// lowering and descriptions read: it has neither a place nor the words of messages.
/// </summary>
/// <param name="Name">PyTorch's key: <c>layer1.0.conv1</c>.</param>
/// <param name="Identifier">The key as a C# identifier: <c>Layer1_0_Conv1</c>.</param>
internal sealed record LayerSource(Site Site, string Kind, string Label, string Name, string Identifier) : Source(Site, Kind, Label)
{
    /// <summary>The arguments as a user would write them, for comments in the generated code: <c>64, 3, Stride = 2</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Whether the user chose the name. Then other layers may refer to it.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether it reads tensors by name, and not the tensor before it.</summary>
    public bool NamesInputs { get; init; }

    /// <summary>Whether training keeps its parameters as they are.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The layer whose parameters it uses; null if it has its own.</summary>
    public AddedLayer? Owner { get; init; }

    /// <summary>The layer whose weight it uses in the opposite direction; null if its weight is its own.</summary>
    public AddedLayer? TiedTo { get; init; }

    /// <summary>Whether it names that layer itself. Otherwise a block around it names another block.</summary>
    public bool NamesWeights { get; init; }

    /// <summary>The arguments that are written and say only how its parameters begin.</summary>
    public EquatableArray<string> InitialArguments { get; init; } = [];
}
