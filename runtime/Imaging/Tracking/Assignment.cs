using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Pairs rows with columns so that the sum of the pairs' costs is the smallest, where leaving a row and a column out costs a limit: what
/// <c>lap.lapjv(extend_cost=True, cost_limit)</c> computes. One row after the other finds the shortest augmenting path (Jonker and
/// Volgenant, A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 1987).
/// </summary>
internal static class Assignment
{
    /// <summary>Finds the pairs.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="cost">The cost of a pair; pairs of the limit or more, and of NaN, are never made.</param>
    /// <param name="limit">The limit.</param>
    /// <returns>The column of each row, or −1.</returns>
    public static int[] Solve(int rows, int columns, Func<int, int, double> cost, double limit)
    {
        // Each row has a column of its own besides, which stands for no pair. So a path always ends.
        var edges = new List<(int Column, double Cost)>[rows];
        double[] rowPrice = new double[rows], columnPrice = new double[columns + rows];
        for (int row = 0; row < rows; row++)
        {
            edges[row] = [(columns + row, limit)];
            rowPrice[row] = limit;
            for (int column = 0; column < columns; column++)
            {
                if (cost(row, column) is var own && own < limit)
                {
                    edges[row].Add((column, own));
                    rowPrice[row] = double.Min(rowPrice[row], own);
                }
            }
        }

        int[] owner = new int[columns + rows], from = new int[columns + rows], found = new int[rows];
        double[] distance = new double[columns + rows];
        bool[] closed = new bool[columns + rows];
        Array.Fill(owner, -1);
        Array.Fill(found, -1);
        Array.Fill(distance, double.PositiveInfinity);
        var open = new List<int>();
        var done = new List<int>();
        for (int start = 0; start < rows; start++)
        {
            open.Clear();
            done.Clear();
            (int row, int end, double reached) = (start, -1, 0);
            while (true)
            {
                foreach ((int column, double own) in edges[row])
                {
                    double length = reached + own - rowPrice[row] - columnPrice[column];
                    if (length < distance[column] && !closed[column])
                    {
                        if (double.IsPositiveInfinity(distance[column]))
                        {
                            open.Add(column);
                        }

                        (distance[column], from[column]) = (length, row);
                    }
                }

                int nearest = 0;
                for (int i = 1; i < open.Count; i++)
                {
                    nearest = distance[open[i]] < distance[open[nearest]] ? i : nearest;
                }

                end = open[nearest];
                open.RemoveAt(nearest);
                reached = distance[end];
                if (owner[end] < 0)
                {
                    break;
                }

                done.Add(end);
                closed[end] = true;
                row = owner[end];
            }

            // Prices keep the costs of all pairs at 0 or more, and of those made at 0.
            rowPrice[start] += reached;
            foreach (int column in done)
            {
                rowPrice[owner[column]] += reached - distance[column];
                columnPrice[column] -= reached - distance[column];
                (distance[column], closed[column]) = (double.PositiveInfinity, false);
            }

            distance[end] = double.PositiveInfinity;
            foreach (int column in open)
            {
                distance[column] = double.PositiveInfinity;
            }

            for (int column = end; column >= 0;)
            {
                row = from[column];
                owner[column] = row;
                (column, found[row]) = (found[row], column);
                if (row == start)
                {
                    break;
                }
            }
        }

        for (int row = 0; row < rows; row++)
        {
            found[row] = found[row] < columns ? found[row] : -1;
        }

        return found;
    }
}
