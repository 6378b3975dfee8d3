using System;
using System.Linq;
using Strata.Generator.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Graphs of declarations, by the generator's own first steps.</summary>
internal static class Graphs
{
    public static NetworkModel ModelOf(string source)
    {
        var result = new Harness().Generate(source);
        return (NetworkModel)result.Results[0].TrackedSteps[TrackingNames.Models].Single().Outputs.Single().Value;
    }

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
