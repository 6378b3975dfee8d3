using System;
using System.Linq;
using Strata.Generator.Declarations;
using Strata.Generator.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Graphs of declarations, by the generator's own first steps.</summary>
internal static class Graphs
{
    /// <summary>The model of the network of this name, or of the only one.</summary>
    public static NetworkModel ModelOf(string source, string? name = null) => ModelOf(new Harness(), source, name);

    public static NetworkModel ModelOf(Harness harness, string source, string? name = null) => harness.Generate(source)
        .Results[0].TrackedSteps[TrackingNames.Models]
        .Select(step => (NetworkModel)step.Outputs.Single().Value)
        .Single(model => name is null || model.Name == name);

    /// <summary>The graph of a stack of attributes, which has to be valid.</summary>
    public static NetworkGraph Of(string stack)
    {
        NetworkModel model = ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;");
        Assert.True(model.Graph is not null, string.Join(Environment.NewLine, model.Problems.Select(problem => problem.Message)));
        return model.Graph;
    }

    /// <summary>A graph of one layer.</summary>
    public static Node Layer(string input, string layer) => Of($"[Input({input}), {layer}]").Output;
}
