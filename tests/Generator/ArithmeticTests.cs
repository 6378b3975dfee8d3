using Strata.Generator.Foundation;
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
        Assert.Equal((quotient, multiple), (Arithmetic.CeilingDivide((long)dividend, divisor), Arithmetic.RoundUp((long)dividend, divisor)));
        Assert.Equal(3L << 30, Arithmetic.RoundUp((3L << 30) - 1, 4));
    }
}
