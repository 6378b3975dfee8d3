using System;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The time that the cost model expects of a network's layers.</summary>
internal static class ExpectedTime
{
    /// <summary>The milliseconds of each layer for one sample in inference on one thread, in the order of the graph's layers.</summary>
    /// <param name="family">One of <see cref="Tier.FamilyNames"/>.</param>
    public static double[] Of(NetworkGraph graph, string family, double gigahertz, CancellationToken cancellationToken)
    {
        Tier tier = Tier.All.First(candidate => candidate.Families.Any(known => known.ShortName == family));
        int index = tier.Families.ToList().FindIndex(known => known.ShortName == family);

        // A program that is profiled says which layers a step belongs to.
        NetworkGraph profiled = graph with { Settings = graph.Settings with { Profile = true } };
        Program sample = TierPrograms.Lower(profiled, tier, cancellationToken, trains: false).Sample;
        string[] names = [.. graph.Layers.Select(node => node.Name)];
        int[] layers = [.. graph.Nodes.Select(node => Array.IndexOf(names, node.PartOf ?? node.Name))];
        var times = new double[names.Length];
        int last = 0;
        foreach (Step step in names.Length == 0 ? [] : sample.Steps)
        {
            // Moves and zeros between the layers count for the layer before them.
            last = step.Head < 0 ? last : layers[step.Head];
            times[last] += step.Cycles[index] / gigahertz / 1e6;
        }

        return times;
    }
}
