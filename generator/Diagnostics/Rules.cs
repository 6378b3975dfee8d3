using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Diagnostics;

/// <summary>
/// All rules. Ids are never reused. Errors cannot be configured away: a network that cannot be compiled
/// must stop every build.
/// </summary>
internal static class Rules
{
    /// <summary>The folder with a page for each rule. The rule's link opens the page.</summary>
    private const string Pages = "https://github.com/strata-net/strata/blob/main/generator/Diagnostics/rules/";

    private const string Declaration = "Strata.Declaration";
    public const string Shapes = "Strata.Shapes";
    private const string Names = "Strata.Names";
    private const string Losses = "Strata.Losses";
    private const string Layers = "Strata.Layers";
    private const string Build = "Strata.Build";

    private const string Calls = "Strata.Calls";
    private const string Operators = "Strata.Operators";

    /// <summary>
    /// Mistakes that the C# compiler refuses, too. The generator reports them, because the compiler then stops before it runs analyzers.
    /// </summary>
    public const string Binding = "Strata.Binding";

    // The class.
    public static readonly DiagnosticDescriptor NotPartial = Create(
        "STRATA001", "Network is not partial",
        "Network '{0}' is not partial, but the generator has to add its members. Write 'partial class {0}'.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnsupportedClass = Create(
        "STRATA002", "Class cannot be a network",
        "Network '{0}' is {1}. {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnsupportedContainer = Create(
        "STRATA003", "Network is nested in a type that cannot be extended",
        "Network '{0}' is nested in '{1}', which is {2}. {3}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor HasBaseClass = Create(
        "STRATA004", "Network has a base class of its own",
        "Network '{0}' derives from '{1}', but its generated part derives from Strata.CompiledNetwork. "
        + "Remove the base class; interfaces are fine.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor OldLanguage = Create(
        "STRATA005", "Language version is too old for the generated code",
        "Network '{0}' is compiled as C# {1}, but the generated code needs C# {2}. Set "
        + "<LangVersion>{2}</LangVersion> or remove the setting.",
        Build, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TwoParts = Create(
        "STRATA006", "Layers stand on two parts of a class",
        "{0} stands on another part of '{1}' than {2}, so its place in the order is not defined. Move it to the part with {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NotANetwork = Create(
        "STRATA007", "Layers stand on a class that is no network",
        "Class '{0}' has layers but is no network, so nothing is compiled. Add [Network] above them.",
        Declaration, DiagnosticSeverity.Warning);

    // The stack.
    public static readonly DiagnosticDescriptor NoInput = Create(
        "STRATA010", "Network has no input",
        "Network '{0}' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or "
        + "[Input(channels, depth, height, width)] before its first layer.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnnamedEnd = Create(
        "STRATA011", "Input or output has no name of its own",
        "Network '{0}' has another {1} of this name or without one. Give it a name of its own, {2}, or remove it.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor InputNotFirst = Create(
        "STRATA012", "Layer stands before the input",
        "{0} stands before the input. The stack reads from top to bottom: move [Input] above the first layer.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NoLayers = Create(
        "STRATA013", "Network has no layers",
        "Network '{0}' has no layers. Add at least one, such as [Dense(10)].",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor LayerAfterLoss = Create(
        "STRATA014", "Layer stands behind the loss",
        "{0} stands behind the loss [{1}]. Move the loss to the end, or say by From which tensor comes next.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TooFewBranches = Create(
        "STRATA016", "Join has fewer than two branches",
        "{0} joins {1}. {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor BranchesNotJoined = Create(
        "STRATA017", "Branches are not joined",
        "The group of {0} that begins here is not joined {1}. Put [Add], [Concat] or [Multiply] behind its last branch.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TargetsDiffer = Create(
        "STRATA018", "Losses with one target need different amounts of it",
        "{0} needs {1} for its input {2}, but {3} with the same target needs {4} for its input "
        + "{5}. Give one of them a Target of its own.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnusedTensor = Create(
        "STRATA019", "Layer is read by nothing",
        "{0} is read by no layer, output or loss{1}. Read it by From, join it, make it an [Output], or remove it.",
        Declaration, DiagnosticSeverity.Error);

    // Arguments.
    public static readonly DiagnosticDescriptor ArgumentOutOfRange = Create(
        "STRATA020", "Argument is out of range",
        "{0}: {1} cannot be {2}. Use {3}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ConflictingArguments = Create(
        "STRATA021", "Arguments exclude each other",
        "{0}: {1} and {2} exclude each other. Remove one of them.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnsupportedArgument = Create(
        "STRATA022", "Argument does not suit its layer",
        "{0}: {1}. {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnknownLayer = Create(
        "STRATA023", "Layer is not known to this version of the generator",
        "{0} is not known to this generator: the Strata assembly that the project references is of another "
        + "version. Reference one version of Strata.",
        Build, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ArgumentWithoutValue = Create(
        "STRATA024", "Argument of a block has no value",
        "{0}: {1} has no value here: {2}",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ParameterWithoutConstant = Create(
        "STRATA025", "Parameter of a block has no constant",
        "{0}: its class has no constant '{2}' that its parameter '{1}' could replace. Add it, as in 'private const "
        + "{3} {2} = {4};', or remove the parameter.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor CompiledBlock = Create(
        "STRATA026", "Block from another assembly takes no arguments",
        "{0} comes from another assembly, where its constants have become numbers, so that '{1}' cannot replace one. Leave it out, or "
        + "build that assembly with Strata's generator of this version.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor BlockInsideItself = Create(
        "STRATA027", "Block contains itself",
        "{0} would never end, since it contains itself: {1}. {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TooManyLayers = Create(
        "STRATA028", "Network has too many layers",
        "{0}: with it the network has more than {1}, the most that are compiled in a sensible time. {2}.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnreadableExpression = Create(
        "STRATA029", "Argument of a block cannot be computed",
        "{0}: {1} cannot be computed for this use of the block: {2}. Compute it with C#'s operators and casts from "
        + "numbers, bools, chars, strings and enums.",
        Declaration, DiagnosticSeverity.Error);

    // Shapes.
    public static readonly DiagnosticDescriptor WindowTooLarge = Create(
        "STRATA030", "Window does not fit into its input",
        "{0}: {1} {2} is less than 1; input is {3}. {4}.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor GroupsDoNotDivide = Create(
        "STRATA031", "Groups do not divide channels or filters",
        "{0}: {1} groups do not divide {2}: {3}{4}",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NotFlat = Create(
        "STRATA032", "Input of a dense layer is not flat",
        "{0} needs a flat tensor; input is {1}. Put [Flatten] before it: {2}.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor WrongDimensions = Create(
        "STRATA033", "Input of a layer has the wrong dimensions",
        "{0} needs {1}; input is {2}. {3}.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor PaddingTooLarge = Create(
        "STRATA034", "Padding is more than half of the pooling window",
        "{0}: padding {1} is more than half of the kernel {2}, so that a window could lie outside the input. Use at most {3}.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnreadRows = Create(
        "STRATA035", "Windows leave a part of the input unread",
        "{0}: {1} {2}: {3} of the {4} input {5} never read. {6}.",
        Shapes, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor TooLarge = Create(
        "STRATA036", "Size is beyond the limits",
        "{0}: {1} is more than {2}",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor BranchesDiffer = Create(
        "STRATA037", "Branches do not fit their join",
        "{0} needs branches of {1}: {2} is {3}, but {4} is {5}: {6}. {7}.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor StrideTooLarge = Create(
        "STRATA038", "Stride of a convolution is too large",
        "{0}: its stride makes {1} different places in the input, for each of which the backward pass has code; at "
        + "most {2}. Reduce the stride or the kernel.",
        Shapes, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ChannelsLast = Create(
        "STRATA039", "Input has its channels last",
        "Input: {0} would be {1}, since channels come first. Write [{2}], or name the arguments where it is meant.",
        Shapes, DiagnosticSeverity.Warning);

    // Names.
    public static readonly DiagnosticDescriptor DuplicateName = Create(
        "STRATA040", "Name is taken",
        "{0}: the name '{1}' is taken by {2}. {3}.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor InvalidName = Create(
        "STRATA041", "Name yields no C# identifier",
        "{0}: the name '{1}' yields no C# identifier: {2}. Use letters, digits and underscores, in parts separated by dots, the "
        + "first of which does not begin with a digit.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor MemberClash = Create(
        "STRATA042", "Property of a layer clashes with another member",
        "{0}: the property '{1}' clashes with {2}. Set Name to another name.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor GeneratedMemberClash = Create(
        "STRATA043", "Member has the name of a generated one",
        "Network '{0}' declares '{1}', which the generator adds. Rename or remove it.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnknownTensor = Create(
        "STRATA044", "Name belongs to no tensor",
        "{0}: there is no layer, block or input '{1}'. {2}.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor LaterTensor = Create(
        "STRATA045", "Layer reads what comes later",
        "{0}: '{1}' {2}. {3}.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TensorClash = Create(
        "STRATA046", "Input or output has members that clash with others",
        "{0}: its member '{1}' clashes with {2}. Choose another name.",
        Names, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ClassClash = Create(
        "STRATA047", "Network is called like one of its members",
        "Network '{0}' has the name of a member that the generator adds. Rename the class.",
        Names, DiagnosticSeverity.Error);

    // Losses.
    public static readonly DiagnosticDescriptor LossInput = Create(
        "STRATA050", "Loss does not suit its input",
        "{0} needs {1}; input is {2}. {3}.",
        Losses, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor LossBehindActivation = Create(
        "STRATA051", "Activation does not suit the loss behind it",
        "{0} stands behind {1}, but takes logits or the output of a {2}. {3}.",
        Losses, DiagnosticSeverity.Warning);

    // Layers that work against each other.
    public static readonly DiagnosticDescriptor BiasBeforeBatchNorm = Create(
        "STRATA052", "Bias before batch norm has no effect",
        "{0} adds a bias that {1} right behind it takes away again with the mean. Set Bias = false.",
        Layers, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor DropoutBeforeBatchNorm = Create(
        "STRATA053", "Dropout stands before batch norm",
        "{0} stands before {1}, whose running variance is then that of training with dropout, which is larger than "
        + "without. Put it behind the last batch norm.",
        Layers, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor SoftmaxInside = Create(
        "STRATA054", "Softmax does not stand before its loss",
        "{0} is followed by {1}, not by [CrossEntropy], with which it is one stable function. Remove it, or use that loss.",
        Layers, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor TwoActivations = Create(
        "STRATA055", "Activation stands behind another activation",
        "{0} stands right behind another activation, {1}. Remove one of the two.",
        Layers, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor UnreadArgument = Create(
        "STRATA058", "Argument has no effect",
        "{0}: {1} has no effect, since {2}. {3}.",
        Layers, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor RepeatedLoss = Create(
        "STRATA056", "Loss repeats another one",
        "{0} compares {1} with the same target as the same loss before it: together they count as one of Weight = {2}. Remove "
        + "it, or give the other one that weight.",
        Losses, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor NeedlessExternalLoss = Create(
        "STRATA057", "External loss stands beside a loss",
        "{0} changes nothing beside [{1}]: the trainer of a network with a loss serves others, too. Remove one of the two.",
        Losses, DiagnosticSeverity.Warning);

    // Attributes that the C# compiler refuses.
    public static readonly DiagnosticDescriptor NoSuchLayer = Create(
        "STRATA070", "Layer does not exist",
        "There is no layer, block or loss [{0}]. {1}.",
        Binding, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TooManyArguments = Create(
        "STRATA071", "Layer has too many arguments without names",
        "{0} takes {1}: {2}. Write {3}.",
        Binding, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor MissingArgument = Create(
        "STRATA072", "Argument is missing",
        "{0} needs {1}. Write {2}.",
        Binding, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor WrongType = Create(
        "STRATA073", "Argument has the wrong type",
        "{0}: {1} takes {2}, not {3}. Write {4}.",
        Binding, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NoSuchArgument = Create(
        "STRATA074", "Argument does not exist",
        "{0} has no argument '{1}'. {2}.",
        Binding, DiagnosticSeverity.Error);

    // Calls that the C# compiler refuses.
    public static readonly DiagnosticDescriptor TakesFloats = Create(
        "STRATA080", "Call gives other numbers than floats",
        "{0} takes floats, not {1}. {2}.",
        Calls, DiagnosticSeverity.Error);

    // Operators that users declare.
    public static readonly DiagnosticDescriptor OperatorMethod = Create(
        "STRATA090", "Operator has no method that can be read",
        "Operator '{0}': {1}. Write '{2}'.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnreadableFormula = Create(
        "STRATA091", "Method of an operator has more than a formula",
        "{0}: {1} cannot be read here. {2}.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor UnknownFunction = Create(
        "STRATA092", "Method of an operator calls what has no formula",
        "{0} has no formula here. {1}.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor RecursiveFormula = Create(
        "STRATA093", "Method of an operator calls itself",
        "{0} calls itself, so its formula would never end: {1}. Write a formula for the result.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ConstantArgument = Create(
        "STRATA094", "Argument in an operator is not constant",
        "{0}: '{1}' must be a constant. Write a number, such as 2f, or a constant of the class that is not trained.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor FormulaTooLarge = Create(
        "STRATA095", "Formula of an operator is too large",
        "{0}: the formula has more than {1} operations, or more than {2} levels, once the methods and locals in it are written out. "
        + "Simplify it, or make two operators of it.",
        Operators, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor OperatorWithMistakes = Create(
        "STRATA097", "Operator of a network has mistakes",
        "{0} cannot be compiled, since its class '{1}' has mistakes. They are reported there; mend them first.",
        Declaration, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor TrainedNumber = Create(
        "STRATA096", "Trained number of an operator cannot be trained",
        "Operator '{0}': the trained number '{1}' {2}. {3}.",
        Operators, DiagnosticSeverity.Error);

    // The build.
    public static readonly DiagnosticDescriptor Unoptimized = Create(
        "STRATA060", "Network is compiled without optimisation",
        "Network '{0}' is compiled without optimisation and will run many times slower than it could. Set <Optimize>true</Optimize> in "
        + "the project, or accept it with <StrataAllowUnoptimized>true</StrataAllowUnoptimized>.",
        Build, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor NotCompiled = Create(
        "STRATA061", "Network was not compiled",
        "Network '{0}' was not compiled: its attributes have errors of their own, or use what another source generator makes and this "
        + "one cannot see. Declare such constants by hand.",
        Build, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor PropertiesNotImported = Create(
        "STRATA062", "Strata.props is not imported",
        "The project of network '{0}' does not import Strata.props, so that its settings are not seen. Import "
        + "generator/build/Strata.Source.props, which brings the references too, or "
        + "generator/build/Strata.props beside references of your own.",
        Build, DiagnosticSeverity.Warning);

    /// <summary>Reported by build/Strata.targets. It is here so that it has a row and a page like the others.</summary>
    public static readonly DiagnosticDescriptor NoInstructionSet = Create(
        "STRATA063", "Program is compiled ahead of time for the oldest processors",
        "Project '{0}' is published with NativeAOT for the oldest processors, so its networks run three to five times slower. "
        + "Set <IlcInstructionSet>x86-64-v3</IlcInstructionSet> for processors with AVX2, or x86-64-v4 for those with AVX-512.",
        Build, DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor UnknownTier = Create(
        "STRATA064", "StrataTiers names an unknown tier",
        "Network '{0}' is compiled with <StrataTiers>{1}</StrataTiers>, but '{2}' is no tier. Use avx512, avx2 or vector128, or "
        + "several of them with semicolons between.",
        Build, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor ForeignBlock = Create(
        "STRATA065", "Block or operator of another assembly cannot be read",
        "{0} comes from {1} and {2}. {3}.",
        Build, DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor InternalError = Create(
        "STRATA099", "Internal error of the generator",
        "Network '{0}' could not be compiled because of a bug in Strata. {1}.",
        Build, DiagnosticSeverity.Error);

    /// <summary>All rules, by id.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = typeof(Rules)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
        .Select(field => (DiagnosticDescriptor)field.GetValue(null))
        .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .ToImmutableArray();

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = All.ToDictionary(rule => rule.Id, StringComparer.Ordinal);

    public static DiagnosticDescriptor Find(string id) => ById[id];

    private static DiagnosticDescriptor Create(
        string id, string title, string messageFormat, string category, DiagnosticSeverity defaultSeverity) => new(
            id, title, messageFormat, category, defaultSeverity, isEnabledByDefault: true,
            helpLinkUri: $"{Pages}{id}.md",
            customTags: defaultSeverity == DiagnosticSeverity.Error ? [WellKnownDiagnosticTags.NotConfigurable] : []);
}
