using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Strata.Training;

namespace Strata;

/// <summary>What was compiled: a network's shapes, layers, parameters and losses, the same for every tier and instance.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="InputShape">Extents of one input sample: (F), (C, L), (C, H, W) or (C, D, H, W).</param>
/// <param name="OutputShape">Extents of one output sample.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Parameters">The parameters, in the order of their layers.</param>
/// <param name="Losses">The losses; empty where the network declares none, or <c>[ExternalLoss]</c>.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record NetworkInfo(
    string Name,
    IReadOnlyList<int> InputShape,
    IReadOnlyList<int> OutputShape,
    IReadOnlyList<LayerInfo> Layers,
    IReadOnlyList<ParameterInfo> Parameters,
    IReadOnlyList<LossInfo> Losses)
{
    /// <summary>The description of a class, without making an instance.</summary>
    /// <typeparam name="TNetwork">The <c>[Network]</c> class.</typeparam>
    public static NetworkInfo Of<TNetwork>() where TNetwork : CompiledNetwork, INetwork<TNetwork> => TNetwork.Info;

    /// <summary>The first loss, or null.</summary>
    public LossInfo? Loss => Losses.Count == 0 ? null : Losses[0];

    /// <summary>Whether the network is declared with <c>[ExternalLoss]</c>: the caller computes the loss and its gradient.</summary>
    public bool HasExternalLoss { get; init; }

    /// <summary>The inputs, in the order in which a sample holds them. An only input without a name is called <c>input</c>.</summary>
    public IReadOnlyList<TensorInfo> Inputs
    {
        get => field ?? [new TensorInfo("input", InputShape, "input")];
        init;
    }

    /// <summary>The outputs, in the order in which a sample holds them. An only output without a name is called <c>output</c>.</summary>
    public IReadOnlyList<TensorInfo> Outputs
    {
        get => field ?? [new TensorInfo("output", OutputShape, Layers.LastOrDefault(layer => !layer.TrainingOnly)?.Name
            ?? Inputs[0].Layer)];
        init;
    }

    /// <summary>
    /// The constants with which the network normalises its input (<see cref="NormalizeAttribute"/>); null where it does not.
    /// </summary>
    public InputNormalization? InputNormalization { get; init; }

    /// <summary>
    /// Whether inference multiplies 8-bit integers, where a layer reads rounded numbers (<see cref="NetworkAttribute.Int8"/>).
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>
    /// The tiers that the network was compiled for, the widest first. The property <c>StrataTiers</c> of the project chooses them. Without
    /// it there are all three, except on hosts that have only one.
    /// </summary>
    public IReadOnlyList<Isa> Tiers { get; init; } = IsaSelection.All;

    /// <summary>
    /// The cost of one sample: multiply-adds plus elements of its layers. It decides how a batch is divided among threads. Computed from
    /// the layers where it is not set.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public long SampleCost
    {
        get => field > 0 ? field : Layers.Sum(layer => layer.MultiplyAdds + CompiledNetwork.Product(layer.OutputShape));
        init;
    }

    /// <summary>Class indices of one sample, for all losses together.</summary>
    public int ClassTargetLength => TargetLength(takesClasses: true);

    /// <summary>Target values of one sample, for all losses together.</summary>
    public int ValueTargetLength => TargetLength(takesClasses: false);

    private int TargetLength(bool takesClasses)
    {
        int length = 0;
        foreach (LossInfo loss in Losses)
        {
            length = loss.TakesClasses == takesClasses ? int.Max(length, loss.TargetOffset + loss.TargetLength) : length;
        }

        return length;
    }
}

/// <summary>An input or an output of a network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Extents for one sample.</param>
/// <param name="Layer">
/// The layer that computes an output. For inputs, what <see cref="LayerInfo.Inputs"/> calls them: the name of the input.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record TensorInfo(string Name, IReadOnlyList<int> Shape, string Layer);

/// <summary>The constants of a <see cref="NormalizeAttribute"/> directly behind a network's only input.</summary>
/// <param name="Means">The mean that is subtracted from each channel.</param>
/// <param name="Deviations">The deviation by which each channel is divided.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record InputNormalization(IReadOnlyList<double> Means, IReadOnlyList<double> Deviations);

