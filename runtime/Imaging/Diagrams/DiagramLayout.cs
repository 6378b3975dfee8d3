using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Places for the boxes of a diagram, in rows from top to bottom (Sugiyama, Tagawa and Toda, Methods for Visual Understanding of
/// Hierarchical System Structures, 1981): rows by the longest way from an input, an order in each row with few crossings, then positions
/// close to the neighbours. An arrow that passes a row has a place of its own there.
/// </summary>
internal sealed class DiagramLayout
{
    private const int Gap = 28, RowGap = 44, PassWidth = 12, Sweeps = 8;

    private readonly List<Place> _places = [];
    private readonly List<List<Place>> _rows = [];
    private readonly double[] _tops;

    public DiagramLayout(DiagramGraph graph, IReadOnlyList<(double Width, double Height)> sizes)
    {
        int[] row = Rows(graph);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            _places.Add(new Place(row[i], sizes[i].Width, sizes[i].Height));
        }

        Ways = [.. graph.Edges.Select(Way)];
        for (int r = 0; r <= row.Max(); r++)
        {
            _rows.Add([.. _places.Where(p => p.Row == r)]);
        }

        Order();
        Position();
        _tops = new double[_rows.Count];
        for (int r = 1; r < _rows.Count; r++)
        {
            _tops[r] = _tops[r - 1] + HeightOf(r - 1) + RowGap;
        }

        double left = _places.Min(p => p.X - (p.Width / 2));
        _places.ForEach(p => p.X -= left);
        Width = _places.Max(p => p.X + (p.Width / 2));
        Height = _tops[^1] + HeightOf(_rows.Count - 1);
    }

    public double Width { get; }

    public double Height { get; }

    /// <summary>The places that each arrow goes through, the first and the last included.</summary>
    private List<Place>[] Ways { get; }

    /// <summary>The left upper corner of a box.</summary>
    public (double X, double Y) CornerOf(int node) => (_places[node].X - (_places[node].Width / 2), _tops[_places[node].Row]);

    /// <summary>The points of an arrow: the lower edge of a box, both ends of each row that it passes, the upper edge of a box.</summary>
    public List<(double X, double Y)> PointsOf(int edge)
    {
        List<Place> way = Ways[edge];
        var points = new List<(double, double)> { (way[0].X, _tops[way[0].Row] + way[0].Height) };
        foreach (Place pass in way.Skip(1).SkipLast(1))
        {
            points.Add((pass.X, _tops[pass.Row]));
            points.Add((pass.X, _tops[pass.Row] + HeightOf(pass.Row)));
        }

        points.Add((way[^1].X, _tops[way[^1].Row]));
        return points;
    }

    private double HeightOf(int row) => _rows[row].Max(p => p.Height);

    /// <summary>The row of each box. Inputs move down to their first reader; otherwise a second input would start far above.</summary>
    private static int[] Rows(DiagramGraph graph)
    {
        int[] row = new int[graph.Nodes.Count];
        foreach (DiagramEdge edge in graph.Edges.OrderBy(e => e.From))
        {
            row[edge.To] = int.Max(row[edge.To], row[edge.From] + 1);
        }

        for (int i = 0; i < row.Length; i++)
        {
            if (graph.Nodes[i].Kind == DiagramNodeKind.Input && graph.Edges.Exists(e => e.From == i))
            {
                row[i] = graph.Edges.Where(e => e.From == i).Min(e => row[e.To]) - 1;
            }
        }

        return row;
    }

    private List<Place> Way(DiagramEdge edge)
    {
        var way = new List<Place> { _places[edge.From] };
        for (int r = _places[edge.From].Row + 1; r < _places[edge.To].Row; r++)
        {
            way.Add(new Place(r, PassWidth, 0));
            _places.Add(way[^1]);
        }

        way.Add(_places[edge.To]);
        for (int i = 1; i < way.Count; i++)
        {
            way[i - 1].Below.Add(way[i]);
            way[i].Above.Add(way[i - 1]);
        }

        return way;
    }

    /// <summary>Sorts each row by the mean order of its neighbours in the row before, down and up in turn.</summary>
    private void Order()
    {
        foreach (List<Place> row in _rows)
        {
            Number(row);
        }

        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Place> row in down ? _rows.Skip(1) : _rows.AsEnumerable().Reverse().Skip(1))
            {
                List<Place> sorted = [.. row.OrderBy(p => Mean(down ? p.Above : p.Below, n => n.Order, p.Order))];
                row.Clear();
                row.AddRange(sorted);
                Number(row);
            }
        }

        static void Number(List<Place> row)
        {
            for (int i = 0; i < row.Count; i++)
            {
                row[i].Order = (i + 0.5) / row.Count;
            }
        }
    }

    /// <summary>Moves each place towards the mean of its neighbours, as far as its row has room.</summary>
    private void Position()
    {
        foreach (List<Place> row in _rows)
        {
            double x = 0;
            foreach (Place place in row)
            {
                place.X = x + (place.Width / 2);
                x += place.Width + Gap;
            }

            row.ForEach(p => p.X -= (x - Gap) / 2);
        }

        for (int sweep = 0; sweep < 4 * Sweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<Place> row in down ? _rows.Skip(1) : _rows.AsEnumerable().Reverse().Skip(1))
            {
                Settle(row, [.. row.Select(p => Mean(down ? p.Above : p.Below, n => n.X, p.X))]);
            }
        }
    }

    /// <summary>
    /// Finds the positions closest to those that are wanted (least squares) which keep the order and the gaps: neighbours that want to
    /// overlap become a group, which stands at the mean of what its members want (pool adjacent violators).
    /// </summary>
    private static void Settle(List<Place> row, double[] wanted)
    {
        double[] offsets = new double[row.Count];
        for (int i = 1; i < row.Count; i++)
        {
            offsets[i] = offsets[i - 1] + (row[i - 1].Width / 2) + Gap + (row[i].Width / 2);
        }

        var groups = new List<(double Sum, int Count)>();
        for (int i = 0; i < row.Count; i++)
        {
            groups.Add((wanted[i] - offsets[i], 1));
            while (groups.Count > 1 && groups[^2].Sum / groups[^2].Count > groups[^1].Sum / groups[^1].Count)
            {
                groups[^2] = (groups[^2].Sum + groups[^1].Sum, groups[^2].Count + groups[^1].Count);
                groups.RemoveAt(groups.Count - 1);
            }
        }

        int next = 0;
        foreach ((double sum, int count) in groups)
        {
            for (int i = 0; i < count; i++, next++)
            {
                row[next].X = (sum / count) + offsets[next];
            }
        }
    }

    private static double Mean(List<Place> neighbours, Func<Place, double> value, double otherwise) =>
        neighbours.Count == 0 ? otherwise : neighbours.Average(value);

    private sealed class Place(int row, double width, double height)
    {
        public int Row { get; } = row;

        public double Width { get; } = width;

        public double Height { get; } = height;

        public List<Place> Above { get; } = [];

        public List<Place> Below { get; } = [];

        public double Order { get; set; }

        /// <summary>The middle.</summary>
        public double X { get; set; }
    }
}
