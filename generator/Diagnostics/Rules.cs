using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Diagnostics;

/// <summary>
/// Every rule, in one place. Ids are never reused. Errors cannot be configured away: a network that cannot be compiled
/// must stop every build.
/// </summary>
internal static class Rules
{
    private const string Declaration = "Strata.Declaration";
    private const string Shapes = "Strata.Shapes";
    private const string Names = "Strata.Names";
    private const string Losses = "Strata.Losses";
    private const string Layers = "Strata.Layers";
    private const string Build = "Strata.Build";
    private const string NotConfigurable = WellKnownDiagnosticTags.NotConfigurable;

    // The class.
    public static readonly DiagnosticDescriptor NotPartial = new(
        "STRATA001",
        "A network is a partial class",
        "Network '{0}' is not partial, but the generator has to add its members. Write 'partial class {0}'.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnsupportedClass = new(
        "STRATA002",
        "A network is an ordinary class",
        "Network '{0}' is {1}. {2}.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnsupportedContainer = new(
        "STRATA003",
        "A nested network stands in partial, non-generic types",
        "Network '{0}' is nested in '{1}', which is {2}. {3}.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor HasBaseClass = new(
        "STRATA004",
        "A network has no base class of its own",
        "Network '{0}' derives from '{1}', but its generated part derives from Strata.CompiledNetwork. Remove the base class; interfaces are fine.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor OldLanguage = new(
        "STRATA005",
        "The language version is recent enough for the generated code",
        "Network '{0}' is compiled as C# {1}, but the generated code needs C# {2}. Set <LangVersion>{2}</LangVersion> or remove the setting.",
        Build, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor TwoParts = new(
        "STRATA006",
        "A network or block is declared on one part of its class",
        "{0} stands on another part of '{1}' than {2}, so its place in the order is not defined. Move it to the part with {2}.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor NotANetwork = new(
        "STRATA007",
        "Layers stand on a network",
        "Class '{0}' has layers but is no network, so nothing is compiled. Add [Network] above them.",
        Declaration, DiagnosticSeverity.Warning, true);

    // The stack.
    public static readonly DiagnosticDescriptor NoInput = new(
        "STRATA010",
        "A network has an input",
        "Network '{0}' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or [Input(channels, depth, height, width)] before its first layer.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnnamedEnd = new(
        "STRATA011",
        "Where there are several inputs or outputs, each has a name",
        "Network '{0}' has another {1} of this name or without one. Give it a name of its own, {2}, or remove it.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor InputNotFirst = new(
        "STRATA012",
        "The input comes first",
        "{0} stands before the input. The stack reads from top to bottom: move [Input] above the first layer.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor NoLayers = new(
        "STRATA013",
        "A network has layers",
        "Network '{0}' has no layers. Add at least one, such as [Dense(10)].",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor LayerAfterLoss = new(
        "STRATA014",
        "The loss comes last",
        "{0} stands behind the loss [{1}]. Move the loss to the end, or say by From which tensor comes next.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor LossesDiffer = new(
        "STRATA015",
        "The losses of a network take targets of one kind",
        "{0} takes {1}, but the targets of this network are {2}, because of {3}. Use losses of one kind.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor TooFewBranches = new(
        "STRATA016",
        "A join has two branches or more",
        "{0} joins {1}. {2}.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor BranchesNotJoined = new(
        "STRATA017",
        "Branches are joined",
        "The group of {0} that begins here is not joined {1}. Put [Add], [Concat] or [Multiply] behind its last branch.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor TargetsDiffer = new(
        "STRATA018",
        "Losses that share a target need as much of it",
        "{0} needs {1} numbers for its input {2}, but {3} with the same target needs {4} for its input {5}. Give one of them a Target of its own.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnusedTensor = new(
        "STRATA019",
        "Every layer is of use",
        "{0} is read by no layer, output or loss{1}. Read it by From, join it, make it an [Output], or remove it.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    // Arguments.
    public static readonly DiagnosticDescriptor ArgumentOutOfRange = new(
        "STRATA020",
        "An argument is in range",
        "{0}: {1} is {2}, but must be {3}",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor ConflictingArguments = new(
        "STRATA021",
        "Arguments do not contradict each other",
        "{0}: {1} and {2} exclude each other. Remove one of them.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnsupportedArgument = new(
        "STRATA022",
        "An argument suits its layer",
        "{0}: {1}. {2}.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnknownLayer = new(
        "STRATA023",
        "Runtime and generator are of one version",
        "{0} is not known to this generator: the Strata assembly that the project references is of another version. Reference one version of Strata.",
        Build, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor ArgumentWithoutValue = new(
        "STRATA024",
        "An argument of a block has a value",
        "{0}: {1} has no value here: {2}",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor ParameterWithoutConstant = new(
        "STRATA025",
        "A parameter of a block has its constant",
        "{0}: the block has no constant '{2}' that its parameter '{1}' could replace. Add it, as in 'private const int {2} = 64;', or remove the parameter.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor CompiledBlock = new(
        "STRATA026",
        "A block from another assembly has no parameters",
        "{0} comes from another assembly, where its constants have become numbers, so that '{1}' cannot replace one. Leave it out, or share the source of the block with this project.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor BlockInsideItself = new(
        "STRATA027",
        "A block does not contain itself",
        "{0} would never end, since the block contains itself: {1}. Write the repetition as Repeat.",
        Declaration, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    // Shapes.
    public static readonly DiagnosticDescriptor WindowTooLarge = new(
        "STRATA030",
        "A window fits into its input",
        "{0}: {1} {2} is less than 1; input is {3}. {4}.",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor GroupsDoNotDivide = new(
        "STRATA031",
        "Groups divide channels and filters",
        "{0}: {1} groups do not divide {2}: {3}{4}",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor NotFlat = new(
        "STRATA032",
        "Dense layers take flat tensors",
        "{0} needs a flat tensor; input is {1}. Put [Flatten] before it: {2} features.",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor WrongDimensions = new(
        "STRATA033",
        "A layer's input has its dimensions",
        "{0} needs {1}; input is {2}. {3}.",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor PaddingTooLarge = new(
        "STRATA034",
        "The padding of a pooling window is at most half of it",
        "{0}: padding {1} is more than half of the kernel {2}, so that a window could lie outside the input. Use at most {3}.",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnreadRows = new(
        "STRATA035",
        "Windows read the whole input",
        "{0}: {1} {2}: {3} of the {4} input {5} never read. {6}.",
        Shapes, DiagnosticSeverity.Warning, true);

    public static readonly DiagnosticDescriptor TooLarge = new(
        "STRATA036",
        "Sizes stay below the limits of an array",
        "{0}: {1} is more than {2}",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor BranchesDiffer = new(
        "STRATA037",
        "Branches fit their join",
        "{0} needs branches of {1}: {2} is {3}, but {4} is {5}: {6}. {7}.",
        Shapes, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    // Names.
    public static readonly DiagnosticDescriptor DuplicateName = new(
        "STRATA040",
        "Names are unique",
        "{0}: the name '{1}' is taken by {2}. {3}.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor InvalidName = new(
        "STRATA041",
        "A name yields a C# identifier",
        "{0}: the name '{1}' yields no C# identifier: {2}. Use letters, digits and underscores, in parts separated by dots, the first of which does not begin with a digit.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor MemberClash = new(
        "STRATA042",
        "A layer's property clashes with no other member",
        "{0}: the property '{1}' clashes with {2}. Set Name to another name.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor GeneratedMemberClash = new(
        "STRATA043",
        "A network leaves the generated members' names free",
        "Network '{0}' declares '{1}', which the generator adds. Rename or remove it.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor UnknownTensor = new(
        "STRATA044",
        "A name belongs to a tensor",
        "{0}: there is no layer, block or input '{1}'. {2}.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor LaterTensor = new(
        "STRATA045",
        "A layer reads what was computed before it",
        "{0}: '{1}' {2}. {3}.",
        Names, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    // Losses.
    public static readonly DiagnosticDescriptor LossInput = new(
        "STRATA050",
        "A loss suits its input",
        "{0} needs {1}; input is {2}. {3}.",
        Losses, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor LossBehindActivation = new(
        "STRATA051",
        "Cross-entropy takes logits, or what its own activation makes of them",
        "{0} stands behind {1}, but takes logits or the output of a {2}. {3}.",
        Losses, DiagnosticSeverity.Warning, true);

    // Layers that work against each other.
    public static readonly DiagnosticDescriptor BiasBeforeBatchNorm = new(
        "STRATA052",
        "A convolution in front of batch norm has no bias",
        "{0} adds a bias that {1} right behind it takes away again with the mean. Set Bias = false.",
        Layers, DiagnosticSeverity.Warning, true);

    public static readonly DiagnosticDescriptor DropoutBeforeBatchNorm = new(
        "STRATA053",
        "Dropout stands behind batch norm",
        "{0} stands before {1}, whose running variance is then that of training with dropout, which is larger than without. Put it behind the last batch norm.",
        Layers, DiagnosticSeverity.Warning, true);

    public static readonly DiagnosticDescriptor SoftmaxInside = new(
        "STRATA054",
        "Softmax is followed by its loss, or by nothing",
        "{0} is followed by {1}, not by [CrossEntropy], with which it is one stable function. Remove it, or use that loss.",
        Layers, DiagnosticSeverity.Warning, true);

    public static readonly DiagnosticDescriptor TwoActivations = new(
        "STRATA055",
        "One activation stands behind a layer",
        "{0} stands right behind another activation, {1}. Remove one of the two.",
        Layers, DiagnosticSeverity.Warning, true);

    // The build.
    public static readonly DiagnosticDescriptor Unoptimized = new(
        "STRATA060",
        "Kernels are compiled with optimisation",
        "Network '{0}' is compiled without optimisation and will run many times slower than it could. Set <Optimize>true</Optimize> in the project, or accept it with <StrataAllowUnoptimized>true</StrataAllowUnoptimized>.",
        Build, DiagnosticSeverity.Warning, true);

    public static readonly DiagnosticDescriptor NotCompiled = new(
        "STRATA061",
        "The generator sees what the compiler sees",
        "Network '{0}' was not compiled: its attributes have errors of their own, or use what another source generator makes and this one cannot see. Declare such constants by hand.",
        Build, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    public static readonly DiagnosticDescriptor InternalError = new(
        "STRATA099",
        "The generator has no bugs",
        "Network '{0}' could not be compiled because of a bug in Strata. {1}.",
        Build, DiagnosticSeverity.Error, true, customTags: NotConfigurable);

    /// <summary>All rules, by id.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = typeof(Rules)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
        .Select(field => (DiagnosticDescriptor)field.GetValue(null))
        .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .ToImmutableArray();

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = All.ToDictionary(rule => rule.Id, StringComparer.Ordinal);

    public static DiagnosticDescriptor Find(string id) => ById[id];
}
