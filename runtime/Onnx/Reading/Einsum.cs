using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>
/// Einstein's sums of one or two tensors: transpositions, sums over axes and a product of matrices. A letter stands for an axis; those that
/// are in both tensors and not in the result are summed over.
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
        string equation = node.Attributes.Text("equation").Replace(" ", "");
        string[] sides = equation.Split("->"), terms = sides[0].Split(',');
        if (equation.Contains('.'))
        {
            return node.Refuse($"its equation '{equation}' has axes without letters");
        }

        if (sides.Length > 2 || terms.Length != node.Inputs.Length
            || terms.Where((term, input) => term.Length != node.Required(input).Shape.Count).Any())
        {
            throw new ReadingException($"its equation '{equation}' does not fit its {node.Inputs.Length} inputs");
        }

        string wanted = sides.Length == 2 ? sides[1] : Unwritten(sides[0]);
        if (wanted.Distinct().Count() != wanted.Length || wanted.Except(sides[0]).Any())
        {
            throw new ReadingException($"its equation '{equation}' has another result than its inputs");
        }

        if (terms.Any(term => term.Distinct().Count() != term.Length))
        {
            return node.Refuse($"its equation '{equation}' takes a diagonal");
        }

        if (terms.Length > 2)
        {
            return node.Refuse($"it multiplies {terms.Length} tensors");
        }

        Term[] operands = [.. terms.Select((term, input) => new Term(node.Required(input), term))];
        foreach (char letter in terms[0].Where(letter => terms.Length == 2 && terms[1].Contains(letter)))
        {
            int[] extents = [.. operands.Select(term => term.Value.Shape[term.Letters.IndexOf(letter)])];
            if (extents[0] != extents[1])
            {
                throw new ReadingException($"its axes '{letter}' have {extents[0]} and {extents[1]} elements");
            }
        }

        operands = [.. operands.Select((term, input) =>
            Summed(node, term, wanted + string.Concat(terms.Where((_, other) => other != input))))];
        Term result = operands is [var left, var right] ? Product(node, left, right, wanted) : operands[0];
        return node.Give(Ordered(node, result, wanted));
    }

    /// <summary>Without a result in the equation, it has the letters that stand once, in the order of the alphabet.</summary>
    private static string Unwritten(string terms) =>
        string.Concat(terms.Where(letter => letter != ',' && terms.Count(one => one == letter) == 1).Order());

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
