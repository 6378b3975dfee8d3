using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>Neighbouring parameters with the same settings, which an optimizer updates together.</summary>
/// <param name="Start">The index of the first one among the packed parameters.</param>
/// <param name="Length">Their number, a multiple of 16.</param>
/// <param name="RateMultiplier">The factor of the learning rate.</param>
/// <param name="WeightDecay">Their weight decay.</param>
/// <param name="MayWait">Whether their gradients may be deferred.</param>
internal readonly record struct ParameterRange(int Start, int Length, double RateMultiplier, double WeightDecay, bool MayWait = false)
{
    /// <summary>The longest range.</summary>
    public const int MaximumLength = 16_384;

    /// <summary>Cuts a network's trainable parameters into ranges, which are the same for any number of threads.</summary>
    /// <param name="network">The network.</param>
    /// <param name="optimizer">The optimizer. Its groups have their own settings.</param>
    /// <param name="products">The products that may be deferred.</param>
    /// <param name="length">Floats of all parameters, including padding.</param>
    /// <exception cref="ArgumentException">No parameter belongs to one of the optimizer's groups.</exception>
    public static ParameterRange[] Cut(CompiledNetwork network, Optimizer optimizer, DenseProducts products, int length)
    {
        Parameter[] parameters = [.. network.Parameters.Where(p => p.IsTrainable).OrderBy(p => p.Layout.Offset)];
        var used = new HashSet<ParameterGroup>(ReferenceEqualityComparer.Instance);
        var ranges = new List<ParameterRange>();
        for (int i = 0; i < parameters.Length; i++)
        {
            int start = parameters[i].Layout.Offset, end = i + 1 < parameters.Length ? parameters[i + 1].Layout.Offset : length;
            ParameterRange range = Settings(parameters[i], optimizer, used) with
            {
                MayWait = products.LargeWeights.Any(gradient => gradient.Weight == start),
            };
            if (ranges.Count > 0 && ranges[^1] is { } last && (last with { Start = 0, Length = 0 }) == range)
            {
                start = last.Start;
                ranges.RemoveAt(ranges.Count - 1);
            }

            for (; start < end; start += MaximumLength)
            {
                ranges.Add(range with { Start = start, Length = int.Min(MaximumLength, end - start) });
            }
        }

        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (!used.Contains(group))
            {
                throw new ArgumentException(
                    $"No trainable parameter of {network.Info.Name} belongs to the group '{group.Pattern}'; "
                    + $"they are {MessageText.List([.. parameters.Select(p => p.Key)], "none")}.",
                    nameof(optimizer));
            }
        }

        return [.. ranges];
    }

    private static ParameterRange Settings(Parameter parameter, Optimizer optimizer, HashSet<ParameterGroup> used)
    {
        ParameterGroup? group = optimizer.Groups.FirstOrDefault(g => g.Matches(parameter.Key));
        if (group is not null)
        {
            used.Add(group);
        }

        bool decays = optimizer.DecayBiasesAndNorms || parameter.Info.Role == ParameterRole.Weight;
        return new ParameterRange(0, 0, group?.RateMultiplier ?? 1, group?.WeightDecay ?? (decays ? optimizer.WeightDecay : 0));
    }
}
