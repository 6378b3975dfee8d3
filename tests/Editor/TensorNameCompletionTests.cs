using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;
using Strata.CodeFixes;
using Xunit;

namespace Strata.Editor.Tests;

/// <summary>
/// The completion of names as an editor shows it: Roslyn's completion service finds the provider in the analyzers of the project.
/// </summary>
public sealed class TensorNameCompletionTests
{
    private static readonly Lazy<Project> Empty = new(() =>
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return new AdhocWorkspace(MefHostServices.Create(MefHostServices.DefaultAssemblies)).AddProject(ProjectInfo
            .Create(ProjectId.CreateNewId(), VersionStamp.Default, "Edited", "Edited", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .WithMetadataReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetDirectoryName(path) == framework)
                .Append(typeof(NetworkAttribute).Assembly.Location)
                .Select(path => MetadataReference.CreateFromFile(path)))
            .WithAnalyzerReferences(
                [new AnalyzerFileReference(typeof(TensorNameCompletionProvider).Assembly.Location, new AssemblyLoader())]));
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the caret is, there is a $.</summary>
    [Theory]
    [InlineData("Conv2D(4, 3), ReLU(From = \"$\"), Dense(2)", "input conv1")]
    [InlineData("Conv2D(4, 3, Name = \"a.b\"), ReLU, ReLU(From = \"$\")", "input a.b relu1")]
    [InlineData("Conv2D(4, 3), ReLU, Add(\"$\", \"relu1\")", "input conv1 relu1")]
    [InlineData("Conv2D(4, 3), ReLU, Add(\"conv1\", \"$\")", "input conv1 relu1")]
    [InlineData("Conv2D(4, 3), ReLU, Concat(\"conv1\", \"relu1\", \"$\")", "input conv1 relu1")]
    [InlineData("Conv2D(4, 3), Add([\"conv1\", \"$\"])", "input conv1")]
    [InlineData("Conv2D(4, 3), Add(new[] { \"conv1\", \"$\" })", "input conv1")]
    [InlineData("Conv2D(4, 3), Output(\"a\", From = \"$\")", "input conv1")]
    [InlineData("Conv2D(4, 3), L2(From = \"$\")", "input conv1")]
    [InlineData("Conv2D(4, 3), ReLU, Conv2D(4, 3, Weights = \"$\")", "input conv1 relu1")]
    [InlineData("Flatten, Dense(4), Dense(9, Tied = \"$\")", "input flatten1 dense1")]
    [InlineData("MaxPool2D(2), MaxUnpool2D(\"$\")", "input pool1")]
    [InlineData("MaxPool2D(2), MaxUnpool2D(pool: \"$\")", "input pool1")]
    [InlineData("Conv2D(4, 3), Reshape(4, 9), Attention(2, Context = \"$\")", "input conv1 reshape1")]
    [InlineData("Twice(4, Name = \"b\", Repeat = 2), ReLU(From = \"$\")", "input b.0 b.0.conv1 b.0.relu1 b.1 b b.1.conv1 b.1.relu1")]
    [InlineData("ReLU, Twice(4, From = \"$\")", "input relu1")]
    [InlineData("Sequential(\"s\"), ReLU, ReLU(From = \"$\")", "input s.0")]
    [InlineData("LayersOf(typeof(Other), Until = \"$\"), ReLU", "conv1 relu1 conv2")]
    public async Task The_names_that_stand_before_an_attribute_are_offered(string layers, string names)
    {
        IReadOnlyList<CompletionItem> items = await ItemsAsync(Network(layers));
        Assert.Equal(names, string.Join(" ", items.Select(item => item.DisplayText)));
    }

    [Fact]
    public async Task A_network_may_be_frozen_until_each_of_its_layers() => Assert.Equal(
        ["conv1", "relu1", "head"],
        (await ItemsAsync(
            "using Strata;\n[Network(FreezeUntil = \"$\"), Input(1, 8, 8), Conv2D(4, 3), ReLU, Conv2D(2, 1, Name = \"head\")]\n"
            + "partial class Net;")).Select(item => item.DisplayText));

    [Fact]
    public async Task Inputs_that_have_names_are_offered_by_them() => Assert.Equal(
        ["a", "dense1", "b"],
        (await ItemsAsync(
            "using Strata;\n[Network, Input(4, Name = \"a\"), Dense(4), Input(4, Name = \"b\"), Add(\"dense1\", \"$\")] "
            + "partial class Net;"))
        .Select(item => item.DisplayText));

    [Fact]
    public async Task A_block_has_its_own_names() => Assert.Equal(
        ["input", "conv1", "relu1"],
        (await ItemsAsync(
            "using Strata;\n[Conv2D(N, 3), ReLU, Add(\"$\", \"conv1\"), ReLU]\n"
            + "class BAttribute : BlockAttribute { const int N = 1; public BAttribute(int n) { } }")).Select(item => item.DisplayText));

    [Fact]
    public async Task An_operator_of_ones_own_says_which_tensors_it_reads() => Assert.Equal(
        ["input", "conv1"],
        (await ItemsAsync(
            "using Strata;\n[Network, Input(1, 8, 8), Conv2D(1, 1), Gate(Tensors = [\"conv1\", \"$\"])] partial class Net;\n"
            + "sealed class GateAttribute : ElementwiseAttribute { public static float Value(float a, float b) => a * b; }"))
        .Select(item => item.DisplayText));

