using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Layers that go along a sequence with a state, with the parameters of PyTorch's modules.</summary>
internal abstract record Recurrent(int Hidden, int Count, bool Bidirectional, bool Bias) : UnaryLayer
{
    private int Directions => Bidirectional ? 2 : 1;

    protected abstract int Gates { get; }

    private int PerDirection => Bias ? 4 : 2;

    public override string Prefix => GetType().Name.ToLowerInvariant();

    public override string Attribute
    {
        get
        {
            List<string> arguments = [$"{Hidden}"];
            arguments.AddRange(Count > 1 ? [$"Layers = {Count}"] : []);
            arguments.AddRange(Bidirectional ? ["Bidirectional = true"] : []);
            arguments.AddRange(Bias ? [] : ["Bias = false"]);
            return $"{GetType().Name}({string.Join(", ", arguments)})";
        }
    }

    public override int HiddenNodes(Extents input) => Count - 1;

    public override bool Fits(Extents input) => input.Rank == 2;

    public override Extents Output(Extents input) => input with { Channels = Directions * Hidden };

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input)
    {
        var all = new List<(string Suffix, int[] Shape)>();
        for (int layer = 0; layer < Count; layer++)
        {
            int features = layer == 0 ? input.Channels : Directions * Hidden;
            foreach (string end in Bidirectional ? new[] { $"l{layer}", $"l{layer}_reverse" } : [$"l{layer}"])
            {
                all.Add(($"weight_ih_{end}", [Gates * Hidden, features]));
                all.Add(($"weight_hh_{end}", [Gates * Hidden, Hidden]));
                if (Bias)
                {
                    all.Add(($"bias_ih_{end}", [Gates * Hidden]));
                    all.Add(($"bias_hh_{end}", [Gates * Hidden]));
                }
            }
        }

        return all;
    }

    public override long MultiplyAdds(Extents input) => (long)Directions * input.Width * Gates * Hidden
        * (input.Channels + Hidden + ((Count - 1) * ((Directions * Hidden) + Hidden)));

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        Estimate[] all = All(x);
        for (int layer = 0; layer < Count; layer++)
        {
            all = [.. Ways(all, input.Width, parameters, layer).SelectMany(way => way.States)];
        }

        Store(all, y);
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var ways = new List<Way[]>();
        Estimate[] all = All(x);
        for (int layer = 0; layer < Count; layer++)
        {
            ways.Add(Ways(all, input.Width, parameters, layer));
            all = [.. ways[^1].SelectMany(way => way.States)];
        }

        Estimate[] gradient = All(dy);
        for (int layer = Count - 1; layer >= 0; layer--)
        {
            Estimate[]? sum = null;
            for (int direction = 0; direction < Directions; direction++)
            {
                int first = ((layer * Directions) + direction) * PerDirection, length = Hidden * input.Width;
                Estimate[] own = ways[layer][direction].Backward(
                    gradient[(direction * length)..((direction + 1) * length)], [.. gradients.Skip(first).Take(PerDirection)]);
                sum = sum is null ? own : [.. sum.Zip(own, (one, other) => one + other)];
            }

            gradient = sum!;
        }

        Store(gradient, dx);
    }

    /// <summary>The next state of a unit, and what the way back needs of the step.</summary>
    protected abstract (Estimate State, Estimate[] Kept) Next(Estimate[] ofInput, Estimate[] ofState, Estimate before, Estimate cellBefore);

    /// <summary>The gradients of a unit's sums, of the state before without its sums, and of the cell before.</summary>
    protected abstract (Estimate[] OfInput, Estimate[] OfState, Estimate Before, Estimate CellBefore) Previous(
        Estimate[] kept, Estimate gradient, Estimate ofCell, Estimate before, Estimate cellBefore);

    /// <summary>The cell of a step, if the unit has one beside its state.</summary>
    protected virtual Estimate CellOf(Estimate[] kept) => 0;

    private static Estimate[] All(Numbers numbers) => [.. Enumerable.Range(0, numbers.Length).Select(i => Estimate.Of(numbers, i))];

    private static void Store(Estimate[] values, Numbers numbers)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].Store(numbers, i);
        }
    }

    private Way[] Ways(Estimate[] x, int length, IReadOnlyList<Numbers> parameters, int layer) =>
    [
        .. Enumerable.Range(0, Directions).Select(direction => new Way(
            this, x, length, [.. parameters.Skip(((layer * Directions) + direction) * PerDirection).Take(PerDirection)], direction == 1)),
    ];

    /// <summary>One way along the sequence.</summary>
    private sealed class Way
    {
        private readonly Recurrent _of;
        private readonly Estimate[] _x;
        private readonly int _length, _features;
        private readonly Numbers[] _parameters;
        private readonly bool _isReverse;
        private readonly Estimate[][][] _kept;

        public Way(Recurrent of, Estimate[] x, int length, Numbers[] parameters, bool isReverse)
        {
            (_of, _x, _length, _parameters, _isReverse, _features) = (of, x, length, parameters, isReverse, x.Length / length);
            States = new Estimate[of.Hidden * length];
            _kept = [.. Enumerable.Range(0, length).Select(_ => new Estimate[of.Hidden][])];
            for (int step = 0; step < length; step++)
            {
                for (int unit = 0; unit < of.Hidden; unit++)
                {
                    (Estimate state, _kept[step][unit]) = of.Next(
                        [.. Enumerable.Range(0, of.Gates).Select(gate => OfInput(gate, unit, step))],
                        [.. Enumerable.Range(0, of.Gates).Select(gate => OfState(gate, unit, step))],
                        State(unit, step - 1), Cell(unit, step - 1));
                    States[At(unit, step)] = state;
                }
            }
        }

        public Estimate[] States { get; }

        public Estimate[] Backward(Estimate[] dy, Sums[] gradients)
        {
            int rows = _of.Gates * _of.Hidden;
            Estimate[] later = new Estimate[_of.Hidden], cells = new Estimate[_of.Hidden], dx = new Estimate[_x.Length];
            for (int step = _length - 1; step >= 0; step--)
            {
                Estimate[] ofInput = new Estimate[rows], ofState = new Estimate[rows], passed = new Estimate[_of.Hidden];
                for (int unit = 0; unit < _of.Hidden; unit++)
                {
                    (Estimate[] own, Estimate[] other, passed[unit], cells[unit]) = _of.Previous(
                        _kept[step][unit], dy[At(unit, step)] + later[unit], cells[unit], State(unit, step - 1), Cell(unit, step - 1));
                    for (int gate = 0; gate < _of.Gates; gate++)
                    {
                        (ofInput[(gate * _of.Hidden) + unit], ofState[(gate * _of.Hidden) + unit]) = (own[gate], other[gate]);
                    }
                }

                for (int row = 0; row < rows; row++)
                {
                    AddTo(gradients, row, step, ofInput[row], ofState[row]);
                }

                for (int c = 0; c < _features; c++)
                {
                    dx[(c * _length) + Place(step)] = Estimate.Dot(Enumerable.Range(0, rows).Select(
                        row => (Estimate.Of(_parameters[0], (row * _features) + c), ofInput[row])));
                }

                later = [.. Enumerable.Range(0, _of.Hidden).Select(unit => passed[unit] + Estimate.Dot(Enumerable.Range(0, rows).Select(
                    row => (Estimate.Of(_parameters[1], (row * _of.Hidden) + unit), ofState[row]))))];
            }

            return dx;
        }

        private void AddTo(Sums[] gradients, int row, int step, Estimate ofInput, Estimate ofState)
        {
            for (int c = 0; c < _features; c++)
            {
                Estimate x = _x[(c * _length) + Place(step)];
                gradients[0].Add((row * _features) + c, ofInput.Value, ofInput.Variance, x.Value, x.Variance);
            }

            for (int unit = 0; unit < _of.Hidden && step > 0; unit++)
            {
                Estimate before = State(unit, step - 1);
                gradients[1].Add((row * _of.Hidden) + unit, ofState.Value, ofState.Variance, before.Value, before.Variance);
            }

            if (_of.Bias)
            {
                gradients[2].Add(row, ofInput.Value, ofInput.Variance);
                gradients[3].Add(row, ofState.Value, ofState.Variance);
            }
        }

        private Estimate OfInput(int gate, int unit, int step)
        {
            int row = (gate * _of.Hidden) + unit;
            Estimate sum = Estimate.Dot(Enumerable.Range(0, _features).Select(
                c => (Estimate.Of(_parameters[0], (row * _features) + c), _x[(c * _length) + Place(step)])));
            return _of.Bias ? sum + Estimate.Of(_parameters[2], row) : sum;
        }

        private Estimate OfState(int gate, int unit, int step)
        {
            int row = (gate * _of.Hidden) + unit;
            Estimate sum = step == 0 ? 0 : Estimate.Dot(Enumerable.Range(0, _of.Hidden).Select(
                other => (Estimate.Of(_parameters[1], (row * _of.Hidden) + other), State(other, step - 1))));
            return _of.Bias ? sum + Estimate.Of(_parameters[3], row) : sum;
        }

        private Estimate State(int unit, int step) => step < 0 ? 0 : States[At(unit, step)];

        private Estimate Cell(int unit, int step) => step < 0 ? 0 : _of.CellOf(_kept[step][unit]);

        private int Place(int step) => _isReverse ? _length - 1 - step : step;

        private int At(int unit, int step) => (unit * _length) + Place(step);
    }
}

