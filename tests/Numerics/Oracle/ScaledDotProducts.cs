using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>For each head, values weighted by the softmax of the products of queries and keys. Tensors have features first.</summary>
internal sealed class ScaledDotProducts
{
    /// <summary>In backward, weights may be computed anew from the logarithm of their sum, which is rounded.</summary>
    private const double OfLogarithm = 4 * Numbers.U;

    private readonly int _heads, _queries, _keys, _features, _valueFeatures, _maskRows;
    private readonly bool _isCausal;
    private readonly Numbers _q, _k, _v;
    private readonly Numbers? _mask;

    /// <summary>The weights of the keys that a query sees, for each head and query.</summary>
    private readonly Numbers[,] _weights;

    // The mask is added to the products of each query and key. It may be one for all heads, and one row for all queries.
    public ScaledDotProducts(
        int heads, bool isCausal, int queries, int keys, Numbers q, Numbers k, Numbers v, Numbers? mask, int? maskRows = null)
    {
        _maskRows = maskRows ?? queries;
        (_heads, _isCausal, _queries, _keys, _q, _k, _v, _mask) = (heads, isCausal, queries, keys, q, k, v, mask);
        (_features, _valueFeatures) = (q.Length / (heads * queries), v.Length / (heads * keys));
        _weights = new Numbers[heads, queries];
        var sums = new Sums(_valueFeatures * heads * queries);
        foreach ((int head, int i) in Rows())
        {
            Numbers weights = _weights[head, i] = WeightsOf(head, i);
            ForEach(weights.Length, _valueFeatures, (j, c) =>
            {
                int from = Value(head, c, j);
                sums.Add(ResultAt(head, c, i), weights.Value[j], weights.Variance[j], v.Value[from], v.Variance[from]);
            });
        }

        Result = new Numbers(sums.Length);
        sums.Store(Result);
    }

    public Numbers Result { get; }

    private double Scale => 1 / Math.Sqrt(_features);

    /// <summary>The gradients of q, k, v, and of the mask if there is one.</summary>
    public IReadOnlyList<Numbers> Backward(Numbers dy)
    {
        Sums dq = new(_q.Length), dk = new(_k.Length), dv = new(_v.Length), dm = new(_mask?.Length ?? 0);
        foreach ((int head, int i) in Rows())
        {
            Numbers weights = _weights[head, i];
            Numbers ofScores = OfScores(dy, head, i);
            for (int j = 0; j < weights.Length && _mask is not null; j++)
            {
                dm.Add(MaskAt(head, i, j), ofScores.Value[j], ofScores.Variance[j]);
            }

            for (int j = 0; j < weights.Length; j++)
            {
                ofScores.Value[j] *= Scale;
                ofScores.Variance[j] = (Scale * Scale * ofScores.Variance[j]) + Square(3 * Numbers.U * ofScores.Value[j]);
            }

            ForEach(weights.Length, _features, (j, c) =>
            {
                (int q, int k) = (Query(head, c, i), Key(head, c, j));
                dq.Add(q, ofScores.Value[j], ofScores.Variance[j], _k.Value[k], _k.Variance[k]);
                dk.Add(k, ofScores.Value[j], ofScores.Variance[j], _q.Value[q], _q.Variance[q]);
            });

            ForEach(weights.Length, _valueFeatures, (j, c) =>
            {
                int y = ResultAt(head, c, i);
                dv.Add(Value(head, c, j), weights.Value[j], weights.Variance[j], dy.Value[y], dy.Variance[y]);
            });
        }

        return [.. new[] { dq, dk, dv, dm }.Take(_mask is null ? 3 : 4).Select(Stored)];
    }

    private static Numbers Stored(Sums sums)
    {
        var numbers = new Numbers(sums.Length);
        sums.Store(numbers);
        return numbers;
    }

    private static double Square(double x) => x * x;

    private Numbers WeightsOf(int head, int i)
    {
        int seen = _isCausal ? Math.Min(i + 1, _keys) : _keys;
        var products = new Sums(seen);
        ForEach(seen, _features, (j, c) =>
        {
            (int q, int k) = (Query(head, c, i), Key(head, c, j));
            products.Add(j, _q.Value[q], _q.Variance[q], _k.Value[k], _k.Variance[k]);
        });

        Numbers scores = new(seen), weights = new(seen);
        products.Store(scores, Scale);
        for (int j = 0; j < seen; j++)
        {
            scores.Variance[j] += Square(2 * Numbers.U * scores.Value[j]);
            if (_mask is not null)
            {
                int at = MaskAt(head, i, j);
                scores.Value[j] += _mask.Value[at];
                scores.Variance[j] += _mask.Variance[at] + Square(Numbers.U * scores.Value[j]);
            }
        }

        new Softmax(Axes.Width).Forward(new PassContext(), Extents.Sequence(1, seen), scores, weights, []);
        for (int j = 0; j < seen; j++)
        {
            weights.Variance[j] += Square(weights.Value[j] * OfLogarithm * (1 + Math.Abs(scores.Value[j])));
        }

        return weights;
    }

    /// <summary>The gradients of a row of scores, which are what the softmax is taken of.</summary>
    private Numbers OfScores(Numbers dy, int head, int i)
    {
        Numbers weights = _weights[head, i];
        var changes = new Sums(weights.Length);
        ForEach(weights.Length, _valueFeatures, (j, c) =>
        {
            (int y, int v) = (ResultAt(head, c, i), Value(head, c, j));
            changes.Add(j, dy.Value[y], dy.Variance[y], _v.Value[v], _v.Variance[v]);
        });

        Numbers ofWeights = new(weights.Length), ofScores = new(weights.Length);
        changes.Store(ofWeights);
        new Softmax(Axes.Width).Backward(
            new PassContext(), Extents.Sequence(1, weights.Length), weights, weights, ofWeights, ofScores, [], []);
        return ofScores;
    }

    private IEnumerable<(int Head, int Query)> Rows() =>
        Enumerable.Range(0, _heads).SelectMany(head => Enumerable.Range(0, _queries).Select(query => (head, query)));

    private static void ForEach(int first, int second, Action<int, int> body)
    {
        for (int one = 0; one < first; one++)
        {
            for (int other = 0; other < second; other++)
            {
                body(one, other);
            }
        }
    }

    private int Query(int head, int feature, int token) => (((head * _features) + feature) * _queries) + token;

    private int Key(int head, int feature, int token) => (((head * _features) + feature) * _keys) + token;

    private int Value(int head, int feature, int token) => (((head * _valueFeatures) + feature) * _keys) + token;

    private int ResultAt(int head, int feature, int token) => (((head * _valueFeatures) + feature) * _queries) + token;

    private int MaskAt(int head, int query, int key)
    {
        (int ofHead, int row) = (head * _maskRows, _maskRows == 1 ? 0 : query);
        return (((_mask!.Length == _maskRows * _keys ? 0 : ofHead) + row) * _keys) + key;
    }
}
