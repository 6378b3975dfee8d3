using System.Collections.Generic;

namespace Strata.Compiler.Operators;

/// <summary>The base of the layers that go along a sequence with a state.</summary>
internal abstract class RecurrentOperator : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Recurrent;

    public sealed override string Stem => Kind.ToLowerInvariant();

    public sealed override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
        [PyTorchPlace.Known("the number of features is known"), "hidden", "Layers", "Bias"];

    public sealed override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, $"{Kind}(4)", $"{Kind}(2, Bidirectional = true)", $"{Kind}(3, Bias = false)",
            $"Conv1D(5, 3), {Kind}(3, Layers = 2, Bidirectional = true), Dense(2, OverChannels = true)"),
    ];

    public sealed override Signature<LayerDefinition> Signature => _signature ??= Takes(
        Required<int>("hidden"), Property("Layers", 1), Property("Bidirectional", false), Property("Bias", true),
        (hidden, layers, bidirectional, bias) => new RecurrentDefinition(hidden, layers, bidirectional, bias, Make));

    private Signature<LayerDefinition>? _signature;

    /// <summary>The operation of one of several layers.</summary>
    protected abstract RecurrentOperation Make(RecurrentCell cell);
}

/// <summary>One layer of a recurrent network.</summary>
/// <param name="Hidden">The features of its state.</param>
/// <param name="Layer">Its number, from 0.</param>
/// <param name="Directions">1, or 2 if it also goes backwards.</param>
internal readonly record struct RecurrentCell(int Hidden, int Layer, int Directions, bool Bias);
