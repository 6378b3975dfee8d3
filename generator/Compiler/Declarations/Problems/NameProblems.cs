using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Names of layers, inputs and outputs: those that they are given, and those by which they are read.</summary>
internal static class NameProblems
{
    public static readonly Rule DuplicateRule = new(
        "STRATA040", "Name is taken",
        "{0}: the name '{1}' is taken by {2}. {3}.",
        Category.Names, Severity.Error);

    /// <param name="other">The label of the one that has it.</param>
    public static Problem Duplicate(Subject item, string name, string other, string advice) =>
        Problem.Create(DuplicateRule, item, name, other, advice);

    /// <param name="free">A name that no output has.</param>
    public static Problem DuplicateOutput(Subject output, string name, string free) =>
        Duplicate(output, name, "another output", "Choose another name").FixedBy(Fix.Replace($"\"{free}\""));

    public static readonly Rule InvalidRule = new(
        "STRATA041", "Name yields no C# identifier",
        "{0}: the name '{1}' yields no C# identifier: {2}. Use letters, digits, underscores and hyphens, in parts separated by dots, the "
        + "first of which does not begin with a digit.",
        Category.Names, Severity.Error);

    public static Problem Invalid(Subject item, string name, string reason) => Problem.Create(InvalidRule, item, name, reason);

    public static readonly Rule MemberClashRule = new(
        "STRATA042", "Property of a layer clashes with another member",
        "{0}: the property '{1}' clashes with {2}. Set Name to another name.",
        Category.Names, Severity.Error);

    public static Problem MemberClash(Subject item, string property, string other) =>
        Problem.Create(MemberClashRule, item, property, other);

    public static readonly Rule UnknownTensorRule = new(
        "STRATA044", "Name belongs to no tensor",
        "{0}: there is no layer, block or input '{1}'. {2}.",
        Category.Names, Severity.Error);

    /// <param name="nearest">The most similar name that is known; null if there is none.</param>
    public static Problem UnknownTensor(Subject reader, string name, string? nearest) => Problem.Create(
        UnknownTensorRule, reader, name, nearest is null ? "There is no other name" : $"The nearest name is '{nearest}'")
        .FixedBy(nearest is null ? [] : [Fix.Replace(QuotedText.Of(nearest))]);

    public static readonly Rule LaterTensorRule = new(
        "STRATA045", "Layer reads what comes later",
        "{0}: '{1}' {2}. {3}.",
        Category.Names, Severity.Error);

    /// <param name="where">Where the tensor is: <c>comes later</c>.</param>
    public static Problem LaterTensor(Subject reader, string name, string where, string advice) =>
        Problem.Create(LaterTensorRule, reader, name, where, advice);

    public static readonly Rule TensorClashRule = new(
        "STRATA046", "Input or output has members that clash with others",
        "{0}: its member '{1}' clashes with {2}. Choose another name.",
        Category.Names, Severity.Error);

    public static Problem TensorClash(Subject tensor, string member, string other) =>
        Problem.Create(TensorClashRule, tensor, member, other);
}
