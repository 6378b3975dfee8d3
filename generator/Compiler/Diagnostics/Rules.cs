using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// All rules. Ids are never reused. Errors cannot be configured away: a network that cannot be compiled
/// must stop every build.
/// </summary>
internal static class Rules
{
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
    public static readonly Rule NotPartial = new(
        "STRATA001", "Network is not partial",
        "Network '{0}' is not partial, but the generator has to add its members. Write 'partial class {0}'.",
        Declaration, Severity.Error);

    public static readonly Rule UnsupportedClass = new(
        "STRATA002", "Class cannot be a network",
        "Network '{0}' is {1}. {2}.",
        Declaration, Severity.Error);

    public static readonly Rule UnsupportedContainer = new(
        "STRATA003", "Network is nested in a type that cannot be extended",
        "Network '{0}' is nested in '{1}', which is {2}. {3}.",
        Declaration, Severity.Error);

    public static readonly Rule HasBaseClass = new(
        "STRATA004", "Network has a base class of its own",
        "Network '{0}' derives from '{1}', but its generated part derives from Strata.CompiledNetwork. "
        + "Remove the base class; interfaces are fine.",
        Declaration, Severity.Error);

    public static readonly Rule OldLanguage = new(
        "STRATA005", "Language version is too old for the generated code",
        "Network '{0}' is compiled as C# {1}, but the generated code needs C# {2}. Set "
        + "<LangVersion>{2}</LangVersion> or remove the setting.",
        Build, Severity.Error);

    public static readonly Rule TwoParts = new(
        "STRATA006", "Layers stand on two parts of a class",
        "{0} stands on another part of '{1}' than {2}, so its place in the order is not defined. Move it to the part with {2}.",
        Declaration, Severity.Error);

    public static readonly Rule NotANetwork = new(
        "STRATA007", "Layers stand on a class that is no network",
        "Class '{0}' has layers but is no network, so nothing is compiled. Add [Network] above them.",
        Declaration, Severity.Warning);

    // The stack.
    public static readonly Rule NoInput = new(
        "STRATA010", "Network has no input",
        "Network '{0}' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or "
        + "[Input(channels, depth, height, width)] before its first layer.",
        Declaration, Severity.Error);

    public static readonly Rule UnnamedEnd = new(
        "STRATA011", "Input or output has no name of its own",
        "Network '{0}' has another {1} of this name or without one. Give it a name of its own, {2}, or remove it.",
        Declaration, Severity.Error);

    public static readonly Rule InputNotFirst = new(
        "STRATA012", "Layer stands before the input",
        "{0} stands before the input. The stack reads from top to bottom: move [Input] above the first layer.",
        Declaration, Severity.Error);

    public static readonly Rule NoLayers = new(
        "STRATA013", "Network has no layers",
        "Network '{0}' has no layers. Add at least one, such as [Dense(10)].",
        Declaration, Severity.Error);

    public static readonly Rule LayerAfterLoss = new(
        "STRATA014", "Layer stands behind the loss",
        "{0} stands behind the loss [{1}]. Move the loss to the end, or say by From which tensor comes next.",
        Declaration, Severity.Error);

    public static readonly Rule TooFewBranches = new(
        "STRATA016", "Join has fewer than two branches",
        "{0} joins {1}. {2}.",
        Declaration, Severity.Error);

    public static readonly Rule BranchesNotJoined = new(
        "STRATA017", "Branches are not joined",
        "The group of {0} that begins here is not joined {1}. Put [Add], [Concat] or [Multiply] behind its last branch.",
        Declaration, Severity.Error);

    public static readonly Rule TargetsDiffer = new(
        "STRATA018", "Losses with one target need different amounts of it",
        "{0} needs {1} for its input {2}, but {3} with the same target needs {4} for its input "
        + "{5}. Give one of them a Target of its own.",
        Declaration, Severity.Error);

    public static readonly Rule UnusedTensor = new(
        "STRATA019", "Layer is read by nothing",
        "{0} is read by no layer, output or loss{1}. Read it by From, join it, make it an [Output], or remove it.",
        Declaration, Severity.Error);

    // Arguments.
    public static readonly Rule ArgumentOutOfRange = new(
        "STRATA020", "Argument is out of range",
        "{0}: {1} cannot be {2}. Use {3}.",
        Declaration, Severity.Error);

    public static readonly Rule ConflictingArguments = new(
        "STRATA021", "Arguments exclude each other",
        "{0}: {1} and {2} exclude each other. Remove one of them.",
        Declaration, Severity.Error);

    public static readonly Rule UnsupportedArgument = new(
        "STRATA022", "Argument does not suit its layer",
        "{0}: {1}. {2}.",
        Declaration, Severity.Error);