    [Theory]
    [InlineData("Conv2D(4, 3), ReLU(Name = \"$\")")]
    [InlineData("Conv2D(4, 3), Output(\"$\")")]
    [InlineData("Conv2D(4, 3), Scale(Key = \"$\")")]
    [InlineData("Conv2D(4, 3), ReLU(From = \"\"$)")]
    [InlineData("Conv2D(4, 3), ReLU(From = $\"\")")]
    [InlineData("Conv2D(4, 3), System.Obsolete(\"$\")")]
    public async Task Elsewhere_no_names_are_offered(string layers) =>
        Assert.DoesNotContain(await ItemsAsync(Network(layers)), item => item.DisplayText is "conv1");

    [Theory]
    [InlineData("ReLU(From = \"$\")", "ReLU(From = \"conv1\")")]
    [InlineData("ReLU(From = \"c$\")", "ReLU(From = \"conv1\")")]
    [InlineData("ReLU(From = \"in$put\")", "ReLU(From = \"conv1\")")]
    [InlineData("ReLU(From = \"a.b-c$\")", "ReLU(From = \"conv1\")")]
    [InlineData("ReLU(From = @\"c$\")", "ReLU(From = @\"conv1\")")]
    public async Task The_name_around_the_caret_is_replaced(string before, string after)
    {
        (Document document, int position) = Open(Network("Conv2D(4, 3), " + before));
        var service = CompletionService.GetService(document)!;
        CompletionItem item = (await CompletionsAsync(document, position)).Single(known => known.DisplayText == "conv1");
        CompletionChange change = await service.GetChangeAsync(document, item, cancellationToken: Cancellation);
        Assert.Equal(
            Network("Conv2D(4, 3), " + after), (await document.GetTextAsync(Cancellation)).WithChanges(change.TextChange).ToString());
        Assert.Equal("Conv2D", item.InlineDescription);
    }

    [Theory]
    [InlineData('"', true)]
    [InlineData('.', true)]
    [InlineData('(', false)]
    public void The_list_opens_with_the_string(char typed, bool opens) => Assert.Equal(
        opens,
        new TensorNameCompletionProvider().ShouldTriggerCompletion(
            SourceText.From($"ReLU(From = {typed}"), 13, CompletionTrigger.CreateInsertionTrigger(typed), Empty.Value.Solution.Options));

    [Theory]
    [InlineData("[Network, Input(1, 8, 8), Conv2D(4, 3)]\n[ReLU(From = \"$]\n[Dense(2)]\npartial class Net;")]
    [InlineData("[Network, Input(1, 8, 8), Conv2D(4, 3)]\n[ReLU(From = \"$)]\npartial class Net;")]
    [InlineData("[Network, Input(1, 8, 8), Conv2D(4, 3), Add(\"$, \"conv1\")]\npartial class Net;")]
    public async Task A_string_that_is_not_ended_yet_has_names_too(string source) => Assert.Equal(
        ["input", "conv1"], (await ItemsAsync("using Strata;\n" + source)).Select(item => item.DisplayText));

    /// <summary>At each place of a text that is cut off there, and of one whose rest is still there.</summary>
    [Fact]
    public async Task What_is_half_typed_is_survived()
    {
        string source = Network("Conv2D(4, 3, Name = \"a.b\"), ReLU(From = \"a.b\"), Add(\"a.b\", \"relu1\"), Twice(4, From = \"input\")");
        for (int length = 1; length <= source.Length; length++)
        {
            foreach (string text in new[] { source[..length], source.Remove(length - 1, 1) })
            {
                Document document = Empty.Value.AddDocument("Net.cs", text);
                var provider = new TensorNameCompletionProvider();
                await provider.ProvideCompletionsAsync(new CompletionContext(
                    provider, document, Math.Min(length, text.Length), default, CompletionTrigger.Invoke,
                    Empty.Value.Solution.Options, Cancellation));
            }
        }
    }

    private static string Network(string layers) =>
        $"using Strata;\n[Network, Input(1, 8, 8)]\n[{layers}, ReLU(Name = \"later\")]\npartial class Net;\n"
        + "[Conv2D(N, 3), ReLU]\nclass TwiceAttribute : BlockAttribute { const int N = 1; public TwiceAttribute(int n) { } }\n"
        + "[Network, Input(1, 8, 8), Conv2D(4, 3), ReLU, Conv2D(2, 1)] partial class Other;";

    private static (Document Document, int Position) Open(string marked)
    {
        int position = marked.IndexOf('$', StringComparison.Ordinal);
        return (Empty.Value.AddDocument("Net.cs", marked.Remove(position, 1)), position);
    }

    private static Task<IReadOnlyList<CompletionItem>> ItemsAsync(string marked)
    {
        (Document document, int position) = Open(marked);
        return CompletionsAsync(document, position);
    }

    /// <summary>What the service offers, without the items of C# itself.</summary>
    private static async Task<IReadOnlyList<CompletionItem>> CompletionsAsync(Document document, int position)
    {
        CompletionList list = await CompletionService.GetService(document)!.GetCompletionsAsync(
            document, position, CompletionTrigger.Invoke, cancellationToken: Cancellation);
        return [.. list.ItemsList.Where(item => item.InlineDescription.Length > 0)];
    }

    private sealed class AssemblyLoader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