/// <summary>PyTorch's order: input gate, forget gate, cell, output gate.</summary>
internal sealed record LSTM(int Hidden, int Count = 1, bool Bidirectional = false, bool Bias = true)
    : Recurrent(Hidden, Count, Bidirectional, Bias)
{
    protected override int Gates => 4;

    protected override Estimate CellOf(Estimate[] kept) => kept[4];

    protected override (Estimate State, Estimate[] Kept) Next(
        Estimate[] ofInput, Estimate[] ofState, Estimate before, Estimate cellBefore)
    {
        Estimate[] sums = [.. ofInput.Zip(ofState, (one, other) => one + other)];
        (Estimate i, Estimate f) = (Estimate.Sigmoid(sums[0]), Estimate.Sigmoid(sums[1]));
        (Estimate g, Estimate o) = (Estimate.Tanh(sums[2]), Estimate.Sigmoid(sums[3]));
        Estimate cell = (f * cellBefore) + (i * g);
        return (o * Estimate.Tanh(cell), [i, f, g, o, cell]);
    }

    protected override (Estimate[] OfInput, Estimate[] OfState, Estimate Before, Estimate CellBefore) Previous(
        Estimate[] kept, Estimate gradient, Estimate ofCell, Estimate before, Estimate cellBefore)
    {
        (Estimate i, Estimate f, Estimate g, Estimate o, Estimate shown) = (kept[0], kept[1], kept[2], kept[3], Estimate.Tanh(kept[4]));
        Estimate cell = ofCell + (gradient * o * (1 - (shown * shown)));
        Estimate[] sums =
        [
            cell * g * i * (1 - i), cell * cellBefore * f * (1 - f), cell * i * (1 - (g * g)), gradient * shown * o * (1 - o),
        ];
        return (sums, sums, 0, cell * f);
    }
}

