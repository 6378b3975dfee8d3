using System;

namespace Strata.Compiler.Operators;

/// <summary>One row of the documentation of operators.</summary>
/// <param name="Usage">The shortest declaration.</param>
/// <param name="Shape">The shape rule.</param>
/// <param name="Formula">What it computes.</param>
/// <param name="PyTorch">PyTorch's name.</param>
/// <param name="Keras">Keras' name.</param>
internal sealed record OperatorDocumentation(string Usage, string Shape, string Formula, string PyTorch, string Keras);

/// <summary>The meaning of one attribute of the network language. Each operator has a file of its own.</summary>
internal abstract class Operator : IEquatable<Operator>
{
    /// <summary>The attribute's name without its suffix: <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The full name of the attribute's class, by which <see cref="OperatorSet"/> finds it.</summary>
    public virtual string Type => AttributeDeclaration.BuiltInType(Kind);

    public abstract OperatorDocumentation Documentation { get; }

    /// <summary>A built-in operator has one instance. Declared operators are equal if their declarations are.</summary>
    public virtual bool Equals(Operator? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? other) => Equals(other as Operator);

    public override int GetHashCode() => Type.GetHashCode();
}

/// <summary>A layer. It says how the attribute is written, and which of its arguments becomes which argument of the definition.</summary>
internal abstract class LayerOperator : Operator
{
    /// <summary>The default name without its number: <c>conv</c>.</summary>
    public abstract string Stem { get; }

    /// <summary>
    /// Whether the layer joins branches. Then it reads the ends of all branches of the open group, not the tensor before it, and closes the
    /// group.
    /// </summary>
    public virtual bool JoinsBranches => false;

    /// <summary>The argument that lists tensors by name; a join then reads these instead of branches.</summary>
    public virtual string NamesArgument => "names";

    /// <summary>
    /// The argument that names another layer, whose output and first input this layer reads, too. Null if there is none.
    /// </summary>
    public virtual string? PartnerArgument => null;

    /// <summary>Marks an entry of <see cref="PyTorchPlaces"/> that is not written in Strata; the reason follows the mark.</summary>
    public const string Known = "=";

    /// <summary>
    /// The arguments of PyTorch's module in PyTorch's order, by their names here. Messages use it for users who write that order. Names in
    /// lower case are parameters of the attribute's constructor; the others are properties.
    /// </summary>
    public virtual EquatableArray<string> PyTorchPlaces => EquatableArray<string>.Empty;

    /// <summary>The same operator for a tensor of another rank; itself if there is none.</summary>
    public virtual LayerOperator OfRank(int rank) => this;

    /// <summary>Makes the definition from the arguments of an attribute.</summary>
    public abstract LayerDefinition Bind(AttributeArguments arguments);
}

/// <summary>A loss. It says how the attribute is written, and which of its arguments becomes which argument of the definition.</summary>
internal abstract class LossOperator : Operator
{
    /// <summary>Whether its targets are class indices rather than values.</summary>
    public virtual bool TakesClasses => false;

    /// <summary>Makes the definition from the arguments of an attribute.</summary>
    public abstract LossDefinition Bind(AttributeArguments arguments);
}
