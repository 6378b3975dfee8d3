using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>One line of the page of operators.</summary>
/// <param name="Usage">The shortest declaration.</param>
/// <param name="Shape">The shape rule.</param>
/// <param name="Formula">What it computes.</param>
/// <param name="PyTorch">PyTorch's name.</param>
/// <param name="Keras">Keras' name.</param>
internal sealed record OperatorDocumentation(string Usage, string Shape, string Formula, string PyTorch, string Keras);

/// <summary>
/// What an attribute of the network language means. Each operator has a file of its own with its arguments, their
/// validation and its shape rule; the catalog finds that by reflection.
/// </summary>
internal abstract class Operator
{
    /// <summary>The attribute's name without its suffix: <c>Conv2D</c>.</summary>
    public abstract string Kind { get; }

    public abstract OperatorDocumentation Documentation { get; }
}

/// <param name="Formula">The shape's arithmetic; empty where the shape is unchanged.</param>
/// <param name="PaddedInput">The input with its padding, where there is some: its size is limited too.</param>
internal sealed record LayerResult(Operation Operation, Shape Shape, string Formula = "", Shape? PaddedInput = null)
{
    /// <summary>Nodes that are put before it, on the (first) input.</summary>
    public IReadOnlyList<ImplicitLayer> Before { get; init; } = [];
}

/// <summary>A node without a name in the language, before the layer that needs it.</summary>
/// <param name="Name">Behind the layer's own name, in lower case: <c>pad</c>.</param>
internal sealed record ImplicitLayer(string Name, Operation Operation, Shape Shape);

internal abstract class LayerOperator : Operator
{
    /// <summary>The default name without its number: <c>conv</c>.</summary>
    public abstract string Stem { get; }

    /// <summary>
    /// Whether the layer reads the ends of all branches of the open group, instead of the tensor before it, and closes it.
    /// </summary>
    public virtual bool JoinsBranches => false;

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

    /// <summary>Whether networks that begin with it also take the bytes of pictures.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>The same operator for the axes of a tensor of some rank; itself where there is none.</summary>
    public virtual LayerOperator OfRank(int rank) => this;

    /// <summary>
    /// Checks the arguments and derives the operation and the output's shape. Reports what is wrong and returns null
    /// where that leaves no result, or where the input is unknown because a layer before it failed.
    /// </summary>
    public abstract LayerResult? Build(LayerContext layer);

    /// <summary>
    /// Suffixes of the parameters, as far as the arguments alone tell: for the public members of a network whose shapes
    /// do not fit.
    /// </summary>
    public virtual IEnumerable<string> ParameterSuffixes(LayerContext layer) => [];
}

internal abstract class LossOperator : Operator
{
    /// <summary>
    /// Checks the arguments, and whether the loss suits the tensor behind the last layer. Mistakes are reported, and the result
    /// is then not used.
    /// </summary>
    public abstract Loss Build(LossContext loss);
}

/// <summary>All operators, found once by a scan of this assembly, so that there is no list to maintain.</summary>
internal static class OperatorCatalog
{
    private static readonly Lazy<Dictionary<string, Operator>> ByKind = new(() => Cancellation.None(() => typeof(Operator).Assembly
        .GetTypes()
        .Where(type => !type.IsAbstract && typeof(Operator).IsAssignableFrom(type))
        .Select(type => (Operator)Activator.CreateInstance(type))
        .ToDictionary(operation => operation.Kind, StringComparer.Ordinal)));

    public static IEnumerable<Operator> All => ByKind.Value.Values.OrderBy(operation => operation.Kind, StringComparer.Ordinal);

    public static Operator? Find(string kind) => ByKind.Value.TryGetValue(kind, out Operator? found) ? found : null;
}
