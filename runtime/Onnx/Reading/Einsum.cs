using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>
/// Einstein's sums of tensors: transpositions, sums over axes and a product of matrices. A letter stands for an axis; those that
/// are in several tensors and not in the result are summed over.
/// </summary>
internal static class Einsum
{
    /// <summary>A tensor with the letters of its axes.</summary>
    private sealed record Term(OnnxValue Value, string Letters)
    {
        public int[] Extents(string letters) => [.. letters.Select(letter => Value.Shape[Letters.IndexOf(letter)])];
    }

    public static bool Read(NodeReading node)
    {
        string given = node.Attributes.Text("equation").Replace(" ", "");
        int[] ranks = [.. Enumerable.Range(0, node.Inputs.Length).Select(input => node.Required(input).Shape.Count)];
        string equation = Lettered(given, ranks);
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != ranks.Length || terms.Where((term, input) => term.Length != ranks[input]).Any())
        {
            throw new ReadingException($"its equation '{given}' does not fit its {node.Inputs.Length} inputs");
        }

        string wanted = sides.Length == 2 ? sides[1] : Unwritten(sides[0]);
        if (wanted.Distinct().Count() != wanted.Length || wanted.Except(sides[0]).Any() || wanted.Contains(','))
        {
            throw new ReadingException($"its equation '{given}' has another result than its inputs");
        }

        var extents = new Dictionary<char, int>();
        foreach ((char letter, int extent) in terms.SelectMany((term, input) => term.Zip(node.Required(input).Shape)))
        {
            if (!extents.TryAdd(letter, extent) && extents[letter] != extent)
            {
                throw new ReadingException($"its axes '{letter}' have {extents[letter]} and {extent} elements");
            }
        }

        Term[] operands = [.. terms.Select((term, input) => Summed(
            node, Diagonal(node, new Term(node.Required(input), term)),
            wanted + string.Concat(terms.Where((_, other) => other != input))))];
        Term result = operands[0];
        for (int next = 1; next < operands.Length; next++)
        {
            result = Product(node, result, operands[next], wanted + string.Concat(operands.Skip(next + 1).Select(term => term.Letters)));
        }

        return node.Give(Ordered(node, result, wanted));
    }

    /// <summary>The equation with letters for the axes that three points stand for, the last ones of each tensor alike.</summary>
    private static string Lettered(string equation, int[] ranks)
    {
        const string Points = "...";
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        int[] counts = [.. terms.Zip(ranks, (term, rank) => term.Contains(Points) ? rank - (term.Length - Points.Length) : 0)];
        if (!equation.Contains(Points) || counts.Any(count => count is < 0 or > Shapes.MaximumRank))
        {
            return equation;
        }

        string letters = string.Concat(Enumerable.Range('\u0410', counts.Max()).Select(letter => (char)letter));
        string read = string.Join(',', terms.Zip(counts, (term, count) => term.Replace(Points, letters[^count..])));
        return $"{read}->{(sides.Length > 1 ? sides[1].Replace(Points, letters)
            : letters + string.Concat(Unwritten(read).Where(letter => !letters.Contains(letter))))}";
    }

    /// <summary>Without a result in the equation, it has the letters that stand once, in the order of the alphabet.</summary>
    private static string Unwritten(string terms) =>
        string.Concat(terms.Where(letter => letter != ',' && terms.Count(one => one == letter) == 1).Order());

    /// <summary>Of axes with one letter, the elements whose places are the same: every (n + 1)-th of n².</summary>
    private static Term Diagonal(NodeReading node, Term term)
    {
        while (term.Letters.FirstOrDefault(letter => term.Letters.Count(one => one == letter) > 1) is var twice and not '\0')
        {
            int first = term.Letters.IndexOf(twice), second = term.Letters.IndexOf(twice, first + 1), extent = term.Value.Shape[first];
            int[] others = [.. Enumerable.Range(0, term.Letters.Length).Where(axis => axis != first && axis != second)];
            OnnxValue last = ShapeRules.Transposed(node, term.Value, [.. others, first, second]);
            int[] kept = [.. others.Select(axis => term.Value.Shape[axis])];
            OnnxValue pairs = node.Reshaped(last, [.. kept, Shapes.Count([extent, extent])]);
            OnnxValue diagonal = SelectionRules.Gathered(
                node, pairs, kept.Length, [.. Enumerable.Range(0, extent).Select(place => place * (extent + 1L))], [extent]);
            term = new Term(diagonal, string.Concat(others.Select(axis => term.Letters[axis])) + twice);
        }

        return term;
    }

    /// <summary>The sum over the axes whose letters nothing else has.</summary>
    private static Term Summed(NodeReading node, Term term, string kept)
    {
        int[] axes = [.. Enumerable.Range(0, term.Letters.Length).Where(axis => !kept.Contains(term.Letters[axis]))];
        if (axes.Length == 0)
        {
            return term;
        }

        string left = string.Concat(term.Letters.Where(kept.Contains));
        OnnxValue sum = node.Emit("ReduceSum", [term.Value], term.Extents(left), new() { { "axes", axes }, { "keepdims", false } });
        return new Term(sum, left);
    }

    private static Term Product(NodeReading node, Term left, Term right, string wanted)
    {
        if (left.Value.Constant is not null)
        {
            // A layer's matrix stands on the right.
            (left, right) = (right, left);
        }

        string both = string.Concat(wanted.Where(letter => left.Letters.Contains(letter) && right.Letters.Contains(letter)));
        string sums = string.Concat(left.Letters.Where(letter => right.Letters.Contains(letter) && !wanted.Contains(letter)));
        string rows = string.Concat(left.Letters.Except(both + sums)), columns = string.Concat(right.Letters.Except(both + sums));
        int[] batch = left.Extents(both), height = left.Extents(rows), width = right.Extents(columns), inner = left.Extents(sums);
        OnnxValue x = Ordered(node, left, both + rows + sums), y = Ordered(node, right, both + sums + columns);
        int[] all = [.. batch, .. height, .. width];
        if (sums.Length == 0)
        {
            x = node.Reshaped(x, [.. batch, .. height, .. width.Select(_ => 1)]);
            y = node.Reshaped(y, [.. batch, .. height.Select(_ => 1), .. width]);
            return new Term(node.Emit("Mul", [x, y], all), both + rows + columns);
        }

        // Where all share the right matrix, the rows may have several axes.
        int[] before = batch.Length == 0 && height.Length > 0 ? height : [.. batch, Shapes.Count(height)];
        x = node.Reshaped(x, [.. before, Shapes.Count(inner)]);
        y = node.Reshaped(y, [.. batch, Shapes.Count(inner), Shapes.Count(width)]);
        OnnxValue product = node.Emit("MatMul", [x, y], [.. before, Shapes.Count(width)]);
        return new Term(node.Reshaped(product, all), both + rows + columns);
    }

    private static OnnxValue Ordered(NodeReading node, Term term, string letters) =>
        ShapeRules.Transposed(node, term.Value, [.. letters.Select(letter => term.Letters.IndexOf(letter))]);
}
