using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>A method for one kernel, or for several kernels that differ in numbers only.</summary>
/// <param name="Name">What the first of the kernels is called. Other methods may have the same name.</param>
/// <param name="Summary">What it does, for its comment.</param>
internal sealed record KernelMethod(string Name, string Summary, Nest Nest);

/// <summary>The methods of a tier's programs: which kernels have a method of their own.</summary>
internal sealed class KernelMethods
{
    /// <summary>
    /// If the kernels have more statements and expressions than this, the network is large: kernels of several extents share a method, and
    /// the list of steps is data. The limit is a few hundred thousand characters of text.
    /// </summary>
    private const int LargeKernels = 9_300;

    /// <summary>
    /// The network is also large if its programs have more steps than this. A method with many more calls would exceed the JIT's limits and
    /// not be optimised.
    /// </summary>
    private const int MostCalls = 200;

    private readonly Dictionary<Kernel, (KernelMethod Method, EquatableArray<int> Extents)> _methods = [];
    private readonly List<KernelMethod> _all = [];

    private KernelMethods(bool isLarge) => IsLarge = isLarge;

    /// <summary>
    /// Whether the network is large, or has several sizes: kernels of several extents share a method, and steps are data.
    /// </summary>
    public bool IsLarge { get; }

    /// <summary>All methods, in the order of their first use.</summary>
    public IReadOnlyList<KernelMethod> All => _all;

    /// <summary>The method of a kernel, and the numbers that are passed to it after the kernel's own arguments.</summary>
    public (KernelMethod Method, EquatableArray<int> Extents) this[Kernel kernel] => _methods[kernel];

    /// <summary>Records the nests of all kernels, and assigns a method to each.</summary>
    public static KernelMethods Assign(TierPrograms programs, CancellationToken cancellationToken) =>
        Assign([programs], cancellationToken);

    /// <summary>As <see cref="Assign(TierPrograms, CancellationToken)"/>, for the programs of all sizes of a network.</summary>
    public static KernelMethods Assign(IReadOnlyCollection<TierPrograms> sizes, CancellationToken cancellationToken)
    {
        (string Name, Kernel Kernel)[] calls = [.. sizes.SelectMany(CallsOf).WithCancellation()];
        var positions = new Dictionary<Kernel, int>();
        var known = new Dictionary<Nest, int>();
        var distinct = new List<Nest>();
        foreach ((_, Kernel kernel) in calls.WithCancellation().Where(call => !positions.ContainsKey(call.Kernel)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Nest nest = kernel.Build();

            // Kernels of other sizes rarely have equal nests, and sharing finds those that do.
            if (sizes.Count > 1 || !known.TryGetValue(nest, out int position))
            {
                position = distinct.Count;
                distinct.Add(nest);
                if (sizes.Count == 1)
                {
                    known.Add(nest, position);
                }
            }

            positions.Add(kernel, position);
        }

        var methods = new KernelMethods(
            sizes.Count > 1 || distinct.Sum(nest => nest.Size) >= LargeKernels || calls.Length > MostCalls);
        SharedNest[] shared = methods.IsLarge
            ? Sharing.Share(distinct, cancellationToken, ofSizes: sizes.Count > 1)
            : [.. distinct.Select(nest => new SharedNest(Sharing.Resolve(nest), EquatableArray<int>.Empty))];
        var made = new Dictionary<Nest, KernelMethod>();
        foreach ((string name, Kernel kernel) in calls.WithCancellation().Where(call => !methods._methods.ContainsKey(call.Kernel)))
        {
            SharedNest nest = shared[positions[kernel]];
            if (!made.TryGetValue(nest.Nest, out KernelMethod method))
            {
                made.Add(nest.Nest, method = new KernelMethod(name, kernel.Summary, nest.Nest));
                methods._all.Add(method);
            }

            methods._methods.Add(kernel, (method, nest.Extents));
        }

        return methods;
    }

    /// <summary>The kernels that are called, each with the name that the call suggests for its method.</summary>
    private static IEnumerable<(string Name, Kernel Kernel)> CallsOf(TierPrograms programs)
    {
        static IEnumerable<(string, Kernel)> Named(IEnumerable<Step> steps, string suffix = "") =>
            steps.Select(step => (step.Name + suffix, step.Kernel));
        IEnumerable<(string, Kernel)> inference =
            [.. Named(programs.Derive), .. Named(programs.Prepare), .. Named(programs.Sample.Steps),
                .. programs.Sample.Steps.Where(step => step.OfSamples is not null).Select(step => (step.Name + "Batch", step.OfSamples!)),
                .. Named(programs.Observed?.Steps ?? []), .. Named(programs.Block?.Steps ?? [], "Block")];
        return programs.Training is not { } training ? inference :
        [
            .. inference,
            .. Named(training.Forward.Where(step => !step.Combines), "Training"), .. Named(training.Forward.Where(step => step.Combines)),
            .. Named(training.Output),
            .. Named(training.Loss?.Steps ?? []), .. Named(training.Loss?.FromOutputs ?? []), .. Named(training.OutputGradient),
            .. Named(training.Backward.Where(step => !step.Combines)), .. Named(training.Backward.Where(step => step.Combines)),
            .. training.DenseGradients.Select(step => (step.Name, (Kernel)step.Kernel)),
        ];
    }
}
