using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Operators;

/// <summary>The meaning of one attribute of the network language. Each operator has a file of its own.</summary>
internal abstract class Operator : IEquatable<Operator>
{
    /// <summary>The attribute's name without its suffix: <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The full name of the attribute's class, by which <see cref="OperatorSet"/> finds it.</summary>
    public virtual string Type => AttributeDeclaration.BuiltInType(Kind);

    public abstract OperatorFamily Family { get; }

    public abstract OperatorDocumentation Documentation { get; }

    /// <summary>
    /// Declarations with each option, as users write them. Tests draw from them: gradients, names of kernels, receptive fields, ONNX.
    /// </summary>
    public virtual IReadOnlyList<OperatorCase> Cases => [Kind];

    /// <summary>The arguments of its own, in the order of the attribute. Those of all layers or losses are not among them.</summary>
    public virtual IReadOnlyList<ArgumentSpec> Arguments => [];

    /// <summary>A built-in operator has one instance. Declared operators are equal if their declarations are.</summary>
    public virtual bool Equals(Operator? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? other) => Equals(other as Operator);

    public override int GetHashCode() => Type.GetHashCode();

    /// <summary>Inputs of cases, one of each rank.</summary>
    protected const string Flat = OperatorCase.Flat, Sequence = OperatorCase.Sequence, Image = OperatorCase.Image,
        Volume = OperatorCase.Volume;

    /// <summary>Cases of one input.</summary>
    protected static IEnumerable<OperatorCase> In(string input, params IEnumerable<string> layers) => OperatorCase.In(input, layers);
}

/// <summary>An operator whose arguments make a definition.</summary>
/// <typeparam name="TDefinition">The definition of a layer or of a loss.</typeparam>
internal abstract class Operator<TDefinition> : Operator
{
    /// <summary>The arguments, and what they make.</summary>
    public abstract Signature<TDefinition> Signature { get; }

    public override IReadOnlyList<ArgumentSpec> Arguments => Signature.Arguments;

    /// <summary>Makes the definition from the arguments of an attribute.</summary>
    public TDefinition Bind(AttributeArguments arguments) => Signature.Bind(arguments);

    /// <summary>An argument without a name that is always written.</summary>
    protected static ArgumentSpec<T> Required<T>(string name) => new(name, ArgumentForm.Required, default!);

    /// <summary>An argument without a name that may be left out.</summary>
    protected static ArgumentSpec<T> Optional<T>(string name, T absent) => new(name, ArgumentForm.Optional, absent);

    /// <summary>An argument with a name.</summary>
    protected static ArgumentSpec<T> Property<T>(string name, T absent = default!) => new(name, ArgumentForm.Property, absent);

    protected static Signature<TDefinition> Takes(Func<TDefinition> make) => new([], _ => make());