    public static readonly Rule UnknownLayer = new(
        "STRATA023", "Layer is not known to this version of the generator",
        "{0} is not known to this generator: the Strata assembly that the project references is of another "
        + "version. Reference one version of Strata.",
        Build, Severity.Error);

    public static readonly Rule ArgumentWithoutValue = new(
        "STRATA024", "Argument of a block has no value",
        "{0}: {1} has no value here: {2}",
        Declaration, Severity.Error);

    public static readonly Rule ParameterWithoutConstant = new(
        "STRATA025", "Parameter of a block has no constant",
        "{0}: its class has no constant '{2}' that its parameter '{1}' could replace. Add it, as in 'private const "
        + "{3} {2} = {4};', or remove the parameter.",
        Declaration, Severity.Error);

    public static readonly Rule CompiledBlock = new(
        "STRATA026", "Block from another assembly takes no arguments",
        "{0} comes from another assembly, where its constants have become numbers, so that '{1}' cannot replace one. Leave it out, or "
        + "build that assembly with Strata's generator of this version.",
        Declaration, Severity.Error);

    public static readonly Rule BlockInsideItself = new(
        "STRATA027", "Block contains itself",
        "{0} would never end, since it contains itself: {1}. {2}.",
        Declaration, Severity.Error);

    public static readonly Rule TooManyLayers = new(
        "STRATA028", "Network has too many layers",
        "{0}: with it the network has more than {1}, the most that are compiled in a sensible time. {2}.",
        Declaration, Severity.Error);

    public static readonly Rule UnreadableExpression = new(
        "STRATA029", "Argument of a block cannot be computed",
        "{0}: {1} cannot be computed for this use of the block: {2}. Compute it with C#'s operators and casts from "
        + "numbers, bools, chars, strings and enums.",
        Declaration, Severity.Error);

    // Shapes.
    public static readonly Rule WindowTooLarge = new(
        "STRATA030", "Window does not fit into its input",
        "{0}: {1} {2} is less than 1; input is {3}. {4}.",
        Shapes, Severity.Error);

    public static readonly Rule GroupsDoNotDivide = new(
        "STRATA031", "Groups do not divide channels or filters",
        "{0}: {1} groups do not divide {2}: {3}{4}",
        Shapes, Severity.Error);

    public static readonly Rule NotFlat = new(
        "STRATA032", "Input of a dense layer is not flat",
        "{0} needs a flat tensor; input is {1}. Put [Flatten] before it: {2}.",
        Shapes, Severity.Error);

    public static readonly Rule WrongDimensions = new(
        "STRATA033", "Input of a layer has the wrong dimensions",
        "{0} needs {1}; input is {2}. {3}.",
        Shapes, Severity.Error);

    public static readonly Rule PaddingTooLarge = new(
        "STRATA034", "Padding is more than half of the pooling window",
        "{0}: padding {1} is more than half of the kernel {2}, so that a window could lie outside the input. Use at most {3}.",
        Shapes, Severity.Error);

    public static readonly Rule UnreadRows = new(
        "STRATA035", "Windows leave a part of the input unread",
        "{0}: {1} {2}: {3} of the {4} input {5} never read. {6}.",
        Shapes, Severity.Warning);

    public static readonly Rule TooLarge = new(
        "STRATA036", "Size is beyond the limits",
        "{0}: {1} is more than {2}",
        Shapes, Severity.Error);

    public static readonly Rule BranchesDiffer = new(
        "STRATA037", "Branches do not fit their join",
        "{0} needs branches of {1}: {2} is {3}, but {4} is {5}: {6}. {7}.",
        Shapes, Severity.Error);

    public static readonly Rule StrideTooLarge = new(
        "STRATA038", "Stride of a convolution is too large",
        "{0}: its stride makes {1} different places in the input, for each of which the backward pass has code; at "
        + "most {2}. Reduce the stride or the kernel.",
        Shapes, Severity.Error);

    public static readonly Rule ChannelsLast = new(
        "STRATA039", "Input has its channels last",
        "Input: {0} would be {1}, since channels come first. Write [{2}], or name the arguments where it is meant.",
        Shapes, Severity.Warning);

    // Names.
    public static readonly Rule DuplicateName = new(
        "STRATA040", "Name is taken",
        "{0}: the name '{1}' is taken by {2}. {3}.",
        Names, Severity.Error);

    public static readonly Rule InvalidName = new(
        "STRATA041", "Name yields no C# identifier",
        "{0}: the name '{1}' yields no C# identifier: {2}. Use letters, digits and underscores, in parts separated by dots, the "
        + "first of which does not begin with a digit.",
        Names, Severity.Error);