/// <summary>One layer: what a row of the network's summary shows.</summary>
/// <param name="Name">The layer's key (<c>conv1</c>).</param>
/// <param name="Kind">The attribute's name (<c>Conv2D</c>).</param>
/// <param name="OutputShape">Extents of its output for one sample.</param>
/// <param name="Formula">The shape's arithmetic, or empty.</param>
/// <param name="ParameterCount">Number of trainable parameters.</param>
/// <param name="MultiplyAdds">
/// Multiply-accumulates of one sample. Convolutions count as sums of products, even if Winograd's algorithm computes them.
/// </param>
/// <param name="ReceptiveField">
/// The receptive field: rows and columns of the network's input (steps of a sequence; planes, rows and columns of a volume) on which one
/// element of the output can depend. Null where the input is flat.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerInfo(
    string Name, string Kind, IReadOnlyList<int> OutputShape, string Formula, int ParameterCount, long MultiplyAdds,
    IReadOnlyList<int>? ReceptiveField = null)
{
    /// <summary>
    /// The attribute's arguments as one would write them: <c>64, 3, Stride = 2</c>. Inside a block they are the values of this use of it.
    /// </summary>
    public string Arguments { get; init; } = "";

    /// <summary>
    /// The values of the arguments in the order of the attribute, with the defaults of those that are left out. An argument that is left
    /// out and has no default is not among them; <see cref="AutoPad"/> is, where it is written. Numbers of windows are in
    /// <see cref="Windows"/>, the sizes of adaptive poolings in <see cref="OutputShape"/>, names of other layers in <see cref="Inputs"/>,
    /// and initial values in <see cref="ParameterInfo"/>.
    /// </summary>
    public IReadOnlyList<ArgumentInfo> Values { get; init; } = [];

    /// <summary>
    /// The axes of the layer's window, slowest first; empty if it has none. Layers that pad or crop have windows of one element.
    /// </summary>
    public IReadOnlyList<WindowInfo> Windows { get; init; } = [];

    /// <summary>
    /// The formula of an elementwise layer that a project declares (<see cref="ElementwiseAttribute"/>); empty for Strata's own layers.
    /// Operators and functions stand before their operands: <c>(* x (Tanh (Softplus x)))</c>. The tensors are <c>x</c> and <c>y</c>, and
    /// <c>trained.slope</c> is the parameter whose key ends with <c>slope</c>.
    /// </summary>
    public string Function { get; init; } = "";

    /// <summary>
    /// The layers and network inputs that the layer reads (<c>input</c> is an input without a name). Empty if it reads the layer before it.
    /// </summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Whether the layer is computed in training only: it belongs to an auxiliary head.</summary>
    public bool TrainingOnly { get; init; }

    /// <summary>The layer whose parameters it uses (<see cref="LayerAttribute.Weights"/>); empty if it has its own, or none.</summary>
    public string Weights { get; init; } = "";

    /// <summary>
    /// The layer whose weight it uses in the opposite direction (<see cref="DenseAttribute.Tied"/>); empty if its weight is its own.
    /// </summary>
    public string Tied { get; init; } = "";

    /// <summary>The value of an argument.</summary>
    /// <typeparam name="T">The type of the attribute's parameter or property.</typeparam>
    /// <param name="name">Its name there: <c>filters</c>, <c>Groups</c>.</param>
    /// <exception cref="ArgumentException">The layer has no such value, or it has another type.</exception>
    public T Argument<T>(string name) => Values.FirstOrDefault(argument => argument.Name == name)?.Value switch
    {
        T value => value,
        null => throw new ArgumentException(
            $"The layer '{Name}' ([{Kind}]) has no value '{name}'. It has: {string.Join(", ", Values.Select(a => a.Name))}.", nameof(name)),
        var other => throw new ArgumentException(
            $"The value '{name}' of the layer '{Name}' ([{Kind}]) is a {other.GetType().Name}, not a {typeof(T).Name}.", nameof(name)),
    };
}

/// <summary>One parameter: its name and shape as in PyTorch, and its initial distribution.</summary>
/// <param name="Key">The state_dict key (<c>conv1.weight</c>).</param>
/// <param name="Shape">PyTorch's extents, such as (O, I/groups, kH, kW) of a 2-D convolution, (O, I) of a dense layer.</param>
/// <param name="Initializer">Distribution of initial values.</param>
/// <param name="FanIn">Number of inputs that one output depends on.</param>
/// <param name="FanOut">Number of outputs that one input affects.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterInfo(string Key, IReadOnlyList<int> Shape, Initializer Initializer, int FanIn, int FanOut)
{
    /// <summary>A parameter that is drawn as PyTorch's layers draw theirs.</summary>
    /// <param name="key">The state_dict key (<c>conv1.weight</c>).</param>
    /// <param name="shape">PyTorch's extents.</param>
    /// <param name="fanIn">Number of inputs that one output depends on.</param>
    /// <param name="fanOut">Number of outputs that one input affects.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ParameterInfo(string key, IReadOnlyList<int> shape, int fanIn, int fanOut)
        : this(key, shape, Initializer.PyTorchUniform, fanIn, fanOut)
    {
    }

    /// <summary>What the parameter is for. By default a bias if the key ends with <c>.bias</c>, otherwise a weight.</summary>
    public ParameterRole Role { get; init; } = Key.EndsWith(".bias", StringComparison.Ordinal) ? ParameterRole.Bias : ParameterRole.Weight;

    /// <summary>The name of the parameter's layer. By default the key without its last part.</summary>
    public string Layer { get; init; } = Key[..int.Max(Key.LastIndexOf('.'), 0)];

    /// <summary>Whether the parameter's layer is frozen: no gradient is computed for it.</summary>
    public bool Frozen { get; init; }

    /// <summary>The factor by which initial values are multiplied.</summary>
    public float Gain { get; init; } = 1;

    /// <summary>The description as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(ParameterInfo), PrintMembers);
}

/// <summary>What a parameter is for.</summary>
public enum ParameterRole
{
    /// <summary>Weights of a convolution or a dense layer.</summary>
    Weight,

    /// <summary>Bias of a convolution or a dense layer.</summary>
    Bias,

    /// <summary>The scale of a normalisation, or the slope of an activation.</summary>
    NormWeight,

    /// <summary>The shift of a normalisation.</summary>
    NormBias,

    /// <summary>A value that training updates without a gradient: running statistics.</summary>
    Buffer,
}
