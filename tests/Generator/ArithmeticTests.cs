using Strata.Compiler.Foundation;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(0, 4, 0, 0)]
    [InlineData(1, 4, 1, 4)]
    [InlineData(4, 4, 1, 4)]
    [InlineData(5, 4, 2, 8)]
    [InlineData(9, 1, 9, 9)]
    public void Division_rounds_up(int dividend, int divisor, int quotient, int multiple)
    {
        Assert.Equal((quotient, multiple), (Arithmetic.CeilingDivide(dividend, divisor), Arithmetic.RoundUp(dividend, divisor)));
        Assert.Equal((quotient, multiple),
            (Arithmetic.CeilingDivide((long)dividend, divisor), Arithmetic.RoundUp((long)dividend, divisor)));
        Assert.Equal(3L << 30, Arithmetic.RoundUp((3L << 30) - 1, 4));
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue, 1)]
    [InlineData(int.MaxValue, 2, 1 << 30)]
    [InlineData(1, int.MaxValue, 1)]
    [InlineData(2, int.MaxValue, 1)]
    public void Division_rounds_up_where_the_sum_of_its_numbers_is_no_int(int dividend, int divisor, int quotient) =>
        Assert.Equal(quotient, Arithmetic.CeilingDivide(dividend, divisor));

    [Fact]
    public void An_inverse_is_that_of_its_modulus()
    {
        for (int modulus = 1; modulus <= 60; modulus++)
        {
            for (int number = 1; number <= 130; number++)
            {
                if (Arithmetic.GreatestCommonDivisor(number, modulus) == 1)
                {
                    long inverse = Arithmetic.Inverse(number, modulus);
                    Assert.InRange(inverse, 0, modulus - 1);
                    Assert.Equal(1 % modulus, number * inverse % modulus);
                }
            }
        }

        Assert.Equal(1 << 30, Arithmetic.Inverse(2, int.MaxValue));
    }
}