/// <summary>PyTorch's order: reset gate, update gate, new state. The reset gate is behind the product with the state.</summary>
internal sealed record GRU(int Hidden, int Count = 1, bool Bidirectional = false, bool Bias = true)
    : Recurrent(Hidden, Count, Bidirectional, Bias)
{
    protected override int Gates => 3;

    protected override (Estimate State, Estimate[] Kept) Next(
        Estimate[] ofInput, Estimate[] ofState, Estimate before, Estimate cellBefore)
    {
        (Estimate r, Estimate z) = (Estimate.Sigmoid(ofInput[0] + ofState[0]), Estimate.Sigmoid(ofInput[1] + ofState[1]));
        Estimate n = Estimate.Tanh(ofInput[2] + (r * ofState[2]));
        return (((1 - z) * n) + (z * before), [r, z, n, ofState[2]]);
    }

    protected override (Estimate[] OfInput, Estimate[] OfState, Estimate Before, Estimate CellBefore) Previous(
        Estimate[] kept, Estimate gradient, Estimate ofCell, Estimate before, Estimate cellBefore)
    {
        (Estimate r, Estimate z, Estimate n, Estimate sum) = (kept[0], kept[1], kept[2], kept[3]);
        Estimate ofNew = gradient * (1 - z) * (1 - (n * n)), ofUpdate = gradient * (before - n) * z * (1 - z);
        Estimate ofReset = ofNew * sum * r * (1 - r);
        return ([ofReset, ofUpdate, ofNew], [ofReset, ofUpdate, ofNew * r], gradient * z, 0);
    }
}
