using System;
using System.Collections.Generic;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Every emitted method stays inside the budget of the JIT. The random networks are looked at where they are compiled.</summary>
public class JitBudgetTests(ITestOutputHelper log)
{
    [Fact]
    public void Every_emitted_method_stays_inside_the_budget_of_the_JIT()
    {
        OracleNetwork[] networks =
        [
            Models.LeNet5(), Models.LeNet5(softmax: false, inputGradient: true), Models.Net(), Models.SmoothLeNet(),
            Models.Mixed(), Large(),
            Models.Residual(), Models.Inception(), Models.Branched(), Models.MixedSequence(), Models.MixedVolume(),
            LongSequence(), LargeVolume(),
        ];
        CompiledNetworks compiled = NetworkCompiler.CompileClasses(
            [.. networks.Select((n, i) => n.Declaration($"Budgeted{i}"))], "Budgeted");
        (JitBudget most, string[] over) = JitBudget.Measure(compiled.Image);
        log.WriteLine($"At most {most}");
        Assert.True(most.Methods > 100);
        Assert.True(over.Length == 0, string.Join('\n', over));
    }

    /// <summary>More channels and larger extents than the random networks have.</summary>
    private static OracleNetwork Large() => new(
        Extents.Image(3, 64, 64),
        [
            new Conv2D(32, 7, stride: 2, padding: 3), new ReLU(), new MaxPool2D(3, stride: 2, padding: 1),
            new Conv2D(64, 3, padding: 1), new ReLU(), new Conv2D(100, 3, padding: 1), new Sigmoid(), new AveragePool2D(2),
            new Conv2D(100, new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1), Groups: 100), new Conv2D(72, 1), new Tanh(),
            new Flatten(), new Dense(333), new ReLU(), new Dropout(0.5), new Dense(100), new Softmax(),
        ],
        Objective.CrossEntropy);

    private static OracleNetwork LongSequence() => new(
        Extents.Sequence(2, 1000),
        [
            new Conv1D(40, 80, stride: 4, padding: 38), new ReLU(), new MaxPool1D(4), new Conv1D(64, 3, padding: 1), new Tanh(),
            new AveragePool1D(2), new Conv1D(100, new Axis(5, 1, 2, 2), Groups: 4), new MaxPool1D(3, stride: 2, padding: 1),
            new Flatten(), new Dense(10),
        ],
        Objective.CrossEntropy, inputGradient: true);

    private static OracleNetwork LargeVolume() => new(
        Extents.Volume(3, 16, 32, 32),
        [
            new Conv3D(32, 3, stride: 2, padding: 1), new ReLU(), new MaxPool3D(2), new Conv3D(64, 3, padding: 1), new ReLU(),
            new Conv3D(100, 3, padding: 1), new Sigmoid(), new AveragePool3D(2), new Conv3D(72, 1), new Flatten(), new Dense(10),
        ],
        Objective.CrossEntropy, inputGradient: true);
}

