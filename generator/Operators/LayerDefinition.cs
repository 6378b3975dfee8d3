using System.Collections.Generic;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>
/// A layer with typed arguments, whose input is not known yet. It knows no attribute and no syntax: an operator binds one to its attribute,
/// and code can make one, too.
/// </summary>
internal abstract record LayerDefinition
{
    /// <summary>Whether networks that begin with it also take the bytes of pictures.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>The last parts of its parameters' keys. They are known even if the input is not.</summary>
    public virtual IEnumerable<string> ParameterSuffixes => [];

    /// <summary>
    /// Checks the arguments, and derives the operation and the output's shape. It reports what is wrong. The result is null if there is
    /// none, or if the input is unknown because a layer before it failed.
    /// </summary>
    public abstract LayerResult? Build(LayerContext layer);

    /// <summary>The parameters of a layer with a weight and, perhaps, a bias.</summary>
    protected static IEnumerable<string> WeightAnd(Argument<bool> bias) => bias.Value ? ["weight", "bias"] : ["weight"];
}

/// <summary>What a definition becomes for a known input.</summary>
/// <param name="Formula">The shape's arithmetic; empty where the shape is unchanged.</param>
/// <param name="PaddedInput">The input with its padding, where there is some: its size is limited too.</param>
internal sealed record LayerResult(Operation Operation, Shape Shape, string Formula = "", Shape? PaddedInput = null)
{
    /// <summary>Nodes that are put before it, on the (first) input.</summary>
    public IReadOnlyList<ImplicitLayer> Before { get; init; } = [];
}

/// <summary>A node that has no name in the language, before the layer that needs it.</summary>
/// <param name="Name">The part of its name that follows the layer's own, in lower case: <c>pad</c>.</param>
internal sealed record ImplicitLayer(string Name, Operation Operation, Shape Shape);

/// <summary>A loss with typed arguments, whose input is not known yet.</summary>
internal abstract record LossDefinition
{
    /// <summary>
    /// Checks the arguments, and whether the loss suits its input. It reports what is wrong; the result is then not used.
    /// </summary>
    public abstract Loss Build(LossContext loss);
}
