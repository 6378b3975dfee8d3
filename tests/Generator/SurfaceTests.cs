using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A network with a mistake has the same members as without it, so that one mistake gives one error.</summary>
public sealed class SurfaceTests
{
    private const string Blocks = """

        [Branch, Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
        [Branch, Shortcut(Filters)]
        [Add, ReLU]
        public sealed class ResidualAttribute : BlockAttribute
        {
            private const int Filters = 4;
            public ResidualAttribute(int filters) { }
        }

        [Conv2D(Filters, 1), BatchNorm]
        public sealed class UnitAttribute : BlockAttribute
        {
            private const int Filters = 4;
            public UnitAttribute(int filters) { }
        }

        [Unit(4 / Divisor, Name = "inner"), Unit(4, Name = "last", Repeat = Divisor)]
        public sealed class OuterAttribute : BlockAttribute
        {
            private const int Divisor = 1;
            public OuterAttribute(int divisor) { }
        }
        """;

    private const string InBlocks =
        "[Network, Input(3, 8, 8), Unit(4, Name = \"layer1\", Repeat = {0}), Outer({1}, Name = "
        + "\"outer\"), Flatten, Dense(10), CrossEntropy]";

    private const string Images =
        "[Network{0}, Input(3, 8, 8), Normalize(new[] {{ 0.5, 0.5, 0.5 }}, new[] {{ 0.2, 0.2, 0.2 }}), Conv2D(4, {1}, Name = "
        + "\"stem.0\"), Residual({2}, Name = \"layer1\", Repeat = 2)]"
        + "[GlobalAveragePool2D, Flatten, Dropout({3}), Dense(10), Softmax, CrossEntropy]";

    private const string Several =
        "[Network{0}, Input(4, Name = \"image\"), Dense(3), Input(2, Name = \"meta\"), Dense({1}), Concat(\"dense1\", "
        + "\"dense2\", Name = \"all\"), Output(\"fixed\")]"
        + "[Dense(2), PReLU, Output(\"boxes\"), MeanSquaredError{2}]";

