using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Generator.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The pages for readers, beside the operators that they are about.</summary>
public sealed class OperatorsPageTests
{
    private static readonly string Folder = Path.Combine(SourceFolder.Path, "..", "..", "generator", "Operators");

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
        string table = File.ReadAllText(Path.Combine(Folder, "FROM-PYTORCH.md"));
        Assert.Empty(OperatorCatalog.All
            .Where(o => o.Documentation.PyTorch.Length > 0 && !table.Contains($"[{o.Kind}", StringComparison.Ordinal))
            .Select(o => o.Kind));
    }

    /// <summary>What holds for all operators.</summary>
    private const string Numbers = """

        ## Numbers

        Everything is computed in 32-bit floats. In what follows u is 2⁻²⁴, half a unit in the last place. An instance with `WeightStorage.BFloat16` rounds the weights of its dense layers
        to 8 significant bits (ties to even), each by up to 2⁻⁸ of itself, and computes what 32-bit floats of these values give, to the bit. The filters of convolutions stay as they are.

        **Sums.** No sum is one long chain of additions. Its terms are added in blocks of at most B, and the blocks in double precision, so that the
        error is at most B·u·Σ|terms| however many terms there are, where one chain of n has n·u. What is then done with the sum (a division, the sum
        over the lanes of a vector) adds a few u.

        | sum | B |
        |---|---|
        | over pixels, channels or classes: pooling, moments and gradients of normalisations, biases, slopes, factors, softmax, losses | 64 |
        | products: convolutions and dense layers, forward and backward, over input channels, pixels or samples | 960; 968 for 2 to 8 blocks, which are added in single precision |
        | the same for a dense layer's weights over n > 960 samples: parts of 960 in a tree of 64s | 960 + 64·⌈log₆₄(n/960)⌉ |
        | gradients of convolutions, biases and normalisations over the blocks of a batch (of 4, 8 or 16 samples): n blocks in a tree of 64s | 64·⌈log₆₄ n⌉ |
        | gradients of inputs to which more than 64 outputs add (upsampling, repeated edges, overlapping windows): each with what was rounded off it | 2 |

        **Winograd.** In inference, and in training with samples apart, convolutions of stride 1 with filters of 3 to 5 rows and columns, or of one row or column of 3, 4, 5 or 7 taps, may be computed by
        Winograd's transforms (dilated ones where the dilation divides the rows and columns of the output), which take a quarter to two thirds of the multiplications: y = Aᵀ(Σ (G·g·Gᵀ) ∘ (Bᵀ·d·B))A for each tile of outputs, the sum being over C
        input channels. A tile has 4 or 2 outputs along an axis, and 3 for four taps. With r taps there and m outputs, m + r − 1 points are used: 4 points are 0, ±1, ∞; 6 are 0, ±5/8,
        ±3/2, ∞; 8 are 0, ±1/2, ±1, ±2, ∞; 10 are 0, ±3/8, ±3/4, ±5/4, ±2, ∞. Where both axes are transformed, they have 4 or 6 points. The error is at most
        (min(C, 960) + 24)·u·|Aᵀ|(Σ (|G||g||Gᵀ|) ∘ (|Bᵀ||d||B|))|A|; its root mean square is up to a few times that of the sum of products (tests with 64 and 256
        channels allow 4 times, and 7 times for seven taps; with more channels it is more). Where an input is infinite or not a number, so may be all outputs of the tiles that read it, instead of
        those whose windows it is in. Gradients of inputs are convolutions, too, with the filters transposed. Those of weights, where tiles are whole and filters have no more than five taps in a row, are
        Gᵀ(Σ (A·dY·Aᵀ) ∘ (Bᵀ·d·B))G, summed over tiles and samples in parts of 256, which are added in double precision; their error's root mean square is below 2·10⁻⁶ of the gradients' own (tests with batches of up to 100
        samples), where that of sums of products is below 0.6·10⁻⁶. A large convolution of stride S > 1 over an image of few
        channels, as the first layer of many networks is, may become one of stride 1: squares of S×S pixels, or S in a row of a sequence, become channels (PyTorch's `PixelUnshuffle`), and the
        taps of the filters go with them, with taps of 0 to whole squares; 7×7 with stride 2 over 3 channels is 4×4 over 12. In inference, images of fewer than 16 channels may
        be transformed along the columns of filters of 3, 4, 5 or 7 rows alone, F(4×1, 5×1) for 5×5: Aᵀ(Σ (G·g) ∘ (Bᵀ·d)), the sum being over channels and the taps of a row, whose
        product stands for C in the bound; errors are as large as with one column of as many taps. `[Network(Winograd = false)]` refuses the transforms.

        These root mean squares are what the tests' data give, uniform numbers and pictures; no such figure holds for all data. What does hold is the bound: with δ
        the largest |d| of a tile, the error of each of its outputs is at most (min(C, 960) + 24)·u·a·δ·Σ|w|, the sum being over all weights of the filter, where a is the product of
        the transforms' norms. A tile shares its rounding errors: one input of 10⁶ among inputs of about 1 costs every output of its tile some 10⁶·u·|w| times that factor, also the outputs
        whose windows do not reach it. Inputs of opposite signs that cancel behave alike, in gradients of weights, too. And the transforms add inputs: between them stand numbers of up to some
        hundred times the largest input, so that inputs above about 10³⁶ may give ±∞ or NaN where sums of products would not (3·10³⁷ does). Say `Winograd = false` where
        outliers stand among small numbers whose neighbours matter (a no-data value in a picture, unscaled sensors), or where inputs or weights are that large.

        **Normalisations.** The mean is two numbers: one rounded to a float, and the mean of the deviations from it. So a mean far above the deviations costs no digits: what is said of sums
        holds relative to the deviations. Where the running statistics are used, batch norm is a scale and a shift, whose rounding is u·|mean|/deviation.

        **Beyond the range of floats.** `[LayerNorm]`, `[GroupNorm]`, `[InstanceNorm]` and the L2 pools give the right value for all finite numbers, also where the squares of these are too large
        or too small for floats. Elsewhere a sum that leaves the range of floats is ±∞, or NaN, even where what is made of it would not: an average of numbers whose sum over 64 of them is beyond
        3.4·10³⁸, a batch norm or a local response norm of numbers whose squares are (training stops then, and says where). Nothing is divided by an ∞ that an overflow made. Squares below
        10⁻³⁸ count as 0 in batch norm and local response norm, which matters only where nothing is added to their sum (`Epsilon = 0`, `K = 0`).

        **Means.** In inference, the outputs of a pointwise convolution that are only averaged, over windows side by side, may be computed from the means of its inputs.
        The bound on the error is the same: that of a mean and that of a sum of products.

        **The same bits.** A sample's result does not depend on the batch it is in, on its place there, or on the number of threads. Tiers differ in
        the last places.

        **Infinities and what is not a number.** As in PyTorch: a maximum is the last NaN of its window if there is one, otherwise the first of equal
        ones; the gradient of ReLU passes where x is NaN, that of ReLU6, Hardtanh and HardSigmoid is 0 there, others are NaN. What differs:

        | attribute | at | here | PyTorch | why |
        |---|---|---|---|---|
        | `[SiLU]`, `[GELU]` | −∞ | 0, gradient 0 | NaN, gradient NaN | the limits; PyTorch multiplies ∞ by 0, and one overflow makes all behind it NaN |
        | `[SiLU]`, `[GELU]` | +∞ | gradient 1 | gradient NaN | the same |
        | `[Softsign]` | ±∞ | gradient 0 | gradient NaN | its limit |
        | `[Softshrink]` | NaN | NaN | 0 (PyTorch 1.13) | what is not a number stays so, as in `[Hardshrink]` |
        | `[HardSwish]` | −∞ | 0, gradient 0 | NaN, gradient 0 | the same |
        | `[LocalResponseNorm]` | ±∞ in the window | NaN | 0 beside it | an overflow is not hidden |
        | `[CrossEntropy]` | a class without weight at −∞ | costs nothing | NaN | the limit; masked classes have no part in the loss |
        | `[CrossEntropy]`, `[Hinge]` | targets that are ignored or have no weight | gradient 0, whatever the outputs are | NaN, where these are not finite | they do not count |
        | `[BinaryCrossEntropy]` | ±∞ that is right | 0 | NaN | the limit |
        | `[Hinge]` | NaN, or the difference of two equal infinities | NaN, gradient 0 | 0, gradient 0 | what is not a number stays so |

        """;

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("# Operators\n\n");
        page.Append("Every attribute of the network language. This page is written by a test from the operators in this folder.\n");
        page.Append("C is the number of channels, H × W the image; sequences are C×L, volumes C×D×H×W. What each argument means stands in the\n");
        page.Append("attribute's own documentation; what does not fit is a [rule](../Diagnostics/RULES.md).\n");
        Section(page, "Layers", OperatorCatalog.All.Where(o => o is LayerOperator));
        Section(page, "Losses", OperatorCatalog.All.Where(o => o is LossOperator));
        Section(page, "Structure", OperatorCatalog.All.Where(o => o is not (LayerOperator or LossOperator)));
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
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
