using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The pages for readers that are beside the operators' files.</summary>
public sealed class OperatorsPageTests
{
    private static readonly string Folder = Path.Combine(SourceFolder.Path, "..", "..", "generator", "Compiler", "Operators");

    [Fact]
    public void The_page_of_operators_is_in_step_with_the_operators()
    {
        string path = Path.Combine(Folder, "OPERATORS.md"), page = Page();
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_operator_with_a_counterpart_in_PyTorch_is_in_the_table_of_translations()
    {
        string path = Path.Combine(Folder, "FROM-PYTORCH.md"), page = File.ReadAllText(path).ReplaceLineEndings("\n");
        Operator[] missing = [.. OperatorSet.BuiltIn.All
            .Where(o => o.Documentation.PyTorch.Length > 0 && !page.Contains($"[{o.Kind}", StringComparison.Ordinal))];
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            // Behind the last row of the first table.
            int end = page.IndexOf("|\n\n", StringComparison.Ordinal) + 2;
            File.WriteAllText(path, page.Insert(end, string.Concat(missing.Select(o => Row(o.Documentation)))));
            missing = [];
        }

        Assert.Empty(missing.Select(o => o.Kind));

        static string Row(OperatorDocumentation one) =>
            $"| `{one.PyTorch}` | {(one.Keras.Length > 0 ? $"`{one.Keras}`" : "–")} | `{one.Usage}` |\n";
    }