    public static readonly Rule MemberClash = new(
        "STRATA042", "Property of a layer clashes with another member",
        "{0}: the property '{1}' clashes with {2}. Set Name to another name.",
        Names, Severity.Error);

    public static readonly Rule GeneratedMemberClash = new(
        "STRATA043", "Member has the name of a generated one",
        "Network '{0}' declares '{1}', which the generator adds. Rename or remove it.",
        Names, Severity.Error);

    public static readonly Rule UnknownTensor = new(
        "STRATA044", "Name belongs to no tensor",
        "{0}: there is no layer, block or input '{1}'. {2}.",
        Names, Severity.Error);

    public static readonly Rule LaterTensor = new(
        "STRATA045", "Layer reads what comes later",
        "{0}: '{1}' {2}. {3}.",
        Names, Severity.Error);

    public static readonly Rule TensorClash = new(
        "STRATA046", "Input or output has members that clash with others",
        "{0}: its member '{1}' clashes with {2}. Choose another name.",
        Names, Severity.Error);

    public static readonly Rule ClassClash = new(
        "STRATA047", "Network is called like one of its members",
        "Network '{0}' has the name of a member that the generator adds. Rename the class.",
        Names, Severity.Error);

    // Losses.
    public static readonly Rule LossInput = new(
        "STRATA050", "Loss does not suit its input",
        "{0} needs {1}; input is {2}. {3}.",
        Losses, Severity.Error);

    public static readonly Rule LossBehindActivation = new(
        "STRATA051", "Activation does not suit the loss behind it",
        "{0} stands behind {1}, but takes logits or the output of a {2}. {3}.",
        Losses, Severity.Warning);

    // Layers that work against each other.
    public static readonly Rule BiasBeforeBatchNorm = new(
        "STRATA052", "Bias before batch norm has no effect",
        "{0} adds a bias that {1} right behind it takes away again with the mean. Set Bias = false.",
        Layers, Severity.Warning);

    public static readonly Rule DropoutBeforeBatchNorm = new(
        "STRATA053", "Dropout stands before batch norm",
        "{0} stands before {1}, whose running variance is then that of training with dropout, which is larger than "
        + "without. Put it behind the last batch norm.",
        Layers, Severity.Warning);

    public static readonly Rule SoftmaxInside = new(
        "STRATA054", "Softmax does not stand before its loss",
        "{0} is followed by {1}, not by [CrossEntropy], with which it is one stable function. Remove it, or use that loss.",
        Layers, Severity.Warning);

    public static readonly Rule TwoActivations = new(
        "STRATA055", "Activation stands behind another activation",
        "{0} stands right behind another activation, {1}. Remove one of the two.",
        Layers, Severity.Warning);

    public static readonly Rule UnreadArgument = new(
        "STRATA058", "Argument has no effect",
        "{0}: {1} has no effect, since {2}. {3}.",
        Layers, Severity.Warning);

    public static readonly Rule RepeatedLoss = new(
        "STRATA056", "Loss repeats another one",
        "{0} compares {1} with the same target as the same loss before it: together they count as one of Weight = {2}. Remove "
        + "it, or give the other one that weight.",
        Losses, Severity.Warning);

    public static readonly Rule NeedlessExternalLoss = new(
        "STRATA057", "External loss stands beside a loss",
        "{0} changes nothing beside [{1}]: the trainer of a network with a loss serves others, too. Remove one of the two.",
        Losses, Severity.Warning);

    // Attributes that the C# compiler refuses.
    public static readonly Rule NoSuchLayer = new(
        "STRATA070", "Layer does not exist",
        "There is no layer, block or loss [{0}]. {1}.",
        Binding, Severity.Error);

    public static readonly Rule TooManyArguments = new(
        "STRATA071", "Layer has too many arguments without names",
        "{0} takes {1}: {2}. Write {3}.",
        Binding, Severity.Error);

    public static readonly Rule MissingArgument = new(
        "STRATA072", "Argument is missing",
        "{0} needs {1}. Write {2}.",
        Binding, Severity.Error);

    public static readonly Rule WrongType = new(
        "STRATA073", "Argument has the wrong type",
        "{0}: {1} takes {2}, not {3}. Write {4}.",
        Binding, Severity.Error);

    public static readonly Rule NoSuchArgument = new(
        "STRATA074", "Argument does not exist",
        "{0} has no argument '{1}'. {2}.",
        Binding, Severity.Error);

