using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>The arithmetic of a direction of an LSTM, a GRU or an RNN, step by step.</summary>
internal sealed class RecurrentSteps
{
    private readonly NodeReading _node;
    private readonly int _number, _hidden;

    /// <summary>Of the states to the gates: the matrix and the bias.</summary>
    private readonly OnnxValue _recurrent;
    private readonly OnnxValue? _bias, _peepholes;

    /// <param name="node">The node, whose weights are constant.</param>
    /// <param name="x">Steps, samples, features.</param>
    /// <param name="number">The direction's number in the weights.</param>
    /// <param name="hidden">The number of a state's elements.</param>
    /// <param name="isTurned">Whether it goes backwards.</param>
    public RecurrentSteps(NodeReading node, OnnxValue x, int number, int hidden, bool isTurned)
    {
        (_node, _number, _hidden) = (node, number, hidden);
        int steps = x.Shape[0], batch = x.Shape[1], rows = node.Required(1).Shape[1];
        OnnxValue? biases = node.Optional(3) is { } both ? Own(both) : null;
        _bias = biases is null ? null : SelectionRules.Run(node, biases, 0, rows, rows);
        _peepholes = node.Optional(7) is { } given ? Own(given) : null;
        _recurrent = Turned(Own(node.Required(2)));
        States = new OnnxValue[steps];
        Last = First(5, batch);
        Cell = node.Operator == "LSTM" ? First(6, batch) : null;

        // The products with the inputs are one of all steps.
        OnnxValue inputs = Sum(
            ProductRules.Product(node, x, Turned(Own(node.Required(1)))),
            biases is null ? null : SelectionRules.Run(node, biases, 0, 0, rows));
        for (int step = 0; step < steps; step++)
        {
            int place = isTurned ? steps - 1 - step : step;
            OnnxValue input = SelectionRules.Element(node, inputs, 0, place, keeps: false);
            States[place] = Last = node.Operator switch { "LSTM" => OfLSTM(input), "GRU" => OfGRU(input), _ => OfRNN(input) };
        }
    }

    /// <summary>The states in the order of the sequence.</summary>
    public OnnxValue[] States { get; }

    /// <summary>The state behind the last step.</summary>
    public OnnxValue Last { get; private set; }

    /// <summary>The state of the cell behind the last step, of an LSTM.</summary>
    public OnnxValue? Cell { get; private set; }

    private OnnxValue OfRNN(OnnxValue input) => Apply(
        _node.Attributes.Strings("activations") is { Length: > 0 } functions ? functions[_number] : "Tanh",
        Pair("Add", input, OfState(Last, 0, 1)));

    /// <summary>The gates are z, r and h.</summary>
    private OnnxValue OfGRU(OnnxValue input)
    {
        OnnxValue gates = Apply("Sigmoid", Pair("Add", Part(input, 0, 2), OfState(Last, 0, 2)));
        OnnxValue update = Part(gates, 0), reset = Part(gates, 1);
        OnnxValue before = _node.Attributes.Integer("linear_before_reset") != 0 ? Pair("Mul", reset, OfState(Last, 2, 1))
            : OfState(Pair("Mul", reset, Last), 2, 1);
        OnnxValue fresh = Apply("Tanh", Pair("Add", Part(input, 2), before));

        // (1 − z)·h + z·state
        return Pair("Add", fresh, Pair("Mul", update, Pair("Sub", Last, fresh)));
    }

    /// <summary>The gates are i, o, f and c, the peepholes those of i, o and f. That of o sees the new cell.</summary>
    private OnnxValue OfLSTM(OnnxValue input)
    {
        OnnxValue sums = Pair("Add", input, OfState(Last, 0, 4));
        OnnxValue Gate(int gate, OnnxValue cell) => Apply("Sigmoid", Sum(
            Part(sums, gate), _peepholes is null ? null : Pair("Mul", cell, Part(_peepholes, gate))));
        OnnxValue kept = Pair("Mul", Gate(2, Cell!), Cell!);
        Cell = Pair("Add", kept, Pair("Mul", Gate(0, Cell!), Apply("Tanh", Part(sums, 3))));
        return Pair("Mul", Gate(1, Cell), Apply("Tanh", Cell));
    }

    /// <summary>The product of a state with the weights of some gates, and their bias.</summary>
    private OnnxValue OfState(OnnxValue state, int gate, int count) => Sum(
        ProductRules.Product(_node, state, Part(_recurrent, gate, count)), _bias is null ? null : Part(_bias, gate, count));

    private OnnxValue First(int input, int batch) => _node.Optional(input) is not { } given
        ? ShapeRules.Expanded(_node, NodeReading.Known([1, 1], 0f), [batch, _hidden])
        : SelectionRules.Element(_node, given, _node.Attributes.Integer("layout") == 0 ? 0 : 1, _number, keeps: false);

    private OnnxValue Own(OnnxValue value) => SelectionRules.Element(_node, value, 0, _number, keeps: false);

    private OnnxValue Part(OnnxValue value, int gate, int count = 1) =>
        SelectionRules.Run(_node, value, value.Shape.Count - 1, gate * _hidden, count * _hidden);

    private OnnxValue Pair(string @operator, OnnxValue one, OnnxValue other) => ElementwiseRules.Pair(_node, @operator, one, other);

    private OnnxValue Sum(OnnxValue one, OnnxValue? other) => other is null ? one : Pair("Add", one, other);

    private OnnxValue Apply(string function, OnnxValue value) => _node.Emit(function, [value], value.Shape);

    private OnnxValue Turned(OnnxValue matrix) => ShapeRules.Transposed(_node, matrix, [1, 0]);
}
