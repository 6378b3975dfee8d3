using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class PaddingRuleTests
{
    [Theory]
    [InlineData("[Input(3, 8, 8), Pad2D({|STRATA020:-1|})]", "Pad2D 'pad1': padding cannot be −1. Use at least 0.")]
    [InlineData("[Input(3, 8, 8), Pad2D(1, {|STRATA020:PaddingTop = -2|})]", "Pad2D 'pad1': PaddingTop cannot be −2. Use at least 0.")]
    [InlineData("[Input(3, 8, 8), Pad2D(1, {|STRATA020:Mode = (PaddingMode)4|})]",
        "Pad2D 'pad1': Mode cannot be 4. Use one of the names of its enum.")]
    [InlineData(
        "[Input(3, 4, 8), Pad2D({|STRATA020:4|}, Mode = PaddingMode.Reflect)]",
        "Pad2D 'pad1': padding cannot be 4. Use less than the height 4 with PaddingMode.Reflect.")]
    [InlineData(
        "[Input(3, 4, 8), Pad2D(4, Mode = PaddingMode.Circular, {|STRATA020:PaddingWidth = 9|})]",
        "Pad2D 'pad1': PaddingWidth cannot be 9. Use at most the width 8 with PaddingMode.Circular.")]
    [InlineData(
        "[Input(3, 4), Pad1D(1, Mode = PaddingMode.Reflect, {|STRATA020:PaddingRight = 4|})]",
        "Pad1D 'pad1': PaddingRight cannot be 4. Use less than the length 4 with PaddingMode.Reflect.")]
    [InlineData(
        "[Input(3, 4, 4), Pad2D({|STRATA036:int.MaxValue|}, PaddingWidth = 0)]",
        "Pad2D 'pad1': its padded height, 4 + 2147483647 + 2147483647 = 4294967298, is more than the largest extent, 268435456")]
    public Task Margins_out_of_range_are_reported(string stack, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", message);
}