    // Calls that the C# compiler refuses.
    public static readonly Rule TakesFloats = new(
        "STRATA080", "Call gives other numbers than floats",
        "{0} takes floats, not {1}. {2}.",
        Calls, Severity.Error);

    // Operators that users declare.
    public static readonly Rule OperatorMethod = new(
        "STRATA090", "Operator has no method that can be read",
        "Operator '{0}': {1}. Write '{2}'.",
        Operators, Severity.Error);

    public static readonly Rule UnreadableFormula = new(
        "STRATA091", "Method of an operator has more than a formula",
        "{0}: {1} cannot be read here. {2}.",
        Operators, Severity.Error);

    public static readonly Rule UnknownFunction = new(
        "STRATA092", "Method of an operator calls what has no formula",
        "{0} has no formula here. {1}.",
        Operators, Severity.Error);

    public static readonly Rule RecursiveFormula = new(
        "STRATA093", "Method of an operator calls itself",
        "{0} calls itself, so its formula would never end: {1}. Write a formula for the result.",
        Operators, Severity.Error);

    public static readonly Rule ConstantArgument = new(
        "STRATA094", "Argument in an operator is not constant",
        "{0}: '{1}' must be a constant. Write a number, such as 2f, or a constant of the class that is not trained.",
        Operators, Severity.Error);

    public static readonly Rule FormulaTooLarge = new(
        "STRATA095", "Formula of an operator is too large",
        "{0}: the formula has more than {1} operations, or more than {2} levels, once the methods and locals in it are written out. "
        + "Simplify it, or make two operators of it.",
        Operators, Severity.Error);

    public static readonly Rule OperatorWithMistakes = new(
        "STRATA097", "Operator of a network has mistakes",
        "{0} cannot be compiled, since its class '{1}' has mistakes. They are reported there; fix them first.",
        Declaration, Severity.Error);

    public static readonly Rule TrainedNumber = new(
        "STRATA096", "Trained number of an operator cannot be trained",
        "Operator '{0}': the trained number '{1}' {2}. {3}.",
        Operators, Severity.Error);

    // The build.
    public static readonly Rule Unoptimized = new(
        "STRATA060", "Network is compiled without optimisation",
        "Network '{0}' is compiled without optimisation and will run many times slower than it could. Set <Optimize>true</Optimize> in "
        + "the project, or accept it with <StrataAllowUnoptimized>true</StrataAllowUnoptimized>.",
        Build, Severity.Warning);

    public static readonly Rule NotCompiled = new(
        "STRATA061", "Network was not compiled",
        "Network '{0}' was not compiled: its attributes have errors of their own, or use what another source generator makes and this "
        + "one cannot see. Declare such constants by hand.",
        Build, Severity.Error);

    public static readonly Rule PropertiesNotImported = new(
        "STRATA062", "Strata.props is not imported",
        "The project of network '{0}' does not import Strata.props, so that its settings are not seen. Import "
        + "generator/build/Strata.Source.props, which brings the references too, or "
        + "generator/build/Strata.props beside references of your own.",
        Build, Severity.Warning);

    /// <summary>Reported by build/Strata.targets. It is here so that it has a row and a page like the others.</summary>
    public static readonly Rule NoInstructionSet = new(
        "STRATA063", "Program is compiled ahead of time for the oldest processors",
        "Project '{0}' is published with NativeAOT for the oldest processors, so its networks run three to five times slower. "
        + "Set <IlcInstructionSet>x86-64-v3</IlcInstructionSet> for processors with AVX2, or x86-64-v4 for those with AVX-512.",
        Build, Severity.Warning);

    public static readonly Rule UnknownTier = new(
        "STRATA064", "StrataTiers names an unknown tier",
        "Network '{0}' is compiled with <StrataTiers>{1}</StrataTiers>, but '{2}' is no tier. Use avx512, avx2 or vector128, or "
        + "several of them with semicolons between.",
        Build, Severity.Error);

    public static readonly Rule ForeignBlock = new(
        "STRATA065", "Block or operator of another assembly cannot be read",
        "{0} comes from {1} and {2}. {3}.",
        Build, Severity.Error);

    public static readonly Rule InternalError = new(
        "STRATA099", "Internal error of the generator",
        "Network '{0}' could not be compiled because of a bug in Strata. {1}.",
        Build, Severity.Error);

    /// <summary>All rules, by id.</summary>
    public static readonly IReadOnlyList<Rule> All = typeof(Rules)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(Rule))
        .Select(field => (Rule)field.GetValue(null))
        .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .ToArray();

    private static readonly Dictionary<string, Rule> ById = All.ToDictionary(rule => rule.Id, StringComparer.Ordinal);

    public static Rule Find(string id) => ById[id];
}