    /// <summary>What holds for all operators.</summary>
    private const string Numbers = """

        ## Numbers

        Everything is computed in 32-bit floats. In what follows u is 2⁻²⁴, half a unit in the last place. An instance with `WeightStorage.BFloat16` rounds the weights of its dense layers
        to 8 significant bits (ties to even). Each weight changes by at most 2⁻⁸ of itself. The results are, to the bit, those of 32-bit floats with
        the rounded weights. The filters of convolutions are not rounded.

        **Denormal numbers** are 0. Processors are up to a hundred times slower with numbers below 2⁻¹²⁶, so an input or weights made of them would
        hold up a server. While kernels run, in inference and in training, the processor takes those that it reads for 0 of the same sign, and
        writes 0 instead of them, also on the way to a result. So `[Log]` of 10⁻⁴⁰ is −∞, as of 0. Where no number is denormal, no bit changes.
        Kernels that only move numbers, such as those of `[Crop2D]`, may pass denormal ones on, and parameters keep them in memory and in files.
        The caller's thread has its own mode again when a call returns or throws, and while an optimizer, a callback or a stream of samples of your
        own runs. In a browser there is no such mode: denormal numbers count there, and are slow.

        **Sums.** No sum is one long chain of additions. Terms are added in blocks of at most B. The sums of the blocks are added in double
        precision, but for the rows that say otherwise. So the error is at most B·u·Σ|terms|, however many terms there are. The error of one
        chain of n terms would be up to n·u·Σ|terms|.
        What follows the sum (a division, the sum over the lanes of a vector) adds a few u.

        | sum | B |
        |---|---|
        | over pixels, channels or classes: pooling, moments and gradients of normalisations, biases, slopes, factors, softmax, losses | 64 |
        | products: convolutions, dense layers, `[MatMul]` and attention, forward and backward, `[LSTM]` and `[GRU]` forward, over channels, pixels, tokens or samples | 960; 968 for 2 to 8 blocks, which are added in single precision |
        | the same for a dense layer's weights over n > 960 samples: sums of 960 terms, of which 64 at a time are added, and so on | 960 + 64·⌈log₆₄(n/960)⌉ |
        | gradients of convolutions, biases and normalisations over the n blocks of a batch (of 4, 8 or 16 samples): 64 blocks at a time are added, then 64 of these sums, and so on | 64·⌈log₆₄ n⌉ |
        | gradients of inputs to which more than 64 outputs add (upsampling, repeated edges, overlapping windows): added with compensation (Kahan) | 2 |

        **Winograd.** Winograd's algorithm needs a quarter to two thirds of the multiplications, and rounds more. A tile of outputs
        is y = Aᵀ(Σ (G·g·Gᵀ) ∘ (Bᵀ·d·B))A, where g is a filter, d the window of inputs that the tile reads, and the sum is over the
        input channels. The algorithm may compute

        | what | which convolutions | terms |
        |---|---|---|
        | outputs, in inference, and in training where samples follow one another (`TrainingLayout.Blocked`) | stride 1, filters of 3 to 5 rows and columns, or one row or column of 3, 4, 5 or 7 taps; dilated ones where the dilation divides the output's rows and columns | n = input channels |
        | the same in strips, in inference | fewer than 16 channels, filters of 3, 4, 5 or 7 rows: F(4×1, 5×1) for 5×5; the columns of the image are transformed, the rows are not | n = channels × taps of a row |
        | outputs of a large convolution of stride S > 1 over few channels | squares of S×S pixels (S of a sequence) become channels, as PyTorch's `PixelUnshuffle` does, and the filters go with them: 7×7 with stride 2 over 3 channels is 4×4 over 12 | n = channels × S² |
        | gradients of inputs | as outputs, with the filters transposed | n = output channels |
        | gradients of weights, Gᵀ(Σ (A·dY·Aᵀ) ∘ (Bᵀ·d·B))G | at most 5 taps in a row, whole tiles | N = tiles of the samples of a block |

        Where an axis has r taps, a tile has m outputs and the transforms have m + r − 1 points: 0 and ∞ with ±1 (4 points), ±5/8
        and ±3/2 (6), ±1/2, ±1 and ±2 (8), ±3/8, ±3/4, ±5/4 and ±2 (10). Where both axes are transformed, each has 4 or 6.

        These bounds hold for all data, with δ for the largest |input| that a tile reads in a channel, ω for the largest |weight| of
        a filter in that channel, and η for the largest |dY| of a tile:

        | error of | is at most |
        |---|---|
        | an output, or the gradient of an input | (min(n, 968) + 28)·u·a·Σ δ·ω, the sum being over the channels (in strips, over channels and taps of a row) |
        | the gradient of a weight | (min(N, 264) + 28)·u·a′·Σ δ·η, the sum being over tiles and samples; a batch of k > 1 blocks adds 64·⌈log₆₄ k⌉ to the 28 |

        | along an axis | a | a′ | b | largest input |
        |---|---|---|---|---|
        | F(2, 3) | 8.0 | 6.0 | 2 | 1.70·10³⁸ |
        | F(4, 3) | 23.8 | 28.4 | 5.28125 | 6.44·10³⁷ |
        | F(3, 4) | 28.4 | 23.8 | 5.28125 | 6.44·10³⁷ |
        | F(2, 5) | 33.7 | 19.1 | 5.28125 | 6.44·10³⁷ |
        | F(4, 5) | 86.8 | 77.3 | 15 | 2.26·10³⁷ |
        | F(2, 7) | 114.9 | | 15 | 2.26·10³⁷ |
        | F(4, 7) | 359.3 | | 27.52686 | 1.23·10³⁷ |
        | F(2×2, 3×3) | 64.0 | 36.0 | 4 | 8.50·10³⁷ |
        | F(4×4, 3×3) | 563.9 | 802.4 | 27.89161 | 1.22·10³⁷ |
        | F(3×3, 4×4) | 802.4 | 563.9 | 27.89161 | 1.22·10³⁷ |
        | F(2×2, 5×5) | 1131.8 | 362.4 | 27.89161 | 1.22·10³⁷ |

        Where the axes differ, as in F(4×2, 3×5), the constants are the products of those of both. For direct convolution (sums of
        products), a is the number of taps, and δ is taken over the output's own window only.

        In practice, errors are far smaller. The tests try checkerboards of ±100, outliers, alternating signs, windows that make the
        largest terms, and random searches. The largest errors were 0.2 to 3 % of these bounds. Against the sharper bound
        with |Aᵀ|(Σ |G||g||Gᵀ| ∘ |Bᵀ||d||B|)|A| in place of a·Σ δ·ω, they were 1.5 to 13 %. Roundings go both ways, so those of n
        terms mostly cancel. On uniform numbers and 64 to 256 channels, the root mean square of the errors is up to 4 times that of sums of products,
        and up to 7 times with seven taps. That of the gradients of weights is 2·10⁻⁶ of the gradients' own. Other data may give
        more: these are figures of the tests, not bounds.

        What follows from the bounds:

        - **A tile shares its errors.** An input of 10⁶ among inputs of about 1, over 512 channels of 3×3, changed outputs of its tile by 4
          whose windows do not contain it. There, the error of sums of products is 6·10⁻⁵.
        - **Large inputs may overflow.** The transforms add inputs with factors whose magnitudes sum up to b. Up to the largest
          input of the table, 3.4·10³⁸/b, no window overflows; above it there are windows that do, and the tile is ±∞ or NaN.
          Besides, a·Σ δ·ω must stay below 3.4·10³⁸. Sums of products overflow later: 3·10³⁷ times 10⁻⁴ is right there.
        - **An ∞ or NaN in the input** makes all outputs of the tiles that read it ∞ or NaN, not only those whose windows hold it.

        Write `[Network(Winograd = false)]`

        - where outliers stand among small numbers that matter: a no-data value in a picture, sensors without scaling,
        - where inputs are near the table's largest, or a·Σ δ·ω is near 3.4·10³⁸,
        - where an ∞ or NaN must stay in the windows that hold it,
        - where outputs must agree with sums of products in all but the last few bits.

        **Normalisations.** The mean is kept as two numbers: one rounded to a float, and the mean of the deviations from it. So a mean
        far above the deviations costs no digits: the bound of sums holds relative to the deviations. With running statistics, batch
        norm is a scale and a shift. Its rounding error is u·|mean|/deviation.

        **Beyond the range of floats.** `[LayerNorm]`, `[GroupNorm]`, `[InstanceNorm]` and the L2 pools give the right value for all
        finite numbers, even if the squares of these are too large or too small for floats. In other layers, a sum beyond the range of
        floats is ±∞ or NaN, even if the final result would be in the range:

        - An average overflows if the sum of 64 numbers is beyond 3.4·10³⁸.
        - A batch norm or a local response norm overflows if the squares of the numbers are beyond it. Training then stops, and says where.

        A number divided by such an ∞ is NaN, so no quotient becomes a plausible 0. The result is 0 only where 0 is the limit:
        `[Sigmoid]` of −100 is 0 instead of 4·10⁻⁴⁴, since its divisor overflows. In batch norm and local response norm, squares below
        10⁻³⁸ count as 0. This matters only if nothing is added to their sum (`Epsilon = 0`, `K = 0`).

        **Means.** In inference, if the outputs of a pointwise convolution are only averaged, over windows side by side, these averages may be
        computed from the means of its inputs. The bound on the error is the same: that of a mean and that of a sum of products.

        **The same bits.** A sample's result does not depend on its batch, on its place in the batch, or on the number of threads.
        Instruction sets (tiers) may differ in the last places: they choose different algorithms for some layers.

        **Infinities and what is not a number.** These rules are PyTorch's:

        - A maximum is the last NaN of its window if there is one, otherwise the first of equal numbers.
        - Where x is NaN, ReLU passes the gradient on. The gradient of ReLU6, Hardtanh and HardSigmoid is 0 there; others are NaN.

        These cases differ from PyTorch:

        | attribute | at | here | PyTorch | why |
        |---|---|---|---|---|
        | `[SiLU]`, `[GELU]`, `[Mish]` | −∞ | 0, gradient 0 | NaN, gradient NaN | the limits; PyTorch multiplies ∞ by 0, and one overflow makes all behind it NaN |
        | `[SiLU]`, `[GELU]`, `[Mish]` | +∞ | gradient 1 | gradient NaN | the same |
        | `[GELU(Approximate = true)]` | ±3.4·10³⁸ | gradient 1, 0 | gradient NaN | the same |
        | `[Softsign]` | ±∞ | gradient 0 | gradient NaN | its limit |
        | `[Softshrink]` | NaN | NaN | 0 (PyTorch 1.13) | what is not a number stays so, as in `[Hardshrink]` |
        | `[HardSwish]` | −∞ | 0, gradient 0 | NaN, gradient 0 | the same |
        | `[HardSwish]` | 3.4·10³⁸ | 3.4·10³⁸ | ∞ | the result is in the range |
        | `[HardSwish]` | −3 | gradient 0 | gradient −½ (PyTorch 1.13) | the derivative below the kink, as `[ReLU]` has it at 0 |
        | `[Abs]` | NaN | gradient NaN | gradient 0 | what is not a number stays so |
        | `[Pow(p)]`, p no whole number | −∞ | NaN | NaN for 0.5; otherwise ∞ for p > 0, and 0 for p < 0 | as of any negative number |
        | `[Pow(-0.5)]` | −0 | gradient ∞ | gradient −∞ | the derivative of 1/√x, where √−0 is −0 |
        | `[LocalResponseNorm]` | ±∞ in the window | NaN | 0 beside it | an overflow is not hidden |
        | `[Conv1D]`, `[Conv2D]`, `[Conv3D]` | ±∞ or NaN in weights of a tap that reads only padding | 0, gradient 0 | NaN | ∞·0 is left out: where taps are farther apart than the image is large, and at some outputs if most products are by padding |
        | `[CrossEntropy]` | a class without weight at −∞ | costs nothing | NaN | the limit; masked classes have no part in the loss |
        | `[CrossEntropy]`, `[Hinge]` | targets that are ignored or have no weight | gradient 0, whatever the outputs are | NaN, where these are not finite | they do not count |
        | `[BinaryCrossEntropy]` | ±∞ that is right | 0 | NaN | the limit |
        | `[Hinge]` | NaN, or the difference of two equal infinities | NaN, gradient 0 | 0, gradient 0 | what is not a number stays so |

        """;

