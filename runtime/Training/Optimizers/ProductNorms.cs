using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Computes the norms of deferred weight gradients without computing the gradients. The gradient of a dense layer's weights is dW = Σₛ
/// xₛ·yₛᵀ, a sum over samples s, where x is the layer's input and y the gradient of its output. So ‖dW‖² = Σₛₜ (xₛ·xₜ)(yₛ·yₜ). These dot
/// products of pairs of samples (two Gram matrices) take far less work than dW. For one sample, this is the method of Goodfellow 2015,
/// "Efficient per-example gradient computations", section 4. The computation is in double precision, so it is at least as exact as the norm
/// of dW's floats.
/// </summary>
internal sealed unsafe class ProductNorms
{
    // Squares of gradients up to this magnitude are finite floats. If a gradient may be larger, the gradients are computed instead.
    private const double MostGradient = 1e18;

    // Inputs or outputs per piece of work, and how many of them are converted to doubles at a time.
    private const int PieceLength = 1024, Chunk = 128;

    private const int MostPairs = DenseProducts.MostDeferredSamples * (DenseProducts.MostDeferredSamples + 1) / 2;

    private readonly DenseProducts _products;
    private readonly Piece[] _pieces;

    // For each piece, the dot products of all pairs of samples.
    private readonly double[] _dots;

    public ProductNorms(DenseProducts products)
    {
        _products = products;
        _pieces = [.. products.LargeWeights.SelectMany(
            gradient => Cut(gradient, gradient.Inputs, false).Concat(Cut(gradient, gradient.Width, true)))];
        _dots = new double[_pieces.Length * MostPairs];

        static IEnumerable<Piece> Cut(DenseGradient gradient, int length, bool ofOutputs) =>
            from start in Enumerable.Range(0, ((length - 1) / PieceLength) + 1)
            select new Piece(gradient, ofOutputs, start * PieceLength, int.Min(PieceLength, length - (start * PieceLength)));
    }

    /// <summary>Pieces of work, in any order.</summary>
    public int Pieces => _pieces.Length;

    /// <summary>Does one piece.</summary>
    public void Measure(int piece)
    {
        int samples = _products.Samples;
        Span<double> dots = _dots.AsSpan(piece * MostPairs, MostPairs);
        dots.Clear();
        Span<double> rows = stackalloc double[samples * Chunk];
        Piece own = _pieces[piece];
        for (int done = 0; done < own.Length; done += Chunk)
        {
            int count = int.Min(Chunk, own.Length - done);
            if (count < Chunk)
            {
                rows.Clear();
            }

            for (int sample = 0; sample < samples; sample++)
            {
                (nint values, int stride) = own.OfOutputs
                    ? ((nint)_products.OutputGradientsOf(own.Gradient, sample), 1)
                    : ((nint)_products.InputsOf(own.Gradient, sample), _products.InputStride);
                float* from = (float*)values + ((nint)(own.Start + done) * stride);
                Span<double> row = rows.Slice(sample * Chunk, count);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = from[(nint)i * stride];
                }
            }

            ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(rows);
            int rowVectors = Chunk / Vector<double>.Count, pair = 0;
            for (int s = 0; s < samples; s++)
            {
                for (int t = 0; t <= s; t++)
                {
                    dots[pair++] += Dot(vectors.Slice(s * rowVectors, rowVectors), vectors.Slice(t * rowVectors, rowVectors));
                }
            }
        }
    }

    /// <summary>The sum of all squares. Call it after all pieces were measured.</summary>
    /// <returns>The sum; null if a gradient may be NaN, or too large for its square to be a float.</returns>
    public double? SumOfSquares()
    {
        Span<double> inputs = stackalloc double[MostPairs], outputs = stackalloc double[MostPairs];
        double sum = 0;
        for (int layer = 0; layer < _products.LargeWeights.Count; layer++)
        {
            DenseGradient gradient = _products.LargeWeights[layer];
            Add(gradient, ofOutputs: false, inputs);
            Add(gradient, ofOutputs: true, outputs);
            double squares = 0, most = 0;
            int pair = 0;
            for (int s = 0; s < _products.Samples; s++)
            {
                for (int t = 0; t <= s; t++, pair++)
                {
                    squares += (t == s ? 1 : 2) * inputs[pair] * outputs[pair];
                }

                // No element of xₛ·yₛᵀ is larger than ‖xₛ‖·‖yₛ‖.
                most += Math.Sqrt(inputs[pair - 1] * outputs[pair - 1]);
            }

            if (!(most <= MostGradient))
            {
                return null;
            }

            // If the terms nearly cancel, rounding can make the sum negative.
            sum += double.Max(squares, 0);
        }

        return sum;
    }

    private static double Dot(ReadOnlySpan<Vector<double>> left, ReadOnlySpan<Vector<double>> right)
    {
        right = right[..left.Length];
        Vector<double> even = default, odd = default;
        for (int i = 0; i + 1 < left.Length; i += 2)
        {
            even = Vector.MultiplyAddEstimate(left[i], right[i], even);
            odd = Vector.MultiplyAddEstimate(left[i + 1], right[i + 1], odd);
        }

        return Vector.Sum(even + odd);
    }

    private void Add(DenseGradient gradient, bool ofOutputs, Span<double> sums)
    {
        sums.Clear();
        for (int piece = 0; piece < _pieces.Length; piece++)
        {
            if (_pieces[piece].Gradient == gradient && _pieces[piece].OfOutputs == ofOutputs)
            {
                for (int pair = 0; pair < sums.Length; pair++)
                {
                    sums[pair] += _dots[(piece * MostPairs) + pair];
                }
            }
        }
    }

    private sealed record Piece(DenseGradient Gradient, bool OfOutputs, int Start, int Length);
}
