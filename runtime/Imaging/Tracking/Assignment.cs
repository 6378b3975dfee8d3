using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Pairs rows with columns so that the sum of the pairs' costs is the smallest, where leaving a row and a column out costs a limit: what
/// <c>lap.lapjv(extend_cost=True, cost_limit)</c> computes. One row after the other finds the shortest augmenting path (Jonker and
/// Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 1987).
/// </summary>
internal sealed class Assignment
{
    private readonly List<(int Column, double Cost)>[] _edges;
    private readonly double[] _rowPrices;
    private readonly double[] _columnPrices;
    private readonly double[] _distances;
    private readonly bool[] _closed;
    private readonly int[] _from;
    private readonly int[] _rowOf;
    private readonly int[] _columnOf;
    private readonly List<int> _open = [];
    private readonly List<int> _done = [];

    private Assignment(int rows, int columns, Func<int, int, double> cost, double limit)
    {
        // Each row has a column of its own besides, which stands for no pair. So a path always ends.
        _edges = new List<(int, double)>[rows];
        for (int row = 0; row < rows; row++)
        {
            _edges[row] = [(columns + row, limit)];
            for (int column = 0; column < columns; column++)
            {
                if (cost(row, column) is var own && own < limit)
                {
                    _edges[row].Add((column, own));
                }
            }
        }

        _rowPrices = [.. _edges.Select(edges => edges.Min(edge => edge.Cost))];
        (_columnPrices, _distances) = (new double[columns + rows], new double[columns + rows]);
        (_closed, _from, _rowOf, _columnOf) = (new bool[columns + rows], new int[columns + rows], new int[columns + rows], new int[rows]);
        Array.Fill(_rowOf, -1);
        Array.Fill(_columnOf, -1);
        Array.Fill(_distances, double.PositiveInfinity);
    }

    /// <summary>Finds the pairs.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="cost">The cost of a pair; pairs of the limit or more, and of NaN, are never made.</param>
    /// <param name="limit">The limit.</param>
    /// <returns>The column of each row, or −1.</returns>
    public static int[] Solve(int rows, int columns, Func<int, int, double> cost, double limit)
    {
        var assignment = new Assignment(rows, columns, cost, limit);
        for (int row = 0; row < rows; row++)
        {
            int end = assignment.Search(row);
            assignment.Reprice(row, end);
            assignment.Pair(row, end);
        }

        return [.. assignment._columnOf.Select(column => column < columns ? column : -1)];
    }

    /// <summary>Goes along the shortest paths from a row, over rows that have a column, to the nearest column without a row.</summary>
    private int Search(int start)
    {
        _open.Clear();
        _done.Clear();
        (int row, double reached) = (start, 0);
        while (true)
        {
            Look(row, reached);
            int nearest = 0;
            for (int i = 1; i < _open.Count; i++)
            {
                nearest = _distances[_open[i]] < _distances[_open[nearest]] ? i : nearest;
            }

            int column = _open[nearest];
            if (_rowOf[column] < 0)
            {
                return column;
            }

            _open.RemoveAt(nearest);
            _done.Add(column);
            _closed[column] = true;
            (row, reached) = (_rowOf[column], _distances[column]);
        }
    }

    /// <summary>How far the columns are by way of a row.</summary>
    private void Look(int row, double reached)
    {
        foreach ((int column, double own) in _edges[row])
        {
            double length = reached + own - _rowPrices[row] - _columnPrices[column];
            if (length < _distances[column] && !_closed[column])
            {
                if (double.IsPositiveInfinity(_distances[column]))
                {
                    _open.Add(column);
                }

                (_distances[column], _from[column]) = (length, row);
            }
        }
    }

    /// <summary>Prices keep the costs of all pairs at 0 or more, and of those made at 0. Distances are forgotten.</summary>
    private void Reprice(int start, int end)
    {
        double reached = _distances[end];
        _rowPrices[start] += reached;
        foreach (int column in _done)
        {
            _rowPrices[_rowOf[column]] += reached - _distances[column];
            _columnPrices[column] -= reached - _distances[column];
            (_distances[column], _closed[column]) = (double.PositiveInfinity, false);
        }

        foreach (int column in _open)
        {
            _distances[column] = double.PositiveInfinity;
        }
    }

    /// <summary>Each row of the path gets the column behind it.</summary>
    private void Pair(int start, int end)
    {
        int row = -1;
        for (int column = end; row != start;)
        {
            row = _from[column];
            _rowOf[column] = row;
            (column, _columnOf[row]) = (_columnOf[row], column);
        }
    }
}
