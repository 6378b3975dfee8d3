using Samples;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("--batch", "7")]
    [InlineData("--batch=7")]
    public void A_value_stands_behind_a_space_or_an_equals_sign(params string[] words)
    {
        var arguments = new Arguments(words);
        Assert.Equal(7, arguments.Integer("--batch", 64, 1, 100));
        arguments.End();
    }

    [Fact]
    public void What_is_not_given_falls_back() => Assert.Equal(64, new Arguments([]).Integer("--batch", 64, 1, 100));

    [Theory]
    [InlineData("--batch takes a whole number from 1 to 100, not '0'", "--batch", "0")]
    [InlineData("--batch takes a whole number from 1 to 100, not '1.5'", "--batch", "1.5")]
    [InlineData("--batch takes a whole number from 1 to 100, not '-3'", "--batch", "-3")]
    [InlineData("--batch is given twice", "--batch", "3", "--batch=4")]
    [InlineData("--batch needs a value", "--batch")]
    [InlineData("--batch needs a value", "--batch=")]
    [InlineData("--batch needs a value", "--batch", "--seed")]
    [InlineData("unknown option '--bach'", "--bach")]
    [InlineData("unexpected argument 'more'", "more")]
    public void Mistakes_are_named(string message, params string[] words)
    {
        var arguments = new Arguments(words);
        Assert.Equal(message, Assert.Throws<UsageException>(() =>
        {
            arguments.Integer("--batch", 64, 1, 100);
            arguments.End();
        }).Message);
    }
}
