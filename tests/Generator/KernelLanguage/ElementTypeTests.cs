using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>The bits and lanes of element types, and the memory that tensors of a type take.</summary>
public sealed class ElementTypeTests
{
    private static readonly ElementType Int8 = new(ElementKind.Int, 8);

    public static TheoryData<string, int> Tiers => new() { { "Vector128", 128 }, { "Avx2", 256 }, { "Avx512", 512 } };

    [Theory]
    [MemberData(nameof(Tiers))]
    public void The_lanes_of_a_vector_follow_from_its_bits_and_the_elements(string name, int bits)
    {
        Tier tier = Tier.All.Single(tier => tier.Name == name);
        Assert.Equal((bits, bits / 32), (tier.Bits, tier.Lanes));
        Assert.Equal(Enum.Parse<Isa>(name).Lanes(), tier.Lanes);
        Assert.Equal(bits / 8, (Int8 with { IsWide = true }).LanesIn(tier.Bits));
        Assert.Equal(bits / 32, ElementType.Mask.LanesIn(tier.Bits));
        Assert.Equal(1, ElementType.Float.LanesIn(tier.Bits));
        Assert.Equal(tier.Lanes == 16 ? 16 : 8, tier.LaneBits.Bits);
    }

    [Fact]
    public void A_comparison_of_vectors_gives_masks_as_wide_as_their_elements()
    {
        Expression x = new Variable("x"), i = new Variable("i", Int8 with { IsWide = true }), f = new Variable("f", ElementType.Float);
        Assert.Equal(ElementType.Mask, (x > 0).Type);
        Assert.Equal(new ElementType(ElementKind.Bool, 8, IsWide: true), Expression.AreEqual(i, i).Type);
        Assert.Equal(ElementType.Bool, (f > Constant.Single(0)).Type);
        Assert.Equal(ElementType.Bool, (x > 0).Type.Lane);
    }

    [Fact]
    public void A_type_without_text_in_C_sharp_is_an_error() =>
        Assert.Contains("has no type in C#", Assert.Throws<InvalidOperationException>(
            () => ExpressionPrinter.TypeOf(new ElementType(ElementKind.Float, 24))).Message, StringComparison.Ordinal);

    /// <summary>75 elements of 8 bits are 19 floats, and memory is handed out in whole vectors.</summary>
    [Fact]
    public void A_tensor_of_narrow_elements_takes_so_much_less_memory()
    {
        TensorBuffer floats = new(new TensorName("x", "X"), Shape.Vector(75), Layout.Flat, default, 8), bytes = floats with { Element = Int8 };
        Assert.Equal((80, 80), (floats.Length, floats.Floats));
        Assert.Equal((80, 24), (bytes.Length, bytes.Floats));
        Assert.Equal(3, new BufferOperand(bytes, 12, Access.Read).OffsetInRoot);
        Assert.Equal(12, new BufferOperand(floats, 12, Access.Read).OffsetInRoot);
        Assert.Contains("does not begin where a float does", Assert.Throws<InvalidOperationException>(
            () => new BufferOperand(bytes, 13, Access.Read).OffsetInRoot).Message, StringComparison.Ordinal);
    }
}
