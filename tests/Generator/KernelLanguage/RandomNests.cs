using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;
using static Strata.Compiler.KernelLanguage.Intrinsics;
using Index = Strata.Compiler.KernelLanguage.Index;
using Pointer = Strata.Compiler.KernelLanguage.Pointer;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>
/// Draws small nests that do a bit of everything. Offsets stay between −256 and some thousands, so that none leaves its array, and numbers
/// stay small enough to differ.
/// </summary>
/// <param name="seed">Which nest it is.</param>
/// <param name="sizes">Its extents and strides: nests of one seed differ in these only.</param>
/// <param name="lanes">Floats in a vector.</param>
/// <param name="isNarrow">Whether it keeps to what a nest of floats can do: nothing between lanes, and no arithmetic of masks.</param>
internal sealed class RandomNests(int seed, int sizes, int lanes, bool isNarrow = false)
{
    private const int Depth = 2;

    private readonly Random _random = new(seed);

    // Extents of loops, and strides.
    private readonly int[] _extents = Drawn(sizes, 3, 2, 6), _strides = Drawn(sizes, 4, 2, 40);
    private readonly List<Pointer> _totals = [];
    private readonly KernelBuilder _k = new(lanes, fuses: lanes > 4 && !isNarrow);
    private List<Variable> _vectors = [], _floats = [], _masks = [], _sums = [];
    private List<Index> _integers = [];
    private List<Pointer> _sources = [];
    private Pointer _target = null!, _list = null!, _bits = null!;
    private int _names;

    public Nest Next()
    {
        _sources = [_k.Parameter("x"), _k.Parameter("z")];
        _target = _k.Parameter("y");
        _list = _k.Parameter(new Pointer("list", ElementType.Int));
        _bits = _k.Parameter(new Pointer("bits", ElementType.LaneBits(lanes)));
        _integers.Add(_k.LetInt("n", _list[0].Integer));
        _floats.Add(_k.Let("f", _sources[0][0].Value));
        _vectors.Add(_k.Let("v", Load()));
        if (Chance(3))
        {
            _totals.Add(new Pointer("total", ElementType.Vector));
            _k.Add(new Allocate(new Pointer("totals", ElementType.Vector, IsSpan: true), _totals[0], 4));
        }

        if (Chance(3))
        {
            var table = new Pointer("table", ElementType.Float, IsSpan: true);
            _k.Add(new Table(table, EquatableArray.Of(0.5, -2, 1.25, 3)));
            _floats.Add(_k.Let("entry", table[Index.Clamp(Integer(2), 0, 3)].Value));
        }

        Statements(0);
        _k.Store(_target[Place()], Vector(2));
        return _k.Nest();
    }

    private void Statements(int depth)
    {
        for (int i = _random.Next(2, 5); i > 0; i--)
        {
            Statement(depth);
        }

        _k.Store(_target[Place()], _vectors[^1]);
    }

    private void Statement(int depth)
    {
        switch (_random.Next(16))
        {
            case < 4 when depth < Depth:
                Loop(depth);
                break;
            case 4:
                _floats.Add(_k.Let(Name("f"), Float(3)));
                break;
            case 5:
                _integers.Add(_k.LetInt(Name("n"), Integer(3) % 16));
                break;
            case 6:
                _masks.Add(_k.Let(Name("m"), Mask(2)));
                break;
            case 7:
                _k.Set(Pick(_vectors), Vector(3));
                break;
            case 8:
                _k.Increase(Pick(_vectors), Vector(2));
                break;
            case 9:
                _k.Store(_target[Place()], Float(3));
                break;
            case 10:
                _sources.Add(_k.PointTo(Name("p"), Pick(_sources) + Offset()));
                _k.Advance((_sources[^1], _random.Next(-3, 4)));
                break;
            case 11 when depth < Depth:
                Within(_k.Braces(), depth);
                break;
            case 12:
                _k.Group(() =>
                {
                    _k.Increase(Pick(_floats), Float(2));
                    _k.Set(Pick(_vectors), Vector(2));
                });
                break;
            case 13 when !isNarrow:
                Variable[] zeros = [new(Name("a")), new(Name("a"))];
                _k.LetZeros(zeros);
                _k.Set(zeros[0], _k.MultiplyAdd(Vector(1), Vector(1), zeros[1]));
                _vectors.AddRange(zeros);
                break;
            case 14 when !isNarrow:
                _k.Store(_bits[Offset()], new Conversion(ElementType.LaneBits(lanes), LaneBits(Mask(2))));
                break;
            case 15 when _sums.Count > 0 && Chance(2):
                Variable sum = Pick(_sums);
                _k.Run(RuntimeApi.AddTo(sum, sum.Type.IsWide ? Vector(2) : Float(2)));
                break;
            case 15:
                LongSum();
                break;
            case var other when other == 0 && _totals.Count > 0:
                _k.Store(_totals[0][_random.Next(4)], Vector(2));
                break;
            default:
                _vectors.Add(_k.Let(Name("v"), Vector(3)));
                break;
        }
    }

