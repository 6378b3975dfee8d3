using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Gives the kernels of a network's sizes as few forms as possible. A tile that is cheapest at one size is used at others, too, if it costs
/// little more there than their own. Then one method computes all of them. Tiles change no bits: each output is the same sum.
/// </summary>
internal sealed class KernelForms
{
    /// <summary>A kernel may cost this many times as much as with the tile that is cheapest at its own size.</summary>
    private const double LittleMore = 1.1;

    private readonly Dictionary<Kernel, Kernel> _forms = [];

    private KernelForms(IEnumerable<Kernel> kernels)
    {
        IEnumerable<IGrouping<Kernel, Kernel>> kinds = kernels.Distinct().WithCancellation()
            .Select(kernel => (kernel, kernel.Kind)).Where(pair => pair.Kind is not null).GroupBy(pair => pair.Kind!, pair => pair.kernel);
        foreach (IGrouping<Kernel, Kernel> kind in kinds)
        {
            Cover([.. kind]);
        }
    }

    /// <summary>The programs of all sizes, with kernels of common forms.</summary>
    public static TierPrograms[] Unite(IReadOnlyList<TierPrograms> sizes)
    {
        var forms = new KernelForms(sizes.SelectMany(size => size.Steps).Select(step => step.Kernel));
        return [.. sizes.Select(size => size.Map(step => step.With(forms.Of(step.Kernel))))];
    }

    private Kernel Of(Kernel kernel) => (_forms.TryGetValue(kernel, out Kernel form) ? form : kernel) with { IsOfSizes = true };

    /// <summary>
    /// Chooses forms for kernels of one kind, until each has one. The next form is the one that fits most of those that are left; among
    /// equals, the one that costs least.
    /// </summary>
    private void Cover(List<Kernel> left)
    {
        Kernel[] forms = [.. left];
        Dictionary<Kernel, double> own = left.ToDictionary(kernel => kernel, CyclesOf);
        while (left.Count > 0)
        {
            Dictionary<Kernel, (Kernel Form, double Ratio)> best = [];
            foreach (Kernel form in forms)
            {
                Cancellation.ThrowIfRequested();
                var fitting = new Dictionary<Kernel, (Kernel Form, double Ratio)>();
                foreach (Kernel kernel in left)
                {
                    if (kernel.Like(form) is { } like && CyclesOf(like) / own[kernel] is <= LittleMore and var ratio)
                    {
                        fitting.Add(kernel, (like, ratio));
                    }
                }

                if ((fitting.Count, -fitting.Values.Sum(f => f.Ratio)).CompareTo((best.Count, -best.Values.Sum(f => f.Ratio))) > 0)
                {
                    best = fitting;
                }
            }

            foreach (KeyValuePair<Kernel, (Kernel Form, double Ratio)> fitting in best)
            {
                _forms.Add(fitting.Key, fitting.Value.Form);
                left.Remove(fitting.Key);
            }
        }
    }

    /// <summary>The expected cycles on the first family.</summary>
    private static double CyclesOf(Kernel kernel) => kernel switch
    {
        TiledConvolution tiled => TileCosts.CyclesOf(tiled),
        WinogradProducts products => TileCosts.CyclesOf(products),
        _ => throw new InvalidOperationException($"No cost is known of {kernel.Summary}."),
    };
}
