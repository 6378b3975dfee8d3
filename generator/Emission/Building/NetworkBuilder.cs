using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Emission;
using Strata.Compiler.Operators;

namespace Strata;

/// <summary>
/// A network that a program puts together at run time, layer by layer. It has the layers, arguments, defaults and rules of the attributes
/// of a <c>[Network]</c> class.
/// </summary>
/// <remarks>
/// <code>
/// using CompiledNetwork net = new NetworkBuilder(3, 64, 64)
///     .Conv2D(32, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2)
///     .Branches(b =&gt; b.Conv2D(64, 1), b =&gt; b.Conv2D(64, 3, padding: 1)).Concat()
///     .GlobalAveragePool2D().Flatten().Dense(classes.Count).CrossEntropy()
///     .Compile();
/// </code>
/// A builder may be changed and compiled again. It is not for several threads at once.
/// </remarks>
public sealed partial class NetworkBuilder
{
    private readonly List<AttributeDeclaration> _layers = [];

    /// <summary>The blocks of the whole network. Builders of its parts share them.</summary>
    private readonly List<BlockDeclaration> _blocks;

    /// <summary>The operators that functions declare, of the whole network.</summary>
    private readonly List<DeclaredOperator> _operators;

    /// <summary>The name of the network from which the builder has its layers; null if there is none.</summary>
    private string? _name;

    /// <summary>Begins a network without an input; see <see cref="Input"/>.</summary>
    public NetworkBuilder()
        : this([], [])
    {
    }

    /// <summary>Begins a network with one input.</summary>
    /// <param name="shape">The extents of one sample: (features), (channels, length), (C, H, W) or (C, D, H, W).</param>
    public NetworkBuilder(params ReadOnlySpan<int> shape)
        : this() => Input(shape.ToArray());

    private NetworkBuilder(List<BlockDeclaration> blocks, List<DeclaredOperator> operators) =>
        (_blocks, _operators) = (blocks, operators);

