using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Shapes that a layer cannot read, or that are too large.</summary>
internal static class ShapeProblems
{
    public static readonly Rule GroupsDoNotDivideRule = new(
        "STRATA031", "Groups do not divide channels or filters",
        "{0}: {1} groups do not divide {2}: {3}{4}",
        Category.Shapes, Severity.Error);

    /// <param name="count">How many there are of what is divided into groups.</param>
    /// <param name="noun">What is divided: <c>channel</c>.</param>
    public static Problem GroupsDoNotDivide(Subject layer, int groups, int count, string noun, Shape? input) => Problem.Create(
        GroupsDoNotDivideRule, layer, groups, Arithmetic.Count(count, noun), Arithmetic.Division(count, groups),
        input is { } known ? $"; input is {known}" : "");

    public static readonly Rule NotFlatRule = new(
        "STRATA032", "Input of a dense layer is not flat",
        "{0} needs a flat tensor; input is {1}. Put [Flatten] before it: {2}.",
        Category.Shapes, Severity.Error);

    public static Problem NotFlat(Subject layer, Shape input) =>
        Problem.Create(NotFlatRule, layer, input, FeaturesOf(input)).FixedBy(new Fix(FixKind.InsertBefore, "Flatten"));

    public static readonly Rule WrongDimensionsRule = new(
        "STRATA033", "Input of a layer has the wrong dimensions",
        "{0} needs {1}; input is {2}. {3}.",
        Category.Shapes, Severity.Error);

    /// <param name="needed">Such as <c>channels×length</c>.</param>
    public static Problem WrongDimensions(Subject layer, string needed, Shape input, string advice, params Fix[] fixes) =>
        Problem.Create(WrongDimensionsRule, layer, needed, input, advice).FixedBy(fixes);

    /// <summary>A tensor of five or six axes, for a layer that reads at most four.</summary>
    public static Problem TooManyAxes(Subject layer, Shape input) => WrongDimensions(
        layer, $"at most {Arithmetic.Number(Shape.VolumeRank)} axes", input,
        "Put [Reshape] before it: only elementwise layers, joins of one shape, [Transpose], [Flatten] and [Dropout] take more");

    public static readonly Rule TooLargeRule = new(
        "STRATA036", "Size is beyond the limits",
        "{0}: {1} is more than {2}",
        Category.Shapes, Severity.Error);

    /// <summary>An extent is beyond the largest one.</summary>
    /// <param name="what">The extent with its formula, and a comma behind it: <c>its width, 9·9 = 81,</c>.</param>
    public static Problem ExtentTooLarge(Subject layer, string what) =>
        Problem.Create(TooLargeRule, layer, what, $"the largest extent, {Arithmetic.Number(Window.MaxExtent)}");

    /// <summary>A number is beyond what a network can hold.</summary>
    /// <param name="what">The number with its formula, and a comma behind it.</param>
    public static Problem TooMany(Subject subject, string what, int most) =>
        Problem.Create(TooLargeRule, subject, what, $"a network can hold, {Arithmetic.Number(most)}");

    /// <summary>A number is beyond what 32 bits can count.</summary>
    /// <param name="what">The number with its formula, and a comma behind it.</param>
    public static Problem Uncountable(Subject subject, string what) => Problem.Create(TooLargeRule, subject, what, int.MaxValue);

    /// <summary>There are too many sizes of the input.</summary>
    /// <param name="count">How many there are, with the product that gives it.</param>
    public static Problem TooManySizes(Subject subject, string count, int most) => Problem.Create(
        TooLargeRule, subject, $"the number of sizes, {count},", $"a network can have, {Arithmetic.Number(most)}");

    /// <summary>Memory is beyond what offsets reach. It is known only after all addresses are planned.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="what">The memory that is too large.</param>
    public static Problem Unreachable(string network, string what) => Problem.Create(
        TooLargeRule, new Subject(Site.Class, $"Network '{network}'"), what, "2,147,483,647 floats, which 32-bit offsets reach");

    public static readonly Rule ChannelsLastRule = new(
        "STRATA039", "Input has its channels last",
        "Input: {0} would be {1}, since channels come first. Write [{2}], or name the arguments where it is meant.",
        Category.Shapes, Severity.Warning);

    public static Problem ChannelsLast(ChannelOrder order)
    {
        string pixels = string.Join("×", order.Declared.Extents.Skip(1).Select(extent => Arithmetic.Number(extent)));
        return Problem.Create(
            ChannelsLastRule, order.Site, order.Declared,
            $"{Arithmetic.Count(order.Declared.Channels, "channel")} of {pixels} pixels", order.Attribute)
            .FixedBy(new Fix(FixKind.ReplaceArguments, "", order.Arguments));
    }

    /// <summary>What a tensor becomes if it is made flat: <c>16·5·5 = 400 features</c>.</summary>
    public static string FeaturesOf(Shape input) =>
        $"{Arithmetic.Product(input.Extents)} = {Arithmetic.Count(input.Length, "feature")}";
}