    protected static Signature<TDefinition> Takes<T1>(IArgumentSource<T1> first, Func<T1, TDefinition> make) =>
        new([.. first.Specs], written => make(first.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, Func<T1, T2, TDefinition> make) =>
        new([.. first.Specs, .. second.Specs], written => make(first.Read(written), second.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2, T3>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, IArgumentSource<T3> third, Func<T1, T2, T3, TDefinition> make) => new(
        [.. first.Specs, .. second.Specs, .. third.Specs],
        written => make(first.Read(written), second.Read(written), third.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2, T3, T4>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, IArgumentSource<T3> third, IArgumentSource<T4> fourth,
        Func<T1, T2, T3, T4, TDefinition> make) => new(
        [.. first.Specs, .. second.Specs, .. third.Specs, .. fourth.Specs],
        written => make(first.Read(written), second.Read(written), third.Read(written), fourth.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2, T3, T4, T5>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, IArgumentSource<T3> third, IArgumentSource<T4> fourth,
        IArgumentSource<T5> fifth, Func<T1, T2, T3, T4, T5, TDefinition> make) => new(
        [.. first.Specs, .. second.Specs, .. third.Specs, .. fourth.Specs, .. fifth.Specs],
        written => make(
            first.Read(written), second.Read(written), third.Read(written), fourth.Read(written), fifth.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2, T3, T4, T5, T6>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, IArgumentSource<T3> third, IArgumentSource<T4> fourth,
        IArgumentSource<T5> fifth, IArgumentSource<T6> sixth, Func<T1, T2, T3, T4, T5, T6, TDefinition> make) => new(
        [.. first.Specs, .. second.Specs, .. third.Specs, .. fourth.Specs, .. fifth.Specs, .. sixth.Specs],
        written => make(
            first.Read(written), second.Read(written), third.Read(written), fourth.Read(written), fifth.Read(written),
            sixth.Read(written)));

    protected static Signature<TDefinition> Takes<T1, T2, T3, T4, T5, T6, T7>(
        IArgumentSource<T1> first, IArgumentSource<T2> second, IArgumentSource<T3> third, IArgumentSource<T4> fourth,
        IArgumentSource<T5> fifth, IArgumentSource<T6> sixth, IArgumentSource<T7> seventh,
        Func<T1, T2, T3, T4, T5, T6, T7, TDefinition> make) => new(
        [.. first.Specs, .. second.Specs, .. third.Specs, .. fourth.Specs, .. fifth.Specs, .. sixth.Specs, .. seventh.Specs],
        written => make(
            first.Read(written), second.Read(written), third.Read(written), fourth.Read(written), fifth.Read(written),
            sixth.Read(written), seventh.Read(written)));
}

/// <summary>A layer: how its attribute is written, and which arguments its definition has.</summary>
internal abstract class LayerOperator : Operator<LayerDefinition>
{
    /// <summary>The default name without its number: <c>conv</c>.</summary>
    public abstract string Stem { get; }

    /// <summary>
    /// Whether the layer joins branches. Then it reads the ends of all branches of the open group, not the tensor before it, and closes the
    /// group.
    /// </summary>
    public virtual bool JoinsBranches => false;

    /// <summary>
    /// Whether the layer's tensor is the same for all samples. Of the network's first input it then takes the number of samples only, as
    /// PyTorch's <c>expand</c> does; it does not read the tensor before it.
    /// </summary>
    public virtual bool IsSource => false;

    /// <summary>Whether the layer may use the weight of another one in the opposite direction.</summary>
    public bool IsTiedByName => Arguments.Any(own => own.Name == CommonArguments.Tied.Name);

    /// <summary>Whether the layer normalises by statistics of its input.</summary>
    public virtual bool HasStatistics => Family == OperatorFamily.Normalization;

    /// <summary>The argument that lists tensors by name; a join then reads these instead of branches.</summary>
    public virtual string NamesArgument => "names";

    /// <summary>
    /// The argument that names another layer, whose output and first input this layer reads, too. Null if there is none.
    /// </summary>
    public virtual string? PartnerArgument => null;

    /// <summary>
    /// The arguments that may name further tensors which this layer reads. If one is named, so is each before it: the layer's input
    /// stands for those that are not.
    /// </summary>
    public virtual IReadOnlyList<string> TensorArguments => [];

    /// <summary>
    /// The arguments of PyTorch's module in PyTorch's order, by their names here. Messages use it for users who write that order.
    /// </summary>
    public virtual IReadOnlyList<PyTorchPlace> PyTorchPlaces => [];

    /// <summary>The argument for the initial values of a weight.</summary>
    protected static ArgumentSpec<Graph.Initializer> Initializers =>
        Initial<Graph.Initializer>("Initializer") with { DescribedAs = new DescribedPart(DescribedPartKind.Initializer) };

    /// <summary>An argument with a name that says only how parameters begin.</summary>
    protected static ArgumentSpec<T> Initial<T>(string name, T absent = default!) => Property(name, absent) with { IsInitial = true };

    /// <summary>Whether an argument says only how parameters begin.</summary>
    public virtual bool IsInitial(string argument) => Arguments.Any(own => own.IsInitial && own.Name == argument);

    /// <summary>The same operator for a tensor of another rank; itself if there is none.</summary>
    public virtual LayerOperator OfRank(int rank) => this;

    /// <summary>Makes a layer that no attribute declares, such as one of a file.</summary>
    /// <param name="arguments">Its arguments. The others have their defaults.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="problems">Gets what is wrong with them.</param>
    /// <returns>Null if it cannot be made; there is a problem then.</returns>
    public LayerResult? Make(IEnumerable<AttributeArgument> arguments, IReadOnlyList<LayerInput> inputs, ProblemLog problems)
    {
        LayerDefinition definition = Bind(new AttributeArguments(new AttributeDeclaration(Type, new(arguments))));
        return definition.Resolve(new LayerContext(Site.Class, Kind, problems, Stem, inputs));
    }
}

/// <summary>A loss: how its attribute is written, and which arguments its definition has.</summary>
internal abstract class LossOperator : Operator<LossDefinition>
{
    /// <summary>Whether its targets are class indices rather than values.</summary>
    public virtual bool TakesClasses => false;

    /// <summary>The argument for how the losses of a batch become one number.</summary>
    protected static ArgumentSpec<Graph.Reduction> Reductions(Graph.Reduction absent = Graph.Reduction.Mean) =>
        Property("Reduction", absent) with { DescribedAs = new DescribedPart(DescribedPartKind.Reduction) };
}