    private void Loop(int depth)
    {
        string name = Name("i");
        int rounds = Pick(_extents), step = _random.Next(1, 3);
        Index first = _random.Next(3) switch { 0 => Pick(_integers), 1 => _random.Next(3), _ => 0 };
        KernelBuilder.Scope scope = first.Is(0)
            ? _k.For(name, 0, rounds, step, out IndexVariable variable)
            : _k.For(name, first, Index.Min(first + Strata.Compiler.KernelLanguage.Number.Named(rounds, name + "Rounds"),
                Index.Max(first, 6)), step, out variable);
        Within(scope, depth, variable);
    }

    /// <summary>Statements in a scope of their own.</summary>
    private void Within(KernelBuilder.Scope scope, int depth, params Index[] variables)
    {
        (List<Variable> vectors, List<Variable> floats, List<Variable> masks, List<Variable> sums) = (_vectors, _floats, _masks, _sums);
        (List<Index> integers, List<Pointer> sources) = (_integers, _sources);
        (_vectors, _floats, _masks, _sums, _integers, _sources) = ([.. vectors], [.. floats], [.. masks], [.. sums],
            [.. integers, .. variables], [.. sources]);
        using (scope)
        {
            Statements(depth + 1);
        }

        (_vectors, _floats, _masks, _sums, _integers, _sources) = (vectors, floats, masks, sums, integers, sources);
    }

    private void LongSum()
    {
        bool isWide = Chance(2);
        var sum = new Variable(Name("s"), isWide ? ElementType.LongSum : ElementType.BlockSum);
        _k.Add(new Declare(EquatableArray.Of(new Binding(sum, new Default(sum.Type)))));
        _k.Run(RuntimeApi.AddTo(sum, isWide ? Vector(2) : Float(2)));
        _sums.Add(sum);
        (isWide ? _vectors : _floats).Add(_k.Let(Name("v"), RuntimeApi.ValueOf(sum)));
    }

    private Expression Vector(int depth) => depth == 0 || Chance(5) ? Leaf() : _random.Next(isNarrow ? 9 : 18) switch
    {
        0 => Vector(depth - 1) + Vector(depth - 1),
        1 => Vector(depth - 1) - Vector(depth - 1),
        2 => Vector(depth - 1) * Vector(depth - 1),
        3 => Vector(depth - 1) / (2 + Abs(Vector(depth - 1))),
        4 => Select(isNarrow ? Comparison(depth - 1) : Mask(depth - 1), Vector(depth - 1), Vector(depth - 1)),
        5 => Max(Vector(depth - 1), Vector(depth - 1)),
        6 => _k.MultiplyAdd(Vector(depth - 1), Vector(depth - 1), Vector(depth - 1)),
        7 => -Vector(depth - 1),
        8 => Sqrt(Abs(Vector(depth - 1))),
        9 => Mask(depth - 1) & Vector(depth - 1),
        10 => AndNot(Vector(depth - 1), Mask(depth - 1)),
        11 => Shuffle(Vector(depth - 1), Enumerable.Range(_random.Next(lanes), lanes).Select(i => i % lanes)),
        12 => new Broadcast(Sum(Vector(depth - 1))),
        13 => WithLane(Vector(depth - 1), _random.Next(lanes), Float(1)),
        14 => LowerHalves(Vector(depth - 1), Vector(depth - 1)),
        15 => MinNative(_random.Next(3), Vector(depth - 1)),
        16 => LaneNumbers * Vector(depth - 1),
        _ => Formula(),
    };

    private Expression Leaf() => _random.Next(7) switch
    {
        0 => Load(),
        1 => Source().Broadcast,
        2 => Number(),
        3 => new Broadcast(Pick(_floats)),
        4 when _totals.Count > 0 => _totals[0][_random.Next(4)].Value,
        _ => Pick(_vectors),
    };

    /// <summary>In place, or a function of its own.</summary>
    private Expression Formula()
    {
        Variable x = new("x"), y = new("y");
        int number = _names++;
        return KernelBuilder.Apply($"Formula{number}", new RandomExpressions((1000 * seed) + number, x, y).Next(3), (x, Vector(1)),
            (y, Pick(_vectors)));
    }

