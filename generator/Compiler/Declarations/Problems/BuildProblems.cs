using System;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Settings and versions of a project, and what stops the generator itself.</summary>
internal static class BuildProblems
{
    public static readonly Rule OldLanguageRule = new(
        "STRATA005", "Language version is too old for the generated code",
        "Network '{0}' is compiled as C# {1}, but the generated code needs C# {2}. Set "
        + "<LangVersion>{2}</LangVersion> or remove the setting.",
        Category.Build, Severity.Error);

    /// <param name="least">The version that the generated code needs.</param>
    public static Problem OldLanguage(string network, string version, string least) =>
        Problem.Create(OldLanguageRule, Site.Class, network, version, least);

    public static readonly Rule UnknownLayerRule = new(
        "STRATA023", "Layer is not known to this version of the generator",
        "{0} is not known to this generator: the Strata assembly that the project references is of another "
        + "version. Reference one version of Strata.",
        Category.Build, Severity.Error);

    public static Problem UnknownLayer(Site site, string kind) => Problem.Create(UnknownLayerRule, site, $"[{kind}]");

    public static readonly Rule UnoptimizedRule = new(
        "STRATA060", "Network is compiled without optimisation",
        "Network '{0}' is compiled without optimisation and will run many times slower than it could. Set <Optimize>true</Optimize> in "
        + "the project, or accept it with <StrataAllowUnoptimized>true</StrataAllowUnoptimized>.",
        Category.Build, Severity.Warning);

    public static Problem Unoptimized(string network) => Problem.Create(UnoptimizedRule, Site.Class, network);

    public static readonly Rule NotCompiledRule = new(
        "STRATA061", "Network was not compiled",
        "Network '{0}' was not compiled: its attributes have errors of their own, or use what another source generator makes and this "
        + "one cannot see. Declare such constants by hand.",
        Category.Build, Severity.Error);

    public static Problem NotCompiled(string network) => Problem.Create(NotCompiledRule, Site.Class, network);

    public static readonly Rule PropertiesNotImportedRule = new(
        "STRATA062", "Strata.props is not imported",
        "The project of network '{0}' does not import Strata.props, so that its settings are not seen. Import "
        + "generator/build/Strata.Source.props, which brings the references too, or "
        + "generator/build/Strata.props beside references of your own.",
        Category.Build, Severity.Warning);

    public static Problem PropertiesNotImported(string network) => Problem.Create(PropertiesNotImportedRule, Site.Class, network);

    /// <summary>Reported by build/Strata.targets. It is here so that it has a row and a page like the others.</summary>
    public static readonly Rule NoInstructionSetRule = new(
        "STRATA063", "Program is compiled ahead of time for the oldest processors",
        "Project '{0}' is published with NativeAOT for the oldest processors, so its networks run three to five times slower. "
        + "Set <IlcInstructionSet>x86-64-v3</IlcInstructionSet> for processors with AVX2, or x86-64-v4 for those with AVX-512.",
        Category.Build, Severity.Warning);

    public static readonly Rule UnknownTierRule = new(
        "STRATA064", "StrataTiers names an unknown tier",
        "Network '{0}' is compiled with <StrataTiers>{1}</StrataTiers>, but '{2}' is no tier. Use {3}, or "
        + "several of them with semicolons between.",
        Category.Build, Severity.Error);

    /// <param name="list">The value of StrataTiers.</param>
    /// <param name="unknown">The word in it that is no tier.</param>
    /// <param name="tiers">The names of all tiers: <c>avx512, avx2 or vector128</c>.</param>
    public static Problem UnknownTier(string network, string list, string unknown, string tiers) =>
        Problem.Create(UnknownTierRule, Site.Class, network, list, unknown, tiers);

    public static readonly Rule UnknownKernelsRule = new(
        "STRATA067", "StrataKernels has an unknown value",
        "Project '{0}' has <StrataKernels>{1}</StrataKernels>. Use il, or csharp, which is the default.",
        Category.Build, Severity.Error);

    public static readonly Rule UnknownFamilyRule = new(
        "STRATA068", "StrataFamily names an unknown family of CPUs",
        "Network '{0}' is compiled with <StrataFamily>{1}</StrataFamily>, but '{1}' is no family of CPUs that is known here. Use one of "
        + "{2}, or remove the setting.",
        Category.Build, Severity.Error);

    /// <param name="family">The value of StrataFamily.</param>
    /// <param name="families">The names of all families.</param>
    public static Problem UnknownFamily(string network, string family, string families) =>
        Problem.Create(UnknownFamilyRule, Site.Class, network, family, families);

    /// <summary>
    /// The problem for an exception of lowering. Sizes with all padding are known only then; any other exception is a bug.
    /// </summary>
    public static Problem OfLowering(string network, Exception exception) => exception is NetworkTooLargeException
        ? ShapeProblems.Unreachable(network, exception.Message)
        : InternalError(network, exception);

    public static readonly Rule InternalErrorRule = new(
        "STRATA099", "Internal error of the generator",
        "Network '{0}' could not be compiled because of a bug in Strata. {1}.",
        Category.Build, Severity.Error);

    public static Problem InternalError(string network, Exception exception) => Problem.Create(
        InternalErrorRule, Site.Class, network, $"{exception.GetType().Name}: {exception.Message.TrimEnd('.')}");
}