    /// <summary>So that the name of a family's folder can be told from an operator.</summary>
    [Fact]
    public void Each_family_of_operators_has_a_folder() => Assert.All(OperatorSet.BuiltIn.All, known => Assert.True(
        Directory.EnumerateFiles(Path.Combine(Folder, $"{known.Family}"), "*.cs").Any(
            file => File.ReadAllText(file).Contains($" class {known.GetType().Name}", StringComparison.Ordinal)),
        $"{known.Kind} is not in {known.Family}"));

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# Operators\n\n");
        page.Append("Every attribute of the network language. This page is written by a test from the operators in this folder.\n");
        page.Append("C is the number of channels, H × W the size of an image; sequences are C×L, volumes C×D×H×W.\n");
        page.Append("Of windows, F is the extent of the kernel along an axis, S the stride, P the padding on each side, d the dilation,\n");
        page.Append("K the number of elements that an average counts, N those inside the input, r the sharpness. Of `[Dense]`, F is the\n");
        page.Append("number of features; of pixel shuffles, r is the factor.\n");
        page.Append("All layers have `Name`, `From`, `Frozen` and `Weights`. The XML documentation of an attribute explains its ");
        page.Append("arguments.\n");
        page.Append("The [rules](../../Diagnostics/RULES.md) say what does not fit.\n\n");
        page.Append("You can write what is missing [as a method](OWN-OPERATORS.md).\n");
        foreach (OperatorFamily family in Enum.GetValues<OperatorFamily>())
        {
            Section(page, $"{family}", OperatorSet.BuiltIn.All.Where(known => known.Family == family));
        }

        page.Append(Numbers.ReplaceLineEndings("\n"));
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, IEnumerable<Operator> operators)
    {
        page.Append($"\n## {title}\n\n| attribute | shape | what it computes | PyTorch | Keras |\n|---|---|---|---|---|\n");
        foreach (OperatorDocumentation row in operators.Select(o => o.Documentation))
        {
            page.Append($"| {Code(row.Usage)} | {Text(row.Shape)} | {Text(row.Formula)} | {Code(row.PyTorch)} | {Code(row.Keras)} |\n");
        }
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Text(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);
}