/// <summary>What the runtime itself says about the code that it made.</summary>
[Collection(Alone.Name)]
public class JitTierTests
{
    [Fact]
    public void The_runtime_makes_optimised_code_of_every_kernel()
    {
        // Instances of a class of its own, so that no other test has compiled its methods yet.
        OracleNetwork oracle = Models.Mixed();
        CompiledNetworks compiled = NetworkCompiler.CompileClasses([oracle.Declaration("Listened")], "Listened");
        using var listener = new MethodListener("Strata.Generated.Declared_Listened");
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork network = compiled["Listened"].Create(isa);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 20, new Sgd(0.1));
            foreach (int batch in new[] { 1, 20 })
            {
                float[] inputs = Formula.Uniforms(1, batch * oracle.Input.Length);
                network.Forward(inputs, new float[batch * 7]);
                trainer.Step(inputs, new int[batch]);
            }
        }

        string[] kernels = KernelsOf(compiled);
        Assert.True(kernels.Length > 20, $"{kernels.Length} methods are marked AggressiveOptimization");
        Dictionary<string, HashSet<string>> seen = listener.Tiers();
        string[] compiledKernels = [.. kernels.Where(seen.ContainsKey)];
        Assert.True(compiledKernels.Length > 20, $"{compiledKernels.Length} of {kernels.Length} kernels were compiled");
        string[] unoptimised =
        [
            .. compiledKernels.Where(k => seen[k].Any(tier => tier != "Optimized")).Select(k => $"{k}: {string.Join(", ", seen[k])}"),
        ];
        Assert.True(unoptimised.Length == 0, string.Join('\n', unoptimised));
    }

    /// <summary>Type and name of each method with <c>AggressiveOptimization</c>.</summary>
    private static string[] KernelsOf(CompiledNetworks compiled)
    {
        const int AggressiveOptimization = 512;
        using var image = new PEReader(new MemoryStream(compiled.Image));
        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
                .Where(m => ((int)m.ImplAttributes & AggressiveOptimization) != 0)
                .Select(m => $"{NameOf(metadata, metadata.GetTypeDefinition(m.GetDeclaringType()))}.{metadata.GetString(m.Name)}")
                .Distinct(),
        ];
    }

    /// <summary>The name of a type, behind that of the type around it: the classes of kernels of all tiers have one name.</summary>
    private static string NameOf(MetadataReader metadata, TypeDefinition type) => type.GetDeclaringType() is { IsNil: false } outer
        ? $"{NameOf(metadata, metadata.GetTypeDefinition(outer))}+{metadata.GetString(type.Name)}" : metadata.GetString(type.Name);

    /// <summary>Hears from the runtime in which tier it compiled a method.</summary>
    private sealed class MethodListener(string prefix) : EventListener
    {
        private const EventKeywords Jit = (EventKeywords)0x10;

        private static readonly string[] TierNames =
        [
            "Unknown", "MinOptJitted", "Optimized", "QuickJitted", "OptimizedTier1", "OptimizedTier1OSR", "QuickJittedInstrumented",
            "OptimizedTier1Instrumented",
        ];

        private readonly Dictionary<string, HashSet<string>> _tiers = [];
        private readonly string _prefix = prefix;
        private readonly ManualResetEventSlim _last = new();

        public override void Dispose()
        {
            base.Dispose();
            _last.Dispose();
        }

        public Dictionary<string, HashSet<string>> Tiers()
        {
            // Events come from a thread of the runtime's own, in their order: behind that of this method come no others of before.
            RuntimeHelpers.PrepareMethod(((Action)Last).Method.MethodHandle);
            _last.Wait(TestContext.Current.CancellationToken);
            lock (_tiers)
            {
                return new(_tiers);
            }
        }

        /// <summary>The runtime compiles it last.</summary>
        private static void Last()
        {
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true || eventData.PayloadNames is null)
            {
                return;
            }

            object? Payload(string name) => eventData.Payload![eventData.PayloadNames.IndexOf(name)];
            string type = (string)Payload("MethodNamespace")!;
            if (type.EndsWith(nameof(MethodListener), StringComparison.Ordinal) && (string)Payload("MethodName")! == nameof(Last))
            {
                _last.Set();
            }

            if (_prefix is null || !type.StartsWith(_prefix, StringComparison.Ordinal))
            {
                return;
            }

            int tier = (int)((Convert.ToUInt32(Payload("MethodFlags"), CultureInfo.InvariantCulture) >> 7) & 7);
            string name = $"{type[(type.LastIndexOf('.') + 1)..].Replace('/', '+')}.{Payload("MethodName")}";
            lock (_tiers)
            {
                if (!_tiers.TryGetValue(name, out HashSet<string>? tiers))
                {
                    _tiers.Add(name, tiers = []);
                }

                tiers.Add(TierNames[tier]);
            }
        }
    }
}
