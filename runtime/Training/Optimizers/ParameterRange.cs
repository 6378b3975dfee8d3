using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>A piece of a parameter, which an optimizer updates in one call.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Start">The index of the first element among the packed parameters.</param>
/// <param name="Length">The number of elements, a multiple of 16.</param>
/// <param name="RateMultiplier">The factor of the learning rate.</param>
/// <param name="WeightDecay">The weight decay.</param>
/// <param name="MayDefer">Whether the gradient may be deferred.</param>
internal readonly record struct ParameterRange(
    Parameter Parameter, int Start, int Length, double RateMultiplier, double WeightDecay, bool MayDefer)
{
    /// <summary>The longest range.</summary>
    public const int MaximumLength = 16_384;

    /// <summary>Whether an index among the packed parameters belongs to the range.</summary>
    public bool Holds(int index) => index >= Start && index < Start + Length;

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
            bool mayDefer = products.LargeWeights.Any(gradient => gradient.Weight == start);
            ParameterRange range = Settings(parameters[i], optimizer, used) with { MayDefer = mayDefer };
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
        return new ParameterRange(
            parameter, Start: 0, Length: 0, group?.RateMultiplier ?? 1, group?.WeightDecay ?? (decays ? optimizer.WeightDecay : 0),
            MayDefer: false);
    }
}
