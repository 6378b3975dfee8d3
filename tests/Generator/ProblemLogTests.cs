using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What a log of problems tells, and what it leaves out because it follows from something else.</summary>
public sealed class ProblemLogTests
{
    private readonly ProblemLog _log = new();

    private IEnumerable<string> Told => _log.Told().Select(problem => $"{problem.Id} {problem.Site.Attribute}");

    [Fact]
    public void Problems_are_told_in_the_order_in_which_they_were_found()
    {
        _log.Add(NotFlat(2));
        _log.Add(NotFlat(1));
        Assert.Equal(["STRATA032 2", "STRATA032 1"], Told);
        Assert.True(_log.HasErrors);
    }

    [Fact]
    public void What_follows_from_a_problem_is_not_told()
    {
        _log.Add(NotFlat(0));
        int mark = _log.Count;
        _log.Add(NotFlat(1));
        Problem cause = ArgumentProblems.OutOfRange(At(1), "units", 0L, "at least 1");
        _log.Link(mark, cause.Key);
        _log.Add(cause);
        Assert.Equal(["STRATA032 0", "STRATA020 1"], Told);
    }

    [Fact]
    public void What_the_compiler_refuses_follows_from_nothing()
    {
        _log.Add(NotFlat(1));
        _log.Add(BindingProblems.NoSuchLayer("Convolution", "Use [Conv2D]"));
        _log.Link(0, BindingProblems.OfTheCompiler(new Site(0, "")));
        Assert.Equal(["STRATA070 -1"], Told);
        Assert.True(_log.HasErrors);
    }

    [Fact]
    public void Where_only_the_compiler_tells_an_error_the_log_has_none()
    {
        _log.Add(NotFlat(1));
        _log.Link(0, BindingProblems.OfTheCompiler(new Site(0, "")));
        Assert.Empty(Told);
        Assert.False(_log.HasErrors);
    }

    [Fact]
    public void The_copies_of_a_block_repeat_the_first_one()
    {
        _log.Add(NotFlat(0));
        int second = _log.Count;
        _log.Add(NotFlat(0));
        _log.Add(NotFlat(1));
        _log.LinkCopy(second);
        Assert.Equal(["STRATA032 0", "STRATA032 1"], Told);
    }

    /// <summary>Height and width may be two mistakes at one place.</summary>
    [Fact]
    public void Two_problems_of_one_copy_are_two_mistakes()
    {
        _log.Add(NotFlat(0));
        _log.Add(NotFlat(0));
        _log.LinkCopy(0);
        Assert.Equal(["STRATA032 0", "STRATA032 0"], Told);
        _log.AddOnce(NotFlat(0));
        Assert.Equal(2, Told.Count());
    }

    [Fact]
    public void An_error_is_told_instead_of_the_warning_that_it_follows_from()
    {
        var order = new ChannelOrder(new Site(0, ""), Shape.Image(28, 28, 1), Shape.Image(1, 28, 28));
        _log.Add(ShapeProblems.ChannelsLast(order));
        Assert.Equal(["STRATA039 0"], Told);
        Assert.False(_log.HasErrors);

        int mark = _log.Count;
        _log.Add(WindowProblems.TooLarge(At(1), "width", "(1 − 5)/1 + 1 = −3", Shape.Image(28, 28, 1), "Add padding", order));
        Assert.Equal(["STRATA030 1"], Told);
        Assert.EndsWith(" write [Input(1, 28, 28)].", _log.Told()[0].Message, StringComparison.Ordinal);

        // A window in a block whose arguments are not known says nothing about the order.
        _log.Link(mark, new ProblemKey(BlockProblems.WithoutValueRule, new Site(1, "")));
        Assert.Equal(["STRATA039 0"], Told);
    }

    [Fact]
    public void Numbers_in_messages_are_written_alike_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture.NumberFormat.NegativeSign = "~";
            Assert.Equal(
                "Dropout 'drop1': rate cannot be −1.5. Use at least 0 and less than 1.",
                ArgumentProblems.OutOfRange(
                    new Subject(Site.Class, "Dropout 'drop1'"), "rate", -1.5, "at least 0 and less than 1").Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Problem NotFlat(int attribute) => ShapeProblems.NotFlat(At(attribute), Shape.Image(16, 5, 5));

    private static Subject At(int attribute) => new(new Site(attribute, ""), "Dense 'dense1'");
}
