using System;

namespace Strata.Generator.Operators;

/// <summary>One line of the page of operators.</summary>
/// <param name="Usage">The shortest declaration.</param>
/// <param name="Shape">The shape rule.</param>
/// <param name="Formula">What it computes.</param>
/// <param name="PyTorch">PyTorch's name.</param>
/// <param name="Keras">Keras' name.</param>
internal sealed record OperatorDocumentation(string Usage, string Shape, string Formula, string PyTorch, string Keras);

/// <summary>What an attribute of the network language means. Each operator has a file of its own.</summary>
internal abstract class Operator : IEquatable<Operator>
{
    /// <summary>The attribute's name without its suffix: <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The full name of the attribute's class, by which <see cref="OperatorSet"/> finds it.</summary>
    public virtual string Type => AttributeDeclaration.BuiltInType(Kind);

    public abstract OperatorDocumentation Documentation { get; }

    /// <summary>Of a built-in operator there is one instance. A declared one is equal to another with the same declaration.</summary>
    public virtual bool Equals(Operator? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? other) => Equals(other as Operator);

    public override int GetHashCode() => Type.GetHashCode();
}

/// <summary>A layer: how its attribute is written, and which argument of its definition each of the attribute's is.</summary>
internal abstract class LayerOperator : Operator
{
    /// <summary>The default name without its number: <c>conv</c>.</summary>
    public abstract string Stem { get; }

    /// <summary>
    /// Whether the layer reads the ends of all branches of the open group, instead of the tensor before it, and closes it.
    /// </summary>
    public virtual bool JoinsBranches => false;

    /// <summary>The argument with the names of the tensors that it joins, instead of branches.</summary>
    public virtual string NamesArgument => "names";

    /// <summary>
    /// The argument that names a layer whose output and (first) input this one reads, too; null for layers that have none.
    /// </summary>
    public virtual string? PartnerArgument => null;

    /// <summary>What begins a place of <see cref="PyTorchPlaces"/> that is not written here, with the reason behind it.</summary>
    public const string Known = "=";

    /// <summary>
    /// The arguments of PyTorch's module in its order, as they are called here, for those who write that order: parameters of the
    /// attribute's constructor in small letters, and its properties.
    /// </summary>
    public virtual EquatableArray<string> PyTorchPlaces => EquatableArray<string>.Empty;

    /// <summary>The same operator for the axes of a tensor of some rank; itself where there is none.</summary>
    public virtual LayerOperator OfRank(int rank) => this;

    /// <summary>The definition with the arguments of an attribute.</summary>
    public abstract LayerDefinition Bind(AttributeArguments arguments);
}

/// <summary>A loss: how its attribute is written, and which argument of its definition each of the attribute's is.</summary>
internal abstract class LossOperator : Operator
{
    /// <summary>Whether its targets are class indices, and not values.</summary>
    public virtual bool TakesClasses => false;

    /// <summary>The definition with the arguments of an attribute.</summary>
    public abstract LossDefinition Bind(AttributeArguments arguments);
}