    /// <summary>Adds an input.</summary>
    /// <param name="shape">The extents of one sample: (features), (channels, length), (C, H, W) or (C, D, H, W).</param>
    /// <param name="name">Its name; needed where there are several.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Input(IReadOnlyList<int> shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        IReadOnlyList<string> names = NumberList.ExtentNamesOf(shape.Count);
        return Append(
            nameof(Compiler.Operators.Input),
            [.. names.Zip(shape, (one, extent) => (one, (object?)extent)), (CommonArguments.Name.Name, name)]);
    }

    /// <summary>Adds branches, each of which begins with the current tensor. A join must follow, such as <see cref="Concat"/>.</summary>
    /// <param name="branches">Each adds the layers of one branch. One that adds none is the identity.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Branches(params ReadOnlySpan<Func<NetworkBuilder, NetworkBuilder>> branches)
    {
        foreach (Func<NetworkBuilder, NetworkBuilder> branch in branches)
        {
            ArgumentNullException.ThrowIfNull(branch, nameof(branches));
            Append(nameof(Branch), []);
            branch(this);
        }

        return this;
    }

    /// <summary>Adds a block, whose name begins the names of its layers: <c>layer1.conv1</c>.</summary>
    /// <param name="name">The block's name.</param>
    /// <param name="layers">Adds the block's layers.</param>
    /// <param name="repeat">
    /// How often the block stands one behind the other. Copies have numbers behind the name. With 0 it is left out.
    /// </param>
    /// <param name="from">The name of the tensor that it reads; by default the one before it.</param>
    /// <param name="frozen">Whether training leaves its parameters as they are.</param>
    /// <param name="weights">The name of a block with the same layers, whose parameters its layers use instead of their own.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Block(
        string name, Func<NetworkBuilder, NetworkBuilder> layers, int repeat = 1, string? from = null, bool frozen = false,
        string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(layers);
        var block = new NetworkBuilder(_blocks, _operators);
        layers(block);
        string key = KindOf(name);
        _blocks.Add(new BlockDeclaration(
            key, IsCompiled: false, EquatableArray<BlockConstant>.Empty, block._layers.ToEquatableArray(), block._layers.Count));
        return Append(
            key, key, [("Name", name), ("Repeat", repeat == 1 ? null : repeat), ("From", from), ("Frozen", frozen ? true : null),
                (CommonArguments.Weights.Name, weights)]);
    }

    /// <summary>
    /// Adds the projection of a residual branch: a 1×1 convolution and batch norm; nothing where the tensor has the filters already.
    /// </summary>
    /// <param name="filters">Channels of its output.</param>
    /// <param name="stride">The step of the convolution.</param>
    /// <param name="name">Its name; by default <c>shortcut</c> and a number.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Shortcut(int filters, int stride = 1, string? name = null) => Append(
        nameof(Shortcut),
        [
            (Compiler.Operators.Shortcut.Filters.Name, filters),
            (Compiler.Operators.Shortcut.Stride.Name, stride == 1 ? null : stride), (CommonArguments.Name.Name, name),
        ]);

    /// <summary>Makes the current tensor, or the one that is named, an output of the network.</summary>
    /// <param name="name">The output's name; needed where there are several.</param>
    /// <param name="from">The name of the tensor; by default the current one.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Output(string? name = null, string? from = null) => Append(
        nameof(Output), [(Compiler.Operators.Output.NameArgument.Name, name), (CommonArguments.From.Name, from)]);

    /// <summary>Says that the caller computes the loss and its gradient.</summary>
    /// <returns>This builder.</returns>
    public NetworkBuilder ExternalLoss() => Append(nameof(ExternalLoss), []);

    /// <summary>Compiles the network, with fresh parameters.</summary>
    /// <param name="options">Tier, threads, seed and weights of the instance; null for the defaults.</param>
    /// <param name="compile">How it is compiled; null for the defaults.</param>
    /// <returns>The network. Whoever compiles it disposes of it.</returns>
    /// <exception cref="NetworkException">The network breaks a rule. The message has the arithmetic.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).</exception>
    public CompiledNetwork Compile(NetworkOptions? options = null, CompileOptions? compile = null) =>
        Compile(options, compile, initialize: null);

    /// <summary>Compiles the network.</summary>
    /// <param name="initialize">Gives the parameters their values; null to draw initial ones.</param>
    /// <param name="at">
    /// The network for other extents of its inputs, without channels, with the same parameters; null if only the inputs differ.
    /// </param>
    internal CompiledNetwork Compile(
        NetworkOptions? options, CompileOptions? compile, Action<CompiledNetwork>? initialize, Func<int[], NetworkBuilder>? at = null)
    {
        compile ??= new CompileOptions();
        return NetworkCompiler.Compile(
            Declaration(compile), compile, options ?? new NetworkOptions(), initialize,
            at is null ? null : extents => at(extents).Declaration(compile));
    }

    /// <summary>What the network would be, without code.</summary>
    /// <exception cref="NetworkException">The network breaks a rule.</exception>
    internal NetworkInfo Describe(CompileOptions compile)
    {
        NetworkDeclaration declaration = Declaration(compile);
        return RuntimeInfo.Create(declaration.Name, NetworkCompiler.GraphOf(declaration, CancellationToken.None));
    }

    /// <summary>The network as an annotated class, which is compiled at build time; its blocks become attribute classes.</summary>
    /// <param name="name">The class's name.</param>
    /// <returns>A file of C#.</returns>
    /// <exception cref="NotSupportedException">A layer is a function, of which there is no C# text.</exception>
    public string ToCSharp(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_operators.Count > 0)
        {
            throw new NotSupportedException(
                $"{name} has the function '{_operators[0].Kind}', of which there is no C# text. Derive a class from ElementwiseAttribute.");
        }

        return BuilderClass.Write(name, _layers, _blocks);
    }

    /// <summary>What the attributes of a class would declare.</summary>
    internal NetworkDeclaration Declaration(CompileOptions compile) =>
        (compile with { Name = compile.Name ?? _name }).Declare(_layers, _blocks, Operators);

    /// <summary>The name of a block's attribute: as its layers', if no other attribute is called so.</summary>
    private string KindOf(string name)
    {
        string stem = LayerNames.Identifier(name, out _) is { } identifier && char.IsLetter(identifier[0]) ? identifier : "Block";
        bool IsTaken(string kind) => OperatorSet.FindBuiltIn(kind) is not null || _blocks.Exists(block => block.Key == kind);
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? stem : stem + i.ToString(CultureInfo.InvariantCulture))
            .First(kind => !IsTaken(kind));
    }

    /// <summary>Adds an attribute of the language. Arguments that are null are left out.</summary>
    internal NetworkBuilder Append(string kind, params IEnumerable<(string Name, object? Value)> arguments) =>
        Append(AttributeDeclaration.BuiltInType(kind), block: null, arguments);

    internal NetworkBuilder Append(string type, string? block, IEnumerable<(string Name, object? Value)> arguments)
    {
        _layers.Add(new AttributeDeclaration(
            type,
            arguments.Where(argument => argument.Value is not null)
                .Select(argument => AttributeArgument.Create(argument.Name, Plain(argument.Value!))).ToEquatableArray(),
            block));
        return this;
    }

    /// <summary>A value as the compiler holds it.</summary>
    private static object Plain(object value) => value switch
    {
        IEnumerable<string> texts => texts.ToEquatableArray(),
        IEnumerable<double> numbers => numbers.ToEquatableArray(),
        _ => value,
    };
}
