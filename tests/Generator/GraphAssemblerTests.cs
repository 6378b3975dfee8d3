using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using Strata.Generator.Printing;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Graphs that are assembled from definitions, without any attribute.</summary>
public sealed class GraphAssemblerTests
{
    private static readonly NetworkTarget Target =
        new("Demo", EquatableArray<string>.Empty, "public", "LeNet5", IsSealed: false, HasSummary: false);

    private readonly ProblemLog _problems = new();
    private readonly List<SurfaceMember> _members = [];

    [Fact]
    public void LeNet5_of_definitions_becomes_the_text_of_its_declaration()
    {
        GraphAssembler graph = Assembler("LeNet5");
        Node? x = Input(graph, 1, 28, 28);
        x = Add(graph, Convolution(6, 5, padding: 2), "Conv2D", "conv1", "6, 5, Padding = 2");
        x = Add(graph, Activation("ReLU"), "ReLU", "relu1");
        x = Add(graph, MaxPool(2), "MaxPool2D", "pool1", "2");
        x = Add(graph, Convolution(16, 5), "Conv2D", "conv2", "16, 5");
        x = Add(graph, Activation("ReLU"), "ReLU", "relu2");
        x = Add(graph, MaxPool(2), "MaxPool2D", "pool2", "2");
        x = Add(graph, new FlattenDefinition(), "Flatten", "flatten1");
        x = Add(graph, Dense(120), "Dense", "dense1", "120");
        x = Add(graph, Activation("ReLU"), "ReLU", "relu3");
        x = Add(graph, Dense(84), "Dense", "dense2", "84");
        x = Add(graph, Activation("ReLU"), "ReLU", "relu4");
        x = Add(graph, Dense(10), "Dense", "dense3", "10");
        x = Add(graph, Activation("Softmax"), "Softmax", "softmax1");
        graph.Ends.NoteTargets(areClasses: true);
        graph.Ends.AddLoss(
            new CrossEntropyDefinition(
                0, new Argument<EquatableArray<double>>(EquatableArray<double>.Empty, IsSet: false), -100, Compiler.Graph.Reduction.Mean),
            new Source(Site.Class, "CrossEntropy", "[CrossEntropy]") { Values = ValuesOf("CrossEntropy") }, 1, "", x, []);
        graph.Close(x);
        Assert.Empty(_problems.Told());

        EquatableArray<ProgramText> programs = NetworkWriter.WritePrograms(Target, graph.Graph(), Tier.All, CancellationToken.None);
        NetworkSurface surface = graph.Surface(x, _members.ToEquatableArray());
        string[] files =
        [
            NetworkWriter.WriteSurface(Target, graph.Graph(), surface, Tier.All, CancellationToken.None).Text,
            .. programs.SelectMany(program => program.Files(null, CancellationToken.None)).Select(file => file.Text),
        ];
        string[] declared = [.. new Harness().Generate(Harness.LeNet5).Results[0].GeneratedSources.Select(file => file.SourceText.ToString())];
        Assert.Equal(declared.Order(), files.Order());

        Node? Add(GraphAssembler to, LayerDefinition definition, string kind, string name, string arguments = "")
        {
            LayerSource source = SourceOf(kind, name) with { Arguments = arguments, Values = ValuesOf(kind, arguments) };
            AddedLayer added = to.Add(definition, source, x is { } read ? [(read, new LayerInput(read.Shape))] : null);
            _members.Add(new LayerSurface(source.Identifier, kind, added.Parameters));
            return added.Output;
        }

        static EquatableArray<ArgumentValue> ValuesOf(string kind, string arguments = "")
        {
            IReadOnlyList<ArgumentSpec> specs = OperatorSet.FindBuiltIn(kind)!.Arguments;
            AttributeArgument[] first = arguments.Length == 0
                ? [] : [new(specs[0].Name, int.Parse(arguments.Split(',')[0], CultureInfo.InvariantCulture))];
            return ArgumentValue.Read(
                new AttributeDeclaration(AttributeDeclaration.BuiltInType(kind), first.ToEquatableArray()), specs);
        }
    }

    [Fact]
    public void A_problem_of_an_assembled_layer_names_the_layer_and_the_argument_of_its_definition()
    {
        GraphAssembler graph = Assembler("Small");
        Node? x = Input(graph, 3, 8, 8);
        Assert.Null(graph.Add(Convolution(0, 3), SourceOf("Conv2D", "stem.conv"), [(x!, new LayerInput(x!.Shape))]).Output);
        Assert.Equal(
            ["Conv2D 'stem.conv': Filters cannot be 0. Use at least 1."],
            _problems.Told().Select(problem => problem.Message));
    }

    [Fact]
    public void A_window_that_does_not_fit_is_reported_with_its_arithmetic_wherever_the_layer_comes_from()
    {
        GraphAssembler graph = Assembler("Small");
        Node? x = Input(graph, 3, 4, 4);
        Assert.Null(graph.Add(Convolution(8, 7), SourceOf("Conv2D", "conv"), [(x!, new LayerInput(x!.Shape))]).Output);
        Assert.Contains("(4 + 2·0 − 7)/1 + 1 = −2", Assert.Single(_problems.Told()).Message, System.StringComparison.Ordinal);
    }

    private static LayerSource SourceOf(string kind, string name) =>
        new(Site.Class, kind, $"{kind} '{name}'", name, LayerNames.Identifier(name, out _) ?? kind);

    private GraphAssembler Assembler(string name) => new(name, new NetworkSettings(), _problems);

    private static Node? Input(GraphAssembler graph, params int[] extents) => graph.AddInput(
        new InputDefinition(extents.Select(extent => (Argument<int>)extent).ToEquatableArray()),
        new LayerSource(Site.Class, "Input", "[Input]", "", "Input"), new TensorSurface("input", null, false, Site.Class));

    private static ConvolutionDefinition Convolution(int filters, int kernel, int padding = 0) => new(
        filters, WindowArguments.Uniform(2, kernel, padding: padding), 1, true, Compiler.Graph.Initializer.PyTorchUniform,
        Compiler.Operators.PaddingMode.Zeros);

    private static PoolingDefinition MaxPool(int kernel) => new(PoolingKind.Max, WindowArguments.Uniform(2, kernel, stride: kernel), true);

    private static DenseDefinition Dense(int units) => new(units, true, Compiler.Graph.Initializer.PyTorchUniform, false, "");

    private static LayerDefinition Activation(string kind) => kind == "Softmax"
        ? new SoftmaxDefinition(Compiler.Operators.Axes.Channels, IsLogarithm: false)
        : ((ShapePreserving)OperatorSet.FindBuiltIn(kind)!).Definition;
}