    private Expression Float(int depth) => depth == 0 || Chance(5) ? FloatLeaf() : _random.Next(isNarrow ? 6 : 9) switch
    {
        0 => Float(depth - 1) + Float(depth - 1),
        1 => Float(depth - 1) - Float(depth - 1),
        2 => Float(depth - 1) * Float(depth - 1),
        3 => ScalarMax(Float(depth - 1), Float(depth - 1)),
        4 => Select(Condition(depth - 1), Float(depth - 1), Float(depth - 1)),
        5 => -Float(depth - 1),
        6 => Sum(Vector(depth - 1)),
        7 => GetLane(Vector(depth - 1), _random.Next(lanes)),
        _ => ToScalar(Vector(depth - 1)),
    };

    private Expression FloatLeaf() => _random.Next(5) switch
    {
        0 => Source().Value,
        1 => Constant.Single(Number()),
        2 => new Conversion(ElementType.Float, Integer(1)),
        _ => Pick(_floats),
    };

    private Index Integer(int depth)
    {
        if (depth == 0 || Chance(3))
        {
            return _random.Next(5) switch
            {
                0 => _random.Next(-3, 9),
                1 => Strata.Compiler.KernelLanguage.Number.Named(Pick(_extents), Name("size")),
                2 => _list[Offset()].Integer,
                _ => Pick(_integers),
            };
        }

        return _random.Next(11) switch
        {
            0 or 1 => Integer(depth - 1) + Integer(depth - 1),
            2 => Integer(depth - 1) - Integer(depth - 1),
            3 => Integer(depth - 1) * Integer(depth - 1),
            4 => Integer(depth - 1) / _random.Next(1, 4),
            5 => Integer(depth - 1) % _random.Next(1, 6),
            6 => Index.Min(Integer(depth - 1), Integer(depth - 1)),
            7 => Index.Max(Integer(depth - 1), Integer(depth - 1)),
            8 => Index.Abs(Integer(depth - 1)),
            9 => Index.Choose(Condition(0), Integer(depth - 1), Integer(depth - 1)),
            _ => Index.Truncate(Min(Constant.Single(3), Max(Constant.Single(-3), Pick(_floats)))),
        };
    }

    private Expression Mask(int depth) => depth == 0 || Chance(3) || isNarrow ? Comparison(depth) : _random.Next(7) switch
    {
        0 => Mask(depth - 1) & Mask(depth - 1),
        1 => Mask(depth - 1) | Mask(depth - 1),
        2 => ~Mask(depth - 1),
        3 => IsNaN(Vector(depth - 1)),

        // From 1 on: .NET 10 leaves a mask that it knows to be false out of an &.
        4 => LanesBefore(Constant.Single(_random.Next(1, lanes))),
        5 => ReplacesMaximum(Vector(depth - 1), Vector(depth - 1)),
        _ => _masks.Count > 0 ? Pick(_masks) : Comparison(depth - 1),
    };

    private Expression Comparison(int depth)
    {
        (Expression left, Expression right) = (Vector(depth), Vector(depth));
        return _random.Next(5) switch
        {
            0 => left > right,
            1 => left < right,
            2 => left >= right,
            3 => left <= right,
            _ => AreEqual(left, right),
        };
    }

    /// <summary>One truth.</summary>
    private Expression Condition(int depth) => _random.Next(6) switch
    {
        0 => Integer(depth) < Integer(depth),
        1 => Index.AreEqual(Integer(depth) % 3, _random.Next(3)),
        2 when depth > 0 => Condition(depth - 1) & Condition(depth - 1),
        3 when depth > 0 => Condition(depth - 1) | Condition(depth - 1),
        4 when depth > 0 => ~Condition(depth - 1),
        _ => Float(depth) > Float(depth),
    };

    private Expression Load() => Source().Vector;

    private Reference Source() => Pick(_sources)[Offset()];

    /// <summary>Where something is read.</summary>
    private Index Offset() => Chance(3) ? Integer(2) % 256 : Affine();

    /// <summary>Where something is written: in a nest that becomes one of floats, vectors never overlap.</summary>
    private Index Place() => isNarrow ? lanes * (Integer(2) % 64) : Offset();

    private Index Affine() =>
        Index.Sum((Pick(_integers), Pick(_strides)), (Pick(_integers), Pick(_strides))) + _random.Next(9);

    private double Number() => Math.Round((4 * _random.NextDouble()) - 2, 2);

    private bool Chance(int of) => _random.Next(of) == 0;

    private string Name(string kind) => $"{kind}{_names++}";

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private static int[] Drawn(int seed, int count, int least, int end)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(least, end))];
    }
}