    /// <summary>A declaration, and mistakes in it that leave nothing unknown, or something.</summary>
    public static TheoryData<string, string, bool> Mistakes()
    {
        var mistakes = new TheoryData<string, string, bool>();
        void Add(string declaration, string[] right, int place, string wrong, bool isKnown)
        {
            string[] all = [.. right];
            all[place] = wrong;
            mistakes.Add(string.Format(null, declaration, right), string.Format(null, declaration, all), isKnown);
        }

        string[] images = ["", "3", "4", "0.1"], several = ["", "3", ""];
        Add(Images, images, 0, "(FreezeUntil = \"stm\")", true);
        Add(Images, images, 1, "33", false);
        Add(Images, images, 1, "0", false);
        Add(Images, images, 2, "0", false);
        Add(Images, images, 2, "4, Frozen = Unknown", false);
        Add(Images, images, 2, "Unknown", false);
        Add(InBlocks, ["1", "1"], 0, "-1", false);
        Add(InBlocks, ["1", "1"], 1, "-1", false);
        Add(Images, images, 3, "1.5", false);
        Add(Several, several, 0, "(FreezeUntil = \"no\")", true);
        Add(Several, several, 1, "-3", false);
        Add(Several, several, 2, "(Weight = double.NaN)", true);
        return mistakes;
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_network_with_a_mistake_has_the_members_that_it_has_without(string right, string wrong, bool isKnown)
    {
        List<string> expected = Members(right, isValid: true, isKnown), actual = Members(wrong, isValid: false, isKnown);

        // Whether a shortcut has layers is not known where its input is not: they may be there in vain.
        Assert.Equal(expected, isKnown ? actual : actual.Where(expected.Contains));
        Assert.InRange(expected.Count, 12, 200);
    }

    [Theory]
    [InlineData("[Network, Input(0), Dense(3), CrossEntropy]")]
    [InlineData("[Network, Dense(3), CrossEntropy]")]
    [InlineData("[Network, Input(4), CrossEntropy]")]
    [InlineData("[Network, Input(4), Dense(1 << 30), Dense(1 << 30), CrossEntropy]")]
    [InlineData("[Network, Input(40, 10000, 10000), Conv2D(10, 1), CrossEntropy]")]
    [InlineData("[Network, Input(4), Dense(3, Name = \"a\"), Dense(3, Name = \"a\"), CrossEntropy]")]
    public void What_every_network_has_is_there_whatever_is_wrong(string declaration)
    {
        const string Usage = """
            static class Program
            {
                const int PaddedLength = 4 * Net.InputLength / Net.OutputLength;
                static void Run(float[] x)
                {
                    using var net = new Net(1);
                    using var other = new Net(new NetworkOptions { Seed = 2 });
                    System.Span<float> y = stackalloc float[Net.OutputLength];
                    new Net().Forward(x, y);
                    using ClassificationTrainer trainer = net.CreateTrainer(8, new Sgd(0.1));
                    _ = Net.InputShape.Length + Net.OutputShape[0] + Net.ParameterCount;
                    using Net third = Make<Net>(NetworkInfo.Of<Net>());
                }
                static T Make<T>(NetworkInfo info) where T : CompiledNetwork, INetwork<T> =>
                    T.Info == info ? T.Create(new NetworkOptions()) : throw null!;
            }
            """;
        var harness = new Harness();
        harness.Generate(harness.Compile($"using Strata;\nusing Strata.Training;\n{declaration}\npartial class Net;\n{Usage}"),
            out Compilation output);
        Assert.Empty(Errors(output));
    }

    /// <summary>What takes a network by its type uses names that the network, its layers and the user's members may have, too.</summary>
    [Theory]
    [InlineData("", "partial class Info { int Create; static int Made() => 0; }", "Info")]
    [InlineData("", "partial class Create { void Info() { } class INetwork<T>; }", "Create")]
    [InlineData("", "sealed partial class @event { class Strata; }", "@event")]
    [InlineData("", "partial class INetwork : System.IDisposable;", "INetwork")]
    [InlineData("[System.Obsolete(\"old\", true)]", "partial class Net;", null)]
    [InlineData("",
        "partial class Net { public Net(object anything) : this() { } public static implicit operator "
        + "Net(NetworkOptions options) => null!; }", "Net")]
    [InlineData("", "partial class Net { public required string Title { get; init; } }", "Net")]
    [InlineData("", "partial class Net : INetwork<Net> { public required int field; }", "Net")]
    [InlineData("",
        "partial class Outer { [Network, Input(4), Dense(3, Name = \"create\")] private sealed partial "
        + "class Net { Net(int x) : this() { } } }", null)]
    public void A_network_can_be_taken_by_its_type_whatever_it_declares(string attribute, string type, string? name)
    {
        const string Layers = "[Network, Input(4), Dense(3, Name = \"networkInfo\"), Dense(3, Name = \"of\")]";
        string layers = type.Contains("[Network", StringComparison.Ordinal) ? "" : Layers;
        string usage = name is null ? "" : $$"""
            static class Program
            {
                static CompiledNetwork Make<T>() where T : CompiledNetwork, INetwork<T> =>
                    T.Info.Layers.Count > 0 ? T.Create(new NetworkOptions()) : null!;
                static CompiledNetwork Run() => Make<{{name}}>();
            }
            """;
        var harness = new Harness();
        harness.Generate(harness.Compile($"using Strata;\n{layers} {attribute} {type}\n{usage}"), out Compilation output);
        Assert.Empty(Errors(output));
        Assert.Contains(output.SyntaxTrees, tree => tree.FilePath.EndsWith("Avx2.g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("partial class Net;", false)]
    [InlineData("partial class Net { public required string Title { get; init; } }", true)]
    [InlineData("partial class Net { public required int title; }", true)]
    public void A_class_whose_creator_must_set_members_is_not_created_by_its_type(string type, bool throws)
    {
        const string Refusal = ".Create(global::Strata.NetworkOptions options) => throw new global::System.NotSupportedException(";
        Assert.Equal(throws, new Harness().Generate($"using Strata;\n[Network, Input(4), Dense(3)] {type}").GeneratedTrees
            .Any(tree => tree.ToString().Contains(Refusal, StringComparison.Ordinal)));
    }

    /// <summary>
    /// All that other code can name of a network, with what the members of its members are; and the values of constants, if they count:
    /// some are not known while a layer is wrong.
    /// </summary>
    private static List<string> Members(string declaration, bool isValid, bool withValues)
    {
        var harness = new Harness();
        Compilation compilation = harness.Compile(
            $"using Strata;\nnamespace Demo {{ {declaration} public sealed partial class Net; }}\n{Blocks}");
        harness.Generate((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)compilation, out Compilation output);
        Assert.DoesNotContain(Errors(output), error => !error.Contains("Unknown", StringComparison.Ordinal));
        INamedTypeSymbol type = output.GetTypeByMetadataName("Demo.Net")!;
        Assert.Equal(isValid, output.SyntaxTrees.Any(tree => tree.FilePath.EndsWith("Avx2.g.cs", StringComparison.Ordinal)));
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var lines = new List<string>();
        Describe(type);
        return lines;

        void Describe(INamedTypeSymbol described)
        {
            if (!seen.Add(described))
            {
                return;
            }

            string bases = string.Join(", ", described.Interfaces.Prepend(described.BaseType));
            lines.Add($"{described.DeclaredAccessibility} {described.TypeKind} {described} : {bases}");
            foreach (ISymbol member in described.GetMembers()
                .Where(member => member.DeclaredAccessibility == Accessibility.Public
                    && member is not IMethodSymbol { AssociatedSymbol: not null })
                .OrderBy(member => member.ToDisplayString(), StringComparer.Ordinal))
            {
                string value = withValues && member is IFieldSymbol { HasConstantValue: true, ConstantValue: { } constant }
                    ? $" = {constant}" : "";
                string constness = member is IFieldSymbol { IsConst: true } ? "const " : "";
                lines.Add($"{constness}{(member.IsStatic ? "static " : "")}{TypeOf(member)} {member.ToDisplayString(Names)}{value}");
                if (TypeOf(member) is INamedTypeSymbol own
                    && own.ContainingNamespace.ToDisplayString().StartsWith("Strata.Generated", StringComparison.Ordinal))
                {
                    Describe(own);
                }
            }
        }
    }

    private static readonly SymbolDisplayFormat Names = new(
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName);

    private static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        IMethodSymbol method => method.ReturnType,
        _ => null,
    };

    private static string[] Errors(Compilation compilation) =>
        [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(d => d.ToString())];
}
