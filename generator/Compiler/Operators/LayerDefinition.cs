using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>
/// A layer with typed arguments, before its input is known. It knows no attribute and no syntax: an operator makes one from its attribute,
/// and other code can make one, too.
/// </summary>
internal abstract record LayerDefinition
{
    /// <summary>Whether a network that begins with this layer also accepts images as bytes.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>The last parts of its parameters' keys, such as weight. They do not depend on the input.</summary>
    public virtual IEnumerable<string> ParameterSuffixes => [];

    /// <summary>Whether it also reads tensors of five and six axes.</summary>
    public virtual bool TakesManyAxes => false;

    /// <summary>The operation for inputs that the layer can read. An input of too many axes is reported.</summary>
    public LayerResult? Resolve(LayerContext layer)
    {
        Shape? wrong = TakesManyAxes ? null
            : layer.Inputs?.Select(input => input.Shape).Where(shape => shape.Rank > Shape.VolumeRank).Cast<Shape?>().FirstOrDefault();
        if (wrong is not { } shape)
        {
            return Build(layer);
        }

        layer.Report(ShapeProblems.TooManyAxes(layer.Here, shape));
        return null;
    }

    /// <summary>
    /// Checks the arguments, and derives the operation and the output's shape. Problems are reported. The result is null if there is no
    /// operation, or if the input is unknown because a layer before it failed.
    /// </summary>
    public abstract LayerResult? Build(LayerContext layer);

    /// <summary>The suffixes of a layer with a weight and an optional bias.</summary>
    /// <param name="isTied">Whether the weight is that of another layer.</param>
    protected static IEnumerable<string> WeightAnd(Argument<bool> bias, bool isTied = false) => (isTied, bias.Value) switch
    {
        (false, true) => ["weight", "bias"],
        (false, false) => ["weight"],
        (true, true) => ["bias"],
        _ => [],
    };
}

/// <summary>A definition's result for a known input.</summary>
/// <param name="Formula">The arithmetic of the shape, for comments; empty if the shape does not change.</param>
/// <param name="PaddedInput">The input's shape with padding, if there is some: its size is limited, too.</param>
internal sealed record LayerResult(Operation Operation, Shape Shape, string Formula = "", Shape? PaddedInput = null)
{
    /// <summary>Nodes to add before the layer, on its first input.</summary>
    public IReadOnlyList<ImplicitLayer> Before { get; init; } = [];

    /// <summary>
    /// What the layer itself reads, as <see cref="ImplicitLayer.Reads"/>. Null if it reads the last part and the layer's other inputs.
    /// </summary>
    public IReadOnlyList<int>? Reads { get; init; }

    /// <summary>The axes of the window that the arguments declare, slowest first; none if the layer has no window.</summary>
    public IReadOnlyList<LayerWindow> Windows { get; init; } = [];
}

/// <summary>A node that is added before a layer that needs it, such as padding. It has no name in the network language.</summary>
/// <param name="Name">What follows the layer's own name in the node's name, in lower case: <c>pad</c>.</param>
internal sealed record ImplicitLayer(string Name, Operation Operation, Shape Shape)
{
    /// <summary>
    /// What it reads: the layer's inputs have the first numbers, and the parts before it the next ones. Null if it reads the part before
    /// it, or the layer's first input.
    /// </summary>
    public IReadOnlyList<int>? Reads { get; init; }
}

/// <summary>A loss with typed arguments, before its input is known.</summary>
internal abstract record LossDefinition
{
    /// <summary>
    /// Checks the arguments, and whether the loss suits its input. Problems are reported; the result is not used then.
    /// </summary>
    public abstract Loss Build(LossContext loss);
}
